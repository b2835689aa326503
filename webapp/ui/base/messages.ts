// Messages after an act, bottom left: good ones leave after eight seconds, refusals stay until they are closed.
const STAY = 8000;
const watched = new WeakSet<Element>();

const area = (): HTMLElement | null => document.getElementById("messages");

export function startMessages(): void {
  area()?.addEventListener("click", (event) => {
    const close = (event.target as Element).closest("[data-dismiss]");
    close?.closest("[data-message]")?.remove();
  });
  watchMessages();
}

export function watchMessages(): void {
  for (const message of area()?.querySelectorAll<HTMLElement>(".done") ?? []) {
    if (watched.has(message)) continue;
    watched.add(message);
    let timer = window.setTimeout(() => message.remove(), STAY);
    message.addEventListener("pointerenter", () => window.clearTimeout(timer));
    message.addEventListener("focusin", () => window.clearTimeout(timer));
    message.addEventListener("pointerleave", () => {
      timer = window.setTimeout(() => message.remove(), STAY);
    });
  }
}

export function showMessage(text: string, tone: "good" | "bad" = "good"): HTMLElement | null {
  const sample = document.querySelector<HTMLTemplateElement>(`#message-${tone}`);
  const copy = sample?.content.firstElementChild?.cloneNode(true) as HTMLElement | undefined;
  const place = copy?.querySelector("[data-text]");
  if (!copy || !place) return null;
  place.textContent = text;
  area()?.append(copy);
  watchMessages();
  return copy;
}
