// Keeps what is typed in a change form, valid or not, at most every twenty seconds, until it is saved as a draft.
const EVERY = 20000; // milliseconds

const form = document.querySelector("#content-main form[method=post]");
const place = location.pathname.replace(/(change|add)\/$/, (end, name) => (name === "add" ? "add/" : "")) + "typed/";
let isDirty = false;
let isLeaving = false;

const keep = async () => {
  if (!isDirty || isLeaving) return;
  isDirty = false;
  const typed = new FormData(form);
  for (const [name, value] of [...typed]) if (value instanceof File) typed.delete(name);
  try {
    const answer = await fetch(place, { method: "POST", body: new URLSearchParams(typed), credentials: "same-origin", redirect: "error" });
    if (!answer.ok) isDirty = true;
  } catch {
    isDirty = true;
  }
};

if (form?.elements._revision) {
  for (const kind of ["input", "change"]) form.addEventListener(kind, () => { isDirty = true; });
  form.addEventListener("submit", (event) => { isLeaving = event.submitter?.name !== "_preview"; });
  setInterval(keep, EVERY);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
}
