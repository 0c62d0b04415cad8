// A press on the handle of a row, when nothing is dragged, shows what can be done to it.

import { act, titleOf } from "./rows.js";

const menu = document.getElementById("row-menu");
let row;

document.addEventListener("click", ({ target }) => {
  const grip = target.closest(".grip");
  const choice = target.closest("#row-menu button");
  if (grip) open(grip);
  if (!choice) return;
  menu.hidePopover();
  titleOf(row).focus();
  if (choice.dataset.do) act({ do: choice.dataset.do }, [row]);
  else row.dispatchEvent(new CustomEvent(choice.dataset.say, { bubbles: true }));
});

function open(grip) {
  row = grip.closest(".task");
  menu.showPopover();
  const { top, bottom, left, right } = grip.getBoundingClientRect();
  const { offsetHeight: height, offsetWidth: width } = menu;
  const below = bottom + height < innerHeight;
  menu.style.top = `${Math.max(8, below ? bottom : top - height)}px`;
  menu.style.left = `${left + width < innerWidth ? left : Math.max(8, right - width)}px`;
  menu.querySelector("button").focus();
}
