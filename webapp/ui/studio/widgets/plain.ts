// Texts, numbers and choices.
import { make } from "../dom";
import type { Choice } from "../book";
import type { Context, Widget } from "./context";

const TYPING = 500; // ms without a key, then it is one change

/** Calls back when somebody pauses or leaves the field. */
let pressed = false;
document.addEventListener("pointerdown", () => (pressed = true), true);
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => (pressed = false), true);

/**
 * Whoever leaves a field by pressing a button of the drawing: the drawing must stand until he lets go, else the button is
 * drawn anew under the pointer and the click is lost.
 */
function onceReleased(act: () => void): void {
  if (!pressed) return act();
  document.addEventListener("pointerup", () => window.setTimeout(act), { once: true });
}

export function onTyped(input: HTMLInputElement | HTMLTextAreaElement, set: (value: string) => void): void {
  let timer = 0;
  let last = input.value;
  const flush = (): void => {
    window.clearTimeout(timer);
    timer = 0;
    if (input.value === last) return;
    last = input.value;
    set(last);
  };
  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(flush, TYPING);
    input.dispatchEvent(new Event("panel:typing", { bubbles: true }));
  });
  input.addEventListener("change", () => onceReleased(flush));
  input.addEventListener("panel:flush", flush);
}

export const text: Widget = (context, id) => {
  const input = make("input", { class: "form-control", id, value: context.value(), autocomplete: "off" });
  onTyped(input, (value) => context.set(value.trim()));
  return input;
};

export const area: Widget = (context, id) => {
  const input = make("textarea", { class: "form-control", id, rows: 4 });
  input.value = context.value();
  onTyped(input, (value) => context.set(value.trim()));
  return input;
};

export const number: Widget = (context, id) => {
  const input = make("input", { class: "form-control num", id, type: "number", min: 0, max: 100, value: context.value() });
  onTyped(input, (value) => context.set(value));
  return input;
};

export const feel: Widget = (context, id) => {
  const input = make("textarea", { class: "form-control mono", id, rows: 2, spellcheck: "false" });
  input.value = context.value().replace(/^=/, "");
  onTyped(input, (value) => context.set(value.trim() && `=${value.trim()}`));
  return input;
};

/** Another text for an input; whoever is about to type there replaces it. */
export function put(input: HTMLInputElement, value: string): void {
  input.value = value;
  if (document.activeElement === input) input.select();
  else input.addEventListener("focus", () => input.select(), { once: true });
}

export const choice: Widget = (context, id) => select(context, id, choicesOf(context));

/** A choice whose present value stays choosable even where nobody offers it any more. */
export function select(context: Context, id: string, choices: Choice[], value = context.value(), set = (chosen: string): void => context.set(chosen)): HTMLSelectElement {
  const list = make("select", { class: "form-select", id });
  const offered = choices.some((each) => each.value === "") ? choices : [{ value: "", name: context.text("choose") }, ...choices];
  for (const each of offered) list.append(option(each.value, each.name, each.value === value));
  if (value && !offered.some((each) => each.value === value)) list.append(option(value, context.text("unknown").replace("{value}", value), true));
  list.addEventListener("change", () => set(list.value));
  return list;
}

export function option(value: string, name: string, selected: boolean): HTMLOptionElement {
  const made = make("option", { value }, name);
  made.selected = selected;
  return made;
}

export function choicesOf(context: Context): Choice[] {
  const { field, book } = context;
  const { catalogue } = book;
  switch (field.source) {
    case "roles":
      return catalogue.roles;
    case "operations":
      return Object.entries(catalogue.operations)
        .filter(([value, each]) => each.allowed || value === context.value())
        .map(([value, each]) => ({ value, name: each.name }))
        .sort((a, b) => a.name.localeCompare(b.name));
    case "processes":
      return Object.entries(catalogue.processes).map(([value, each]) => ({ value, name: each.name }));
    case "calendars":
      return catalogue.calendars;
    case "forms":
      return Object.entries(catalogue.forms)
        .map(([value, each]) => ({ value, name: each.name === value ? value : `${each.name} (${value})` }))
        .sort((a, b) => a.name.localeCompare(b.name));
    case "decisions":
      return Object.entries(catalogue.decisions)
        .map(([value, each]) => ({ value, name: each.name }))
        .sort((a, b) => a.name.localeCompare(b.name));
    default:
      return field.choices;
  }
}

export const roles: Widget = (context, id) => {
  const chosen = context.value().split(",").map((each) => each.trim()).filter(Boolean);
  const list = make("div", { class: "stack4", id, role: "group" });
  const named = [...chosen, ""];
  for (const [at, role] of named.entries()) {
    const choices = [{ value: "", name: context.text("none") }, { value: "owner", name: context.text("owner") }, ...context.book.catalogue.roles];
    list.append(
      select(context, `${id}-${at}`, choices, role, (value) => {
        named[at] = value;
        context.set(named.filter(Boolean).join(", "));
        context.refresh();
      }),
    );
  }
  return list;
};

export const assignee: Widget = (context, id) => {
  const value = context.value();
  const known = context.field.choices.some((each) => each.value === value);
  const list = make("select", { class: "form-select", id });
  for (const each of context.field.choices) list.append(option(each.value, each.name, each.value === value));
  list.append(option("=", context.text("expert"), !known));
  const expression = make("input", { class: "form-control mono top8", value: value.replace(/^=/, ""), "aria-label": context.text("expert"), spellcheck: "false" });
  expression.hidden = known;
  onTyped(expression, (typed) => context.set(typed.trim() && `=${typed.trim()}`));
  list.addEventListener("change", () => {
    expression.hidden = list.value !== "=";
    if (list.value !== "=") context.set(list.value);
    else expression.focus();
  });
  return make("div", {}, list, expression);
};
