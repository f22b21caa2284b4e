(function () {
  "use strict";
  var form = document.getElementById("filters");
  if (!form) return;
  var cases = Array.prototype.slice.call(document.querySelectorAll("details.case"));
  var count = document.getElementById("count");
  function apply() {
    var shown = 0;
    var words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    cases.forEach(function (item) {
      var fits = ["language", "kind", "document", "reason", "change"].every(function (name) {
        var wanted = form.elements[name].value;
        return !wanted || (" " + item.dataset[name] + " ").indexOf(" " + wanted + " ") >= 0;
      });
      var text = fits && words.length ? item.textContent.toLowerCase() : "";
      fits = fits && words.every(function (word) { return text.indexOf(word) >= 0; });
      item.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    count.textContent = shown + " / " + cases.length;
  }
  form.addEventListener("input", apply);
  form.addEventListener("reset", function () { setTimeout(apply, 0); });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("[data-query]");
    if (!link) return;
    form.reset();
    (link.dataset.query || "").split("&").forEach(function (pair) {
      var parts = pair.split("=");
      if (form.elements[parts[0]]) form.elements[parts[0]].value = parts[1];
    });
    apply();
  });
  apply();
})();
