// One of many records: typing searches on the server, within what this person may choose.
import { announceChange } from "./fields";

interface Found {
  value: string;
  label: string;
  group: string;
}

const PAUSE = 180;

export function startSearches(root: HTMLElement): void {
  for (const part of root.querySelectorAll<HTMLElement>("[data-search]")) startOne(part);
}

function startOne(part: HTMLElement): void {
  const held = part.querySelector<HTMLInputElement>("[data-held]");
  const typed = part.querySelector<HTMLInputElement>("[data-typed]");
  const list = part.querySelector<HTMLElement>("[role=listbox]");
  const none = part.querySelector<HTMLElement>("[data-none]");
  if (!held || !typed || !list || !none) return;
  let timer = 0;
  let asked = 0;
  let label = typed.value;

  const close = (): void => {
    list.hidden = true;
    none.hidden = true;
    typed.setAttribute("aria-expanded", "false");
    typed.removeAttribute("aria-activedescendant");
  };
  const take = (option: HTMLElement): void => {
    held.value = option.dataset["value"] ?? "";
    typed.value = label = option.dataset["label"] ?? "";
    close();
    announceChange(held);
  };
  const mark = (step: number): void => {
    const options = [...list.querySelectorAll<HTMLElement>("[role=option]")];
    const at = options.findIndex((each) => each.ariaSelected === "true");
    const next = options[(at + step + options.length) % options.length];
    for (const each of options) each.setAttribute("aria-selected", String(each === next));
    if (next) typed.setAttribute("aria-activedescendant", next.id);
    next?.scrollIntoView({ block: "nearest" });
  };
  const ask = async (): Promise<void> => {
    const number = (asked += 1);
    const answer = await fetch(`${part.dataset["search"] ?? ""}?q=${encodeURIComponent(typed.value.trim())}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || number !== asked) return;
    const found = (await answer.json()) as Found[];
    list.replaceChildren(...found.map((each, at) => option(each, `${list.id}-${at}`)));
    list.hidden = found.length === 0;
    none.hidden = found.length > 0;
    typed.setAttribute("aria-expanded", String(found.length > 0));
    if (found.length > 0) mark(1);
  };

  typed.addEventListener("input", (event) => {
    event.stopPropagation();
    if (held.value && typed.value !== label) {
      held.value = "";
      announceChange(held);
    }
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), PAUSE);
  });
  typed.addEventListener("focus", () => {
    if (!held.value) void ask();
  });
  typed.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) void ask();
      else mark(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      const marked = list.querySelector<HTMLElement>("[aria-selected=true]");
      if (marked) take(marked);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
  typed.addEventListener("blur", () => {
    window.clearTimeout(timer);
    asked += 1;
    close();
    if (!held.value) typed.value = "";
  });
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the field keeps the focus
    const option = (event.target as HTMLElement).closest<HTMLElement>("[role=option]");
    if (option) take(option);
  });
}

function option(found: Found, id: string): HTMLElement {
  const item = document.createElement("li");
  Object.assign(item, { id, role: "option", textContent: found.group ? `${found.label} · ${found.group}` : found.label });
  item.dataset["value"] = found.value;
  item.dataset["label"] = found.label;
  return item;
}

// From a draft of this browser: what the record is called, the server knows.
export async function restoreLabel(part: HTMLElement): Promise<void> {
  const held = part.querySelector<HTMLInputElement>("[data-held]");
  const typed = part.querySelector<HTMLInputElement>("[data-typed]");
  if (!held?.value || !typed) return;
  const answer = await fetch(`${part.dataset["search"] ?? ""}?value=${encodeURIComponent(held.value)}`, { headers: { Accept: "application/json" } });
  if (answer.ok) typed.value = ((await answer.json()) as Found[])[0]?.label ?? "";
}
