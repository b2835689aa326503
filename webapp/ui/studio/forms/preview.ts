// How the form will look: drawn by the server with the templates of the case page, and alive as there.
import { startIslands } from "../../base/islands";
import { currentValues, fields, isBox } from "../../forms/fields";
import { postForText } from "../asking";
import { make } from "../dom";

const PAUSE = 350; // ms without a change

export class Preview {
  private timer = 0;
  private asked = 0;
  private revealed = "";
  private tried = false; // somebody has filled something in
  private language: string;

  constructor(
    private readonly place: HTMLElement,
    private readonly address: string,
    language: string,
    private readonly lost: string,
    private readonly text: () => string,
    private readonly choose: (key: string) => void,
  ) {
    this.language = language;
    place.addEventListener("click", (event) => {
      const part = (event.target as HTMLElement).closest<HTMLElement>("[data-field]");
      if (part?.dataset["field"]) this.choose(part.dataset["field"].split(".").pop() ?? "");
    });
    place.addEventListener("input", (event) => (this.tried ||= event.isTrusted));
    place.addEventListener("submit", (event) => event.preventDefault());
  }

  speak(language: string): void {
    this.language = language;
    void this.draw();
  }

  soon(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.draw(), PAUSE);
  }

  /** The field that is chosen on the canvas comes into sight here. */
  reveal(key: string): void {
    const part = this.place.querySelector(`[data-field="${CSS.escape(key)}"], [data-field$=".${CSS.escape(key)}"]`);
    for (const each of this.place.querySelectorAll(".is-chosen")) each.classList.toggle("is-chosen", false);
    part?.classList.add("is-chosen");
    part?.scrollIntoView({ block: "nearest" });
    this.revealed = key;
  }

  /** What was tried out in the form stays while the form changes. */
  private fillIn(typed: Record<string, string[]>): void {
    const form = this.place.querySelector("form");
    if (!form || Object.keys(typed).length === 0) return;
    for (const field of fields(form)) {
      const kept = typed[field.name];
      if (!kept || field.dataset["type"] === "file") continue;
      if (isBox(field)) field.checked = kept.includes(field.value);
      else if (kept[0] !== undefined) field.value = kept[0];
    }
    form.dispatchEvent(new Event("input"));
  }

  async draw(): Promise<void> {
    const number = (this.asked += 1);
    const html = await postForText(`${this.address}/preview`, { body: this.text(), language: this.language });
    if (number !== this.asked) return;
    if (html === undefined) {
      this.place.replaceChildren(make("p", { class: "t2 sm" }, this.lost));
      return;
    }
    const shown = this.place.querySelector("form");
    const typed = this.tried && shown ? currentValues(shown) : {};
    const template = document.createElement("template");
    template.innerHTML = html;
    this.place.replaceChildren(template.content);
    await startIslands(this.place);
    this.fillIn(typed);
    this.place.dataset["drawn"] = String(number);
    if (this.revealed) this.reveal(this.revealed);
  }
}
