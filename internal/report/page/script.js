(function () {
  "use strict";
  var scenarios = Array.prototype.slice.call(document.querySelectorAll(".scenario"));
  function element(name, properties) {
    var made = document.createElement(name);
    Object.keys(properties).forEach(function (key) { made[key] = properties[key]; });
    return made;
  }
  function said(button, word, again) {
    button.textContent = word;
    setTimeout(function () { button.textContent = again; }, 1500);
  }

  // Find scenarios by any word of their sentences, ids, clauses and answers.
  var heading = document.querySelector("#scenarios > h2");
  if (heading && scenarios.length) {
    var bar = element("div", { className: "tools" });
    var find = element("input", { type: "search", placeholder: "word, id, clause, code", id: "find" });
    var label = element("label", { htmlFor: "find", textContent: "Find " });
    var told = element("span", { className: "soft" });
    told.setAttribute("role", "status");
    var open = element("button", { type: "button", textContent: "Unfold all" });
    var fold = element("button", { type: "button", textContent: "Fold all" });
    [label, find, open, fold, told].forEach(function (part) { bar.appendChild(part); });
    heading.after(bar);
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
        document.querySelectorAll(".feature").forEach(function (f) {
          f.classList.toggle("out", !f.querySelector(".scenario:not(.out)"));
        });
        document.body.classList.toggle("finding-words", words.length > 0);
        told.textContent = words.length ? shown + " of " + scenarios.length : "";
      }, 120);
    });
    open.addEventListener("click", function () { scenarios.forEach(function (s) { s.open = !s.classList.contains("out"); }); });
    fold.addEventListener("click", function () { scenarios.forEach(function (s) { s.open = false; }); });
  }

  // Copy a message or a command.
  function copier(of, text) {
    var button = element("button", { type: "button", className: "copy", textContent: "Copy" });
    button.addEventListener("click", function (event) {
      event.preventDefault();
      if (!navigator.clipboard) { return said(button, "Not here", "Copy"); }
      navigator.clipboard.writeText(text()).then(function () { said(button, "Copied", "Copy"); }, function () { said(button, "Not here", "Copy"); });
    });
    of.after(button);
  }
  function copyable(code) { copier(code, function () { return code.textContent; }); }
  document.querySelectorAll(".commands code").forEach(copyable);
  // A scenario and an exchange get their buttons when they are first unfolded: there may be thousands.
  document.addEventListener("toggle", function (event) {
    var box = event.target;
    if (!box.open || box.dataset.ready) { return; }
    box.dataset.ready = "yes";
    if (box.classList.contains("scenario")) { box.querySelectorAll(".repeat code").forEach(copyable); }
    if (!box.classList.contains("exchange")) { return; }
    box.querySelectorAll(".resend code").forEach(copyable);
    box.querySelectorAll("pre").forEach(function (pre) {
      copier(pre.previousElementSibling, function () { return pre.textContent; });
    });
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
