// Finishes the rich text editor: buttons named in the editor's language and reached by arrow keys, a name and a language
// for the text, and the refused code taken out of what is posted next.

const NEXT = { ArrowRight: 1, ArrowLeft: -1 };

function nameButtons(bar, editor, labels) {
  const buttons = [...bar.querySelectorAll("button")];
  const usable = () => buttons.filter((button) => !button.classList.contains("hidden"));
  const reach = (chosen) => buttons.forEach((button) => (button.tabIndex = button === chosen ? 0 : -1));
  const tellState = () =>
    buttons.forEach((button) => {
      button.ariaPressed = button.classList.contains("active");
      button.ariaDisabled = button.classList.contains("disabled");
    });
  bar.role = "toolbar";
  bar.ariaLabel = labels.menu;
  buttons.forEach((button) => (button.title = button.ariaLabel = labels[button.dataset.name] ?? button.title));
  bar.addEventListener("keydown", (event) => {
    const row = usable();
    const target = row.at((row.indexOf(event.target) + NEXT[event.key]) % row.length);
    if (target) {
      event.preventDefault();
      reach(target);
      target.focus();
    }
  });
  reach(buttons[0]);
  editor.on("transaction", tellState);
  tellState();
}

function nameText(box, textarea, editor) {
  const label = textarea.labels[0];
  box.role = "textbox";
  box.ariaMultiLine = "true";
  box.ariaLabel = label?.textContent.trim().replace(/\s*:$/, "") ?? "";
  box.lang = /_([a-z]{2})$/.exec(textarea.name)?.[1] ?? "";
  for (const attribute of ["aria-describedby", "aria-invalid"]) {
    if (textarea.hasAttribute(attribute)) box.setAttribute(attribute, textarea.getAttribute(attribute));
  }
  label?.addEventListener("click", () => editor.commands.focus());
}

function finish(textarea, editor) {
  const frame = textarea.closest(".prose-editor");
  nameButtons(frame.querySelector(".prose-menubar"), editor, JSON.parse(textarea.dataset.labels));
  nameText(editor.view.dom, textarea, editor);
  if (location.hash === `#${textarea.id}`) editor.commands.focus();
  if (textarea.ariaInvalid === "true") textarea.value = editor.getHTML();
}

document.addEventListener("prose-editor:ready", ({ target, detail: { editor } }) => {
  if (target.closest(".prose-editor").querySelector(".prose-menubar")) finish(target, editor);
  else editor.on("create", () => finish(target, editor));
});
