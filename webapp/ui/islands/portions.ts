// An act on many goes on by itself, a portion after the other; without scripts its button does the same.
const PAUSE = 150;

export function start(element: HTMLElement): void {
  const form = element.querySelector<HTMLFormElement>("form[data-goes-on]");
  const stop = element.querySelector<HTMLFormElement>("form:not([data-goes-on])");
  if (!form) return;
  const timer = window.setTimeout(() => form.requestSubmit(), PAUSE);
  stop?.addEventListener("pointerdown", () => window.clearTimeout(timer));
  stop?.addEventListener("focusin", () => window.clearTimeout(timer));
}
