// A board keeps its place when its page is put anew.

let places = [];

function boxes() {
  return [...document.querySelectorAll(".board, .board > *")];
}

document.addEventListener("htmx:beforeSwap", () => {
  places = boxes().map(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop]);
});

document.addEventListener("htmx:afterSwap", () => {
  for (const [index, box] of boxes().entries()) box.scrollTo(...(places[index] ?? []));
});
