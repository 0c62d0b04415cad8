// A title edited in its row: Enter saves, Esc or Cancel leaves it as it was, and Tab saves it below
// the task above it where people see their own order.

import { titleOf } from "./rows.js";

let before;

document.addEventListener("edit-row", async ({ target: row }) => {
  const body = row.querySelector(".task-body");
  const next = encodeURIComponent(location.pathname + location.search);
  cancel();
  const address = `${titleOf(row).pathname}/title?next=${next}`;
  const kept = [...body.children];
  await htmx.ajax("GET", address, { target: body, swap: "innerHTML", select: "#title-form" });
  before = { row, body, kept };
  const field = body.querySelector("input[type=text]");
  field?.focus();
  field?.select();
});

function cancel() {
  if (!before?.body.isConnected) return;
  const { row, body, kept } = before;
  before = undefined;
  body.replaceChildren(...kept);
  titleOf(row).focus();
}

document.addEventListener("keydown", (event) => {
  const { key, shiftKey, target } = event;
  if (!target.matches("#title-form input")) return;
  if (key === "Escape") {
    event.stopPropagation();
    cancel();
  }
  if (key === "Tab" && target.closest("[data-in-order]")) {
    event.preventDefault();
    target.insertAdjacentHTML("afterend", '<input type="hidden" name="way">');
    target.form.elements.way.value = shiftKey ? "out" : "in";
    target.form.requestSubmit();
  }
}, true);

document.addEventListener("click", (event) => {
  if (!event.target.closest(".task [data-cancel]")) return;
  event.preventDefault();
  cancel();
});
