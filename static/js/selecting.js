// Ticking tasks: by their boxes, or by keys, which tick a row or all rows from the last one to it.

import { idOf, refresh, rows, ticked } from "./rows.js";

const BOX = "input[name=task]";
let anchor = "";

function count() {
  const output = document.querySelector("#bulk .bulk-count");
  if (!output) return;
  const number = ticked().length;
  const { none, one, many } = output.dataset;
  output.textContent = number > 1 ? many.replace("%", number) : number ? one : none;
}

async function tick(row, range) {
  if (!row.querySelector(BOX)) {
    const address = new URL(location.href);
    address.searchParams.set("select", `${idOf(row)},`);
    anchor = row.id;
    await refresh(address.href);
    return document.querySelector(`#${row.id} ${BOX}`)?.focus();
  }
  const all = rows();
  const from = range ? all.findIndex(({ id }) => id === anchor) : -1;
  const to = all.indexOf(row);
  const box = row.querySelector(BOX);
  const between = from < 0 ? [row] : all.slice(Math.min(from, to), Math.max(from, to) + 1);
  const wanted = from >= 0 || !box.checked;
  for (const each of between) each.querySelector(BOX).checked = wanted;
  anchor = row.id;
  box.focus();
  count();
}

document.addEventListener("select-row", ({ target, detail }) => tick(target, detail?.range));

document.addEventListener("click", (event) => {
  const { target, shiftKey, ctrlKey, metaKey } = event;
  const link = target.closest("a[data-swap]");
  if (link && !shiftKey && !ctrlKey && !metaKey) {
    event.preventDefault();
    refresh(link.href);
  }
  if (!target.matches(BOX)) return;
  const row = target.closest(".task");
  if (shiftKey && anchor) {
    target.checked = !target.checked;
    tick(row, true);
  }
  anchor = row.id;
});

document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && !document.querySelector("dialog[open]")) {
    document.querySelector("a[data-leave]")?.click();
  }
});

document.addEventListener("change", count);
document.addEventListener("htmx:afterSettle", count);
count();
