// Ticking tasks: by their boxes, or by keys, which tick a row or all rows from the last one to it.
// The address names what is ticked, so that it is still there when the page comes back.

import { here, idOf, refresh, rows, ticked } from "./rows.js";

const BOX = "input[name=task]";
let anchor = "";
let wanted = [];

function note() {
  const output = document.querySelector("#bulk .bulk-count");
  if (!output) return;
  const number = ticked().length;
  const { none, one, many } = output.dataset;
  output.textContent = number > 1 ? many.replace("%", number) : number ? one : none;
  const names = ticked().map((row) => `${idOf(row)},`).join("");
  goTo(selecting(names || "1"));
}

function selecting(names) {
  const address = new URL(location.href);
  address.searchParams.set("select", names);
  return address.pathname + address.search.replaceAll("%2C", ",");
}

function goTo(address) {
  if (address !== here()) history.replaceState(history.state, "", address);
}

// Lets people tick, with what they wanted to tick by then.
async function begin(row) {
  anchor = row.id;
  wanted.push(`${idOf(row)},`);
  const address = selecting(wanted.join(""));
  goTo(address);
  await refresh(address);
  wanted = [];
  document.querySelector(`#page #${row.id} ${BOX}`)?.focus();
}

function tick(row, range) {
  const all = rows();
  const from = range ? all.findIndex(({ id }) => id === anchor) : -1;
  const to = all.indexOf(row);
  const box = row.querySelector(BOX);
  const between = from < 0 ? [row] : all.slice(Math.min(from, to), Math.max(from, to) + 1);
  const isOn = from >= 0 || !box.checked;
  for (const each of between) each.querySelector(BOX).checked = isOn;
  anchor = row.id;
  box.focus();
  note();
}

document.addEventListener("select-row", ({ target, detail }) => {
  if (target.querySelector(BOX)) tick(target, detail?.range);
  else begin(target);
});

document.addEventListener("click", (event) => {
  const { target, shiftKey, ctrlKey, metaKey } = event;
  const link = target.closest("a[data-swap]");
  if (link && !shiftKey && !ctrlKey && !metaKey) {
    event.preventDefault();
    goTo(link.pathname + link.search);
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

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
  if (!document.querySelector("dialog[open], :popover-open")) document.querySelector("a[data-leave]")?.click();
});

document.addEventListener("change", ({ target }) => target.matches(BOX) && note());
document.addEventListener("htmx:afterSettle", note);
note();
