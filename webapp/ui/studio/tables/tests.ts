// Saved tests of a file: inputs with the answer that is expected, run together, kept and taken away.
import { post } from "../asking";
import { fill, freshId, icon, make } from "../dom";
import type { Texts } from "../strip";
import type { Question, Values } from "./trial";

interface Test {
  id: number;
  name: string;
  decision: string;
  inputs: Values;
  expected: Values;
  passed: boolean;
  told: string;
}

interface Report {
  summary: string;
  failed: number;
  tests: Test[];
}

export interface Around {
  address: string;
  sprite: string;
  texts: Texts;
  body(): Promise<string>;
  fillIn(decision: string, given: Values): void;
  asked(): { question: Question; given: Values; answers: Values } | undefined;
}

export class Tests {
  constructor(
    private readonly place: HTMLElement,
    private readonly form: HTMLElement,
    private readonly around: Around,
  ) {}

  async run(): Promise<void> {
    const report = await post<Report>(`${this.around.address}/tests/run`, { body: await this.around.body() });
    if (report) this.draw(report);
  }

  private draw(report: Report): void {
    const { texts } = this.around;
    const head = make("div", { class: "row-x" }, make("h2", { class: "h-part" }, texts["tests"] ?? ""));
    if (report.summary) head.append(make("span", { class: `dot ${report.failed ? "is-bad" : "is-ok"}`, "data-test": "tests-summary" }, report.summary));
    if (report.tests.length > 0) head.append(make("button", { class: "btn btn-sm btn-quiet push", type: "button", "data-test": "run-tests", onclick: () => void this.run() }, icon("player-play", this.around.sprite), texts["runAll"] ?? ""));
    const items = report.tests.map((each) => this.item(each));
    const list = items.length > 0 ? make("ul", { class: "plain test-list" }, ...items) : make("p", { class: "t2 sm" }, texts["noTests"] ?? "");
    this.place.replaceChildren(head, list);
  }

  private item(test: Test): HTMLElement {
    const { texts, sprite } = this.around;
    const given = Object.entries(test.inputs).filter(([, value]) => value).map(([name, value]) => `${name} = ${value}`).join(", ");
    const state = make("span", { class: `dot ${test.passed ? "is-ok" : "is-bad"}` }, test.passed ? (texts["passes"] ?? "") : (texts["differs"] ?? ""));
    const load = make("button", { class: "test-row", type: "button", onclick: () => this.around.fillIn(test.decision, test.inputs) },
      make("span", { class: "row-x" }, make("b", { class: "m cut" }, test.name), make("span", { class: "push nw xs" }, state)),
      make("span", { class: "t3 xs cut blockline" }, given),
      test.told ? make("span", { class: "bad sm blockline wraps", "data-test": "test-told" }, test.told) : "");
    const remove = make("button", { class: "btn btn-quiet btn-icon btn-sm", type: "button", "aria-label": fill(texts["removeTest"] ?? "", { name: test.name }), title: fill(texts["removeTest"] ?? "", { name: test.name }), "data-test": "remove-test", onclick: () => void this.remove(test) }, icon("trash", sprite));
    return make("li", { "data-test": "saved-test", "data-passed": String(test.passed) }, load, remove);
  }

  private async remove(test: Test): Promise<void> {
    await post(`${this.around.address}/tests/${test.id}/remove`, {});
    await this.run();
  }

  /** The small form under the answer: a name, and what is expected. */
  offer(): void {
    const asked = this.around.asked();
    if (!asked) return;
    const { texts } = this.around;
    const nameId = freshId();
    const name = make("input", { class: "form-control", id: nameId, maxlength: 120, required: true, "data-test": "test-name" });
    const wanted = asked.question.outputs.map((each) => {
      const id = freshId();
      const input = make("input", { class: "form-control", id, value: asked.answers[each.name] ?? "", "data-test": `expected-${each.name}` });
      return { output: each, input, field: make("div", { class: "prop-field" }, make("label", { class: "lbl", for: id }, fill(texts["expected"] ?? "", { name: each.label })), input) };
    });
    const keep = async (): Promise<void> => {
      if (!name.value.trim()) return name.focus();
      const expected = Object.fromEntries(wanted.map((each) => [each.output.name, each.input.value.trim()]));
      const kept = await post(`${this.around.address}/tests`, { decision: asked.question.id, name: name.value.trim(), inputs: asked.given, expected });
      if (!kept) return this.form.append(make("p", { class: "hint wrong", role: "alert" }, texts["refused"] ?? ""));
      this.close();
      await this.run();
    };
    const form = make("form", { class: "stack12 keep-form", onsubmit: (event) => (event.preventDefault(), void keep()) },
      make("div", { class: "prop-field" }, make("label", { class: "lbl", for: nameId }, texts["testName"] ?? ""), name),
      ...wanted.map((each) => each.field),
      make("div", { class: "row-x" }, make("button", { class: "btn btn-sm btn-primary", type: "submit", "data-test": "keep-test" }, texts["saveTest"] ?? ""), make("button", { class: "btn btn-sm btn-quiet", type: "button", onclick: () => this.close() }, texts["cancel"] ?? "")));
    this.form.replaceChildren(form);
    name.focus();
  }

  close(): void {
    this.form.replaceChildren();
  }
}
