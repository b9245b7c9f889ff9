(function () {
  "use strict";
  var box = document.querySelector(".search");
  var field = document.getElementById("search");
  var told = box.querySelector("p");
  var list = box.querySelector("ul");
  var most = 30; // results shown
  var index = null;

  function text(of) { return of.textContent.replace(/\s+/g, " ").trim(); }
  // What can be found: each clause by all that stands with it, each row of a table by its name and its text.
  function entries() {
    var all = [];
    document.querySelectorAll(".clause").forEach(function (clause) {
      var heading = clause.querySelector("h4");
      all.push({ name: text(heading), say: text(clause.querySelector(".text")), to: heading.id, all: text(clause).toLowerCase() });
    });
    document.querySelectorAll(".scroll").forEach(function (table) {
      var heading = document.getElementById(table.getAttribute("aria-labelledby").split(" ").pop());
      table.querySelectorAll("tbody tr").forEach(function (row) {
        var link = row.querySelector("th a");
        all.push({ name: text(row.querySelector("th")), say: text(row.lastElementChild), to: link ? link.hash.slice(1) : heading.id, all: text(row).toLowerCase() });
      });
    });
    return all;
  }
  function show() {
    var words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    index = index || entries();
    var found = words.length ? index.filter(function (e) { return words.every(function (w) { return e.all.indexOf(w) >= 0; }); }) : [];
    // What bears the words in its name comes first.
    found.sort(function (a, b) { return weight(a, words) - weight(b, words); });
    list.replaceChildren();
    found.slice(0, most).forEach(function (e) {
      var item = document.createElement("li");
      var link = document.createElement("a");
      link.href = "#" + e.to;
      link.textContent = e.name;
      item.append(link, " ", e.say);
      list.append(item);
    });
    told.textContent = words.length ? told.dataset.found.replace("{n}", found.length) : "";
  }
  function weight(e, words) {
    var name = e.name.toLowerCase();
    return words.every(function (w) { return name.indexOf(w) >= 0; }) ? 0 : 1;
  }
  field.addEventListener("input", show);
  field.addEventListener("keydown", function (event) {
    if (event.key === "Escape") { field.value = ""; show(); }
  });
  box.hidden = false;
})();
