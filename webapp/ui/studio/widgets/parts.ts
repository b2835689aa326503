// Forms, operations with their inputs, messages, milestones, outcomes, the other way of a gateway, and everything else.
import { byStep } from "../answers";
import type { Input } from "../binding";
import { inputs as inputsOf, outgoing, setInputs } from "../binding";
import { icon, make } from "../dom";
import type { Bo } from "../moddle";
import { properties, setProperties } from "../moddle";
import { inLanguage } from "../wording";
import type { Context, Widget } from "./context";
import { choicesOf, onTyped, option, select } from "./plain";
import { newTable } from "./table";

export const form: Widget = (context, id) => {
  const list = select(context, id, choicesOf(context), context.value(), (value) => {
    context.set(value);
    context.refresh();
  });
  const row = make("div", { class: "row-x tight" }, list);
  const key = context.value();
  if (key) row.append(button(context, "open", "external-link", "open-form", () => context.openForm(key)));
  row.append(button(context, "newForm", "plus", "new-form", () => context.newForm()));
  return row;
};

function button(context: Context, text: string, symbol: string, test: string, onclick: () => void): HTMLButtonElement {
  return make("button", { class: "btn btn-icon", type: "button", title: context.text(text), "aria-label": context.text(text), "data-test": test, onclick }, icon(symbol, context.sprite));
}

export const operation: Widget = (context, id) =>
  select(context, id, choicesOf(context), context.value(), (value) => {
    context.set(value);
    const asked = context.book.catalogue.operations[value]?.parameters ?? [];
    keepInputs(context, asked.map((each) => each.name), asked.filter((each) => each.required).map((each) => each.name));
  });

export const decision: Widget = (context, id) => {
  const list = select(context, id, choicesOf(context), context.value(), (value) => {
    context.set(value);
    const asked = (context.book.catalogue.decisions[value]?.inputs ?? []).map((each) => each.name);
    keepInputs(context, asked, asked);
  });
  const row = make("div", { class: "row-x tight" }, list);
  const file = context.book.catalogue.decisions[context.value()]?.file;
  if (file) row.append(button(context, "open", "external-link", "open-table", () => context.openTable(file)));
  row.append(button(context, "newTable", "plus", "new-table", () => newTable(context)));
  return row;
};

/** The inputs that the new choice knows stay, those that it needs are added. */
function keepInputs(context: Context, known: string[], needed: string[]): void {
  const kept = inputsOf(context.element.businessObject).filter((each) => known.includes(each.target));
  for (const target of needed) if (!kept.some((each) => each.target === target)) kept.push({ target, source: "=" });
  setInputs(context.tools, context.element, kept);
  context.refresh();
}

export const inputs: Widget = (context, id) => {
  const given = inputsOf(context.element.businessObject);
  const asked = parametersOf(context);
  const names = [...asked.map((each) => each.name), ...given.map((each) => each.target).filter((name) => !asked.some((each) => each.name === name))];
  const holder = make("div", { class: "stack8", id, role: "group" });
  for (const name of names) {
    const parameter = asked.find((each) => each.name === name);
    const source = given.find((each) => each.target === name)?.source ?? "";
    const label = make("span", { class: "lbl" }, parameter?.title ?? name, parameter && !parameter.required ? make("span", { class: "req" }, ` ${context.text("optional")}`) : "");
    holder.append(make("div", {}, label, inputSource(context, source, (value) => change(context, names, name, value))));
  }
  if (names.length === 0) holder.append(make("p", { class: "t3 sm" }, context.text("none")));
  return holder;
};

function parametersOf(context: Context): { name: string; title: string; required: boolean }[] {
  const { catalogue } = context.book;
  const of = context.element.businessObject;
  const values = ((of["extensionElements"] as Bo | undefined)?.get("values") as Bo[] | undefined) ?? [];
  const called = values.find((each) => each.$type === "zeebe:TaskDefinition")?.["type"];
  if (typeof called === "string") return catalogue.operations[called]?.parameters ?? [];
  const asked = values.find((each) => each.$type === "zeebe:CalledDecision")?.["decisionId"];
  if (typeof asked === "string") return (catalogue.decisions[asked]?.inputs ?? []).map(({ name, label }) => ({ name, title: label, required: true }));
  return [];
}

function change(context: Context, names: string[], name: string, source: string): void {
  const now = new Map(inputsOf(context.element.businessObject).map((each) => [each.target, each.source]));
  now.set(name, source);
  const wanted: Input[] = [];
  for (const target of names) if (now.get(target)) wanted.push({ target, source: now.get(target) ?? "" });
  setInputs(context.tools, context.element, wanted);
}

/** An answer of a step, a fixed value, or an expression. */
function inputSource(context: Context, source: string, set: (source: string) => void): HTMLElement {
  const answers = context.answers();
  const path = source.replace(/^=/, "").trim();
  const answer = source.startsWith("=") ? answers.find((each) => each.path === path) : undefined;
  const mode = answer ? "answer" : source.startsWith("=") ? "expert" : source ? "literal" : "answer";
  const list = make("select", { class: "form-select", "aria-label": context.text("fromField") });
  list.append(option("", context.text("choose"), !answer));
  for (const [step, own] of byStep(answers)) {
    const group = make("optgroup", { label: step });
    for (const each of own) group.append(option(`=${each.path}`, each.field.name, each.path === path));
    list.append(group);
  }
  list.append(option("literal", context.text("literal"), mode === "literal"), option("expert", context.text("expert"), mode === "expert"));
  const typed = make("input", { class: `form-control top4${mode === "expert" ? " mono" : ""}`, value: mode === "expert" ? path : source, "aria-label": context.text("value") });
  typed.hidden = mode === "answer";
  onTyped(typed, (value) => set(list.value === "expert" ? value.trim() && `=${value.trim()}` : value));
  list.addEventListener("change", () => {
    typed.hidden = list.value !== "literal" && list.value !== "expert";
    if (typed.hidden) set(list.value);
    else typed.focus();
  });
  return make("div", {}, list, typed);
}

export const message: Widget = (context, id) => suggested(context, id, context.book.catalogue.messages);

export const outcome: Widget = (context, id) => suggested(context, id, ["won", "lost", "refused", "cancelled"]);

export const milestone: Widget = (context, id) => suggested(context, id, context.milestones());

function suggested(context: Context, id: string, names: string[]): HTMLElement {
  const input = make("input", { class: "form-control", id, list: `${id}-names`, value: context.value(), autocomplete: "off" });
  onTyped(input, (value) => context.set(value.trim()));
  const offered = make("datalist", { id: `${id}-names` });
  for (const name of names) offered.append(make("option", { value: name }));
  return make("div", {}, input, offered);
}

export const milestones: Widget = (context, id) => {
  const names = context.value().split(",").map((each) => each.trim()).filter(Boolean);
  const holder = make("div", { class: "stack4", id, role: "group" });
  const set = (): void => context.set(names.join(", "));
  for (const [at, each] of names.entries()) {
    const input = make("input", { class: "form-control", value: each.replace(/\?$/, ""), "aria-label": context.field.label });
    const optional = make("input", { type: "checkbox" });
    optional.checked = each.endsWith("?");
    const write = (): void => {
      names[at] = input.value.trim() && `${input.value.trim()}${optional.checked ? "?" : ""}`;
      const gone = names[at] === "";
      if (gone) names.splice(at, 1);
      set();
      if (gone) context.refresh();
    };
    onTyped(input, write);
    optional.addEventListener("change", write);
    holder.append(make("div", { class: "row-x tight" }, input, make("label", { class: "check sm" }, optional, ` ${context.text("optional")}`)));
  }
  const add = make("input", { class: "form-control", placeholder: context.text("newMilestone"), "aria-label": context.text("newMilestone") });
  add.addEventListener("change", () => {
    if (!add.value.trim()) return;
    names.push(add.value.trim());
    set();
    context.refresh();
  });
  holder.append(add);
  return holder;
};

/** `default`: the way of a gateway that is taken when no condition holds. */
export const otherwise: Widget = (context, id) => {
  const choices = outgoing(context.element.businessObject).map((flow) => ({ value: flow.id, name: wayName(context, flow) }));
  return select(context, id, [{ value: "", name: context.text("choose") }, ...choices]);
};

function wayName(context: Context, flow: Bo): string {
  const target = flow["targetRef"] as Bo | undefined;
  const named = (of: Bo): string => inLanguage(of, context.language);
  return [named(flow), target && (named(target) || context.text("kind.other"))].filter(Boolean).join(" → ");
}

export const interrupting: Widget = (context, id) => {
  const list = make("select", { class: "form-select", id });
  list.append(option("yes", context.text("interrupts"), context.value() === "yes"), option("no", context.text("goesOn"), context.value() === "no"));
  list.addEventListener("change", () => context.set(list.value));
  return list;
};

/** Properties that no field of this element asks for: names and values as they stand. */
export const rest: Widget = (context, id) => {
  const asked = askedNames(context);
  const holder = make("div", { class: "stack4", id, role: "group" });
  for (const [name, value] of properties(context.element.businessObject)) {
    if (asked.has(name)) continue;
    const input = make("input", { class: "form-control mono", value, "aria-label": name });
    onTyped(input, (typed) => setProperties(context.tools, context.element, { [name]: typed }));
    holder.append(make("div", {}, make("span", { class: "lbl mono" }, name), input));
  }
  const name = make("input", { class: "form-control mono", placeholder: context.text("name"), "aria-label": context.text("name") });
  const value = make("input", { class: "form-control mono", placeholder: context.text("value"), "aria-label": context.text("value") });
  const add = (): void => {
    if (!name.value.trim() || !value.value) return;
    setProperties(context.tools, context.element, { [name.value.trim()]: value.value });
    context.refresh();
  };
  value.addEventListener("change", add);
  name.addEventListener("change", add);
  holder.append(make("div", { class: "row-x tight" }, name, value));
  return holder;
};

function askedNames(context: Context): Set<string> {
  const names = new Set<string>();
  for (const group of context.book.kinds[context.field.name] ?? []) {
    for (const field of group.fields) {
      if (field.to === "offerForm") names.add("form");
      const base = field.to === "name" ? "name" : field.to === "property" ? field.name : "";
      if (!base) continue;
      if (field.to === "property") names.add(base);
      if (field.translated) for (const language of context.book.languages) names.add(`${base}.${language.code}`);
    }
  }
  return names;
}
