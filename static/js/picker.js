// Asks in a dialog what tasks are to have: the server's own page of that question, or its answer to
// what was refused, is shown in it.

import { chosen, here, refresh, request, tickOf, ticked } from "./rows.js";
import { say } from "./swaps.js";

const dialog = document.getElementById("picker");
const body = document.getElementById("picker-body");
const into = { target: body, swap: "innerHTML", select: "#ask" };

// Asks for a date, a priority, a list ("move") or tags ("tag").
function ask(what, rows) {
  if (!rows.length) return say(dialog.dataset.nobody, "notice");
  const values = { ask: what, next: here(), task: rows.map(tickOf) };
  return load("POST", dialog.dataset.ask, { values });
}

async function load(verb, address, options) {
  body.replaceChildren();
  await request(verb, address, { ...into, ...options });
  if (body.firstElementChild) show();
  else refresh();
}

function show() {
  const form = body.firstElementChild;
  document.getElementById("picker-title").textContent = form.dataset.title;
  if (!dialog.open) dialog.showModal();
  (form.querySelector("[aria-invalid]") ?? form.querySelector("button:not([tabindex]), input:not([type=hidden])")).focus();
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!dialog.contains(detail.requestConfig.elt) || !detail.shouldSwap) return;
  if (detail.xhr.status !== 422) return dialog.close();
  [detail.target, detail.swapOverride, detail.selectOverride] = [body, "innerHTML", "#ask"];
  queueMicrotask(show);
});

document.addEventListener("click", (event) => {
  const { target } = event;
  const link = event.ctrlKey || event.metaKey ? null : target.closest("a[data-ask]");
  const button = target.closest("#bulk [name=ask]");
  const closer = target.matches("dialog") ? target : target.closest("dialog [data-close]");
  if (link || button || closer) event.preventDefault();
  if (button) ask(button.value, ticked());
  if (link) load("GET", link.href);
  closer?.closest("dialog").close();
});

dialog.addEventListener("close", () => body.replaceChildren());

const EVENTS = { "pick-date": "date", "pick-priority": "priority", "pick-list": "move", "pick-tags": "tag" };
for (const [name, what] of Object.entries(EVENTS)) {
  document.addEventListener(name, () => ask(what, chosen()));
}
