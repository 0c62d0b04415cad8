// The rows of tasks, as keys and drags see them: which one is the present one, which are ticked,
// and doing something to them with the form #act, which the page answers for.

const ROW = ".task[id^=task-]";
let last = "";
let refreshed = Promise.resolve();

document.addEventListener("focusin", ({ target }) => {
  const row = target.closest(ROW);
  if (row) last = row.id;
});

export function rows() {
  return [...document.querySelectorAll(`#page ${ROW}`)];
}

// The row with the focus, or the one that had it last, if it is still there.
export function present() {
  return document.activeElement.closest(ROW) ?? (last ? document.getElementById(last) : null);
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

// Does something to tasks: `values` are the fields of the form, such as { do: "priority", priority: 1 }.
export function act(values, tasks = chosen(), address = "") {
  const form = document.getElementById("act");
  const fields = [...Object.entries(values), ...tasks.map((row) => ["task", tickOf(row)])];
  const button = document.createElement("button");
  if (address) button.setAttribute("formaction", address);
  form.replaceChildren(...form.querySelectorAll("[name=csrfmiddlewaretoken], [name=next]"), button);
  for (const [name, value] of fields) {
    const field = document.createElement("input");
    [field.type, field.name, field.value] = ["hidden", name, value];
    form.append(field);
  }
  button.click();
}

// Gets the page anew, as after something changed beside it, or another one in its place.
export function refresh(address = location.href) {
  const [select, selectOOB] = ["#page", "#rail-nav"];
  const ask = () => htmx.ajax("GET", address, { target: "#page", swap: "outerHTML", select, selectOOB });
  // One after the other: htmx would put the second in the place of a page that the first took away.
  refreshed = refreshed.then(ask, ask);
  return refreshed;
}
