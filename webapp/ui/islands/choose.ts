// A table whose rows are chosen by checkboxes: "all" in the head, the count beside the acts, chosen rows marked.
export function start(element: HTMLElement): void {
  const boxes = [...element.querySelectorAll<HTMLInputElement>("tbody input[type=checkbox]")];
  const all = element.querySelector<HTMLInputElement>("[data-all]");
  const note = element.querySelector<HTMLElement>("[data-chosen]");
  const count = element.querySelector<HTMLElement>("[data-count]");
  const refresh = (): void => {
    const chosen = boxes.filter((box) => box.checked);
    for (const box of boxes) box.closest("tr")?.classList.toggle("is-on", box.checked);
    if (note) note.hidden = chosen.length === 0;
    if (count) count.textContent = String(chosen.length);
    if (all) {
      all.checked = chosen.length === boxes.length && boxes.length > 0;
      all.indeterminate = chosen.length > 0 && !all.checked;
    }
  };
  all?.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    refresh();
  });
  for (const box of boxes) box.addEventListener("change", refresh);
  refresh();
}
