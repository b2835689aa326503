// The strip above a draft: how saving goes, who has the turn, how many problems there are.
import { fill, icon, make } from "./dom";
import type { Problem, Saving, State, Turn } from "./saving";
import type { Phase } from "./saving";

export type Texts = Record<string, string>;

export function one(place: HTMLElement, selector: string): HTMLElement {
  const found = place.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

export async function load<T>(address: string): Promise<T> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return (await answer.json()) as T;
}

export async function loadText(address: string): Promise<string> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.text();
}

/** Who asks what is drawn here, as the server tells it. */
export async function showUses(page: HTMLElement, address: string): Promise<void> {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (answer.ok) one(page, "[data-uses]").innerHTML = await answer.text();
}

/** What a page's own script knows of a problem: where it is, and how to go there. */
export interface Places {
  name(problem: Problem): string;
  go(problem: Problem): void;
}

export class Strip {
  constructor(
    private readonly page: HTMLElement,
    private readonly texts: Texts,
    private readonly sprite: string,
  ) {}

  phase(phase: Phase, state: State): void {
    const place = one(this.page, "[data-phase]");
    const text = this.texts[phase] ?? "";
    place.textContent = phase === "saved" ? `${text} ${state.saved}` : text;
    place.dataset["phase"] = phase;
  }

  /** Nothing more is saved from here; what was drawn can be kept as a file of this name. */
  async lost(code: "draft_held" | "draft_changed" | "gone", state: State, name: string, drawn: () => Promise<string>): Promise<void> {
    const person = code === "draft_held" ? state.held_by : state.saved_by;
    const text = code === "gone" ? (this.texts["gone"] ?? "") : fill(this.texts[code === "draft_held" ? "takenBy" : "changedBy"] ?? "", { person });
    this.notice(text, this.texts["reload"] ?? "", () => window.location.reload());
    one(this.page, "[data-phase]").textContent = "";
    const href = URL.createObjectURL(new Blob([await drawn()], { type: "application/octet-stream" }));
    one(this.page, "[data-held]").append(make("a", { class: "btn btn-sm", download: name, href, "data-test": "keep-mine" }, this.texts["keepMine"] ?? ""));
  }

  /** Somebody else is drawing: this page only looks. */
  held(saving: Saving, turn: Turn): void {
    this.page.dataset["mode"] = "look";
    const person = turn.held_by;
    const text = turn.own ? (this.texts["heldByYou"] ?? "") : `${fill(this.texts["heldBy"] ?? "", { person })} ${fill(this.texts["heldHint"] ?? "", { person })}`;
    this.notice(text, this.texts["takeOver"] ?? "", () => void saving.ask(true).then(() => window.location.reload()));
  }

  /** A sentence above the draft with one thing to do. */
  notice(text: string, act: string, run: () => void): HTMLElement {
    const notice = one(this.page, "[data-held]");
    one(notice, "[data-held-text]").textContent = text;
    const button = one(notice, "button");
    button.textContent = act;
    button.addEventListener("click", run, { once: true });
    notice.hidden = false;
    return notice;
  }

  problems(found: Problem[], places: Places): void {
    const errors = found.filter((each) => !each.warning).length;
    const told = errors > 0 ? fill(this.texts["errors"] ?? "", { n: errors }) : found.length > 0 ? fill(this.texts["warnings"] ?? "", { n: found.length }) : (this.texts["noProblems"] ?? "");
    const tone = errors > 0 ? "is-bad" : found.length > 0 ? "is-warn" : "is-ok";
    one(this.page, "[data-problem-count]").replaceChildren(make("span", { class: `dot ${tone}` }, told));
    const sorted = [...found].sort((a, b) => Number(a.warning) - Number(b.warning));
    const items = sorted.map((each) => {
      const where = places.name(each) || (each.source ? fill(this.texts["problemsElsewhere"] ?? "", { file: each.source }) : "");
      const text = make("span", {}, make("b", { class: "m" }, where), where ? " – " : "", each.text);
      const row = make("button", { class: "problem", type: "button", onclick: () => this.go(each, places) }, icon(each.warning ? "alert-triangle" : "alert-circle", this.sprite), text);
      return make("li", { class: each.warning ? "is-warn" : "is-bad", "data-test": "problem" }, row);
    });
    one(this.page, "[data-problem-list]").replaceChildren(...(items.length > 0 ? items : [make("li", { class: "t2 pad12" }, this.texts["nothingWrong"] ?? "")]));
  }

  private go(problem: Problem, places: Places): void {
    this.page.querySelector<HTMLDetailsElement>("details.menu[open]")?.removeAttribute("open");
    places.go(problem);
  }

  /** Undo and redo, and links that lead away once everything is saved. */
  tools(acts: Record<string, () => void>, leave: (address: string) => void): void {
    for (const button of this.page.querySelectorAll<HTMLElement>("[data-tool]")) button.addEventListener("click", () => acts[button.dataset["tool"] ?? ""]?.());
    this.page.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-saved-first]") : null;
      if (!link) return;
      event.preventDefault();
      leave(link.href);
    });
  }

  able(tool: string, can: boolean): void {
    this.page.querySelector(`[data-tool=${tool}]`)?.toggleAttribute("disabled", !can);
  }
}
