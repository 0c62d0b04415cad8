// Quick add: a line leaves the field at once, so that the next one can be typed before the server
// answers; a chip puts the line back with its part as text, and pasting several lines makes the field
// one for several lines. What is understood is read by the server.

import { request } from "./rows.js";

let begun = "";

document.addEventListener("submit", (event) => {
  const form = event.target;
  const field = form.querySelector("input[name=title]");
  if (!form.matches("[data-add]") || !field) return;
  event.preventDefault();
  event.stopPropagation();
  const values = Object.fromEntries(new FormData(form));
  const [target, swap, select, selectOOB] = ["target", "swap", "select", "select-oob"].map((name) =>
    form.getAttribute(`hx-${name}`),
  );
  field.value = "";
  request("POST", form.getAttribute("action"), { values, target, swap, select, selectOOB });
}, true);

// What could not be added is put back before what was begun since.
for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(failure, ({ detail: { requestConfig } }) => {
    const form = document.querySelector(`form[data-add][action="${CSS.escape(requestConfig.path)}"]`);
    const field = form?.elements.title;
    const line = requestConfig.formData.get("title");
    if (field && line && requestConfig.verb === "post") field.value = `${line} ${field.value}`.trim();
  });
}

document.addEventListener("htmx:beforeSwap", ({ target }) => {
  begun = target.id === "page" ? (document.getElementById("add-title")?.value ?? "") : "";
});

document.addEventListener("htmx:afterSwap", ({ target }) => {
  const field = document.getElementById("add-title");
  if (target.id === "page" && begun && field && !field.value) field.value = begun;
});

document.addEventListener("click", ({ target }) => {
  const chip = target.closest("[data-line]");
  if (!chip) return;
  const field = document.getElementById(chip.closest(".add-chips").id.replace("chips", "title"));
  field.value = chip.dataset.line;
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("paste", (event) => {
  const field = event.target;
  const text = event.clipboardData?.getData("text") ?? "";
  if (!field.matches?.("[data-add] > input[type=text]") || !text.trim().includes("\n")) return;
  event.preventDefault();
  const lines = document.createElement("textarea");
  for (const name of ["id", "name", "required"]) lines.setAttribute(name, field.getAttribute(name));
  lines.value = field.value + text;
  lines.rows = Math.min(12, lines.value.split("\n").length + 1);
  field.form.classList.add("add-many");
  field.replaceWith(lines);
  document.getElementById(lines.id.replace("title", "chips")).replaceChildren();
  lines.focus();
});
