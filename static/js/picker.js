// Asks in a dialog what tasks are to have: the server's own page of that question, or its answer to
// what was refused, is shown in it.

import { chosen, refresh, tickOf } from "./rows.js";

const dialog = document.getElementById("picker");
const body = document.getElementById("picker-body");
const into = { target: body, swap: "innerHTML", select: "#ask" };

// Asks for a date, a priority, a list ("move") or tags ("tag").
export async function ask(what, rows = chosen()) {
  const next = document.querySelector("#bulk [name=next], #act [name=next]").value;
  const values = { ask: what, next, task: rows.map(tickOf) };
  await htmx.ajax("POST", dialog.dataset.ask, { ...into, values });
  show();
}

function show() {
  const form = body.firstElementChild;
  if (!form) return refresh();
  document.getElementById("picker-title").textContent = form.dataset.title;
  if (!dialog.open) dialog.showModal();
  (form.querySelector("[aria-invalid]") ?? form.querySelector("button, input:not([type=hidden])")).focus();
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!dialog.contains(detail.requestConfig.elt)) return;
  if (detail.xhr.status !== 422) return dialog.close();
  [detail.target, detail.swapOverride, detail.selectOverride] = [body, "innerHTML", "#ask"];
  queueMicrotask(show);
});

document.addEventListener("click", async (event) => {
  const { target } = event;
  const link = event.ctrlKey || event.metaKey ? null : target.closest("a[data-ask]");
  const button = target.closest("#bulk [name=ask]");
  if (button || link) event.preventDefault();
  if (button) ask(button.value);
  if (link) {
    await htmx.ajax("GET", link.href, into);
    show();
  }
  const closer = target.closest("dialog [data-close]");
  if (closer || target === dialog) {
    event.preventDefault();
    target.closest("dialog").close();
  }
});

for (const what of ["date", "priority", "list", "tags"]) {
  document.addEventListener(`pick-${what}`, () => ask({ list: "move", tags: "tag" }[what] ?? what));
}
