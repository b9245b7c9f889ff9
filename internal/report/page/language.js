(function () {
  "use strict";
  function every(selector, does) { Array.prototype.forEach.call(document.querySelectorAll(selector), does); }

  // The language: the one asked for, in the address or when the page was written, or else the reader's own.
  // Nothing keeps it. Every text stands here in both; attributes stand in the other one beside themselves.
  var root = document.documentElement;
  var choices = Array.prototype.slice.call(document.querySelectorAll(".languages input"));
  var attributes = ["lang", "title", "aria-label", "placeholder"];
  function speak(tag) {
    choices.forEach(function (choice) { choice.checked = choice.value === tag; });
    if (root.lang === tag) { return; }
    every(attributes.map(function (name) { return "[data-" + name + "]"; }).join(), function (of) {
      attributes.forEach(function (name) {
        var other = of.getAttribute("data-" + name);
        if (other === null) { return; }
        of.setAttribute("data-" + name, of.getAttribute(name));
        of.setAttribute(name, other);
      });
    });
    document.title = document.querySelector("title").title;
  }
  function offered(tag) {
    var language = String(tag).toLowerCase().split("-")[0];
    var choice = choices.filter(function (choice) { return choice.value.split("-")[0] === language; })[0];
    return choice && choice.value;
  }
  var asked = /[?&]lang=([\w-]+)/.exec(location.search);
  var own = (navigator.languages || [navigator.language]).map(offered).filter(Boolean)[0];
  speak(asked && offered(asked[1]) || !root.hasAttribute("data-asked") && own || root.lang);
  choices.forEach(function (choice) { choice.addEventListener("change", function () { speak(choice.value); }); });
  every(".languages", function (set) { set.hidden = false; });
})();
