// Fields on the canvas, drawn by our own components: label, hint and a likeness of the input, in the reader's language.
// How the form will really look, the preview shows: the server draws it.
import { h, options, type ComponentChildren, type VNode } from "preact";
import type { Texts } from "../strip";
import type { Field } from "./editor";

interface Component {
  (props: { field: Field }): VNode;
  config: Record<string, unknown>;
}

interface Known {
  _formFields: Record<string, Component>;
  register(type: string, component: Component): void;
}

export const BASE = "en";

/** A text of the field in this language: `label.ru` among the properties, else the base text. */
export function worded(field: Field, name: "label" | "description" | "text" | "name", language: string): string {
  const other = field.properties?.[`${name}.${language}`];
  const own = name === "label" ? (field.dateLabel ?? field.label ?? field.properties?.["label"]) : field[name];
  return String((language !== BASE && other) || own || "");
}

export function choiceText(choice: Record<string, unknown>, language: string): string {
  return String((language !== BASE && choice[`label.${language}`]) || choice["label"] || choice["value"] || "");
}

/** A module for form-js: its own kinds of field, drawn by us. `lists`: what the lists to choose from are called. */
export function drawnModule(texts: Texts, language: string, lists: ReadonlyMap<string, string>): Record<string, unknown> {
  translateRest(texts);

  class Drawn {
    static $inject = ["formFields"];
    constructor(known: Known) {
      for (const [type, original] of Object.entries({ ...known._formFields })) {
        if (!texts[`type.${type}`] || type === "default") continue;
        const holds = type === "group" || type === "dynamiclist";
        const component = ((props: { field: Field }) => (holds ? h(original as never, { ...props, field: wordedCopy(props.field, language) } as never) : draw(props.field, texts, language, lists))) as Component;
        component.config = { ...original.config, name: texts[`type.${type}`], label: undefined, escapeGridRender: false, create: created(original, texts, language) };
        known.register(type, component);
      }
    }
  }

  return { __init__: ["drawnFields"], drawnFields: ["type", Drawn] };
}

const copies = new WeakMap<Field, { of: string; copy: Field }>();

/** With its label in the language; the same copy until the label changes, as form-js compares fields by identity. */
function wordedCopy(field: Field, language: string): Field {
  const label = worded(field, "label", language);
  const parts = field.components?.map((each) => each.id).join() ?? "";
  const of = `${label}|${parts}|${String(field["showOutline"])}`;
  const known = copies.get(field);
  if (known?.of === of) return known.copy;
  const copy = { ...field, label };
  copies.set(field, { of, copy });
  return copy;
}

/** What a new field holds besides form-js's own: its label in both languages, and what the server wants to know. */
function created(original: Component, texts: Texts, language: string): (given?: Field, fresh?: boolean) => Field {
  const create = original.config["create"] as (given?: Field, fresh?: boolean) => Field;
  return (given, fresh = true) => {
    if (!fresh) return create(given, false);
    const field = create(given, true);
    const label = texts[`type.${field.type}`] ?? field.type;
    const said = language === BASE ? {} : { [`label.${language}`]: label };
    if (field.type === "separator" || field.type === "spacer") return field;
    if (field.type === "text") return { ...field, text: label, ...(language === BASE ? {} : { properties: { [`text.${language}`]: label } }) };
    if (field.type === "expression") return { ...field, expression: field.expression ?? "=null", computeOn: "change", properties: { label, ...said, kind: "number" } } as Field;
    const named: Field = { ...field, label, ...(language === BASE ? {} : { properties: said }) };
    if (field.type === "datetime") named.dateLabel = label;
    if (Array.isArray(field.values)) named.values = [1, 2].map((number) => ({ label: `${number}`, value: `choice_${number}` }));
    if (field.type === "number") named["decimalDigits"] = 0;
    return named;
  };
}

function part(tag: string, attributes: Record<string, unknown> | null, ...children: ComponentChildren[]): VNode {
  return h(tag, attributes as never, ...children) as VNode;
}

function draw(field: Field, texts: Texts, language: string, lists: ReadonlyMap<string, string>): VNode {
  const label = worded(field, "label", language);
  const hint = worded(field, "description", language);
  const properties = field.properties ?? {};
  const personal = String(properties["personal"] ?? "") === "true";
  if (field.type === "separator") return part("hr", { class: "fd-line" });
  if (field.type === "spacer") return part("div", { class: "fd-space" });
  if (field.type === "text") return part("p", { class: "fd-text" }, worded(field, "text", language) || "…");
  const optional = field.validate?.["required"] || ["expression", "checkbox"].includes(field.type) ? null : part("span", { class: "req" }, ` ${texts["optional"] ?? ""}`);
  const mark = personal ? part("span", { class: "fd-personal", "data-test": `personal-${field.key ?? field.path ?? ""}` }, texts["personalMark"]) : null;
  const name = part("span", { class: "lbl" }, label || field.key || "", optional, mark);
  const below = hint ? part("span", { class: "hint" }, hint) : null;
  if (field.type === "checkbox") return part("div", { class: "fd" }, part("span", { class: "fd-check" }, part("i", { class: "fd-box" }), name), below);
  return part("div", { class: "fd" }, name, likeness(field, texts, language, lists), below);
}

function likeness(field: Field, texts: Texts, language: string, lists: ReadonlyMap<string, string>): VNode {
  const choices = (field.values ?? []).map((each) => choiceText(each, language));
  const source = lists.get(String(field.properties?.["source"])) ?? field.properties?.["source"];
  const suffix = field.properties?.[`suffix.${language}`] ?? field.appearance?.["suffixAdorner"];
  const box = (inside: ComponentChildren, more = ""): VNode => part("span", { class: `fd-input ${more}` }, inside);
  switch (field.type) {
    case "textarea":
      return box("", "is-area");
    case "radio":
      return part("span", { class: "fd-chips" }, (source ? [String(source)] : choices).map((each) => part("span", { class: "fd-chip" }, each)));
    case "taglist":
      return part("span", { class: "fd-chips" }, (source ? [String(source)] : choices).map((each) => part("span", { class: "fd-chip" }, each)));
    case "checklist":
      return part("span", { class: "fd-lines" }, choices.map((each) => part("span", { class: "fd-check" }, part("i", { class: "fd-box" }), each)));
    case "select":
      return box(part("span", { class: "t3" }, source ? String(source) : choices.slice(0, 3).join(", ") + (choices.length > 3 ? " …" : "")), "is-select");
    case "datetime":
      return box(part("span", { class: "t3" }, texts[field.subtype === "time" ? "dateTime" : field.subtype === "datetime" ? "dateBoth" : "dateDay"] ?? ""));
    case "filepicker":
      return box(part("span", { class: "t3" }, texts[field.properties?.["kind"] === "photo" ? "kindPhoto" : field.properties?.["kind"] === "signature" ? "kindSignature" : "kindFile"] ?? ""), "is-files");
    case "expression":
      return box(part("code", { class: "cut" }, `ƒ ${(field.expression ?? "").replace(/^=/, "")}`), "is-formula");
    default:
      return box(suffix ? part("span", { class: "t3 push" }, String(suffix)) : "");
  }
}

/** What is left of form-js's own words around our fields. */
function translateRest(texts: Texts): void {
  const words: Record<string, string> = { "Drag and drop components here.": texts["dropHere"] ?? "", "Build your form": texts["dropHere"] ?? "", Repeatable: texts["type.dynamiclist"] ?? "" };
  const gone = new Set(["Drag and drop components here to start designing.", "Use the preview window to test your form."]);
  const before = options.vnode;
  options.vnode = (node) => {
    const props = node.props as unknown as Record<string, unknown>;
    if (typeof node.type === "string" && props) {
      const text = props["children"];
      if (typeof text === "string") {
        if (gone.has(text)) props["children"] = "";
        else if (words[text] !== undefined) props["children"] = words[text];
      }
      const title = props["title"];
      if (typeof title === "string" && title.startsWith("Remove ")) {
        props["title"] = `${texts["delete"] ?? ""}: ${title.slice("Remove ".length)}`;
        props["aria-label"] = props["title"];
      }
    }
    before?.(node);
  };
}
