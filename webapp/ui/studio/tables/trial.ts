// Trying a decision out: its inputs as plain fields, the answer, and the rules that fire.
import { fill, freshId, make } from "../dom";
import type { Texts } from "../strip";

export interface Asked {
  name: string;
  label: string;
  type: string;
  values: string[];
}

export interface Outcome {
  name: string;
  label: string;
  values: string[];
}

export interface Question {
  id: string;
  title: string;
  inputs: Asked[];
  outputs: Outcome[];
}

export interface FiredTable {
  id: string;
  rules: { id: string; number: number; words: string }[];
  reason: string;
}

export interface Answer {
  questions: Question[];
  refusal?: string;
  unread?: string[];
  answers?: Record<string, string>;
  steps?: { id: string; title: string; answer: string; tables: FiredTable[] }[];
}

export type Values = Record<string, string>;

const KINDS: Record<string, string> = { date: "date", time: "time", "date and time": "datetime-local" };
const OTHER = "\u0000other";

export class Trial {
  private questions: Question[] = [];
  private chosen = "";
  private shown = "";
  private readonly values = new Map<string, string>();
  private readonly free = new Set<string>(); // inputs whose value is typed though some occur

  constructor(
    private readonly fields: HTMLElement,
    private readonly result: HTMLElement,
    private readonly texts: Texts,
    private readonly changed: () => void,
    private readonly show: (decision: string) => void,
  ) {}

  get decision(): string {
    return this.chosen;
  }

  get question(): Question | undefined {
    return this.questions.find((each) => each.id === this.chosen);
  }

  /** What is asked now: the inputs of the chosen decision and nothing else. */
  given(): Values {
    return Object.fromEntries((this.question?.inputs ?? []).map((each) => [each.name, this.values.get(each.name) ?? ""]));
  }

  choose(decision: string): void {
    if (!decision || decision === this.chosen) return;
    this.chosen = decision;
    this.draw();
    this.changed();
  }

  /** Fill in what a saved test asks. */
  fillIn(decision: string, given: Values): void {
    for (const [name, value] of Object.entries(given)) this.values.set(name, value);
    this.chosen = decision;
    this.shown = "";
    this.draw();
    this.changed();
  }

  ask(questions: Question[]): void {
    this.questions = questions;
    if (!this.question) this.chosen = questions[0]?.id ?? "";
    this.draw();
  }

  private draw(): void {
    const found = JSON.stringify([this.question, this.questions.map((each) => [each.id, each.title])]);
    if (found === this.shown) return;
    this.shown = found;
    const { question } = this;
    if (!question) {
      this.fields.replaceChildren(make("p", { class: "t2 sm" }, this.texts["noDecision"] ?? ""));
      return;
    }
    const parts: HTMLElement[] = [];
    if (this.questions.length > 1) parts.push(this.chooser());
    for (const asked of question.inputs) parts.push(this.field(asked));
    if (question.inputs.length === 0) parts.push(make("p", { class: "t2 sm" }, this.texts["noInputs"] ?? ""));
    this.fields.replaceChildren(...parts);
  }

  private chooser(): HTMLElement {
    const id = freshId();
    const list = make("select", { class: "form-select", id, "data-test": "tried", onchange: () => (this.choose(list.value), this.show(list.value)) });
    for (const each of this.questions) list.append(make("option", { value: each.id, selected: each.id === this.chosen }, each.title));
    return make("div", { class: "prop-field" }, make("label", { class: "lbl", for: id }, this.texts["decisionTried"] ?? ""), list);
  }

  private field(asked: Asked): HTMLElement {
    const id = freshId();
    const control = this.control(asked, id);
    const label = make("label", { class: "lbl", for: id }, asked.label);
    if (asked.label !== asked.name) label.append(make("span", { class: "t3 mono push" }, asked.name));
    return make("div", { class: "prop-field", "data-input": asked.name }, label, control);
  }

  private control(asked: Asked, id: string): HTMLElement {
    const value = this.values.get(asked.name) ?? "";
    const test = `input-${asked.name}`;
    const set = (typed: string): void => {
      this.values.set(asked.name, typed);
      this.changed();
    };
    if (asked.type === "boolean") return this.list(id, test, value, [["true", this.texts["yes"] ?? ""], ["false", this.texts["no"] ?? ""]], set);
    const known = asked.values.includes(value) || value === "";
    if (asked.values.length > 0 && known && !this.free.has(asked.name)) {
      const choices: [string, string][] = [...asked.values.map((each): [string, string] => [each, each]), [OTHER, this.texts["otherValue"] ?? ""]];
      return this.list(id, test, value, choices, (chosen) => {
        if (chosen !== OTHER) return set(chosen);
        this.free.add(asked.name);
        this.shown = "";
        this.draw();
        document.getElementById(this.fields.querySelector<HTMLLabelElement>(`[data-input="${CSS.escape(asked.name)}"] label`)?.htmlFor ?? "")?.focus();
      });
    }
    const type = KINDS[asked.type] ?? "text";
    const input = make("input", { class: "form-control", id, type, value, autocomplete: "off", "data-test": test, inputmode: asked.type === "number" ? "decimal" : undefined, oninput: () => set(input.value) });
    return input;
  }

  private list(id: string, test: string, value: string, choices: [string, string][], set: (chosen: string) => void): HTMLElement {
    const list = make("select", { class: "form-select", id, "data-test": test, onchange: () => set(list.value) });
    list.append(make("option", { value: "" }, "–"));
    for (const [key, text] of choices) list.append(make("option", { value: key, selected: key === value }, text));
    return list;
  }

  /** The answer below the fields. */
  tell(answer: Answer): void {
    for (const part of this.fields.querySelectorAll<HTMLElement>("[data-input]")) {
      const unread = answer.unread?.includes(part.dataset["input"] ?? "") ?? false;
      part.querySelector("input, select")?.toggleAttribute("aria-invalid", unread);
      part.querySelector(".hint.wrong")?.remove();
      if (unread) part.append(make("p", { class: "hint wrong" }, this.texts["unread"] ?? ""));
    }
    if (answer.refusal) this.result.replaceChildren(make("p", { class: "note is-bad" }, answer.refusal));
    else if (!answer.steps) this.result.replaceChildren();
    else this.result.replaceChildren(...this.told(answer));
  }

  private told(answer: Answer): HTMLElement[] {
    const steps = [...(answer.steps ?? [])];
    const last = steps.pop();
    const outputs = this.question?.outputs ?? [];
    const lines = outputs.map((each) => {
      const text = answer.answers?.[each.name] ?? "";
      return make("div", { class: "answer-line" }, make("span", { class: "t2 sm" }, each.label || this.texts["answer"] || ""), make("b", { class: text ? "answer" : "answer t3", "data-test": `answer-${each.name}` }, text || this.texts["noAnswer"] || ""));
    });
    const rules = (last?.tables ?? []).flatMap((table) => this.rules(table));
    const parts: HTMLElement[] = [make("div", { class: "answer-box" }, ...lines, ...rules)];
    if (steps.length > 0) {
      const items = steps.map((each) => make("li", {}, make("div", { class: "answer-line" }, make("span", { class: "t2 sm" }, each.title), make("b", {}, each.answer || "–")), ...each.tables.flatMap((table) => this.rules(table))));
      parts.push(make("p", { class: "t3 xs top8" }, this.texts["before"] ?? ""), make("ul", { class: "plain stack8" }, ...items));
    }
    return parts;
  }

  private rules(table: FiredTable): HTMLElement[] {
    if (table.reason) return [make("p", { class: "warn sm", "data-test": "reason" }, table.reason)];
    return table.rules.map((each) => make("p", { class: "t2 sm", "data-test": "fired" }, fill(this.texts["rule"] ?? "", { n: each.number }), each.words ? `: ${each.words}` : ""));
  }
}
