// A long text shows three lines and a button for the rest. Four lines are shown as they are: the button would take the fourth.
const WHOLE = 4;

export function start(element: HTMLElement): void {
  const text = element.querySelector<HTMLElement>("[data-clamped]");
  const button = element.querySelector<HTMLButtonElement>("[data-more]");
  if (!text || !button) return;
  const words = [button.textContent ?? "", button.dataset["less"] ?? ""];
  let asked = false;
  const measure = (): void => {
    if (asked) return;
    const lines = Math.round(text.scrollHeight / parseFloat(getComputedStyle(text).lineHeight));
    text.classList.toggle("is-open", lines <= WHOLE);
    button.hidden = lines <= WHOLE;
  };
  button.addEventListener("click", () => {
    asked = true;
    const open = text.classList.toggle("is-open");
    button.setAttribute("aria-expanded", String(open));
    button.textContent = words[open ? 1 : 0] ?? "";
  });
  void document.fonts.ready.then(measure);
  new ResizeObserver(measure).observe(element);
}
