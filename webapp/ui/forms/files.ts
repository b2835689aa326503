// Files are sent as soon as they are chosen; the form then names them. What was added survives in the draft.
import { csrfToken } from "../base/csrf";
import { announceChange } from "./fields";

interface Stored {
  file: string;
  name: string;
  image: boolean;
  url: string;
}

const underWay = new WeakMap<HTMLFormElement, number>();

export const isSending = (form: HTMLFormElement): boolean => (underWay.get(form) ?? 0) > 0;
export const namesIn = (part: HTMLElement): string[] => [...part.querySelectorAll<HTMLInputElement>("[data-type=file]")].map((each) => each.value);

export function startFiles(root: HTMLElement, form: HTMLFormElement): void {
  for (const part of root.querySelectorAll<HTMLElement>("[data-files]")) {
    part.addEventListener("change", (event) => {
      const picker = event.target as HTMLInputElement;
      if (!picker.matches("[data-pick]")) return;
      const chosen = [...(picker.files ?? [])];
      picker.value = "";
      void addAll(part, form, chosen);
    });
    part.addEventListener("click", (event) => {
      const button = (event.target as HTMLElement).closest("[data-remove-file]");
      if (!button) return;
      button.closest("li")?.remove();
      settle(part);
      announceChange(part);
      part.querySelector<HTMLElement>("[data-pick]")?.focus();
    });
    settle(part);
  }
}

async function addAll(part: HTMLElement, form: HTMLFormElement, chosen: File[]): Promise<void> {
  for (const file of chosen) {
    if (namesIn(part).length >= Number(part.dataset["most"] ?? 1)) break;
    const stored = await upload(part, form, file, file.name);
    if (stored) show(part, stored);
  }
  announceChange(part);
}

// Send one file; null when it was refused or lost, which the part then says.
export async function upload(part: HTMLElement, form: HTMLFormElement, data: Blob, name: string): Promise<Stored | null> {
  const body = new FormData();
  body.append("file", data, name);
  say(part, form.dataset["sayUploading"]?.replace("%(name)s", name) ?? "");
  underWay.set(form, (underWay.get(form) ?? 0) + 1);
  try {
    const answer = await fetch(form.dataset["uploadUrl"] ?? "", { method: "POST", body, headers: { "X-CSRF-Token": csrfToken(), Accept: "application/json" } });
    const found = (await answer.json()) as Stored & { message?: string };
    say(part, answer.ok ? "" : `${name}: ${found.message ?? ""}`, !answer.ok);
    return answer.ok ? found : null;
  } catch {
    say(part, form.dataset["sayLost"]?.replace("%(name)s", name) ?? "", true);
    return null;
  } finally {
    underWay.set(form, (underWay.get(form) ?? 1) - 1);
  }
}

export function show(part: HTMLElement, stored: Stored, visible = true): void {
  const list = part.querySelector<HTMLElement>("[data-file-list]");
  if (!list || namesIn(part).includes(stored.file)) return;
  const item = document.createElement("li");
  item.dataset["test"] = "file";
  const input = Object.assign(document.createElement("input"), { type: "hidden", name: part.dataset["files"] ?? "", value: stored.file });
  input.dataset["type"] = "file";
  item.append(input);
  if (visible) {
    const link = Object.assign(document.createElement("a"), { href: stored.url, target: "_blank", rel: "noopener" });
    if (stored.image) link.append(Object.assign(document.createElement("img"), { src: stored.url, alt: stored.name, className: "thumb" }));
    else link.textContent = stored.name;
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet btn-icon btn-sm", textContent: "×" });
    remove.dataset["removeFile"] = "";
    remove.setAttribute("aria-label", (list.dataset["remove"] ?? "").replace("%(name)s", stored.name));
    item.append(link, remove);
  }
  list.append(item);
  settle(part);
}

// From a draft of this browser: only the names are known, the rest the address shows.
export function restoreFiles(part: HTMLElement, form: HTMLFormElement, hashes: string[]): void {
  for (const input of part.querySelectorAll<HTMLInputElement>("[data-type=file]")) if (!hashes.includes(input.value)) input.closest("li")?.remove();
  for (const file of hashes) if (file !== "paper") show(part, { file, name: file.slice(0, 8), image: part.querySelector("[data-pick][accept^=image]") !== null, url: `${form.dataset["uploadUrl"] ?? ""}/${file}` });
  settle(part);
}

export function say(part: HTMLElement, text: string, wrong = false): void {
  const status = part.querySelector<HTMLElement>("[data-status]");
  if (!status) return;
  status.textContent = text;
  status.classList.toggle("wrong", wrong);
}

function settle(part: HTMLElement): void {
  part.querySelector("[data-pickers]")?.toggleAttribute("hidden", namesIn(part).length >= Number(part.dataset["most"] ?? 1));
}
