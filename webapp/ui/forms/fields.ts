// The inputs of a form and what they say. A row's inputs are named "<list>.<number>.<key>".
import { evaluate } from "@bpmn-io/feelin";
import type { Values } from "../base/drafts";

export type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
export type Cells = Record<string, unknown>;

export const keyOf = (name: string): string => name.slice(name.lastIndexOf(".") + 1);
export const isBox = (field: Field): field is HTMLInputElement => field instanceof HTMLInputElement && ["radio", "checkbox"].includes(field.type);

export function fields(root: HTMLElement | DocumentFragment): Field[] {
  return [...root.querySelectorAll<Field>("input, textarea, select")].filter(
    (each) => !(each instanceof HTMLInputElement && ["submit", "button", "password", "file"].includes(each.type)) && !["csrf_token", "command_key", "back"].includes(each.name),
  );
}

// What the inputs of a form, or of one row, answer; those of rows only when a row is asked.
export function answersOf(found: Field[]): Cells {
  const cells: Cells = {};
  for (const field of found) {
    if (!field.name) continue;
    const key = keyOf(field.name);
    if (field.disabled) cells[key] ??= null;
    else if (field.dataset["type"] === "file" || "paper" in field.dataset) {
      const list = (cells[key] ??= []) as unknown[];
      if (!isBox(field)) list.push({ file: field.value });
      else if (field.checked) list.push({ paper: true });
    } else if (field instanceof HTMLInputElement && field.type === "radio") {
      cells[key] ??= null;
      if (field.checked) cells[key] = field.value;
    } else if (isBox(field)) {
      if (field.dataset["type"] === "list") {
        const list = (cells[key] ??= []) as unknown[];
        if (field.checked) list.push(field.value);
      } else cells[key] = field.checked;
    } else cells[key] = typed(field);
  }
  return cells;
}

// The last mark, comma or point, is the decimal point; one that comes twice, alone, only groups digits.
export function readNumber(text: string): number | null {
  const bare = text.replaceAll(/[\s\u00a0\u202f]/g, "").replace("\u2212", "-");
  const number = Number(withPoint(bare));
  return bare === "" || Number.isNaN(number) ? null : number;
}

function withPoint(text: string): string {
  const at = Math.max(text.lastIndexOf(","), text.lastIndexOf("."));
  if (at < 0) return text;
  const [whole, mark, part] = [text.slice(0, at), text.charAt(at), text.slice(at + 1)];
  const other = mark === "," ? "." : ",";
  if (!whole.includes(mark)) return `${whole.replaceAll(other, "")}.${part}`;
  return whole.includes(other) ? "?" : text.replaceAll(mark, "");
}

function typed(field: Field): unknown {
  const text = field.value.trim();
  if (text === "") return null;
  if (field.dataset["type"] === "number") return readNumber(text);
  return field.dataset["type"] === "date" ? (evaluate(`date("${text}")`, {}).value ?? text) : text;
}

export function currentValues(form: HTMLFormElement): Values {
  const values: Values = {};
  for (const field of fields(form)) {
    if (!field.name) continue;
    const list = (values[field.name] ??= []);
    if ((!isBox(field) || field.checked) && !field.disabled) list.push(field.value);
  }
  return values;
}

// Somebody has done something that is no typing: the form works itself out again and keeps its draft.
export function announceChange(inside: HTMLElement): void {
  inside.dispatchEvent(new Event("input", { bubbles: true }));
}
