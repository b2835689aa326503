// Rows of a list: added, removed, numbered; with the keyboard as with a finger.
import { announceChange, fields, isBox, keyOf, type Field } from "./fields";

const NEW = "__n__";

const rowsOf = (list: HTMLElement): HTMLElement[] => [...list.querySelectorAll<HTMLElement>("[data-row]")];
const said = (field: Field): string => (isBox(field) ? (field.checked ? field.value : "") : field.value.trim());

export function startLists(form: HTMLFormElement, wire: (row: HTMLElement) => void): void {
  for (const list of form.querySelectorAll<HTMLElement>("[data-list]")) {
    list.querySelector("[data-add-row]")?.addEventListener("click", () => {
      const row = addRow(list);
      wire(row);
      announceChange(list);
      fields(row).find((each) => !each.disabled && each.type !== "hidden")?.focus();
    });
    list.addEventListener("click", (event) => {
      const row = (event.target as HTMLElement).closest("[data-drop-row]")?.closest<HTMLElement>("[data-row]");
      if (!row) return;
      const next = row.nextElementSibling ?? row.previousElementSibling;
      const gone = rowsOf(list).indexOf(row) + 1;
      row.remove();
      renumber(list, gone);
      number(list);
      announceChange(list);
      const target = next?.querySelector<HTMLElement>("input, select, textarea") ?? list.querySelector<HTMLElement>("[data-add-row]");
      target?.focus();
    });
    number(list);
  }
}

export function addRow(list: HTMLElement, at?: number): HTMLElement {
  const place = at ?? Math.max(-1, ...rowsOf(list).map((each) => Number(each.dataset["row"]))) + 1;
  const made = document.createElement("template");
  made.innerHTML = (list.querySelector("template")?.innerHTML ?? "").replaceAll(NEW, String(place));
  const row = made.content.firstElementChild as HTMLElement;
  list.querySelector("[data-rows]")?.append(row);
  number(list);
  return row;
}

// As a draft of this browser has them: the rows it names, and no others.
export function restoreRows(form: HTMLFormElement, names: string[], wire: (row: HTMLElement) => void): void {
  for (const list of form.querySelectorAll<HTMLElement>("[data-list]")) {
    const start = `${list.dataset["list"] ?? ""}.`;
    const wanted = new Set(names.filter((name) => name.startsWith(start)).map((name) => Number(name.split(".")[1])));
    for (const row of rowsOf(list)) if (!wanted.delete(Number(row.dataset["row"]))) row.remove();
    for (const place of [...wanted].sort((one, other) => one - other)) wire(addRow(list, place));
    number(list);
  }
}

// Fields that name another row follow it when a row before it is taken out, and forget the one that is gone.
function renumber(list: HTMLElement, gone: number): void {
  for (const field of list.querySelectorAll<HTMLInputElement>("[data-names-row]")) {
    const named = Number(field.value);
    if (named === gone) field.value = "";
    else if (named > gone) field.value = String(named - 1);
  }
}

function number(list: HTMLElement): void {
  const rows = rowsOf(list);
  rows.forEach((row, at) => {
    for (const place of row.querySelectorAll("[data-row-number]")) place.textContent = String(at + 1);
  });
  const full = rows.length >= Number(list.dataset["most"] ?? 100);
  list.querySelector("[data-add-row]")?.toggleAttribute("hidden", full);
}

// A row in which only defaults stand, if anything does, and something is still open: the server leaves it out.
export function isUntouched(list: HTMLElement, row: HTMLElement): boolean {
  const fresh = list.querySelector("template")?.content;
  const usual = byKey(fresh ? fields(fresh) : []);
  const now = byKey(fields(row));
  const all = [...now.entries()];
  return all.every(([key, text]) => text === "" || text === usual.get(key)) && all.some(([, text]) => text === "");
}

function byKey(found: Field[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const field of found) if (field.name) texts.set(keyOf(field.name), (texts.get(keyOf(field.name)) ?? "") + said(field));
  return texts;
}
