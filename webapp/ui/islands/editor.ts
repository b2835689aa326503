// The editor of a drawing: <div data-island="editor" data-draft="/studio/drafts/5" data-sprite data-language>.
// Its page has places marked data-canvas, data-panel, data-phase, data-problem-count, data-problem-list, data-held.
import { csrfToken } from "../base/csrf";
import { showMessage } from "../base/messages";
import { write } from "../studio/binding";
import type { Book, Field } from "../studio/book";
import { fill, make } from "../studio/dom";
import { kindOf } from "../studio/kinds";
import { lint } from "../studio/lint";
import { begin, bringIntoSight, createModeler, fit, type Modeler } from "../studio/modeler";
import type { Bo, Shape } from "../studio/moddle";
import { Panel } from "../studio/panel";
import { Problems } from "../studio/problems";
import { Saving, type Phase, type State } from "../studio/saving";
import { showTranslations } from "../studio/translations";
import { inLanguage } from "../studio/wording";

const SHOWN_REASONS = 3;
const LINT_AFTER = 600; // ms without a change

export async function start(page: HTMLElement): Promise<void> {
  const address = page.dataset["draft"] ?? "";
  const saving = new Saving(address);
  const [book, text, turn] = await Promise.all([load<Book>(`${address}/book`), loadText(`${address}/body`), saving.ask()]);
  if (!turn.mine) {
    showHeld(page, saving, book, turn);
    return;
  }
  const modeler = await createModeler(one(page, "[data-canvas]"), book.texts, page.dataset["language"] ?? "en");
  const kept = saving.kept();
  const lost = await open(modeler, kept ?? text);
  begin(modeler.canvas(), modeler.registry());
  if (lost.length > 0) {
    showUnfit(page, book, lost);
    return;
  }
  new Editor(page, modeler, book, saving).begin(kept !== undefined);
}

/** What bpmn-js could not read of the file, in its words: saving would lose it. */
async function open(modeler: Modeler, text: string): Promise<string[]> {
  try {
    const { warnings } = await modeler.importXML(text);
    return (warnings as unknown as { message: string }[]).map(({ message }) => message);
  } catch (error) {
    return [(error as Error).message];
  }
}

/** The file can be looked at and taken out as it is, but not drawn: nothing of it may be lost. */
function showUnfit(page: HTMLElement, book: Book, lost: string[]): void {
  page.dataset["mode"] = "look";
  const reasons = lost.slice(0, SHOWN_REASONS).map((each) => each.split("\n")[0]);
  const notice = showNotice(page, fill(book.texts["unfit"] ?? "", { n: lost.length, reasons: reasons.join("; ") }), book.texts["takeFile"] ?? "", () => {
    window.location.href = `${page.dataset["draft"] ?? ""}/file`;
  });
  notice.dataset["test"] = "unfit";
}

class Editor {
  private readonly panel: Panel;
  private readonly problems: Problems;
  private timer = 0;

  constructor(
    private readonly page: HTMLElement,
    private readonly modeler: Modeler,
    private readonly book: Book,
    private readonly saving: Saving,
  ) {
    const sprite = page.dataset["sprite"] ?? "";
    const around = {
      tools: { moddle: modeler.moddle(), modeling: modeler.modeling() },
      book,
      sprite,
      language: page.dataset["language"] ?? "en",
      elements: () => modeler.registry().getAll(),
      root: () => modeler.canvas().getRootElement(),
      problemsOf: (id: string) => this.problems.of(id),
      openForm: (key: string) => void this.openForm(key),
      newForm: (element: Shape, field: Field) => void this.newForm(element, field),
    };
    this.panel = new Panel(one(page, "[data-panel]"), around);
    this.problems = new Problems(modeler, page, book.texts, sprite, around.language, () => this.panel.drawProblems());
  }

  begin(unsaved: boolean): void {
    const { modeler } = this;
    modeler.on("selection.changed", ({ newSelection }: { newSelection: Shape[] }) => this.panel.show(newSelection));
    modeler.on("elements.changed", ({ elements }: { elements: Shape[] }) => this.panel.changed(elements));
    modeler.on("commandStack.changed", () => this.changed());
    this.panel.show([]);
    this.offerTools();
    this.saving.begin({
      flush: () => this.panel.flush(),
      text: async () => {
        this.panel.flush();
        return (await modeler.saveXML({ format: true })).xml ?? "";
      },
      phase: (phase, state) => this.tell(phase, state),
      problems: (found) => this.problems.fromServer(found),
      lost: (code, state) => this.lose(code, state),
    });
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

  private tell(phase: Phase, state: State): void {
    const text = this.book.texts[phase === "saving" ? "saving" : phase === "unsaved" ? "unsaved" : phase === "offline" ? "offline" : "saved"] ?? "";
    const place = one(this.page, "[data-phase]");
    place.textContent = phase === "saved" ? `${text} ${state.saved}` : text;
    place.dataset["phase"] = phase;
  }

  private lose(code: "draft_held" | "draft_changed" | "gone", state: State): void {
    const { texts } = this.book;
    const person = code === "draft_held" ? state.held_by : state.saved_by;
    const text = code === "gone" ? (texts["gone"] ?? "") : fill(texts[code === "draft_held" ? "takenBy" : "changedBy"] ?? "", { person });
    showNotice(this.page, text, texts["reload"] ?? "", () => window.location.reload());
    one(this.page, "[data-phase]").textContent = "";
    void this.offerFile();
  }

  /** What was drawn here and not saved can be kept as a file. */
  private async offerFile(): Promise<void> {
    const { xml } = await this.modeler.saveXML({ format: true });
    const link = make("a", { class: "btn btn-sm", download: `${this.book.key}.bpmn`, href: URL.createObjectURL(new Blob([xml ?? ""], { type: "application/xml" })) }, this.book.texts["keepMine"] ?? "");
    one(this.page, "[data-held]").append(link);
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
    for (const button of this.page.querySelectorAll<HTMLElement>("[data-tool]")) button.addEventListener("click", () => void acts[button.dataset["tool"] ?? ""]?.());
    // what leads away waits until everything is saved
    for (const link of this.page.querySelectorAll<HTMLAnchorElement>("a[data-saved-first]"))
      link.addEventListener("click", (event) => {
        event.preventDefault();
        void this.leave(link.href);
      });
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
    input.addEventListener("focus", () => list.replaceChildren(...[...new Set(named().map(([name]) => name))].sort().map((value) => make("option", { value }))));
    input.addEventListener("change", () => {
      const wanted = input.value.trim().toLowerCase();
      const found = named().find(([name]) => name.toLowerCase() === wanted) ?? named().find(([name]) => wanted !== "" && name.toLowerCase().includes(wanted));
      if (!found) return;
      input.value = "";
      this.modeler.selection().select(found[1]);
      bringIntoSight(this.modeler.canvas(), found[1]);
    });
  }

  private toolsState(): void {
    const stack = this.modeler.stack();
    const set = (tool: string, can: boolean): void => {
      this.page.querySelector(`[data-tool=${tool}]`)?.toggleAttribute("disabled", !can);
    };
    set("undo", stack.canUndo());
    set("redo", stack.canRedo());
  }

  private async leave(address: string): Promise<void> {
    this.panel.flush();
    if (await this.saving.flush()) window.location.href = address;
  }

  private async openForm(key: string): Promise<void> {
    this.panel.flush();
    if (!(await this.saving.flush())) return;
    const form = document.createElement("form");
    form.method = "post";
    form.action = this.page.dataset["open"] ?? "";
    for (const [name, value] of Object.entries({ kind: "form", key, csrf_token: csrfToken(), back: window.location.pathname })) {
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
    const named = element.businessObject.name ?? element.businessObject.id;
    const answer = await fetch(this.page.dataset["forms"] ?? "", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": csrfToken() },
      body: JSON.stringify({ name: named, process: this.book.key }),
    });
    const told = (await answer.json()) as { key?: string; url?: string; message?: string };
    if (!answer.ok || !told.key || !told.url) {
      showMessage(told.message ?? "", "bad");
      return;
    }
    write({ moddle: this.modeler.moddle(), modeling: this.modeler.modeling() }, element, field, told.key);
    await this.leave(told.url);
  }
}

function showHeld(page: HTMLElement, saving: Saving, book: Book, state: State): void {
  const person = state.held_by;
  const canvas = one(page, "[data-canvas]");
  canvas.dataset["island"] = "diagram";
  canvas.dataset["xml"] = `${page.dataset["draft"] ?? ""}/body`;
  void import("./diagram").then((diagram) => diagram.start(canvas));
  page.dataset["mode"] = "look";
  const text = `${fill(book.texts["heldBy"] ?? "", { person })} ${fill(book.texts["heldHint"] ?? "", { person })}`;
  showNotice(page, text, book.texts["takeOver"] ?? "", () => void saving.ask(true).then(() => window.location.reload()));
}

function showNotice(page: HTMLElement, text: string, act: string, run: () => void): HTMLElement {
  const notice = one(page, "[data-held]");
  one(notice, "[data-held-text]").textContent = text;
  const button = one(notice, "button");
  button.textContent = act;
  button.addEventListener("click", run, { once: true });
  notice.hidden = false;
  return notice;
}

function one(place: HTMLElement, selector: string): HTMLElement {
  const found = place.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

async function load<T>(address: string): Promise<T> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return (await answer.json()) as T;
}

async function loadText(address: string): Promise<string> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.text();
}
