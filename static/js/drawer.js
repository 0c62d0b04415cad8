// Closes the drawer when the screen grows wide enough for the rail, or a page comes back from the
// browser's memory. Opening and closing it needs no script: it is a popover.

const drawer = document.querySelector("[data-drawer]");

function close() {
  if (drawer?.matches(":popover-open")) drawer.hidePopover();
}

matchMedia("(width >= 48rem)").addEventListener("change", close);
addEventListener("pageshow", close);
