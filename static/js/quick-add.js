// Quick add: a chip puts the line back with its part as text, and pasting several lines makes the
// field one for several lines. What is understood is read by the server.

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
