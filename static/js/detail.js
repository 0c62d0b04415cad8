// The view of a task: its editors, and the task that is open beside the list where the screen is wide.

import { refresh } from "./rows.js";

const wide = matchMedia("(width >= 80rem)");
const detail = document.getElementById("detail");
const CONTROLS = ["input:not([type=hidden])", "textarea", "select", "button"];
const view = () => document.getElementById("task-view");
const isOpen = () => !detail.hidden && Boolean(view());
let address = "";
let place = "";

const rowsOf = (path) => [...document.querySelectorAll("#page a.task-title")].filter((link) => link.pathname === path);

function mark() {
  for (const link of document.querySelectorAll("#page a.task-title[aria-current]")) link.removeAttribute("aria-current");
  if (isOpen()) for (const link of rowsOf(address)) link.setAttribute("aria-current", "true");
}

async function load(path) {
  await htmx.ajax("GET", path, { target: detail, swap: "innerHTML ignoreTitle:true", select: "#task-view" });
  if (!view()) return close();
  address = path;
  detail.hidden = false;
  mark();
}

async function open(path) {
  await load(path);
  if (!isOpen()) return;
  detail.scrollTop = 0;
  view().querySelector("[data-edit=title]").focus();
}

function close() {
  const had = detail.contains(document.activeElement);
  detail.hidden = true;
  detail.replaceChildren();
  mark();
  if (had) (rowsOf(address)[0] ?? document.getElementById("main")).focus();
}

// A link to a task, which opens beside the list: not from a task's own page, where it would be twice.
function pathOf(link) {
  if (!link || !wide.matches || "page" in link.dataset) return "";
  const isTask = /^\/tasks\/\d+$/.test(link.pathname) && !link.search;
  const isHere = link.closest("#detail") || (link.matches("#page a.task-title") && !link.closest("#task-view"));
  return isTask && isHere ? link.pathname : "";
}

document.addEventListener("click", (event) => {
  const { target } = event;
  const isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  const path = isPlain && !event.defaultPrevented && pathOf(target.closest("a"));
  if (path) {
    event.preventDefault();
    open(path);
  }
  if (target.closest("[data-leave]")) close();
  const shut = target.closest("#task-view [data-shut]");
  if (shut) {
    event.preventDefault();
    shutEditor(shut.closest("details[name]"));
  }
});

// What was typed and not saved is let go.
function shutEditor(editor) {
  for (const form of editor.querySelectorAll("form")) form.reset();
  editor.open = false;
  editor.querySelector("summary").focus();
}

document.addEventListener("toggle", ({ target }) => {
  if (!target.open || !target.matches("#task-view details")) return;
  const field = target.querySelector(`:scope > :not(summary) :is(${CONTROLS})`);
  if (document.activeElement === target.querySelector("summary")) field?.focus();
  if (field?.matches("#id_title")) field.select();
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  const editor = event.target.closest("#task-view details[name][open]");
  if (editor) shutEditor(editor);
  // What is being written, such as a comment, is not lost by the first Esc.
  else if (event.target.matches("#detail :is(input, textarea)")) view().querySelector("[data-edit=title]").focus();
  else if (isOpen()) close();
  else return;
  event.preventDefault();
});

// The form of the title is sent by Enter, as it is one line; so is the description by Ctrl and Enter.
document.addEventListener("keydown", (event) => {
  const isSend = event.key === "Enter" && (event.ctrlKey || event.metaKey);
  if (isSend && event.target.matches("#task-view textarea")) event.target.form.requestSubmit();
});

document.addEventListener("htmx:beforeSwap", ({ detail: { target, requestConfig } }) => {
  if (target.id !== "task-view") return;
  place = document.activeElement.closest("#task-view :is(details, section, form)[id]")?.id ?? "";
  if (requestConfig.elt.closest(".task-question")) place = "task-tick";
  // Of editors with one name a single one is open at a time, the old among them.
  for (const editor of target.querySelectorAll("details[name][open]")) editor.removeAttribute("name");
});

document.addEventListener("htmx:afterSettle", ({ target, detail: { target: old, requestConfig } }) => {
  if (target.id === "task-view" && old.id === "task-view") focusAgain();
  if (!isOpen()) return;
  const isWritten = requestConfig.verb !== "get";
  if (detail.contains(target)) {
    if (isWritten) refresh();
  } else if (target.id === "page" || target.matches("#page .task")) {
    mark();
    const isBusy = view().querySelector("details[name][open]");
    if ("leaves" in requestConfig.elt.dataset) close();
    else if (isWritten && !isBusy) load(address);
  }
});

// After a part was saved the focus is on it; else on what is wrong, or asked.
function focusAgain() {
  const asked = view().querySelector("[aria-invalid=true], .task-question button");
  const part = document.getElementById(place);
  if (asked) asked.focus();
  else if (view().contains(document.activeElement)) return;
  else if (!part) view().querySelector("[data-edit=title]").focus();
  else (part.matches("details:not([open])") ? part.querySelector("summary") : controlOf(part)).focus();
}

function controlOf(part) {
  return part.querySelector("input:not([type=hidden]), textarea, select") ?? part.querySelector("button");
}
