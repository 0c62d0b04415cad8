// After htmx has put something new on the page: tell it to screen readers, and keep the focus near.
// What to say is in data-said of what is new, or else of the form that asked; what is new names the
// focus in data-focus.

import { near, rows, titleOf } from "./rows.js";

const status = document.getElementById("status");
let line;
let place = -1;

export function say(text, kind = "visually-hidden") {
  line?.remove();
  line = document.createElement("p");
  line.textContent = text;
  line.className = kind;
  status.append(line);
}

// Screen readers tell what changes in the place of results, not what is there from the start.
const notices = [...status.children];
if (notices.length) {
  status.replaceChildren();
  setTimeout(() => {
    status.prepend(...notices);
    htmx.process(status);
  }, 100);
}

// The row that had the focus may be gone when the new page is there: then it is the one in its place.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  place = rows().indexOf(near());
  // A browser complains of autofocus on a page that has a focus; below it is done without.
  detail.serverResponse = detail.serverResponse.replaceAll('" autofocus', '" data-autofocus');
});

document.addEventListener("htmx:afterSettle", ({ target, detail }) => {
  // Counts elsewhere on the page settle too, and are not what was asked for.
  if (target.id !== detail.target.id) return;
  const said = target.dataset.said ?? detail.requestConfig.elt.dataset.said;
  if (said) say(said);
  if (target.matches(".task")) recount(target.closest("section"));
  // The view of a task minds its own focus (detail.js).
  if (document.activeElement === document.body && target.id !== "task-view") focusIn(target);
});

// The server counts again what it counted by itself; a heading without an id counts its rows.
function recount(section) {
  const count = section?.querySelector(".section-head .count:not([id]):not(:empty)");
  if (!count) return;
  count.firstChild.data = section.querySelectorAll(".task:not(:has(> .check-done))").length;
}

function focusIn(target) {
  const named = target.querySelector("[data-autofocus], [data-focus]");
  if (target.id !== "page") return named?.focus();
  const beside = rows().at(Math.min(place, rows().length - 1));
  const row = near() ?? (place >= 0 ? beside : undefined);
  return (target.querySelector("[data-autofocus]") ?? (row && titleOf(row)) ?? heading(target)).focus();
}

function heading(target) {
  const found = target.querySelector("h1") ?? document.getElementById("main");
  found.tabIndex = -1;
  return found;
}

// Nothing behind an open dialog is read out.
function complain(text) {
  const place = document.querySelector("dialog[open] [role=alert]");
  if (place) place.textContent = text;
  else say(text, "notice notice-error");
}

for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, () => complain(status.dataset.failure));
}
document.addEventListener("htmx:responseError", ({ detail }) => {
  complain(detail.xhr.status === 503 ? status.dataset.later : status.dataset.refusal);
});

document.addEventListener("click", ({ target }) => {
  target.closest("[data-dismiss]")?.closest(".notice").remove();
});

// A part that opens gives the focus to its first field.
document.addEventListener("toggle", ({ target }) => {
  if (target.open && target.matches("details.rename")) target.querySelector("input:not([type=hidden])")?.focus();
}, true);
