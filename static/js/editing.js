// A title edited in its row: Enter saves, Esc or Cancel leaves it as it was, and Tab saves it below
// the task above it where people see their own order.

import { here, request, titleOf } from "./rows.js";

let before;

document.addEventListener("edit-row", async ({ target: row }) => {
  if (row.querySelector("#title-form")) return;
  cancel();
  const body = row.querySelector(".task-body");
  const kept = [...body.children];
  const address = `${titleOf(row).pathname}/title?next=${encodeURIComponent(here())}`;
  await request("GET", address, { target: body, swap: "innerHTML", select: "#title-form" });
  const field = body.querySelector("input[type=text]");
  if (!field) return body.replaceChildren(...kept);
  before = { row, body, kept };
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
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
  if (!target.matches("#title-form input") || event.isComposing) return;
  if (key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    cancel();
  }
  if (key === "Tab" && target.closest("[data-in-order]")) {
    event.preventDefault();
    saveAndStep(target.form, shiftKey ? "out" : "in");
  }
}, true);

function saveAndStep(form, way) {
  if (!form.reportValidity()) return;
  const field = form.elements.way ?? document.createElement("input");
  [field.type, field.name, field.value] = ["hidden", "way", way];
  form.append(field);
  form.requestSubmit();
}

document.addEventListener("click", (event) => {
  if (!event.target.closest(".task [data-cancel]")) return;
  event.preventDefault();
  cancel();
});
