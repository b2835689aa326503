// A list with a place of its own: it opens where the case is.
//   <aside data-island="here"> … <li aria-current="step"> … </aside>
export function start(list: HTMLElement): void {
  const here = list.querySelector<HTMLElement>("[aria-current]");
  if (!here) return;
  const below = here.getBoundingClientRect().bottom - list.getBoundingClientRect().top - list.clientHeight * 0.6;
  if (below > 0) list.scrollTop += below; // only the list moves, never the page
}
