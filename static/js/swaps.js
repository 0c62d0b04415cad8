// After htmx has put something new on the page: tell it to screen readers, and keep the focus near.
// What is new names its message in data-announce and where the focus goes in data-focus.

const status = document.getElementById("status");

function say(text, kind) {
  const line = document.createElement("p");
  line.textContent = text;
  line.className = kind;
  status.replaceChildren(line);
}

document.addEventListener("htmx:afterSettle", ({ target }) => {
  const told = target.matches("[data-announce]") ? target : target.querySelector("[data-announce]");
  if (told) {
    say(told.dataset.announce, "visually-hidden");
    told.removeAttribute("data-announce");
  }
  if (document.activeElement === document.body) {
    target.querySelector("[data-focus]")?.focus();
  }
});

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, () => say(status.dataset.failure, "notice notice-error"));
}
