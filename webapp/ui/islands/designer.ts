// The page of a form: <div data-island="designer" data-draft="/studio/drafts/5" data-sprite data-language>.
// Its page has places marked data-kinds, data-canvas, data-panel, data-preview, data-uses.
import { drawPalette } from "../studio/forms/palette";
import { all, Forms, type Field } from "../studio/forms/editor";
import { worded } from "../studio/forms/drawn";
import { FormPanel, type Source } from "../studio/forms/panel";
import { remove } from "../studio/forms/placing";
import { Preview } from "../studio/forms/preview";
import { read, showUnfit } from "../studio/reading";
import { Saving, type Problem } from "../studio/saving";
import { load, loadText, one, showUses, Strip, type Texts } from "../studio/strip";

export async function start(page: HTMLElement): Promise<void> {
  const address = page.dataset["draft"] ?? "";
  const saving = new Saving(address);
  const [words, text, turn] = await Promise.all([load<{ texts: Texts; sources: Source[] }>(`${address}/form-words`), loadText(`${address}/body`), saving.ask()]);
  const strip = new Strip(page, words.texts, page.dataset["sprite"] ?? "");
  const kept = turn.mine ? saving.kept() : undefined;
  await new Designer(page, address, words.texts, words.sources, strip, saving).begin(kept ?? text, turn.mine, kept !== undefined);
  if (!turn.mine) strip.held(saving, turn);
}

class Designer {
  private readonly sheet = new CSSStyleSheet(); // form-js draws its fields anew and would lose classes
  private forms: Forms | undefined;
  private panel: FormPanel | undefined;
  private preview: Preview;
  private problems: Problem[] = [];
  private text = "";

  constructor(
    private readonly page: HTMLElement,
    address: string,
    private readonly texts: Texts,
    private readonly sources: Source[],
    private readonly strip: Strip,
    private readonly saving: Saving,
  ) {
    document.adoptedStyleSheets.push(this.sheet);
    const language = page.dataset["language"] ?? "en";
    this.preview = new Preview(one(page, "[data-preview]"), address, language, texts["previewLost"] ?? "", () => this.forms?.text() ?? this.text, (key) => this.choose(this.forms?.named(key)));
    void showUses(page, `${address}/uses`);
  }

  async begin(text: string, draws: boolean, unsaved: boolean): Promise<void> {
    this.text = text;
    this.offerViews();
    if (draws && (await this.open(text))) this.listen(unsaved);
    await this.preview.draw();
  }

  private async open(text: string): Promise<boolean> {
    const language = this.page.dataset["language"] ?? "en";
    const forms = new Forms(one(this.page, "[data-canvas]"), this.texts, language, new Map(this.sources.map(({ value, name }) => [value, name])));
    const { lost } = await read(() => forms.open(text));
    if (lost.length > 0) {
      showUnfit(this.page, this.strip, this.texts, lost);
      return false;
    }
    this.forms = forms;
    const sprite = this.page.dataset["sprite"] ?? "";
    this.panel = new FormPanel(one(this.page, "[data-panel]"), forms, this.texts, sprite, language, this.sources, (field) => this.problemsOf(field));
    drawPalette(one(this.page, "[data-kinds]"), forms, this.texts, sprite);
    this.panel.show(null);
    return true;
  }

  private listen(unsaved: boolean): void {
    const { forms, panel } = this;
    if (!forms || !panel) return;
    forms.on("selection.changed", (({ selection }: { selection: Field | null }) => {
      panel.show(selection);
      this.preview.reveal(selection?.key ?? selection?.path ?? "");
    }) as never);
    // once a field is being taken out nothing may be written any more
    forms.on("commandStack.formField.remove.preExecute", (() => panel.flush()) as never);
    forms.on("commandStack.changed", (({ trigger }: { trigger?: string }) => {
      if (trigger === "undo" || trigger === "redo") panel.show(forms.get("selection").get());
      this.saving.changed();
      this.preview.soon();
      this.toolsState();
    }) as never);
    const again = (act: "undo" | "redo"): void => {
      panel.flush();
      const stack = forms.get("commandStack");
      if (act === "undo" ? stack.canUndo() : stack.canRedo()) stack[act]();
    };
    this.strip.tools({ undo: () => again("undo"), redo: () => again("redo") }, (address) => void this.leave(address));
    this.toolsState();
    document.addEventListener("keydown", (event) => this.key(event));
    this.saving.begin({
      flush: () => panel.flush(),
      text: async () => {
        panel.flush();
        return forms.text();
      },
      phase: (phase, state) => this.strip.phase(phase, state),
      problems: (found) => this.blame(found),
      lost: (code, state) => void this.strip.lost(code, state, `${forms.root().id.split("/").pop() ?? "form"}.form`, async () => forms.text()),
    });
    if (unsaved) this.saving.changed();
  }

  /** Delete takes the chosen field out, unless something is being typed. */
  private key(event: KeyboardEvent): void {
    const at = event.target as Element;
    const elsewhere = at !== document.body && !one(this.page, "[data-canvas]").contains(at);
    if (elsewhere || at.matches("input, textarea, select") || (event.key !== "Delete" && event.key !== "Backspace")) return;
    const chosen = this.forms?.chosen();
    if (!this.forms || !chosen) return;
    event.preventDefault();
    this.panel?.flush();
    remove(this.forms, chosen);
  }

  private toolsState(): void {
    const stack = this.forms?.get("commandStack");
    this.strip.able("undo", stack?.canUndo() ?? false);
    this.strip.able("redo", stack?.canRedo() ?? false);
  }

  private problemsOf(field: Field): Problem[] {
    return this.problems.filter((each) => each.element !== null && [field.key, field.path, field.id].includes(each.element));
  }

  private choose(field: Field | undefined): void {
    if (field) this.forms?.get("selection").set(field);
  }

  private blame(found: Problem[]): void {
    this.problems = found;
    const fields = all(this.forms?.root() ?? ({ id: "", type: "default" } as Field));
    const wrong = fields.filter((field) => this.problemsOf(field).length > 0);
    this.sheet.replaceSync(wrong.map((field) => `.ed-form .fjs-element[data-id="${CSS.escape(field.id)}"] { outline: 2px solid var(--bad-dot); outline-offset: -1px; }`).join("\n"));
    this.panel?.drawProblems();
    const language = this.page.dataset["language"] ?? "en";
    const place = (problem: Problem): Field | undefined => fields.find((field) => problem.element !== null && [field.key, field.path, field.id].includes(problem.element));
    this.strip.problems(found, {
      name: (problem) => {
        const field = place(problem);
        return field ? worded(field, "label", language) || (problem.element ?? "") : (problem.element ?? "");
      },
      go: (problem) => this.choose(place(problem)),
    });
  }

  /** Draw, look, or both beside each other; in which language and how wide the look is. */
  private offerViews(): void {
    const press = (name: string, chosen: string): void => {
      this.page.dataset[name] = chosen;
      for (const each of this.page.querySelectorAll<HTMLElement>(`[data-${name}-choice]`)) each.setAttribute("aria-pressed", String(each.dataset[`${name}Choice`] === chosen));
    };
    for (const name of ["view", "width", "speech"])
      for (const button of this.page.querySelectorAll<HTMLElement>(`[data-${name}-choice]`))
        button.addEventListener("click", () => {
          press(name, button.dataset[`${name}Choice`] ?? "");
          if (name === "speech") this.preview.speak(button.dataset["speechChoice"] ?? "en");
        });
    press("view", this.page.dataset["view"] ?? "both");
    press("width", this.page.dataset["width"] ?? "phone");
    press("speech", this.page.dataset["language"] ?? "en");
  }

  private async leave(address: string): Promise<void> {
    this.panel?.flush();
    if (!this.forms || (await this.saving.flush())) window.location.href = address;
  }
}
