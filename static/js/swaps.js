// After htmx has put something new on the page: tell it to screen readers, and keep the focus near.
// What to say is in data-said of what is new, or else of the form that asked; what is new names the
// focus in data-focus.

const status = document.getElementById("status");
let line;

function say(text, kind) {
  line?.remove();
  line = document.createElement("p");
  line.textContent = text;
  line.className = kind;
  status.append(line);
}

// Screen readers tell what changes in the place of results, not what is there from the start.
const notices = [...status.children];
if (notices.length) {
  status.style.minBlockSize = `${status.offsetHeight}px`;
  status.replaceChildren();
  setTimeout(() => {
    status.prepend(...notices);
    status.style.minBlockSize = "";
  }, 100);
}

document.addEventListener("htmx:afterSettle", ({ target, detail }) => {
  // Counts elsewhere on the page settle too, and are not what was asked for.
  if (target.id !== detail.target.id) return;
  const said = target.dataset.said ?? detail.requestConfig.elt.dataset.said;
  if (said) say(said, "visually-hidden");
  if (document.activeElement === document.body) target.querySelector("[data-focus]")?.focus();
});

for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, () => say(status.dataset.failure, "notice notice-error"));
}
document.addEventListener("htmx:responseError", () => say(status.dataset.refusal, "notice notice-error"));
