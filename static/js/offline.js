// For times without a connection: registers the service worker and, where the person switched it on
// for this device, keeps Today and Inbox as they were last seen. The cache that holds them is the
// switch. A copy runs no script and sends nothing.

import { say } from "./swaps.js";

const { person, kept, worker } = document.body.dataset;
const PATHS = kept.split(" ");
const KEPT = `kept-${person}`;
const POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'none'; frame-ancestors 'none'";
// What a copy could not do anyway, or would give away.
const GONE =
  "script, dialog, [popover]:not(#rail), link[rel=modulepreload], [name=csrfmiddlewaretoken], " +
  "#status > *, #detail > *, [data-add], .grip, #page a.button, #page .page-actions, " +
  "#page details:has(form):not(:has(.task))";

// Only where the connection is secure, https or this machine, and the browser stores something.
if ("serviceWorker" in navigator) start().catch(() => {});

async function start() {
  navigator.serviceWorker.register(worker).catch(() => {});
  await alone(removeOfOthers);
  showSwitch();
  keepThis();
  document.addEventListener("htmx:afterSettle", keepThis);
}

// What is deleted in one tab, or by the worker, is not written again by another at that moment.
function alone(work) {
  return navigator.locks?.request("kept", work) ?? work();
}

async function removeOfOthers() {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith("kept-") && name !== KEPT);
  await Promise.all(others.map((name) => caches.delete(name)));
}

// Not while tasks are selected: the address says which (selecting.js).
function keepThis() {
  if (PATHS.includes(location.pathname) && !location.search) keep(location.pathname, document);
}

function keep(path, page) {
  return alone(async () => {
    if (!(await caches.has(KEPT))) return;
    const headers = {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": POLICY,
      "X-Kept-At": new Date().toISOString(),
    };
    await (await caches.open(KEPT)).put(path, new Response(copyOf(page), { headers }));
  });
}

function copyOf(page) {
  const copy = page.documentElement.cloneNode(true);
  for (const element of copy.querySelectorAll(GONE)) element.remove();
  for (const field of copy.querySelectorAll("button:not([popovertarget=rail]), input, select, textarea")) {
    field.setAttribute("disabled", "");
  }
  copy.querySelector("body").removeAttribute("hx-headers");
  return `<!doctype html>${copy.outerHTML}`;
}

async function showSwitch() {
  const row = document.querySelector("[data-keep-offline]");
  if (!row) return;
  const [on, off] = row.querySelectorAll("button");
  const show = async () => {
    on.hidden = await caches.has(KEPT);
    off.hidden = !on.hidden;
  };
  on.addEventListener("click", async () => {
    await alone(() => caches.open(KEPT));
    await Promise.all(PATHS.map(keepAnother));
    await show();
    off.focus();
    say(on.dataset.said, "notice");
  });
  off.addEventListener("click", async () => {
    await alone(() => caches.delete(KEPT));
    await show();
    on.focus();
    say(off.dataset.said, "notice");
  });
  await show();
  row.hidden = false;
}

// Gets a page that is not on the screen, unless the session has ended.
async function keepAnother(path) {
  const response = await fetch(path);
  if (!response.ok || response.redirected) return;
  await keep(path, new DOMParser().parseFromString(await response.text(), "text/html"));
}
