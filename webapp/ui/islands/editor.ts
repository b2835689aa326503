// The editor of a drawing: <div data-island="editor" data-draft="/studio/drafts/5" data-sprite data-language>.
// Its page has places marked data-canvas, data-panel, data-phase, data-problem-count, data-problem-list, data-held.
import { csrfToken } from "../base/csrf";
import { showMessage } from "../base/messages";
import type { Answer } from "../studio/answers";
import { setInputs, write } from "../studio/binding";
import type { Book, Field } from "../studio/book";
import { make } from "../studio/dom";
import { kindOf } from "../studio/kinds";
import { lint } from "../studio/lint";
import { begin, bringIntoSight, createModeler, fit, passedOver, type Modeler } from "../studio/modeler";
import type { Bo, Shape, Tools } from "../studio/moddle";
import { Panel } from "../studio/panel";
import { Problems } from "../studio/problems";
import { read, showUnfit } from "../studio/reading";
import { Saving } from "../studio/saving";
import { Strip, load, loadText, one } from "../studio/strip";
import { showTranslations } from "../studio/translations";
import { inLanguage, namesOf } from "../studio/wording";

const LINT_AFTER = 600; // ms without a change

export async function start(page: HTMLElement): Promise<void> {
  const address = page.dataset["draft"] ?? "";
  const saving = new Saving(address);
  const [book, text, turn] = await Promise.all([load<Book>(`${address}/book`), loadText(`${address}/body`), saving.ask()]);
  const strip = new Strip(page, book.texts, page.dataset["sprite"] ?? "");
  if (!turn.mine) {
    strip.held(saving, turn);
    const canvas = one(page, "[data-canvas]");
    canvas.dataset["xml"] = `${address}/body?as=read`;
    await (await import("./diagram")).start(canvas);
    return;
  }
  const modeler = await createModeler(one(page, "[data-canvas]"), book.texts, page.dataset["language"] ?? "en");
  const kept = saving.kept();
  const { drawn, lost } = await read(() => modeler.importXML(kept ?? text));
  if (drawn && lost.length === 0) lost.push(...(await passedOver(modeler, kept ?? text)));
  begin(modeler.canvas(), modeler.registry());
  if (lost.length > 0) {
    showUnfit(page, strip, book.texts, lost);
    return;
  }
  new Editor(page, strip, modeler, book, saving).begin(kept !== undefined);
}

class Editor {
  private readonly panel: Panel;
  private readonly problems: Problems;
  private timer = 0;

  constructor(
    private readonly page: HTMLElement,
    private readonly strip: Strip,
    private readonly modeler: Modeler,
    private readonly book: Book,
    private readonly saving: Saving,
  ) {
    const sprite = page.dataset["sprite"] ?? "";
    const around = {
      tools: this.tools(),
      book,
      sprite,
      language: page.dataset["language"] ?? "en",
      elements: () => modeler.registry().getAll(),
      root: () => modeler.canvas().getRootElement(),
      problemsOf: (id: string) => this.problems.of(id),
      openForm: (key: string) => void this.openDraft("form", key),
      openTable: (key: string) => void this.openDraft("decision", key),
      newTable: (element: Shape, field: Field, name: string, answers: Answer[]) => void this.newTable(element, field, name, answers),
      newForm: (element: Shape, field: Field) => void this.newForm(element, field),
    };
    this.panel = new Panel(one(page, "[data-panel]"), around);
    this.problems = new Problems(modeler, strip, sprite, around.language, book.texts, () => this.panel.drawProblems());
  }

  begin(unsaved: boolean): void {
    const { modeler } = this;
    modeler.on("selection.changed", ({ newSelection }: { newSelection: Shape[] }) => this.panel.show(newSelection));
    modeler.on("elements.changed", ({ elements }: { elements: Shape[] }) => this.panel.changed(elements));
    modeler.on("commandStack.changed", () => this.changed());
    modeler.on("create.init", 2000, () => this.panel.flush()); // a change while something is being put down would take it away
    this.panel.show([]);
    this.offerTools();
    this.saving.begin({
      flush: () => this.panel.flush(),
      text: async () => {
        this.panel.flush();
        return (await modeler.saveXML({ format: true })).xml ?? "";
      },
      phase: (phase, state) => this.strip.phase(phase, state),
      problems: (found) => this.problems.fromServer(found),
      lost: (code, state) => void this.strip.lost(code, state, `${this.book.key}.bpmn`, async () => (await modeler.saveXML({ format: true })).xml ?? ""),
    });
    const at = modeler.registry().get(this.page.dataset["at"] ?? "");
    if (at) {
      modeler.selection().select(at);
      bringIntoSight(modeler.canvas(), at);
    }
    if (unsaved) this.saving.changed();
    void this.lint();
  }

  private changed(): void {
    this.saving.changed();
    this.toolsState();
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.lint(), LINT_AFTER);
  }

  private async lint(): Promise<void> {
    const registry = this.modeler.registry();
    const splits = (id: string): boolean => {
      const element = registry.get(id);
      return element !== undefined && kindOf(element) === "gateway" && ((element.businessObject["outgoing"] as unknown[] | undefined) ?? []).length > 1;
    };
    this.problems.fromDrawing(await lint((this.modeler as unknown as { getDefinitions(): Bo }).getDefinitions(), this.book.texts, splits));
  }

  private offerTools(): void {
    const stack = this.modeler.stack();
    const canvas = this.modeler.canvas();
    const acts: Record<string, () => void> = {
      undo: () => {
        if (stack.canUndo()) stack.undo();
      },
      redo: () => {
        if (stack.canRedo()) stack.redo();
      },
      in: () => void canvas.zoom(canvas.zoom() * 1.25, "auto"),
      out: () => void canvas.zoom(canvas.zoom() / 1.25, "auto"),
      all: () => fit(canvas),
      texts: () => showTranslations(this.page, this.modeler, this.book),
    };
    this.strip.tools(acts, (address) => void this.leave(address));
    this.offerFinding();
    this.toolsState();
  }

  /** Type a name, be there. */
  private offerFinding(): void {
    const input = one(this.page, "[data-find]") as HTMLInputElement;
    const list = one(this.page, "#studio-steps");
    const language = this.page.dataset["language"] ?? "en";
    const named = (): [string, Shape][] =>
      this.modeler
        .registry()
        .getAll()
        .filter((each) => !each.labelTarget && !each.waypoints && each !== this.modeler.canvas().getRootElement())
        .map((each): [string, Shape] => [inLanguage(each.businessObject, language), each])
        .filter(([name]) => name !== "");
    input.addEventListener("input", () => input.setCustomValidity(""));
    input.addEventListener("focus", () => list.replaceChildren(...[...new Set(named().map(([name]) => name))].sort().map((value) => make("option", { value }))));
    input.addEventListener("change", () => {
      const wanted = input.value.trim().toLowerCase();
      const found = named().find(([name]) => name.toLowerCase() === wanted) ?? named().find(([name]) => wanted !== "" && name.toLowerCase().includes(wanted));
      input.setCustomValidity(found || !wanted ? "" : (this.book.texts["notFound"] ?? ""));
      input.reportValidity();
      if (!found) return;
      input.value = "";
      this.modeler.selection().select(found[1]);
      bringIntoSight(this.modeler.canvas(), found[1]);
    });
  }

  private toolsState(): void {
    const stack = this.modeler.stack();
    this.strip.able("undo", stack.canUndo());
    this.strip.able("redo", stack.canRedo());
  }

  private async leave(address: string): Promise<void> {
    this.panel.flush();
    if (await this.saving.flush()) window.location.href = address;
  }

  private async openDraft(kind: string, key: string): Promise<void> {
    this.panel.flush();
    if (!(await this.saving.flush())) return;
    const form = document.createElement("form");
    form.method = "post";
    form.action = this.page.dataset["open"] ?? "";
    for (const [name, value] of Object.entries({ kind, key, ...this.wayBack(), csrf_token: csrfToken() })) {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      input.value = value;
      form.append(input);
    }
    document.body.append(form);
    form.submit();
  }

  /** A form of its own for this step: named after it, chosen at once, and opened to be drawn. */
  private async newForm(element: Shape, field: Field): Promise<void> {
    const step = element.businessObject;
    const name = inLanguage(step, this.page.dataset["language"] ?? "en") || step.id;
    const made = await this.beginFile("forms", { name, names: namesOf(step, name), process: this.book.key });
    if (!made) return;
    write(this.tools(), element, field, made.key);
    await this.leaveFor(made.url);
  }

  /** A table for this step that is given these answers. */
  private async newTable(element: Shape, field: Field, name: string, answers: Answer[]): Promise<void> {
    const columns = answers.map((each) => ({ key: each.path, label: each.field.name, type: each.field.type, values: each.field.choices.map(({ value }) => value) }));
    const step = element.businessObject;
    const names = name === inLanguage(step, this.page.dataset["language"] ?? "en") ? namesOf(step, name) : {};
    const made = await this.beginFile("tables", { name, names, process: this.book.key, columns });
    if (!made) return;
    write(this.tools(), element, field, made.key);
    setInputs(this.tools(), element, (made.asked ?? []).map((target, at) => ({ target, source: answers[at] ? `=${answers[at].path}` : "=null" })));
    await this.leaveFor(made.url);
  }

  private leaveFor(address: string): Promise<void> {
    return this.leave(`${address}?${new URLSearchParams(this.wayBack()).toString()}`);
  }

  /** So that the page of a form or table leads back to this element. */
  private wayBack(): Record<string, string> {
    const chosen = this.modeler.selection().get()[0];
    const at = chosen ? { at: chosen.businessObject.id } : {};
    return { back: this.page.dataset["draft"]?.split("/").at(-1) ?? "", ...at };
  }

  private tools(): Tools {
    return { moddle: this.modeler.moddle(), modeling: this.modeler.modeling() };
  }

  /** What the server has begun; undefined where it said no. */
  private async beginFile(what: "forms" | "tables", sent: Record<string, unknown>): Promise<{ key: string; url: string; asked?: string[] } | undefined> {
    let told: { key?: string; url?: string; asked?: string[]; message?: string } = {};
    try {
      const answer = await fetch(this.page.dataset[what] ?? "", {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": csrfToken() },
        body: JSON.stringify(sent),
      });
      told = (await answer.json()) as typeof told;
      if (answer.ok && told.key && told.url) return { key: told.key, url: told.url, asked: told.asked ?? [] };
    } catch {
      // the network, or a page instead of an answer: told below
    }
    showMessage(told.message ?? this.book.texts["notDone"] ?? "", "bad");
    return undefined;
  }
}
