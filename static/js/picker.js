/* The search box of a list that is found while typing is called like its field: Select2 leaves it without a name. */
"use strict";
addEventListener("load", () => django.jQuery(() => { // Select2 too waits for jQuery to be ready
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const box = select.parentElement.querySelector(".select2-search__field");
    if (box && select.labels.length) box.setAttribute("aria-label", select.labels[0].textContent.trim());
  }
}));
