(function () {
  "use strict";
  var scenarios = Array.prototype.slice.call(document.querySelectorAll(".scenario"));
  function every(selector, does, within) { Array.prototype.forEach.call((within || document).querySelectorAll(selector), does); }

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
