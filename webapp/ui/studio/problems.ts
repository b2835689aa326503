// What is wrong, at the elements and in one list.
import { fill, icon, make } from "./dom";
import type { Modeler } from "./modeler";
import type { Shape } from "./moddle";
import type { Problem } from "./saving";
import { inLanguage } from "./wording";

const TYPE = "problem";

/** At the right upper corner; on a way in its middle. */
function placeOf(element: Shape | undefined): Record<string, number> {
  const points = element?.waypoints;
  if (!points) return { top: -10, right: 14 };
  const at = Math.floor((points.length - 1) / 2);
  const [from, to] = [points[at], points[at + 1]];
  if (!from || !to) return { top: -10, right: 14 };
  const left = Math.min(...points.map((each) => each.x));
  const top = Math.min(...points.map((each) => each.y));
  return { left: (from.x + to.x) / 2 - left - 10, top: (from.y + to.y) / 2 - top - 10 };
}

export class Problems {
  private server: Problem[] = [];
  private drawing: Problem[] = [];

  constructor(
    private readonly modeler: Modeler,
    private readonly page: HTMLElement,
    private readonly texts: Record<string, string>,
    private readonly sprite: string,
    private readonly language: string,
    private readonly shown: () => void,
  ) {}

  fromServer(found: Problem[]): void {
    this.server = found;
    this.draw();
  }

  fromDrawing(found: Problem[]): void {
    this.drawing = found;
    this.draw();
  }

  of(id: string): Problem[] {
    return this.all().filter((each) => each.element === id);
  }

  private all(): Problem[] {
    const known = new Set(this.server.map((each) => each.element));
    return [...this.server, ...this.drawing.filter((each) => each.code !== "no-disconnected" || !known.has(each.element))];
  }

  private draw(): void {
    const all = this.all();
    const overlays = this.modeler.overlays();
    const registry = this.modeler.registry();
    overlays.remove({ type: TYPE });
    for (const id of new Set(all.map((each) => each.element))) {
      if (!id || !registry.get(id) || registry.get(id) === this.modeler.canvas().getRootElement()) continue;
      const own = this.of(id);
      const bad = own.some((each) => !each.warning);
      const mark = make("button", { class: bad ? "mark is-bad" : "mark is-warn", type: "button", title: own.map((each) => each.text).join("\n"), "data-test": `mark-${id}`, onclick: () => this.choose(id) }, icon(bad ? "alert-circle" : "alert-triangle", this.sprite));
      overlays.add(id, TYPE, { position: placeOf(registry.get(id)), html: mark });
    }
    this.count(all);
    this.list(all);
    this.shown();
  }

  private count(all: Problem[]): void {
    const button = this.page.querySelector<HTMLElement>("[data-problem-count]");
    if (!button) return;
    const errors = all.filter((each) => !each.warning).length;
    const told = errors > 0 ? fill(this.texts["errors"] ?? "", { n: errors }) : all.length > 0 ? fill(this.texts["warnings"] ?? "", { n: all.length }) : (this.texts["noProblems"] ?? "");
    button.replaceChildren(make("span", { class: `dot ${errors > 0 ? "is-bad" : all.length > 0 ? "is-warn" : "is-ok"}` }, told));
  }

  private list(all: Problem[]): void {
    const place = this.page.querySelector<HTMLElement>("[data-problem-list]");
    if (!place) return;
    const sorted = [...all].sort((a, b) => Number(a.warning) - Number(b.warning));
    const items = sorted.map((each) => {
      const where = each.element ? this.nameOf(each.element) : each.source;
      const text = make("span", {}, make("b", { class: "m" }, where || ""), where ? " – " : "", each.text);
      const row = make("button", { class: "problem", type: "button", onclick: () => each.element && this.choose(each.element) }, icon(each.warning ? "alert-triangle" : "alert-circle", this.sprite), text);
      return make("li", { class: each.warning ? "is-warn" : "is-bad" }, row);
    });
    place.replaceChildren(...(items.length > 0 ? items : [make("li", { class: "t2 pad12" }, this.texts["nothingWrong"] ?? "")]));
  }

  private nameOf(id: string): string {
    const of = this.modeler.registry().get(id)?.businessObject;
    return (of && inLanguage(of, this.language)) || id;
  }

  private choose(id: string): void {
    const element = this.modeler.registry().get(id);
    if (!element) return;
    this.modeler.selection().select(element);
    this.modeler.canvas().scrollToElement(id);
    this.page.querySelector<HTMLDetailsElement>("details.menu[open]")?.removeAttribute("open");
  }
}
