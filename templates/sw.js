{% load i18n %}// The service worker: what a navigation shows when the server cannot be reached. Of people's pages
// it stores nothing; js/offline.js keeps copies of two of them, where the person asked for it.

const VERSION = "shell-{{ version }}";
const OFFLINE = "{% url 'offline' %}";
const SHELL = [OFFLINE{% for address in shell %}, "{{ address|escapejs }}"{% endfor %}];
// Who sees one of these is logged out.
const FOR_STRANGERS = ["{% url 'todos:landing' %}", "{% url 'account_login' %}", "{% url 'account_signup' %}"];
const WORDS = "{% filter escapejs %}{% translate 'You are offline. This is a copy of TIME, to read only.' %}{% endfilter %}";
const AGAIN = "{% filter escapejs %}{% translate 'Try again' %}{% endfilter %}";

addEventListener("install", (event) => {
  skipWaiting();
  const shell = SHELL.map((address) => new Request(address, { credentials: "omit" }));
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(shell)));
});

addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([
    remove((name) => name.startsWith("shell-") && name !== VERSION),
    registration.navigationPreload?.enable(),
    clients.claim(),
  ]));
});

addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (origin !== location.origin || event.request.method !== "GET") return;
  if (event.request.mode === "navigate") event.respondWith(page(event, pathname));
  else if (inShell(pathname)) {
    event.respondWith(fetch(event.request).catch(() => caches.match(inShell(pathname))));
  }
});

// The address in the shell of the same file; a copy of a page may be older than its style sheet.
function inShell(pathname) {
  const plain = (path) => path.replace(/\.[0-9a-f]{12}\./, ".");
  return SHELL.find((address) => plain(address) === plain(pathname));
}

async function page(event, pathname) {
  let response;
  try {
    response = (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    const copy = await caches.match(event.request);
    return copy?.headers.has("X-Kept-At") ? withNote(copy) : instead();
  }
  if (response.ok && FOR_STRANGERS.includes(pathname)) await forget().catch(() => {});
  return response;
}

async function forget() {
  const work = () => remove((name) => name.startsWith("kept-"));
  return navigator.locks?.request("kept", work) ?? work();
}

async function remove(isWanted) {
  return Promise.all((await caches.keys()).filter(isWanted).map((name) => caches.delete(name)));
}

// A copy says of when it is.
async function withNote(copy) {
  const format = { dateStyle: "medium", timeStyle: "short" };
  const at = new Date(copy.headers.get("X-Kept-At")).toLocaleString([], format);
  const note = `<p class="notice notice-warning">${WORDS.replace("TIME", at)} <a href="">${AGAIN}</a></p>`;
  const html = (await copy.text()).replace(/<div id="page"[^>]*>/, (found) => found + note);
  return new Response(html, { headers: copy.headers });
}

// The page that says what is not possible, with links to the copies that there are.
async function instead() {
  const offline = await caches.match(OFFLINE);
  if (!offline) return Response.error();
  let html = await offline.text();
  for (const [found, path] of html.matchAll(/hidden data-kept="([^"]+)"/g)) {
    if (await caches.match(path)) html = html.replace(found, "");
  }
  return new Response(html, { status: 503, headers: offline.headers });
}
