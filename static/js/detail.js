// The view of a task: its editors, and the task that is open beside the list where the screen is wide.

import { refresh, request } from "./rows.js";

const wide = matchMedia("(width >= 80rem)");
const detail = document.getElementById("detail");
const CONTROLS = ["input:not([type=hidden])", "textarea", "select", "button"];
const BELOW = "#comment-text, #sub-title";
const view = () => document.getElementById("task-view");
const isOpen = () => !detail.hidden && Boolean(view());
const shown = () => view()?.dataset.path ?? "";
const drafts = new Map();
let wanted = "";
let place = "";

const rowsOf = (path) => [...document.querySelectorAll("#page a.task-title")].filter((link) => link.pathname === path);

function mark() {
  for (const link of document.querySelectorAll("#page a.task-title[aria-current]")) link.removeAttribute("aria-current");
  if (isOpen()) for (const link of rowsOf(shown())) link.setAttribute("aria-current", "true");
}

async function load(path) {
  wanted = path;
  const swap = "innerHTML ignoreTitle:true";
  // What fails is told by swaps.js.
  await request("GET", path, { target: detail, swap, select: "#task-view" }).catch(() => {});
  if (wanted !== path) return;
  if (!view()) return close();
  wanted = shown();
  detail.hidden = false;
  mark();
}

async function open(path) {
  await load(path);
  if (shown() !== path) return;
  detail.scrollTop = 0;
  view().querySelector("[data-edit=title]").focus();
}

function close() {
  const had = detail.contains(document.activeElement);
  const [row] = rowsOf(shown());
  keepDrafts();
  wanted = "";
  detail.hidden = true;
  detail.replaceChildren();
  mark();
  if (had) (row ?? document.getElementById("main")).focus();
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
  if (target.closest("#detail [data-leave]")) close();
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
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
  if (document.querySelector("dialog[open], :popover-open")) return;
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

document.addEventListener("htmx:beforeSwap", ({ detail: answer }) => {
  const { target, requestConfig, pathInfo, xhr } = answer;
  // Another task was asked for since.
  if (target === detail && pathInfo.requestPath !== wanted) answer.shouldSwap = false;
  if (!answer.shouldSwap) return;
  const isView = xhr.responseText.includes('id="task-view"');
  if (target.id === "task-view" && !isView) return leave(answer);
  keepDrafts(xhr.status < 400 ? requestConfig.elt : undefined);
  if (target.id !== "task-view") return;
  place = document.activeElement.closest("#task-view :is(details, section, form)[id]")?.id ?? "";
  if (requestConfig.elt.closest(".task-question")) place = "task-tick";
  // Of editors with one name a single one is open at a time, the old among them.
  for (const editor of target.querySelectorAll("details[name][open]")) editor.removeAttribute("name");
});

document.addEventListener("htmx:afterSwap", putBackDrafts);

// The answer is another page, such as the trash, where the task is by now. The view stays while it
// has something that would be lost with it.
function leave(answer) {
  if (fields().some(isEdited)) answer.swapOverride = "none";
  else if (isOpen()) {
    answer.swapOverride = "none";
    queueMicrotask(() => {
      close();
      refresh();
    });
  } else {
    [answer.target, answer.selectOverride] = [document.getElementById("page"), "#page"];
    history.replaceState(history.state, "", answer.xhr.responseURL);
  }
}

const fields = () => [...(view()?.querySelectorAll("input[id]:not([type=hidden]), textarea[id]") ?? [])];
const keyOf = ({ id }) => `${shown()} ${id}`;

// What a field had before people wrote in it; what was refused is still theirs.
function original(field) {
  return field.matches(BELOW) ? "" : field.defaultValue;
}

function isEdited(field) {
  return field.value !== original(field);
}

// What is being written outlives the view that it is written in, until its form was sent or reset.
function keepDrafts(sent) {
  for (const field of fields()) {
    const { value, form } = field;
    const isInOpen = Boolean(field.closest("details[name][open]"));
    const isDraft = isEdited(field) && form !== sent;
    drafts.set(keyOf(field), isDraft && { value, isInOpen, before: original(field) });
  }
}

function putBackDrafts() {
  for (const field of fields()) {
    const draft = drafts.get(keyOf(field));
    if (!draft || isEdited(field) || draft.before !== original(field)) continue;
    field.value = draft.value;
    if (draft.isInOpen) field.closest("details[name]").open = true;
  }
}

document.addEventListener("htmx:afterSettle", ({ target, detail: { target: old, requestConfig } }) => {
  if (target.id === "task-view" && old.id === "task-view") focusAgain();
  if (!isOpen()) return;
  const isWritten = requestConfig.verb !== "get";
  if (detail.contains(target)) {
    if (isWritten) refresh();
  } else if (target.id === "page" || target.matches("#page .task")) {
    mark();
    const isBusy = view().querySelector("details[name][open]") || fields().some(isEdited);
    if ("leaves" in requestConfig.elt.dataset) close();
    else if (isWritten && !isBusy && wanted === shown()) load(wanted);
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
