// The register of calls: one input for phone or name, matches below it, the card beside it; all by keyboard.
// What is typed above goes into the card's phone or name until somebody types there himself.
import { keepMeanwhile } from "../forms/meanwhile";

const PHONE = /^[\d\s()+.-]{5,}$/;

export function start(palette: HTMLElement): void {
  const search = palette.querySelector<HTMLInputElement>("#register-q");
  if (!search) return;
  search.addEventListener("input", () => carryOver(palette, search.value));
  palette.addEventListener("input", (event) => {
    const field = event.target as HTMLElement;
    if (field !== search) field.dataset["touched"] = "1";
  });
  keepMeanwhile(palette, "#register-card");
  let chosen = false; // by the person, not by the telephone: the keyboard then follows to the card
  palette.addEventListener("click", (event) => {
    chosen = (event.target as Element).closest(".hit[hx-get]") !== null;
  });
  palette.addEventListener("htmx:afterSettle", () => {
    carryOver(palette, search.value);
    if (chosen) firstToFill(palette)?.focus();
    else mark(palette, hits(palette)[0]);
    chosen = false;
  });
  palette.addEventListener("keydown", (event) => press(event, palette, search));
  (palette.querySelector<HTMLElement>("[aria-invalid=true]") ?? search).focus();
  search.setSelectionRange(search.value.length, search.value.length);
}

function carryOver(palette: HTMLElement, text: string): void {
  const isPhone = PHONE.test(text.trim());
  for (const [name, value] of [["phone", isPhone ? text.trim() : ""], ["name", isPhone ? "" : lettersOf(text)]] as const) {
    const field = palette.querySelector<HTMLInputElement>(`#register-card input[name=${name}]`);
    if (field && !field.dataset["touched"] && value) field.value = value;
  }
}

function firstToFill(palette: HTMLElement): HTMLElement | null {
  const fields = [...palette.querySelectorAll<HTMLInputElement>("#register-card input[name=phone], #register-card input[name=name]")];
  return fields.find((field) => !field.value) ?? palette.querySelector<HTMLElement>("#register-card input[name=purpose]:checked");
}

const lettersOf = (text: string): string => text.replaceAll(/[\d+()]/g, "").replaceAll(/\s+/g, " ").trim();

const hits = (palette: HTMLElement): HTMLElement[] => [...palette.querySelectorAll<HTMLElement>("#register-hits .hit")];

function mark(palette: HTMLElement, chosen: HTMLElement | undefined): void {
  for (const hit of hits(palette)) hit.classList.toggle("is-on", hit === chosen);
}

function press(event: KeyboardEvent, palette: HTMLElement, search: HTMLInputElement): void {
  const all = hits(palette);
  const at = all.findIndex((hit) => hit.classList.contains("is-on"));
  if (event.target === search && (event.key === "ArrowDown" || event.key === "ArrowUp") && all.length > 0) {
    const next = all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length];
    mark(palette, next);
    next?.scrollIntoView({ block: "nearest" }); // only for the arrows: while typing nothing may move
    event.preventDefault();
  } else if (event.target === search && event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
    (all[at] ?? all[0])?.click();
    event.preventDefault();
  } else if (event.altKey && event.code === "KeyN") {
    palette.querySelector<HTMLElement>("[data-new-person]")?.click();
    event.preventDefault();
    event.stopPropagation();
  } else if (event.key === "F2") {
    palette.querySelector<HTMLElement>("[name=handed_to]")?.focus();
    event.preventDefault();
  } else if (event.key === "Escape") {
    palette.querySelector<HTMLElement>("[data-leave]")?.click();
  }
}
