// What people read of a decision in both languages: its title, and its rules as the chronicle tells them. dmn-js shows
// neither; both stay in the file where the engine reads them.
import { fill, freshId, make } from "../dom";
import type { Texts } from "../strip";
import { change, type Part, type Tables } from "./modeler";

const ZEEBE = "http://camunda.org/schema/zeebe/1.0";
const LANGUAGES = document.documentElement.lang === "ru" ? ["ru", "en"] : ["en", "ru"]; // the reader's own first

export class Words {
  private rule: Part | undefined;

  constructor(
    private readonly place: HTMLElement,
    private readonly tables: Tables,
    private readonly texts: Texts,
  ) {}

  /** The cell or rule that is chosen in the table. */
  choose(id: string | undefined): void {
    const rules = this.tables.getActiveView()?.element.decisionLogic?.rule ?? [];
    const found = rules.find((rule) => rule.id === id || [...(rule.inputEntry ?? []), ...(rule.outputEntry ?? [])].some((cell) => cell.id === id));
    if (id === undefined || found === this.rule) return; // leaving the table keeps the rule, so that its words can be typed
    this.rule = found;
    this.draw();
  }

  draw(): void {
    const decision = this.tables.getActiveView()?.element;
    if (decision?.$type !== "dmn:Decision") {
      this.place.replaceChildren();
      return;
    }
    const parts = [make("h2", { class: "h-part" }, this.texts["names"] ?? ""), ...LANGUAGES.map((language) => this.field(language, titleOf(decision, language), `title-${language}`, (text) => this.rename(decision, language, text)))];
    const table = decision.decisionLogic;
    const rules = table?.rule ?? [];
    if (table?.$type === "dmn:DecisionTable") {
      const number = this.rule ? rules.indexOf(this.rule) + 1 : 0;
      if (this.rule && number > 0) {
        const rule = this.rule;
        parts.push(make("h2", { class: "h-part top16" }, fill(this.texts["ruleWords"] ?? "", { n: number })));
        parts.push(...LANGUAGES.map((language) => this.field(language, remark(table, rule, language), `rule-${language}`, (text) => this.remark(table, rule, language, text))));
        parts.push(make("p", { class: "hint" }, this.texts["ruleWordsHint"] ?? ""));
      } else parts.push(make("p", { class: "hint top8" }, this.texts["noRule"] ?? ""));
    }
    this.place.replaceChildren(...parts);
  }

  private field(language: string, value: string, test: string, set: (text: string) => void): HTMLElement {
    const id = freshId();
    const input = make("input", { class: "form-control", id, value, "data-test": test, onchange: () => set(input.value.trim()) });
    return make("div", { class: "prop-field lang-field" }, make("label", { class: "lbl", for: id }, this.texts[language === "ru" ? "russian" : "english"] ?? ""), input);
  }

  private rename(decision: Part, language: string, text: string): void {
    const model = decision.$model;
    if (!model) return;
    const name = language === "en" ? "title" : `title.${language}`;
    const others = decision.extensionElements?.values ?? [];
    const holder = others.find((each) => each.$type === "zeebe:properties");
    const kept = (holder?.$children ?? []).filter((each) => each.name !== name);
    if (text) kept.push(model.createAny("zeebe:property", ZEEBE, { name, value: text }));
    const changed = model.createAny("zeebe:properties", ZEEBE, { $children: kept });
    const values = [...others.filter((each) => each !== holder), ...(kept.length > 0 ? [changed] : [])];
    change(this.tables, decision, { extensionElements: values.length > 0 ? model.create("dmn:ExtensionElements", { values }) : undefined });
  }

  private remark(table: Part, rule: Part, language: string, text: string): void {
    const model = rule.$model;
    if (!model) return;
    const columns = [...(table.annotation ?? [])];
    let at = columns.findIndex((each) => each.name === language);
    if (at < 0) {
      at = columns.length;
      change(this.tables, table, { annotation: [...columns, model.create("dmn:RuleAnnotationClause", { name: language })] });
    }
    const entries = [...(rule.annotationEntry ?? [])];
    while (entries.length <= at) entries.push(model.create("dmn:RuleAnnotation", { text: "" }));
    entries[at] = model.create("dmn:RuleAnnotation", { text });
    change(this.tables, rule, { annotationEntry: entries });
  }
}

export function titleOf(decision: Part, language: string): string {
  const name = language === "en" ? "title" : `title.${language}`;
  const properties = (decision.extensionElements?.values ?? []).find((each) => each.$type === "zeebe:properties")?.$children ?? [];
  return properties.find((each) => each.name === name)?.value ?? "";
}

function remark(table: Part, rule: Part, language: string): string {
  const at = (table.annotation ?? []).findIndex((each) => each.name === language);
  const text = at < 0 ? undefined : rule.annotationEntry?.[at]?.text;
  return typeof text === "string" ? text : (text?.text ?? "");
}
