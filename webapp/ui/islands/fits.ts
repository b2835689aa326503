// Acts in one row: those for which there is no room move into the menu at its end ([data-rest]).
// data-arranged says that the fonts have come and that the row stands as it will stay.
//   <span data-island="fits"><button …>…</button> … <details class="menu" hidden data-rest>…<div class="menu-list"></div></details></span>
export function start(row: HTMLElement): void {
  const rest = row.querySelector<HTMLDetailsElement>("[data-rest]");
  const list = rest?.querySelector<HTMLElement>(".menu-list");
  if (!rest || !list) return;
  const acts = [...row.children].filter((each) => each !== rest);
  const arrange = (): void => {
    for (const act of acts) row.insertBefore(act, rest);
    rest.hidden = true;
    if (row.scrollWidth <= row.clientWidth) return;
    rest.hidden = false;
    for (const act of [...acts].reverse()) {
      if (row.scrollWidth <= row.clientWidth) break;
      list.prepend(act);
    }
  };
  list.addEventListener("click", () => {
    rest.open = false;
  });
  new ResizeObserver(arrange).observe(row.parentElement ?? row);
  // A font is only asked for by the first layout, hence the frame before the wait.
  requestAnimationFrame(() => {
    void document.fonts.ready.then(() => {
      arrange();
      row.dataset.arranged = "";
    });
  });
  document.fonts.addEventListener("loadingdone", arrange);
}
