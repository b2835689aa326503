// What the chosen field says, in plain fields beside the form.
import { freshId, icon, make } from "../dom";
import { idFrom } from "../ids";
import type { Problem } from "../saving";
import type { Texts } from "../strip";
import { onTyped, put } from "../widgets/plain";
import type { Field, Forms } from "./editor";
import { groupsFor, read, written, type Entry, type Group } from "./fields";
import { OWN } from "./own";
import { canMove, move, remove } from "./placing";

export interface Source {
  value: string;
  name: string;
}

/** What a part of the panel needs to draw itself and to write. */
export interface Around {
  forms: Forms;
  texts: Texts;
  sprite: string;
  language: string;
  sources: Source[];
  field: Field;
  text(name: string): string;
  set(entry: Entry, value: unknown): void;
  edit(values: Record<string, unknown>): void;
  refresh(): void;
}

const KEY = /^[A-Za-z][A-Za-z0-9_]*$/;
const GENERATED = /^[a-z]+_[0-9a-z]{5,8}$/;

export class FormPanel {
  private shown: Field | undefined;
  private named: { key?: string; by?: string; label?: string; from?: string } = {}; // what the shown field got of a label that is still being typed

  constructor(
    private readonly place: HTMLElement,
    private readonly forms: Forms,
    private readonly texts: Texts,
    private readonly sprite: string,
    private readonly language: string,
    private readonly sources: Source[],
    private readonly problemsOf: (field: Field) => Problem[],
  ) {}

  /** Nothing chosen: the form itself. */
  show(field: Field | null): void {
    this.flush();
    const shown = field ?? this.forms.root();
    if (shown.id !== this.shown?.id) this.named = {};
    this.shown = shown;
    this.draw();
  }

  /** What is being typed is written first. */
  flush(): void {
    for (const input of this.place.querySelectorAll("input, textarea")) input.dispatchEvent(new Event("panel:flush"));
  }

  draw(): void {
    const field = this.shown;
    if (!field) return;
    const active = this.place.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["test"] : undefined;
    const open = new Set([...this.place.querySelectorAll<HTMLDetailsElement>("details[open]")].map((each) => each.dataset["group"]));
    const head = make("div", { class: "prop-head" }, make("b", {}, this.texts[`type.${field.type}`] ?? field.type), make("span", { class: "t3 mono push cut" }, field.type === "default" ? field.id : (field.key ?? field.path ?? "")), this.acts(field));
    const problems = make("div", { class: "prop-problems", "data-panel-problems": true }, ...this.problemsOf(field).map((each) => make("p", { class: "hint wrong" }, icon("alert-circle", this.sprite), ` ${each.text}`)));
    const inRow = this.forms.parentOf(field)?.type === "dynamiclist";
    const groups = groupsFor(field, inRow, this.language).map((group) => this.group(group, field, open));
    const hint = field.type === "default" ? make("p", { class: "hint pad20" }, this.texts["nothingChosen"] ?? "") : "";
    this.place.replaceChildren(head, problems, hint, ...groups);
    if (active) this.place.querySelector<HTMLElement>(`[data-test="${active}"]`)?.focus();
  }

  /** What a mouse drags and a key removes, for fingers and the keyboard. */
  private acts(field: Field): HTMLElement | undefined {
    if (field.type === "default") return undefined;
    const act = (name: string, symbol: string, done: () => void, off = false): HTMLElement => make("button", { class: "btn btn-quiet btn-icon btn-sm", type: "button", disabled: off, "aria-label": this.texts[name] ?? "", title: this.texts[name] ?? "", "data-test": `field-${name}`, onclick: () => (this.flush(), done()) }, icon(symbol, this.sprite));
    const moved = (by: -1 | 1) => (): void => (move(this.forms, field, by), this.draw());
    return make("span", { class: "prop-acts" }, act("moveUp", "chevron-up", moved(-1), !canMove(this.forms, field, -1)), act("moveDown", "chevron-down", moved(1), !canMove(this.forms, field, 1)), act("delete", "trash", () => remove(this.forms, field)));
  }

  /** Only the sentences at the top: what is being typed below stays. */
  drawProblems(): void {
    const field = this.shown;
    const place = this.place.querySelector("[data-panel-problems]");
    if (!field || !place) return;
    place.replaceChildren(...this.problemsOf(field).map((each) => make("p", { class: "hint wrong" }, icon("alert-circle", this.sprite), ` ${each.text}`)));
  }

  private group(group: Group, field: Field, open: Set<string | undefined>): HTMLElement {
    const entries = group.entries.filter((each) => each.when?.(field) ?? true).map((each) => this.entry(each, field));
    return make("details", { class: "prop-group", open: !group.closed || open.has(group.name), "data-group": group.name }, make("summary", {}, this.texts[group.name] ?? ""), make("div", { class: "stack12" }, ...entries));
  }

  private entry(entry: Entry, field: Field): HTMLElement {
    const id = freshId();
    const around = this.around(field);
    const test = testOf(entry);
    if (entry.kind === "tick" || entry.kind === "flag") {
      const given = read(field, entry.at);
      const box = make("input", { type: "checkbox", id, checked: given === true || String(given) === "true", "data-test": test, onchange: () => around.set(entry, box.checked ? (entry.kind === "flag" ? "true" : true) : "") });
      return make("label", { class: "check", for: id }, box, make("span", {}, this.texts[entry.label] ?? ""));
    }
    const own = OWN[typeof entry.at === "string" ? entry.at : entry.at[1]];
    const control = entry.kind === "own" && own ? own(around, entry, id) : this.control(entry, field, id, around);
    if (!control.dataset["test"]) control.dataset["test"] = test;
    if (entry.kind === "own" && entry.label === "kindRow") return control;
    const label = entry.label ? make("label", { class: "lbl", for: id }, this.texts[entry.label] ?? "") : undefined;
    const said = entry.sub ? make("label", { class: "lang t3 xs", for: id }, this.texts[entry.sub] ?? "") : undefined;
    const hint = entry.hint ? make("p", { class: "hint" }, this.texts[entry.hint] ?? "") : undefined;
    if (!said) return make("div", { class: "prop-field" }, label, control, hint);
    return make("div", { class: "prop-field" }, label, make("div", { class: "lang-row" }, said, control), hint);
  }

  private control(entry: Entry, field: Field, id: string, around: Around): HTMLElement {
    const value = String(read(field, entry.at) ?? "");
    if (entry.kind === "choice") {
      const list = make("select", { class: "form-select", id, onchange: () => (around.set(entry, list.value), around.refresh()) });
      const choices = entry.choices ?? [];
      for (const [key, text] of choices) list.append(make("option", { value: key, selected: key === value }, this.texts[text] ?? text));
      if (!choices.some(([key]) => key === value)) list.append(make("option", { value, selected: true }, value));
      return list;
    }
    if (entry.kind === "area" || (entry.kind === "mono" && entry.at === "expression")) {
      const input = make("textarea", { class: entry.kind === "mono" ? "form-control mono" : "form-control", id, rows: 4 });
      input.value = value;
      onTyped(input, (typed) => around.set(entry, typed.trim()));
      return input;
    }
    if (entry.label === "key") return this.keyInput(field, value, id, around, entry);
    const input = make("input", { class: `form-control${entry.kind === "mono" ? " mono" : ""}`, id, value, autocomplete: "off", type: "text", inputmode: entry.kind === "number" ? "decimal" : undefined });
    onTyped(input, (typed) => around.set(entry, entry.kind === "number" ? asNumber(typed, entry) : typed.trim()));
    return input;
  }

  /** A name of its own: form-js takes no other, and the drawing could not tell two answers apart. */
  private keyInput(field: Field, value: string, id: string, around: Around, entry: Entry): HTMLElement {
    const input = make("input", { class: "form-control mono", id, value, autocomplete: "off", spellcheck: "false", "data-test": `prop-${String(entry.at)}` });
    const said = make("p", { class: "hint wrong", role: "alert" });
    onTyped(input, (typed) => {
      const key = typed.trim();
      const wrong = !KEY.test(key) ? "keyBad" : this.forms.takenBeside(field).has(key) ? "keyTaken" : "";
      said.textContent = this.texts[wrong] ?? "";
      input.toggleAttribute("aria-invalid", wrong !== "");
      if (!wrong) around.set(entry, key);
    });
    return make("div", { class: "stack4", "data-test": "key-field" }, input, said);
  }

  private around(field: Field): Around {
    const { forms, texts, sprite, language, sources } = this;
    const edit = (values: Record<string, unknown>): void => forms.get("modeling").editFormField(field, values);
    return {
      forms, texts, sprite, language, sources, field, edit,
      text: (name) => texts[name] ?? name,
      set: (entry, value) => {
        const values = written(field, entry.at, value);
        const names = entry.at === "label" || (typeof entry.at !== "string" && /^label(\.\w+)?$/.test(entry.at[1]));
        const other = names && typeof value === "string" ? this.otherLabel(entry, field) : undefined;
        const both = other ? { ...values, ...written({ ...field, ...values }, other.at, value) } : values;
        if (field.type === "datetime" && "label" in both) both["dateLabel"] = both["label"];
        edit(both);
        if (other) this.shownAs(other, String(value));
        if (other) this.named = { ...this.named, label: String(value), from: testOf(entry) };
        if (names && typeof value === "string") this.nameKey(field, value, testOf(entry));
      },
      refresh: () => this.draw(),
    }; // prettier-ignore
  }

  /** The label in the other language while nobody has written it: it is called by its kind, or as this one was a moment ago. */
  private otherLabel(entry: Entry, field: Field): Entry | undefined {
    const pair = groupsFor(field, false, this.language).flatMap((group) => group.entries).filter((each) => /^prop-label(\.\w+)?$/.test(testOf(each)));
    const other = pair.find((each) => testOf(each) !== testOf(entry));
    const said = other && read(field, other.at);
    return said !== undefined && (said === this.texts[`type.${field.type}`] || (said === this.named.label && this.named.from === testOf(entry))) ? other : undefined;
  }

  private shownAs(entry: Entry, value: string): void {
    const input = this.place.querySelector<HTMLInputElement>(`[data-test="${testOf(entry)}"]`);
    if (input) put(input, value);
  }

  /** A field that form-js has named anew is named after its label. */
  private nameKey(field: Field, label: string, by: string): void {
    const name = field.type === "dynamiclist" ? "path" : "key";
    const now = field[name];
    const generated = typeof now === "string" && GENERATED.test(now) && now.startsWith(`${field.type}_`);
    if (!generated && (now === undefined || now !== this.named.key || by !== this.named.by)) return;
    const taken = this.forms.takenBeside(field);
    const key = idFrom(label, (wanted) => wanted !== now && taken.has(wanted));
    if (!key || key === now) return;
    this.named = { ...this.named, key, by };
    this.forms.get("modeling").editFormField(field, { [name]: key });
    const input = this.place.querySelector<HTMLInputElement>(`[data-test="prop-${name}"]`);
    if (input) input.value = key;
    const shown = this.place.querySelector(".prop-head .mono");
    if (shown) shown.textContent = key;
  }
}

const testOf = (entry: Entry): string => `prop-${typeof entry.at === "string" ? entry.at : entry.at[1]}`;

/** A number where the file holds one; among the properties numbers are texts, as form-js keeps them. */
function asNumber(typed: string, entry: Entry): unknown {
  const text = typed.trim().replace(",", ".");
  if (text === "" || !Number.isFinite(Number(text))) return text;
  return typeof entry.at !== "string" && entry.at[0] === "properties" ? text : Number(text);
}
