// After htmx has put something new on the page: tell it to screen readers, and keep the focus near.
// The form that asked names what to say in data-said; what is new names the focus in data-focus.

const status = document.getElementById("status");

function say(text, kind) {
  const line = document.createElement("p");
  line.textContent = text;
  line.className = kind;
  status.replaceChildren(line);
}

document.addEventListener("htmx:afterSettle", ({ target, detail }) => {
  const { said } = detail.requestConfig.elt.dataset;
  if (said) say(said, "visually-hidden");
  if (document.activeElement === document.body) target.querySelector("[data-focus]")?.focus();
});

for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, () => say(status.dataset.failure, "notice notice-error"));
}
document.addEventListener("htmx:responseError", () => say(status.dataset.refusal, "notice notice-error"));
