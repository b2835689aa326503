// Days to choose in one click, which fill the field for the date: <button data-preset="2026-11-26">, <input data-presets>.
export function start(element: HTMLElement): void {
  const field = element.querySelector<HTMLInputElement>("[data-presets]");
  const chips = [...element.querySelectorAll<HTMLElement>("[data-preset]")];
  const mark = (): void => {
    for (const chip of chips) chip.setAttribute("aria-pressed", String(chip.dataset["preset"] === field?.value));
  };
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      if (field) field.value = chip.dataset["preset"] ?? "";
      mark();
    });
  }
  field?.addEventListener("input", mark);
}
