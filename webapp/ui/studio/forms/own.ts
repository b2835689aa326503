// Parts of the panel that are more than one input: choices, where they come from, mandatory lines, when a field is shown.
import { icon, make } from "../dom";
import { idFrom } from "../ids";
import { onTyped, put } from "../widgets/plain";
import { choiceText, worded } from "./drawn";
import { all, type Field } from "./editor";
import type { Entry } from "./fields";
import type { Around } from "./panel";

type Own = (around: Around, entry: Entry, id: string) => HTMLElement;
type Choice = Record<string, unknown>;

function list(id: string, value: string, choices: [string, string][], set: (chosen: string) => void, test: string): HTMLSelectElement {
  const select = make("select", { class: "form-select", id, "data-test": test, onchange: () => set(select.value) });
  for (const [key, text] of choices) select.append(make("option", { value: key, selected: key === value }, text));
  if (!choices.some(([key]) => key === value)) select.append(make("option", { value, selected: true }, value));
  return select;
}

const source: Own = (around, entry, id) => {
  const value = String(around.field.properties?.["source"] ?? "");
  const choices: [string, string][] = [["", around.text("sourceOwn")], ...around.sources.map((each): [string, string] => [each.value, each.name])];
  return list(id, value, choices, (chosen) => {
    around.set(entry, chosen);
    around.refresh();
  }, "prop-source");
};

const TEXTS: [name: string, text: string][] = [["label", "english"], ["label.ru", "russian"]];
const GENERATED = /^choice_\d+$/;

/** Each choice: its text in both languages, and its value, which is made of the text until somebody writes another. */
const values: Own = (around, _entry, id) => {
  const now = (): Choice[] => (around.field.values ?? []) as Choice[]; // what is typed changes it while the rows stand
  const renewed = (next: (given: Choice[]) => Choice[]): void => {
    flush(holder);
    around.edit({ values: next(now()) });
    around.refresh();
  };
  const rows = now().map((choice, at) => {
    const inputs = new Map<string, HTMLInputElement>();
    const isNew = GENERATED.test(String(choice["value"] ?? ""));
    let alike = isNew && /^\d*$/.test(String(choice["label"] ?? "")); // nobody has written the English text
    let source = isNew ? "" : "value"; // the text of which the value is made: the one that is written first
    const write = (name: string, typed: string): void => {
      const said: Choice = { [name]: typed };
      source ||= name;
      if (name === "value") source = name;
      if (name === "label") alike = false;
      if (name === "label.ru" && alike) said["label"] = typed;
      if (name !== "value" && source === name) {
        const others = new Set(now().filter((_, place) => place !== at).map((each) => String(each["value"] ?? "")));
        said["value"] = idFrom(typed, (wanted) => others.has(wanted)) || choice["value"];
      }
      const next = now().map((each, place) => (place === at ? { ...each, ...said } : each));
      around.edit({ values: next.map((each) => (each["label.ru"] === "" ? without(each, "label.ru") : each)) });
      for (const [other, field] of inputs) if (other !== name && other in said) put(field, String(said[other] ?? ""));
    };
    const input = (name: string): HTMLInputElement => {
      const field = make("input", { class: `form-control${name === "value" ? " mono" : ""}`, id: `${id}-${at}-${name}`, value: String(choice[name] ?? ""), "data-test": `choice-${at}-${name}` });
      onTyped(field, (typed) => write(name, typed.trim()));
      inputs.set(name, field);
      return field;
    };
    const line = (name: string, text: string): HTMLElement => make("div", { class: "lang-row" }, make("label", { class: "lang t3 xs", for: `${id}-${at}-${name}` }, around.text(text)), input(name));
    const texts = around.language === "ru" ? [...TEXTS].reverse() : TEXTS;
    const move = make("button", { class: "btn btn-quiet btn-icon btn-sm", type: "button", disabled: at === 0, "aria-label": around.text("moveUp"), title: around.text("moveUp"), onclick: () => renewed((given) => swapped(given, at)) }, icon("chevron-up", around.sprite));
    const remove = make("button", { class: "btn btn-quiet btn-icon btn-sm", type: "button", title: around.text("remove"), "aria-label": around.text("remove"), onclick: () => renewed((given) => given.filter((_, place) => place !== at)) }, icon("x", around.sprite));
    return make("li", { class: "choice-row" }, make("div", { class: "stack4" }, ...texts.map(([name, text]) => line(name, text)), line("value", "choiceValue")), make("div", { class: "stack4" }, move, remove));
  });
  const add = make("button", { class: "btn btn-sm", type: "button", "data-test": "add-choice", onclick: () => renewed((given) => [...given, { label: "", value: fresh(given) }]) }, icon("plus", around.sprite), around.text("addChoice"));
  const holder = make("div", { id, role: "group", class: "stack8" }, make("ul", { class: "plain stack12" }, ...rows), add);
  return holder;
};

const flush = (holder: HTMLElement): void => holder.querySelectorAll("input").forEach((each) => each.dispatchEvent(new Event("panel:flush")));

const without = (choice: Choice, name: string): Choice => Object.fromEntries(Object.entries(choice).filter(([key]) => key !== name));

function swapped(choices: Choice[], at: number): Choice[] {
  const next = [...choices];
  const [moved] = next.splice(at, 1);
  if (moved) next.splice(at - 1, 0, moved);
  return next;
}

function fresh(choices: Choice[]): string {
  for (let number = choices.length + 1; ; number++) if (!choices.some((each) => each["value"] === `choice_${number}`)) return `choice_${number}`;
}

/** The lines of a checklist that may not be left out in silence. */
const mandatory: Own = (around, entry, id) => {
  const lines = ((around.field.values ?? []) as Choice[]).map((each) => ({ value: String(each["value"] ?? ""), text: choiceText(each, around.language) }));
  const text = String(around.field.properties?.["mandatory"] ?? "").trim();
  const named = new Set(text === "all" ? lines.map((each) => each.value) : text.split(",").map((each) => each.trim()));
  const write = (): void => {
    const ticked = boxes.filter((each) => each.checked).map((each) => each.value);
    around.set(entry, ticked.length === lines.length && ticked.length > 0 && text === "all" ? "all" : ticked.join(", "));
  };
  const boxes = lines.map((each) => make("input", { type: "checkbox", value: each.value, checked: named.has(each.value), onchange: write }));
  return make("div", { id, role: "group", class: "stack4" }, ...lines.map((each, at) => make("label", { class: "check" }, boxes[at], make("span", {}, each.text))));
};

const subtype: Own = (around, _entry, id) =>
  list(id, around.field.subtype ?? "date", [["date", around.text("dateDay")], ["time", around.text("dateTime")], ["datetime", around.text("dateBoth")]], (chosen) => {
    const timed = chosen === "date" ? { timeSerializingFormat: undefined, timeInterval: undefined, use24h: undefined } : { timeSerializingFormat: "utc_offset", timeInterval: 15, use24h: true };
    around.edit({ subtype: chosen, ...timed, ...(chosen === "time" ? { disallowPassedDates: undefined } : {}) });
    around.refresh();
  }, "prop-subtype"); // prettier-ignore

/** Of a number: whether it names another row of its list. Elsewhere there is nothing to ask. */
const kind: Own = (around, entry, id) => {
  if (around.forms.parentOf(around.field)?.type !== "dynamiclist") return make("div", { hidden: true });
  const box = make("input", { type: "checkbox", id, checked: around.field.properties?.["kind"] === "row", onchange: () => around.set(entry, box.checked ? "row" : "") });
  return make("label", { class: "check" }, box, make("span", {}, around.text("kindRow")));
};

const columns: Own = (around, _entry, id) => {
  const layout = around.field.layout ?? {};
  return list(id, layout.columns ? String(layout.columns) : "", [["", around.text("auto")], ["8", around.text("halfRow")], ["16", around.text("wholeRow")]], (chosen) => around.edit({ layout: { ...layout, columns: chosen ? Number(chosen) : null } }), "prop-columns");
};

const SHOWN = /^=\s*([A-Za-z]\w*)\s*(!=|=)\s*(?:"([^"]*)"|(true|false))\s*$/;

/** When the field is shown: always, or by what another field says; anything else is an expression. */
const hide: Own = (around, entry, id) => {
  const text = around.field.conditional?.hide ?? "";
  const others = askable(around);
  const parsed = SHOWN.exec(text);
  const other = parsed ? others.find((each) => (each.key ?? "") === parsed[1]) : undefined;
  const mode = !text ? "always" : other ? (parsed?.[2] === "!=" ? "onlyIf" : "notIf") : "byExpression";
  const holder = make("div", { class: "stack8", id, role: "group" });
  const modes: [string, string][] = ["always", ...(others.length > 0 ? ["onlyIf", "notIf"] : []), "byExpression"].map((each) => [each, around.text(each)]);
  const draw = (chosen: string, key: string, value: string, expression: string): void => {
    const parts: HTMLElement[] = [list("", chosen, modes, (next) => {
      const first = others[0];
      const [startKey, startValue] = [key || first?.key || "", value || firstValue(first)];
      if (next === "always") around.set(entry, "");
      else if (next !== "byExpression") around.set(entry, condition(next, startKey, startValue));
      draw(next, startKey, startValue, around.field.conditional?.hide ?? "");
    }, "prop-hide-mode")];
    if (chosen === "onlyIf" || chosen === "notIf") {
      const field = others.find((each) => each.key === key);
      const write = (nextKey: string, nextValue: string): void => {
        around.set(entry, condition(chosen, nextKey, nextValue));
        draw(chosen, nextKey, nextValue, around.field.conditional?.hide ?? "");
      };
      parts.push(list("", key, others.map((each): [string, string] => [each.key ?? "", worded(each, "label", around.language)]), (next) => write(next, firstValue(others.find((each) => each.key === next))), "prop-hide-field"));
      parts.push(list("", value, valuesOf(field, around), (next) => write(key, next), "prop-hide-value"));
    }
    if (chosen === "byExpression") {
      const input = make("textarea", { class: "form-control mono", rows: 3, spellcheck: "false", "aria-label": around.text("hideExpression"), "data-test": "prop-hide" });
      input.value = expression;
      onTyped(input, (typed) => around.set(entry, typed.trim() && (typed.trim().startsWith("=") ? typed.trim() : `=${typed.trim()}`)));
      parts.push(input, make("p", { class: "hint" }, around.text("hideExpression")));
    }
    holder.replaceChildren(...parts);
  };
  draw(mode, parsed?.[1] ?? "", parsed?.[3] ?? parsed?.[4] ?? "", text);
  return holder;
};

/** Fields with a handful of answers: a condition names one of them. */
function askable(around: Around): Field[] {
  return all(around.forms.root()).filter((each) => each !== around.field && each.key && (((each.type === "radio" || each.type === "select") && (each.values ?? []).length > 0) || each.type === "checkbox"));
}

const firstValue = (field: Field | undefined): string => (field?.type === "checkbox" ? "true" : String(field?.values?.[0]?.["value"] ?? ""));

function valuesOf(field: Field | undefined, around: Around): [string, string][] {
  if (field?.type === "checkbox") return [["true", around.text("yes")], ["false", around.text("no")]];
  return (field?.values ?? []).map((each): [string, string] => [String(each["value"] ?? ""), choiceText(each, around.language)]);
}

function condition(mode: string, key: string, value: string): string {
  const written = value === "true" || value === "false" ? value : JSON.stringify(value);
  return `=${key} ${mode === "onlyIf" ? "!=" : "="} ${written}`;
}

export const OWN: Record<string, Own> = { source, values, mandatory, subtype, kind, columns, hide };
