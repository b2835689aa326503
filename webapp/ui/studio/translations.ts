// All names and prompts of a drawing side by side, in every language: a dialog that writes into the drawing.
import type { Book } from "./book";
import { make } from "./dom";
import type { Modeler } from "./modeler";
import type { Bo, Shape } from "./moddle";
import { property, setProperties } from "./moddle";
import { onTyped } from "./widgets/plain";
import { processOf } from "./kinds";

const TEXTS = ["prompt", "submit"]; // properties that people read, beside the name

export function showTranslations(page: HTMLElement, modeler: Modeler, book: Book): void {
  const dialog = page.querySelector<HTMLDialogElement>("dialog[data-translations]");
  const body = dialog?.querySelector("tbody");
  if (!dialog || !body) return;
  body.replaceChildren(...rows(modeler, book));
  dialog.showModal();
}

function rows(modeler: Modeler, book: Book): HTMLElement[] {
  const seen = new Set<Bo>();
  const found: HTMLElement[] = [];
  const root = modeler.canvas().getRootElement();
  const shapes = [{ ...root, businessObject: processOf(root) }, ...modeler.registry().getAll()];
  for (const shape of shapes) {
    const of = shape.businessObject;
    if (seen.has(of) || shape.labelTarget) continue;
    seen.add(of);
    if (of.name) found.push(row(modeler, book, shape, "name", of.name));
    for (const name of TEXTS) if (property(of, name)) found.push(row(modeler, book, shape, name, property(of, name)));
  }
  return found;
}

function row(modeler: Modeler, book: Book, shape: Shape, name: string, base: string): HTMLElement {
  const tools = { moddle: modeler.moddle(), modeling: modeler.modeling() };
  const input = (value: string, label: string, set: (typed: string) => void): HTMLElement => {
    const long = name === "prompt";
    const made = long ? make("textarea", { class: "form-control", rows: 3, "aria-label": label }) : make("input", { class: "form-control", "aria-label": label });
    made.value = value;
    onTyped(made, (typed) => set(typed.trim()));
    return made;
  };
  const setBase = (typed: string): void => {
    if (name === "name") tools.modeling.updateProperties(shape, { name: typed || undefined });
    else setProperties(tools, shape, { [name]: typed });
  };
  const cells = book.languages.map((language) => {
    const key = `${name}.${language.code}`;
    const value = property(shape.businessObject, key);
    return make("td", { class: value ? "" : "is-missing" }, input(value, language.name, (typed) => setProperties(tools, shape, { [key]: typed })));
  });
  return make("tr", {}, make("td", {}, input(base, book.base, setBase)), ...cells);
}
