// What keys do where nobody is typing: one table. A key that begins others waits for the next key.
// Links with data-key are followed by it; rows are told what the other modules do to them.

import { pageAt, togglePalette } from "./palette.js";
import { act, chosen, near, present, ROW, rows, ticked, titleOf } from "./rows.js";
import { say } from "./swaps.js";

const KEYS = {
  q: () => reach("#add-title", `${linkOf("g i").href}#add-title`),
  "/": () => reach("#search-words, #rail-search", linkOf("/").href),
  z: undo,
  j: () => step(1),
  k: () => step(-1),
  ArrowDown: () => (focused() ? step(1) : false),
  ArrowUp: () => (focused() ? step(-1) : false),
  "Alt+ArrowDown": () => move("down"),
  "Alt+ArrowUp": () => move("up"),
  x: () => tell("select-row", { range: false }),
  "Shift+x": () => tell("select-row", { range: true }),
  c: complete,
  e: () => edit("title", "edit-row"),
  t: () => edit("due", "pick-date"),
  "t t": () => date("today"),
  "t m": () => date("tomorrow"),
  "t w": () => date("week"),
  "t n": () => date("none"),
  1: () => priority(1),
  2: () => priority(2),
  3: () => priority(3),
  4: () => priority(4),
  l: () => edit("tags", "pick-tags"),
  v: () => edit("list", "pick-list"),
  s: addBelow,
  Delete: () => (focused() || ticked().length ? act({ do: "trash" }) : false),
};
const BEGIN_OTHERS = ["g", "t"];
const REPEAT = ["j", "k", "ArrowDown", "ArrowUp"];
const FIELDS = "input:not([type=checkbox], [type=radio]), select, textarea";
const picker = document.getElementById("picker");
let first = "";
let when = "";
let isLeaving = false;

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.isComposing || event.defaultPrevented) return;
  // What is typed for the next page is not for this one, nor before that one is there.
  if (isLeaving || document.readyState !== "complete") return;
  const isOpen = document.querySelector("dialog[open]:not(#palette)");
  if (nameOf(event) === "Ctrl+k" && !isOpen) {
    event.preventDefault();
    return togglePalette();
  }
  if (key === "Escape" && target.matches("#add-title, #rail-search")) {
    event.preventDefault();
    return leave(target);
  }
  const before = picker.open && picker.querySelector("[data-when]") ? "t" : first;
  [first, when] = ["", ""];
  if (isOff(event) || target.matches(FIELDS) || target.isContentEditable) return;
  if (document.querySelector("dialog[open]:not(#picker), :popover-open")) return;
  const name = before ? `${before} ${nameOf(event)}` : nameOf(event);
  if (picker.open && !/^(t .|[1-4])$/.test(name)) return;
  if (event.repeat && !REPEAT.includes(name)) return;
  if (BEGIN_OTHERS.includes(name)) first = name;
  const verb = KEYS[name] ?? (linkOf(name) && (() => linkOf(name).click()));
  // What a verb says is not for it goes on to the browser, as arrows that scroll.
  if (verb && verb() !== false) event.preventDefault();
});

// Keys of a single letter can be switched off in the settings, those with another key held cannot.
function isOff({ altKey, ctrlKey, metaKey }) {
  return document.body.dataset.keys === "off" && !(altKey || ctrlKey || metaKey);
}

// A letter is named by itself, whatever Caps Lock says; a sign by what it is, wherever it lies.
function nameOf({ key, altKey, ctrlKey, metaKey, shiftKey }) {
  const letter = key.toLowerCase();
  const isSign = key.length === 1 && letter === key.toUpperCase();
  const held = { Ctrl: ctrlKey || metaKey, Alt: altKey, Shift: shiftKey && !isSign };
  const names = Object.keys(held).filter((name) => held[name]);
  return [...names, key.length === 1 ? letter : key].join("+");
}

function linkOf(name) {
  return [...document.querySelectorAll("[data-key]")].find(({ dataset }) => dataset.key === name);
}

function reach(selector, address) {
  const field = [...document.querySelectorAll(selector)].findLast((each) => each.checkVisibility());
  if (field) field.focus();
  else go(address);
}

function go(address) {
  isLeaving = true;
  location.assign(address);
}

addEventListener("pageshow", () => (isLeaving = false));

function leave(field) {
  if (near()) titleOf(near()).focus();
  else field.blur();
}

function focused() {
  return document.activeElement.closest(ROW);
}

// The open task, beside the list or on its own page, when the focus is not in a row.
function opened() {
  const view = document.activeElement.closest("#task-view");
  return focused() ? null : (view ?? document.querySelector("#page #task-view"));
}

function step(by) {
  const all = rows().filter((row) => row.checkVisibility());
  const place = all.indexOf(near());
  const next = place < 0 ? all[0] : all[place + by];
  if (next) titleOf(next).focus();
}

function tell(name, detail) {
  const row = present() ?? ticked()[0];
  row?.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}

function edit(part, name) {
  const field = opened()?.querySelector(`[data-edit=${part}]`);
  if (!field) return tell(name);
  field.focus();
  field.click();
}

function priority(number) {
  const place = picker.open ? picker : opened();
  if (place) place.querySelector(`[name=priority][value="${number}"]`)?.click();
  else if (chosen().length) act({ do: "priority", priority: number });
}

function addBelow() {
  if (opened()) document.getElementById("sub-title").focus();
  else if (present()) go(`${titleOf(present()).href}#sub-title`);
}

function complete() {
  if (ticked().length) act({ do: "complete" });
  else (opened() ?? present())?.querySelector("button.check")?.click();
}

// Only where people see their own order: in a list, and below a task. What is ticked stays so.
function move(way) {
  const row = document.activeElement.closest(`:is([data-in-order], #task-view) ${ROW}`);
  return row ? act({ way }, ticked(), `${titleOf(row).pathname}/step`) : false;
}

// The question for a date may still be on its way when its answer is there.
function date(day) {
  when = day;
  answer(picker.open ? picker : opened()?.querySelector("#edit-due[open]"));
}

function answer(question) {
  const choice = when && question?.querySelector(`[data-when=${when}]`);
  if (!choice || choice.closest(".htmx-settling")) return;
  when = "";
  choice.click();
}

picker.addEventListener("htmx:afterSettle", () => answer(picker));
picker.addEventListener("close", () => (when = ""));

function undo() {
  const buttons = document.querySelectorAll("#status [data-undo]");
  if (buttons.length) buttons[buttons.length - 1].click();
  else say(document.getElementById("status").dataset.nothing, "notice");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-opens]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  link.closest(":popover-open")?.hidePopover();
  if (link.dataset.opens === "palette") togglePalette();
  else showKeys(link).catch(() => location.assign(link.href));
});

async function showKeys(link) {
  const keys = (await pageAt(link.href)).getElementById("keys-part");
  document.getElementById("picker-title").textContent = link.textContent;
  document.getElementById("picker-body").replaceChildren(keys);
  picker.showModal();
}
