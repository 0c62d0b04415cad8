// Dragging tasks by mouse, finger or pen: to another place in an order by hand, into a section, onto
// a list or a day. The server is asked for it, and the page that it answers with shows what came of
// it. Keys do the same in other ways, so that handles are for pointers alone; a press on one without
// a drag shows what else can be done to its row (row-menu.js).

import { act, idOf, titleOf } from "./rows.js";

const DEEPER = 32;
const DEEPEST = 10;
const EDGE = 56;
const PLACES = "[data-drop-section], [data-drop-list], [data-drop-day]";

const line = document.createElement("div");
line.className = "drop-line";
line.hidden = true;
document.body.append(line);
let drag;
let isClickOfDrag = false;

function addHandles() {
  const bare = "#page .tasks > .task[id]:not(.task-done, .task-asked, :has(> .grip, > .choice))";
  for (const row of document.querySelectorAll(bare)) {
    const grip = document.createElement("span");
    grip.className = "grip";
    grip.ariaHidden = "true";
    row.append(grip);
  }
}

addHandles();
document.addEventListener("htmx:load", addHandles);

document.addEventListener("pointerdown", ({ target, isPrimary, button, pointerType, clientX, clientY }) => {
  if (!isPrimary || button) return;
  const handle = target.closest?.(pointerType === "touch" ? ".grip" : ".grip, [data-task]");
  const item = handle?.closest(".task, [data-task]");
  drag = item && { item, from: [clientX, clientY] };
});

document.addEventListener("pointermove", ({ isPrimary, clientX, clientY }) => {
  if (!drag || !isPrimary) return;
  [drag.x, drag.y] = [clientX, clientY];
  if (drag.ghost) follow();
  else if (Math.hypot(clientX - drag.from[0], clientY - drag.from[1]) > 4) lift();
});

document.addEventListener("pointerup", ({ isPrimary }) => {
  if (!isPrimary) return;
  if (drag?.ghost) drop();
  drag = undefined;
  // Its click comes first, also after Esc has ended the drag.
  setTimeout(() => (isClickOfDrag = false));
});

document.addEventListener("pointercancel", () => {
  cancel();
  isClickOfDrag = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !drag?.ghost) return;
  event.stopPropagation();
  cancel();
}, true);

document.addEventListener("click", (event) => {
  if (!isClickOfDrag || !event.isTrusted) return;
  event.preventDefault();
  event.stopPropagation();
}, true);

// The browser's own dragging of links would take over.
document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.("[data-task]")) event.preventDefault();
});

function level(row) {
  return Number(/ depth-(\d+)/.exec(row.className)?.[1] ?? 0);
}

// Takes up a row with its sub-tasks: a likeness of them goes along with the pointer.
function lift() {
  const { item, from } = drag;
  const list = item.parentElement;
  const block = [item];
  while (level(block.at(-1).nextElementSibling ?? list) > level(item)) {
    block.push(block.at(-1).nextElementSibling);
  }
  const box = item.getBoundingClientRect();
  const ghost = document.createElement("div");
  ghost.className = item.id ? `${list.className} dragged` : "dragged";
  ghost.append(...block.slice(0, 4).map((row) => row.cloneNode(true)));
  for (const copy of ghost.querySelectorAll("[id]")) copy.removeAttribute("id");
  ghost.inert = true;
  ghost.style.inlineSize = `${box.width}px`;
  document.body.append(ghost);
  for (const row of block) row.classList.add("lifted");
  document.documentElement.classList.add("dragging");
  const inset = from[0] - list.getBoundingClientRect().left;
  Object.assign(drag, { list, block, ghost, inset, within: [from[0] - box.left, from[1] - box.top] });
  isClickOfDrag = true;
  follow();
  requestAnimationFrame(scroll);
}

function follow() {
  const { ghost, within, x, y } = drag;
  ghost.style.transform = `translate(${x - within[0]}px, ${y - within[1]}px)`;
  mark(undefined);
  mark(placeAt(x, y));
}

function mark(place) {
  drag.place?.box?.classList.remove("drop-here");
  drag.place = place;
  place?.box?.classList.add("drop-here");
  line.hidden = !place?.at;
  for (const [name, value] of Object.entries(place?.at ?? {})) line.style[name] = `${value}px`;
}

// Where a drop would go: what to ask the server for, and how to show it.
function placeAt(x, y) {
  const box = boxAt(x, y) ?? boxAt(x, y - 24);
  const list = box?.matches("[data-in-order]") ? box : box?.querySelector("[data-in-order]");
  if (list && drag.item.id) return placeIn(list, box, x, y);
  const day = box?.dataset.dropDay;
  return box && !(day && box.contains(drag.item)) ? { box, day, values: endOf(box) } : undefined;
}

// What is at a point, or right of it where the point is in the margin.
function boxAt(x, y) {
  const under = document.elementFromPoint(x, y);
  const columns = under?.matches(".board") ? [...under.children] : [];
  const column = columns.find((each) => each.getBoundingClientRect().right > x);
  const box = under?.closest(PLACES) ?? under?.closest("[data-in-order]") ?? column?.closest(PLACES);
  const { left } = drag.list.getBoundingClientRect();
  return box ?? (x < left && !under?.closest(".rail") ? boxAt(left, y) : undefined);
}

// Between two rows, and as deep as the pointer is far to the right.
function placeIn(list, box, x, y) {
  const others = [...list.children].filter((row) => !drag.block.includes(row));
  const rows = others.filter((row) => !row.matches(".task-done"));
  const index = rows.filter((row) => middle(row) <= y).length;
  const [above, below] = [rows[index - 1], rows[index]];
  const { left, top, width } = list.getBoundingClientRect();
  const isInLine = left === drag.list.getBoundingClientRect().left;
  const wanted = isInLine ? level(drag.item) + Math.trunc((x - left - drag.inset) / DEEPER) : 0;
  const least = level(list.firstElementChild);
  const most = above ? Math.min(level(above) + 1, DEEPEST) : least;
  const depth = Math.min(Math.max(wanted, below ? level(below) : least), most);
  const isBefore = (row) => row.compareDocumentPosition(drag.item) & Node.DOCUMENT_POSITION_FOLLOWING;
  const stays = rows.filter(isBefore).length === index && depth === level(drag.item);
  const values = beside(rows, index, depth) ?? endOf(box);
  if ((stays && list === drag.list) || !values) return undefined;
  const indent = depth * Math.min(28, Math.max(8, width * 0.03));
  const edge = below?.getBoundingClientRect().top ?? above?.getBoundingClientRect().bottom ?? top;
  return { values, at: { left: left + indent, top: edge, width: width - indent } };
}

function middle(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}

function beside(rows, index, depth) {
  const below = rows[index];
  const isFirst = below && level(below) === depth && !isAlone(below);
  for (const row of rows.slice(0, index).reverse()) {
    if (level(row) === depth && !isAlone(row)) return { after: idOf(row) };
    if (level(row) < depth) return isFirst ? { before: idOf(below) } : { parent: idOf(row) };
  }
  return isFirst ? { before: idOf(below) } : undefined;
}

// A sub-task whose parent is not shown above it: what is beside it would get that parent.
function isAlone(row) {
  return Boolean(row.querySelector(".task-above"));
}

function endOf({ dataset: { dropSection, dropList } }) {
  if (dropSection) return { section: dropSection };
  return dropList ? { list: dropList } : undefined;
}

function drop() {
  const { item, place } = drag;
  if (!place) return cancel();
  const clear = cleared(drag);
  document.addEventListener("htmx:afterRequest", clear, { once: true });
  titleOf(item)?.focus({ preventScroll: true });
  const day = { do: "date", when: "day", day: place.day };
  if (!item.id) act({ ...day, task: item.dataset.task }, []);
  else if (place.day) act(day, [item]);
  // The address of todos:place-task.
  else act(place.values, [item], `/tasks/${idOf(item)}/place`);
}

function cancel() {
  if (drag?.ghost) cleared(drag)();
  drag = undefined;
}

function cleared({ ghost, block, place }) {
  line.hidden = true;
  place?.box?.classList.remove("drop-here");
  document.documentElement.classList.remove("dragging");
  return () => {
    ghost.remove();
    for (const row of block) row.classList.remove("lifted");
  };
}

// Near an edge, what is under the pointer scrolls.
function scroll() {
  if (!drag?.ghost) return;
  const { x, y } = drag;
  const under = document.elementFromPoint(x, y);
  for (const part of [".board > *", ".board", ".rail"]) {
    const box = under?.closest(part);
    const { left, right, top, bottom } = box?.getBoundingClientRect() ?? {};
    box?.scrollBy(pull(x, left, right), pull(y, top, bottom));
  }
  scrollBy(0, pull(y, 0, innerHeight));
  follow();
  requestAnimationFrame(scroll);
}

function pull(at, low, high) {
  const near = Math.min(at - low - EDGE, 0) + Math.max(at - high + EDGE, 0);
  return Math.max(-16, Math.min(16, near / 4));
}
