// The rows of tasks, as keys and drags see them: which one is the present one, which are ticked,
// and doing something to them, which the page answers for.

export const ROW = ".task[id^=task-]";
const PAGE = { target: "#page", swap: "outerHTML", select: "#page" };
const { verbs } = document.getElementById("picker").dataset;
let last = "";
let turn = Promise.resolve();
let asked = "";

document.addEventListener("focusin", ({ target }) => {
  const row = target.closest(ROW);
  if (row) last = row.id;
});

export function rows() {
  return [...document.querySelectorAll(`#page ${ROW}`)];
}

// The row with the focus, or the one that had it last, if it is still there.
export function near() {
  return document.activeElement.closest(ROW) ?? (last ? document.querySelector(`#page #${last}`) : null);
}

// The same for verbs, which mean no row while another control has the focus.
export function present() {
  const active = document.activeElement;
  return active.closest(ROW) || active.matches("body, main, h1") ? near() : null;
}

export function titleOf(row) {
  return row.querySelector(".task-title");
}

export function idOf(row) {
  return row.id.slice("task-".length);
}

// The id of a row's task and the occurrence that it shows, as the form of many tasks takes them.
export function tickOf(row) {
  const tick = row.querySelector("input[name=task]");
  return tick?.value ?? `${idOf(row)}/${row.querySelector("button.check")?.value ?? ""}`;
}

export function ticked() {
  return rows().filter((row) => row.querySelector("input[name=task]:checked"));
}

// What a verb is for: the ticked rows, or else the present one.
export function chosen() {
  const many = ticked();
  const one = present();
  return many.length ? many : one ? [one] : [];
}

export function here() {
  return location.pathname + location.search;
}

// Asks the server, one request after the other: of requests that wait for another one of the same
// element htmx says at once that they are done, and forgets all but the last.
export function request(verb, address, options) {
  const source = document.getElementById("main");
  const ask = () => htmx.ajax(verb, address, { source, ...options });
  // That it failed is told by htmx's events (swaps.js).
  turn = turn.then(ask).catch(() => {});
  return turn;
}

// Does something to tasks: `values` are the fields of the form, such as { do: "priority", priority: 1 }.
export async function act(values, tasks = chosen(), address = verbs) {
  const fields = { ...values, next: here() };
  if (tasks.length) fields.task = tasks.map(tickOf);
  const what = JSON.stringify([address, fields]);
  // A key pressed twice means it once.
  if (what === asked) return;
  asked = what;
  await request("POST", address, { ...PAGE, selectOOB: "#rail-nav,#status:innerHTML", values: fields });
  asked = "";
}

// Gets the page anew, as after something changed beside it, or another one in its place.
export function refresh(address = location.href) {
  return request("GET", address, { ...PAGE, selectOOB: "#rail-nav" });
}
