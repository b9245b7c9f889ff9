(function () {
  "use strict";
  var scenarios = Array.prototype.slice.call(document.querySelectorAll(".scenario"));
  function every(selector, does, within) { Array.prototype.forEach.call((within || document).querySelectorAll(selector), does); }

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

  // Find scenarios by any word of their sentences, ids, clauses and answers.
  var bar = document.querySelector(".tools");
  if (bar && scenarios.length) {
    bar.hidden = false;
    var find = document.getElementById("find");
    var found = document.getElementById("found");
    var texts = null;
    var wait = 0;
    find.addEventListener("input", function () {
      clearTimeout(wait);
      wait = setTimeout(function () {
        texts = texts || scenarios.map(function (s) { return s.textContent.toLowerCase(); });
        var words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
        var shown = 0;
        scenarios.forEach(function (s, i) {
          var out = !words.every(function (w) { return texts[i].indexOf(w) >= 0; });
          s.classList.toggle("out", out);
          shown += out ? 0 : 1;
        });
        every(".feature", function (f) { f.classList.toggle("out", !f.querySelector(".scenario:not(.out)")); });
        document.body.classList.toggle("finding-words", words.length > 0);
        every(".number", function (number) { number.textContent = shown; }, found);
        found.hidden = !words.length;
      }, 120);
    });
    document.getElementById("unfold").addEventListener("click", function () { scenarios.forEach(function (s) { s.open = !s.classList.contains("out"); }); });
    document.getElementById("fold").addEventListener("click", function () { scenarios.forEach(function (s) { s.open = false; }); });
  }

  // Copy a message or a command.
  function copier(of, text) {
    var button = document.getElementById("copier").content.firstElementChild.cloneNode(true);
    function say(what) { Array.prototype.forEach.call(button.children, function (word, i) { word.hidden = i !== what; }); }
    function said(what) {
      return function () {
        say(what);
        setTimeout(function () { say(0); }, 1500);
      };
    }
    button.addEventListener("click", function (event) {
      event.preventDefault();
      if (!navigator.clipboard) { return said(2)(); }
      navigator.clipboard.writeText(text()).then(said(1), said(2));
    });
    of.after(button);
  }
  function copyable(code) { copier(code, function () { return code.textContent; }); }
  every(".commands code", copyable);
  // A scenario and an exchange get their buttons when they are first unfolded: there may be thousands.
  document.addEventListener("toggle", function (event) {
    var box = event.target;
    if (!box.open || box.dataset.ready) { return; }
    box.dataset.ready = "yes";
    if (box.classList.contains("scenario")) { every(".repeat code", copyable, box); }
    if (!box.classList.contains("exchange")) { return; }
    every(".resend code", copyable, box);
    every("pre", function (pre) { copier(pre.previousElementSibling, function () { return pre.textContent; }); }, box);
  }, true);

  // A link into something folded unfolds it.
  function unfold() {
    var place = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!place) { return; }
    for (var at = place; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") { at.open = true; }
      if (at.classList.contains("out")) { at.classList.remove("out"); }
    }
    place.scrollIntoView();
  }
  addEventListener("hashchange", unfold);
  unfold();
})();
