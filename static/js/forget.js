// Who sees this page is logged out: what was kept of people's pages goes, whether or not the service
// worker, which deletes it too, has seen this page pass.

const remove = (names) => names.filter((name) => name.startsWith("kept-")).map((name) => caches.delete(name));
globalThis.caches?.keys().then(remove).catch(() => {});
