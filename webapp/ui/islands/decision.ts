// The page of a file of decisions: <div data-island="decision" data-draft="/studio/drafts/5" data-sprite data-language>.
// Its page has places marked data-canvas, data-views, data-fields, data-result, data-keep, data-tests, data-words.
import { post } from "../studio/asking";
import { fill, make } from "../studio/dom";
import { read, showUnfit } from "../studio/reading";
import { Saving, type Problem } from "../studio/saving";
import { load, loadText, one, showUses, Strip, type Texts } from "../studio/strip";
import { Marks } from "../studio/tables/marks";
import { createTables, stackOf, type Part, type Tables, type View, type Viewer } from "../studio/tables/modeler";
import { quoteOpen, quoteWhenLeft, quoteWhenOutside } from "../studio/tables/quoting";
import { decisions, placeOf, viewOf } from "../studio/tables/places";
import { Tests } from "../studio/tables/tests";
import { Trial, type Answer } from "../studio/tables/trial";
import { titleOf, Words } from "../studio/tables/words";

const PAUSE = 250; // ms without a change, then the decision is asked again

export async function start(page: HTMLElement): Promise<void> {
  const address = page.dataset["draft"] ?? "";
  const saving = new Saving(address);
  const [texts, text, turn] = await Promise.all([load<Texts>(`${address}/table-words`), loadText(`${address}/body`), saving.ask()]);
  const strip = new Strip(page, texts, page.dataset["sprite"] ?? "");
  one(page, "[data-canvas]").style.setProperty("--add-rule", JSON.stringify(texts["addRule"] ?? ""));
  const kept = turn.mine ? saving.kept() : undefined;
  const body = kept ?? text;
  const language = page.dataset["language"] ?? "en";
  void showUses(page, `${address}/askers`);
  let tables = await createTables(one(page, "[data-canvas]"), language, turn.mine);
  let { drawn, lost } = await read(() => tables.importXML(body));
  const fit = turn.mine && lost.length === 0;
  if (turn.mine && !fit) {
    showUnfit(page, strip, texts, lost);
    tables.destroy();
    tables = await createTables(one(page, "[data-canvas]"), language, false);
    ({ drawn } = await read(() => tables.importXML(body)));
  }
  if (!turn.mine) strip.held(saving, turn);
  if (!drawn) return;
  const editor = new Editor(page, address, texts, strip, tables, saving, fit ? undefined : body);
  await editor.open();
  if (fit) editor.begin(kept !== undefined);
}

class Editor {
  private readonly marks = new Marks();
  private readonly trial: Trial;
  private readonly tests: Tests;
  private readonly words: Words;
  private readonly heard = new WeakSet<Viewer>();
  private answer: Answer | undefined;
  private timer = 0;
  private asked = 0;

  constructor(
    private readonly page: HTMLElement,
    private readonly address: string,
    private readonly texts: Texts,
    private readonly strip: Strip,
    private readonly tables: Tables,
    private readonly saving: Saving,
    private readonly looked: string | undefined, // the text of a file that is only looked at
  ) {
    this.trial = new Trial(one(page, "[data-fields]"), one(page, "[data-result]"), texts, () => this.askSoon(), (decision) => void this.show(decision));
    this.words = new Words(one(page, "[data-words]"), tables, texts);
    this.tests = new Tests(one(page, "[data-tests]"), one(page, "[data-keep-form]"), {
      address,
      sprite: page.dataset["sprite"] ?? "",
      texts,
      body: () => this.text(),
      fillIn: (decision, given) => {
        this.trial.fillIn(decision, given);
        void this.show(decision);
      },
      asked: () => {
        const question = this.trial.question;
        return question ? { question, given: this.trial.given(), answers: this.answer?.answers ?? {} } : undefined;
      },
    });
    one(page, "[data-keep]").addEventListener("click", () => this.tests.offer());
  }

  /** What was read is shown, tried out and tested. */
  async open(): Promise<void> {
    const { tables } = this;
    tables.on("views.changed", () => this.drawViews());
    tables.on("viewer.created", (({ viewer }: { viewer: Viewer }) => this.listen(viewer)) as never);
    const shown = tables.getActiveViewer();
    if (shown) this.listen(shown);
    one(this.page, "[data-canvas]").classList.toggle("shows-notes", decisions(tables).some((each) => (each.decisionLogic?.rule ?? []).some((rule) => rule.description)));
    this.drawViews();
    await this.ask(); // the decision that no other needs comes first
    await this.show(this.trial.decision);
    await this.tests.run();
  }

  begin(unsaved: boolean): void {
    this.strip.tools({ undo: () => stackOf(this.tables)?.undo(), redo: () => stackOf(this.tables)?.redo() }, (address) => void this.leave(address));
    this.toolsState();
    quoteWhenOutside(this.tables, one(this.page, "[data-canvas]"));
    this.saving.begin({
      flush: () => (document.activeElement as HTMLElement | null)?.blur(),
      text: () => this.text(),
      phase: (phase, state) => {
        this.strip.phase(phase, state);
        if (phase === "saved") void this.tests.run();
      },
      problems: (found) => this.blame(found),
      lost: (code, state) => void this.strip.lost(code, state, `${this.tables.getDefinitions().id ?? "decisions"}.dmn`, () => this.text()),
    });
    if (unsaved) this.saving.changed();
  }

  private listen(viewer: Viewer): void {
    if (this.heard.has(viewer)) return;
    this.heard.add(viewer);
    viewer.on("commandStack.changed", () => {
      this.toolsState();
      if (!stackOf(this.tables)?.canUndo() && !stackOf(this.tables)?.canRedo()) return; // another view was opened
      this.saving.changed();
      this.askSoon();
      this.words.draw();
    });
    quoteWhenLeft(this.tables, viewer);
    viewer.on("selection.changed", (({ selection }: { selection?: { id?: string } | null }) => this.words.choose(selection?.id)) as never);
  }

  private async text(): Promise<string> {
    return this.looked ?? (await this.tables.saveXML({ format: true })).xml;
  }

  private drawViews(): void {
    const active = this.tables.getActiveView();
    const language = this.page.dataset["language"] ?? "en";
    const tabs = this.tables.getViews().map((view) => {
      const here = view.element === active?.element;
      const name = view.type === "drd" ? (this.texts["graph"] ?? "") : titleOf(view.element, language) || titleOf(view.element, "en") || view.name || view.id || "";
      return make("button", { class: "view-tab", type: "button", "aria-current": here ? "true" : undefined, "data-test": `view-${view.id ?? ""}`, onclick: () => void this.openView(view) }, name);
    });
    one(this.page, "[data-views]").replaceChildren(...tabs);
    this.words.draw();
    this.toolsState();
  }

  private async openView(view: View): Promise<void> {
    await this.tables.open(view);
    this.drawViews();
    if (view.element.$type === "dmn:Decision") this.trial.choose(view.element.id ?? "");
  }

  private async show(id: string): Promise<void> {
    const decision = decisions(this.tables).find((each: Part) => each.id === id);
    const view = decision && viewOf(this.tables, decision);
    if (view && view.element !== this.tables.getActiveView()?.element) await this.openView(view);
  }

  private toolsState(): void {
    const stack = stackOf(this.tables);
    this.strip.able("undo", stack?.canUndo() ?? false);
    this.strip.able("redo", stack?.canRedo() ?? false);
  }

  private askSoon(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), PAUSE);
  }

  private async ask(): Promise<void> {
    const number = (this.asked += 1);
    const answer = await post<Answer>(`${this.address}/evaluate`, { body: await this.text(), decision: this.trial.decision, inputs: this.trial.given() });
    if (!answer || number !== this.asked) return;
    const before = this.trial.decision;
    this.trial.ask(answer.questions);
    if (before !== this.trial.decision) return this.ask();
    this.answer = answer;
    this.trial.tell(answer);
    const fired = (answer.steps ?? []).flatMap((step) => step.tables).flatMap((table) => table.rules);
    this.marks.fire(fired.map((rule) => rule.id));
    one(this.page, "[data-keep]").toggleAttribute("disabled", answer.answers === undefined);
  }

  private blame(found: Problem[]): void {
    const placed = found.map((each) => (each.element ? placeOf(this.tables, each.element) : undefined));
    this.marks.blame(placed.map((each) => each?.cell ?? ""));
    this.strip.problems(found, {
      name: (problem) => {
        const place = placed[found.indexOf(problem)];
        if (!place) return problem.element ?? "";
        const decision = titleOf(place.decision, this.page.dataset["language"] ?? "en") || place.decision.name || "";
        const where = place.rule && place.column ? fill(this.texts["columnOf"] ?? "", { n: place.rule, column: place.column }) : place.rule ? fill(this.texts["ruleOf"] ?? "", { n: place.rule }) : place.column;
        return where ? `${decision}, ${where}` : decision;
      },
      go: (problem) => {
        const place = placed[found.indexOf(problem)];
        if (!place) return;
        void this.show(place.decision.id ?? "").then(() => one(this.page, "[data-canvas]").querySelector(`[data-element-id="${CSS.escape(place.cell)}"], [data-col-id="${CSS.escape(place.cell)}"]`)?.scrollIntoView({ block: "center", inline: "center" }));
      },
    });
  }

  private async leave(address: string): Promise<void> {
    quoteOpen(this.tables);
    if (await this.saving.flush()) window.location.href = address;
  }
}
