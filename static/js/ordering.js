/* Rows of a page (`.inline-related`) are put in order by buttons and by drag; both write the rows' position inputs.
   Without this script those inputs are seen and typed in. Names for the controls come from the inputs' data attributes.

   Django numbers again, in the order of the document, the rows that stay when a new one is taken out, and counts on
   saved rows coming first: for the length of that click the document is put back in the order of the numbers. */
"use strict";
{
  const input = (row) => row.querySelector("[data-position]");
  const group = (row) => row.closest(".inline-group");
  const rowsOf = (within) =>
    [...within.querySelectorAll(".inline-related:not(.empty-form)")].filter(input);
  const place = (row) => Number(input(row).value);
  const number = (row) => Number(row.id.match(/-(\d+)$/)?.[1] ?? Infinity);

  function arrange(within, rank) {
    const rows = rowsOf(within);
    const sorted = [...rows].sort((one, other) => rank(one) - rank(other));
    if (sorted.every((row, index) => row === rows[index])) return;
    const end = within.querySelector(".empty-form, .add-row");
    for (const row of sorted) end ? end.before(row) : rows[0].parentNode.append(row);
  }

  function count(within) {
    const rows = rowsOf(within);
    rows.forEach((row, index) => {
      input(row).value = index + 1;
      row.querySelector("[data-move=up]").disabled = index === 0;
      row.querySelector("[data-move=down]").disabled = index === rows.length - 1;
    });
  }

  function say(row) {
    const rows = rowsOf(group(row));
    const told = group(row).querySelector("[data-told]");
    told.textContent = input(row).dataset.moved
      .replace("%(place)s", rows.indexOf(row) + 1)
      .replace("%(count)s", rows.length);
  }

  function move(row, before) {
    if (before) before.before(row);
    else rowsOf(group(row)).at(-1).after(row);
    count(group(row));
    say(row);
    input(row).dispatchEvent(new Event("change", { bubbles: true }));
  }

  function step(row, direction, button) {
    const rows = rowsOf(group(row));
    const index = rows.indexOf(row);
    if (direction === "up") move(row, rows[index - 1]);
    else move(row, rows[index + 2]);
    const other = row.querySelector(`[data-move=${direction === "up" ? "down" : "up"}]`);
    (button.disabled ? other : button).focus();
  }

  function control(row, direction, sign) {
    const button = document.createElement("button");
    const name = input(row).dataset[direction];
    Object.assign(button, { type: "button", textContent: sign, title: name });
    button.setAttribute("aria-label", name);
    button.dataset.move = direction;
    button.addEventListener("click", () => step(row, direction, button));
    return button;
  }

  /* For a drag the rows are no taller than their headings; the dragged one stays under the pointer. */
  function fold(row) {
    const top = row.getBoundingClientRect().top;
    group(row).dataset.folded = "";
    scrollBy({ top: row.getBoundingClientRect().top - top, behavior: "instant" });
  }

  function handle(row) {
    const grip = document.createElement("span");
    Object.assign(grip, { className: "ordering__grip", draggable: true, title: input(row).dataset.drag });
    grip.setAttribute("aria-hidden", "true");
    grip.addEventListener("dragstart", (event) => {
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
      event.dataTransfer.setDragImage(row, 0, 0);
      row.dataset.dragged = "";
      setTimeout(() => fold(row));
    });
    grip.addEventListener("dragend", () => {
      delete row.dataset.dragged;
      delete group(row).dataset.folded;
      arrange(group(row), place); // back where it was, when it was dropped elsewhere
      row.scrollIntoView({ block: "nearest" });
    });
    return grip;
  }

  function prepare(row) {
    if (!input(row) || input(row).disabled) return;
    row.querySelector("[data-move]")?.closest(".ordering").remove();
    const controls = document.createElement("span");
    controls.className = "ordering";
    controls.append(handle(row), control(row, "up", "↑"), control(row, "down", "↓"));
    row.querySelector("h3").append(controls);
    input(row).closest(".form-row").hidden = true;
  }

  /* Puts the dragged row before or after the one under the pointer; false when none is dragged here. */
  function follow(within, event) {
    const dragged = within.querySelector("[data-dragged]");
    if (!dragged) return false;
    event.preventDefault();
    const over = event.target.closest?.(".inline-related:not(.empty-form)");
    if (over && over !== dragged && input(over)) {
      const box = over.getBoundingClientRect();
      if (event.clientY > box.top + box.height / 2) over.after(dragged);
      else over.before(dragged);
    }
    return true;
  }

  function dragging(within) {
    within.addEventListener("dragover", (event) => follow(within, event));
    within.addEventListener("drop", (event) => {
      if (!follow(within, event)) return;
      count(within);
      say(within.querySelector("[data-dragged]"));
    });
  }

  function begin(within) {
    const rows = rowsOf(within);
    const sample = within.querySelector("[data-position]");
    if (!sample || sample.disabled) return;
    const told = document.createElement("p");
    Object.assign(told, { className: "visually-hidden", role: "status" });
    told.dataset.told = "";
    within.append(told);
    arrange(within, place);
    rows.forEach(prepare);
    count(within);
    dragging(within);
    within.addEventListener("click", (event) => {
      if (event.target.closest(".inline-deletelink")) arrange(within, number);
    }, true);
  }

  function ready() {
    document.querySelectorAll(".inline-group").forEach(begin);
    document.addEventListener("formset:added", (event) => {
      prepare(event.target);
      if (input(event.target)) count(group(event.target));
    });
    document.addEventListener("formset:removed", (event) => setTimeout(() => {
      const within = document.getElementById(`${event.detail.formsetName}-group`);
      if (!within?.querySelector("[data-told]")) return;
      arrange(within, place);
      count(within);
    }));
  }

  if (document.readyState === "complete") ready();
  else window.addEventListener("load", ready);
}
