// The palette: everything there is to go to and to do, found by a few letters. It takes what there
// is from the page of everything, when it is first opened, and asks that page for tasks.

import { act, chosen, titleOf } from "./rows.js";

const MOST = 60;
const dialog = document.getElementById("palette");
const field = dialog.querySelector("input");
const list = dialog.querySelector("[role=listbox]");
const subject = dialog.querySelector(".palette-subject");
const status = dialog.querySelector("[role=status]");
let entries = [];
let found = [];
let isAnswered = true;
let tasks = [];
let active;
let timer;

export async function togglePalette() {
  if (dialog.open) return dialog.close();
  [tasks, found, field.value] = [chosen(), [], ""];
  subject.textContent = tasks.map((row) => titleOf(row).textContent).join(" · ");
  dialog.showModal();
  if (!entries.length) entries = await load("", ".entry").catch(() => []);
  if (!entries.length) return location.assign(dialog.dataset.address);
  show();
}

export async function pageAt(address) {
  const answer = await fetch(address);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function load(query, selector) {
  const page = await pageAt(dialog.dataset.address + query);
  return [...page.querySelectorAll(selector)].map((entry, index) => {
    [entry.role, entry.tabIndex, entry.id] = ["option", -1, `entry${query && "-found"}-${index}`];
    return entry;
  });
}

function show(keep) {
  const typed = field.value.trim();
  const [fixed, possible] = [entries.filter(isTyped), entries.filter(isPossible)];
  const ranked = possible.map((entry) => [rank(wordsOf(entry), fold(typed)), entry]);
  const best = ranked.filter(([place]) => place < 3).sort(([a], [b]) => a - b).slice(0, MOST);
  const matching = [...best.map(([, entry]) => entry), ...found];
  for (const entry of fixed) fill(entry, typed);
  list.replaceChildren(...matching, ...(typed ? fixed : []));
  status.textContent = `${status.dataset.words} ${list.children.length}`;
  // Enter adds no task while a better answer may come.
  if (!keep?.isConnected) activate(matching.length || isAnswered ? list.firstChild : null);
}

function isTyped({ dataset }) {
  return dataset.typed;
}

function isPossible({ dataset }) {
  return !dataset.typed && (!dataset.do || dataset.address || tasks.length);
}

function wordsOf(entry) {
  return fold(entry.textContent);
}

function fold(text) {
  return text.trim().normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

// How well `typed` tells an entry: it begins so, has words that do, or words with these initials.
function rank(text, typed) {
  if (text.startsWith(typed)) return 0;
  const [words, parts] = [text, typed].map((each) => each.split(/[^\p{L}\p{N}]+/u));
  if (parts.every((part) => words.some((word) => word.startsWith(part)))) return 1;
  return words.map(([initial]) => initial).join("").startsWith(typed) ? 2 : 3;
}

function fill(entry, typed) {
  entry.querySelector("q").textContent = typed;
  if (entry.href) entry.search = new URLSearchParams({ [entry.dataset.typed]: typed });
}

function activate(entry) {
  active?.removeAttribute("aria-selected");
  active = entry;
  active?.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", active?.id ?? "");
  active?.scrollIntoView({ block: "nearest" });
}

async function search() {
  const typed = field.value.trim();
  const query = `?${new URLSearchParams({ q: typed })}`;
  const answer = typed ? await load(query, "#found .entry").catch(() => []) : [];
  if (typed !== field.value.trim()) return;
  const moved = active !== list.firstChild && active;
  [found, isAnswered] = [answer, true];
  show(moved);
}

field.addEventListener("input", () => {
  [found, isAnswered] = [[], false];
  show();
  clearTimeout(timer);
  timer = setTimeout(search, 200);
});

field.addEventListener("keydown", (event) => {
  const options = [...list.children];
  const place = options.indexOf(active);
  const next = { ArrowDown: place + 1, ArrowUp: Math.max(place, 0) - 1, Home: 0, End: -1 };
  if (event.isComposing || !(event.key === "Enter" || event.key in next)) return;
  event.preventDefault();
  if (event.key === "Enter") active?.click();
  else if (options.length) activate(options.at(next[event.key] % options.length));
});

list.addEventListener("click", ({ target }) => {
  const entry = target.closest(".entry");
  if (!entry) return;
  const { do: verb, typed, address } = entry.dataset;
  dialog.close();
  if (verb === "look") return look(entry, address);
  if (verb) act({ do: verb, ...(entry.name && { [entry.name]: entry.value }) }, tasks);
  else if (address) act({ ...addedHere(), [typed]: field.value.trim() }, [], address);
});

// Theme and density are in the page itself, so it is loaded anew.
async function look({ name, value }, address) {
  const { theme = "system", density = "comfortable" } = document.documentElement.dataset;
  const csrfmiddlewaretoken = document.querySelector("#tick [name=csrfmiddlewaretoken]").value;
  const body = new URLSearchParams({ csrfmiddlewaretoken, theme, density, [name]: value });
  await fetch(address, { method: "POST", body, redirect: "manual" });
  location.reload();
}

// What the page adds to a new task: its list, its day, its tag.
function addedHere() {
  const form = document.querySelector("form[data-add]:has(#add-title)");
  return form ? Object.fromEntries(new FormData(form)) : {};
}
