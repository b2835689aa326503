// Keys that work on every page: ? Ctrl+K / n, g + letter, j k Enter e i in lists, m on cards, z undoes, Ctrl+Enter in forms.
import { openDialog } from "./dialogs";
import { openPalette } from "./palette";

const CHORD = 1200;
let chordUntil = 0;

export function startKeyboard(): void {
  const first = document.querySelector<HTMLElement>("[data-row][data-begin]");
  if (first) stepOn(first);
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyK") {
      event.preventDefault();
      openPalette();
    } else if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      submitForm(event);
    } else if (event.altKey && !event.ctrlKey && event.code.startsWith("Key")) {
      pressAlt(event);
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target) && !document.querySelector("dialog[open]")) {
      press(event);
    }
  });
}

// Letters are taken from the key's place, so that they also work while the keyboard writes Russian.
function press(event: KeyboardEvent): void {
  const letter = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : "";
  if (chordUntil > event.timeStamp && letter) {
    chordUntil = 0;
    document.querySelector<HTMLElement>(`[data-key="${letter}"]`)?.click();
    return;
  }
  if (event.key === "?" || (event.shiftKey && event.code === "Slash")) openDialog("keyboard-help");
  else if (event.code === "Slash") act(event, openPalette);
  else if (letter === "g") chordUntil = event.timeStamp + CHORD;
  else if (letter === "n") act(event, openNew);
  else if (letter === "j" || letter === "k") act(event, () => walk(letter) || moveRow(letter === "j" ? 1 : -1));
  else if (letter === "m") act(event, openMoves);
  else if (letter === "z") document.querySelector<HTMLElement>("[data-undo]")?.click();
  else if (letter === "e") currentRow()?.querySelector<HTMLElement>("[data-act=complete]")?.click();
  else if (letter === "i") act(event, () => currentRow()?.querySelector<HTMLElement>("[data-act=write]")?.focus());
  else if (event.key === "Enter" && document.activeElement === currentRow()) currentRow()?.querySelector<HTMLElement>("a[href]")?.click();
}

// Alt with a letter: what can be created from anywhere, also while typing.
function pressAlt(event: KeyboardEvent): void {
  const target = document.querySelector<HTMLElement>(`[data-alt="${event.code.slice(3).toLowerCase()}"]`);
  if (target) act(event, () => target.click());
}

function act(event: KeyboardEvent, deed: () => void): void {
  event.preventDefault();
  deed();
}

function openNew(): void {
  const menu = document.querySelector<HTMLDetailsElement>("#new-menu");
  if (!menu) return;
  menu.open = true;
  menu.querySelector<HTMLElement>(".menu-item")?.focus();
}

// On the page of one case j and k lead to the next and the previous of the list it was opened from.
function walk(letter: string): boolean {
  const link = document.querySelector<HTMLElement>(`[data-walk="${letter}"]`);
  link?.click();
  return link !== null;
}

// Where the card under the keys may be moved to; arrows choose, Enter takes, Esc closes.
function openMoves(): void {
  const card = currentRow() ?? document.activeElement?.closest<HTMLElement>("[data-row]");
  const menu = card?.querySelector<HTMLDetailsElement>("details.kan-menu");
  if (!menu) return;
  menu.open = true;
  menu.querySelector<HTMLElement>(".menu-item")?.focus();
}

const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-row]")];
const currentRow = (): HTMLElement | null => document.querySelector<HTMLElement>("[data-row].is-here");

function moveRow(step: number): void {
  const all = rows();
  const here = currentRow();
  const next = all[here ? Math.min(Math.max(all.indexOf(here) + step, 0), all.length - 1) : 0];
  if (!next) return;
  here?.classList.remove("is-here", "is-on");
  stepOn(next);
}

function stepOn(next: HTMLElement): void {
  next.classList.add("is-here", "is-on");
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function submitForm(event: KeyboardEvent): void {
  const form = (event.target as Element).closest("form") ?? document.querySelector<HTMLFormElement>("form[data-main]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector<HTMLButtonElement>(".btn-primary[type=submit], .btn-primary:not([type])"));
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
}
