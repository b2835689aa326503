// The panel beside the drawing: what the chosen element says, in the fields of the book.
import type { Answer } from "./answers";
import { answersOf, nearestFirst } from "./answers";
import { read, write } from "./binding";
import type { Book, Field, Group } from "./book";
import { fill, freshId, icon, make } from "./dom";
import { kindOf, processOf } from "./kinds";
import type { Bo, Shape, Tools } from "./moddle";
import { property } from "./moddle";
import type { Problem } from "./saving";
import { widgets } from "./widgets";
import { put } from "./widgets/plain";
import type { Context } from "./widgets/context";

export interface Surroundings {
  tools: Tools;
  book: Book;
  sprite: string;
  language: string;
  elements(): Shape[];
  root(): Shape;
  problemsOf(id: string): Problem[];
  openForm(key: string): void;
  newForm(element: Shape, field: Field): void;
  openTable(key: string): void;
  newTable(element: Shape, field: Field, name: string, answers: Answer[]): void;
}

export class Panel {
  private shown: Shape[] = [];
  private readonly shut = new Map<string, boolean>();
  private writing = false;

  constructor(
    private readonly place: HTMLElement,
    private readonly around: Surroundings,
  ) {}

  /** Show one element, or say that several are chosen. */
  show(elements: Shape[]): void {
    this.flush();
    this.shown = elements.map((each) => each.labelTarget ?? each);
    this.draw();
  }

  /** The drawing changed, by undo or by hand. */
  changed(elements: Shape[]): void {
    const one = this.shown[0];
    if (!this.writing && one && elements.some((each) => each === one)) this.draw();
  }

  /** What is still being typed becomes a change. */
  flush(): void {
    for (const input of this.place.querySelectorAll("input, textarea")) input.dispatchEvent(new Event("panel:flush"));
  }

  drawProblems(): void {
    const one = this.shown[0] ?? this.around.root(); // nothing chosen: the process itself
    const list = this.place.querySelector<HTMLElement>("[data-problems]");
    if (!list) return;
    list.replaceChildren(
      ...this.around.problemsOf(this.processIfRoot(one).id).map((each) =>
        make("li", { class: each.warning ? "hint warn" : "hint wrong", "data-test": `problem-${each.code}` }, icon(each.warning ? "alert-triangle" : "alert-circle", this.around.sprite), ` ${each.text}`),
      ),
    );
  }

  private draw(): void {
    this.flush(); // a field that is drawn anew must have what was typed into it
    const { book } = this.around;
    const text = (name: string): string => book.texts[name] ?? name;
    const scrolled = this.place.scrollTop;
    if (this.shown.length > 1) {
      this.place.replaceChildren(make("p", { class: "t2 pad20" }, fill(text("manyChosen"), { n: this.shown.length })));
      return;
    }
    const element = this.shown[0] ?? this.around.root();
    const kind = kindOf(element);
    const head = make("div", { class: "prop-head" }, make("span", { class: "xs t3" }, text(`kind.${kind}`)), make("span", { class: "xs t3 push mono", "data-test": "element-id" }, this.processIfRoot(element).id));
    const groups = (book.kinds[kind] ?? book.kinds["other"] ?? []).map((group, at) => this.group(element, kind, group, at));
    this.place.replaceChildren(head, make("ul", { class: "plain prop-problems", "data-problems": true }), ...groups);
    this.place.scrollTop = scrolled;
    this.drawProblems();
  }

  private group(element: Shape, kind: string, group: Group, at: number): HTMLElement {
    const name = `${kind}-${at}`;
    const details = make("details", { class: "prop-group", "data-test": `group-${name}` }, make("summary", {}, group.title));
    details.open = !(this.shut.get(name) ?? group.shut);
    details.addEventListener("toggle", () => this.shut.set(name, !details.open));
    const fields = make("div", { class: "stack12" }, ...group.fields.flatMap((field) => this.field(element, kind, field)));
    if (group.fields.every((field) => field.to === "collection") && !element.businessObject["loopCharacteristics"]) details.hidden = true;
    details.append(fields);
    return details;
  }

  private field(element: Shape, kind: string, field: Field): HTMLElement[] {
    const named = field.widget === "rest" ? { ...field, name: kind } : field;
    const base = this.input(element, named, "");
    if (!field.translated) return [base];
    const others = this.around.book.languages.map(({ code, name }) => ({ code, made: this.input(element, named, code, name) }));
    // the reader's language first
    return [...others.filter(({ code }) => code === this.around.language).map(({ made }) => made), base, ...others.filter(({ code }) => code !== this.around.language).map(({ made }) => made)];
  }

  private input(element: Shape, field: Field, language: string, languageName = ""): HTMLElement {
    const widget = widgets[field.widget];
    const id = freshId();
    if (!widget) throw new Error(`widget ${field.widget}`);
    const context = this.context(element, field, language);
    const made = widget(context, id);
    const test = `${field.name || field.to}${language && `-${language}`}`;
    made.setAttribute("data-test", `field-${test}`);
    const label = make("label", { class: language ? "lbl t3" : "lbl", for: id }, field.label, field.translated ? make("span", { class: "req" }, ` ${languageName || this.around.book.base}`) : "");
    const missing = language && !context.value() && read(this.bound(element), field);
    return make("div", { class: "prop-field" }, label, made, field.hint && !language ? make("p", { class: "hint" }, field.hint) : "", missing ? make("p", { class: "hint warn" }, this.around.book.texts["missingTranslation"] ?? "") : "");
  }

  private context(element: Shape, field: Field, language: string): Context {
    const { around } = this;
    const bound = this.bound(element);
    return {
      element: bound,
      field,
      book: around.book,
      tools: around.tools,
      sprite: around.sprite,
      language: around.language,
      text: (name) => around.book.texts[name] ?? name,
      value: (of = language) => read(bound, field, of),
      set: (value, of = language) => this.write(element, bound, field, value, of),
      answers: (): Answer[] => nearestFirst(answersOf(around.elements(), around.book, around.language), bound.businessObject),
      milestones: () => property(processOf(around.root()), "milestones").split(",").map((each) => each.trim().replace(/\?$/, "")).filter(Boolean),
      elements: () => around.elements(),
      refresh: () => this.draw(),
      openForm: (key) => around.openForm(key),
      newForm: () => around.newForm(bound, field),
      openTable: (key) => around.openTable(key),
      newTable: (name, answers) => around.newTable(bound, field, name, answers),
    };
  }

  /** The root of a drawing with a pool is not the process itself. */
  private bound(element: Shape): Shape {
    const of = this.processIfRoot(element);
    return of === element.businessObject ? element : { ...element, businessObject: of };
  }

  private processIfRoot(element: Shape): Bo {
    return kindOf(element) === "process" && element.businessObject.$type === "bpmn:Collaboration" ? processOf(element) : element.businessObject;
  }

  private write(element: Shape, bound: Shape, field: Field, value: string, language: string): void {
    this.writing = true;
    try {
      const base = read(bound, field);
      const untold = field.to === "name" && language && (!base || base === read(bound, field, language)); // nobody has said it in the other language
      write(this.around.tools, bound, field, value, language);
      if (untold) this.mirror(bound, field, value);
      const shown = this.place.querySelector("[data-test=element-id]");
      if (shown) shown.textContent = this.processIfRoot(element).id; // it follows the name of a new step
    } finally {
      this.writing = false;
    }
  }

  /** A name is drawn, and told of, only where the base text stands as well. */
  private mirror(bound: Shape, field: Field, value: string): void {
    write(this.around.tools, bound, field, value);
    const input = this.place.querySelector<HTMLInputElement>(`[data-test="field-${field.name || field.to}"]`);
    if (input) put(input, value);
  }
}
