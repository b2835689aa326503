// What is wrong, at the elements and in one list.
import { icon, make } from "./dom";
import { kindOf } from "./kinds";
import type { Modeler } from "./modeler";
import type { Shape } from "./moddle";
import type { Problem } from "./saving";
import type { Strip } from "./strip";
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
    private readonly strip: Strip,
    private readonly sprite: string,
    private readonly language: string,
    private readonly texts: Record<string, string>,
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
    this.strip.problems(all, { name: (each) => (each.element ? this.nameOf(each.element, each.where) : ""), go: (each) => each.element && this.choose(each.element) });
    this.shown();
  }

  /** Its title as it stands now; without one what the server calls it, or its kind. */
  private nameOf(id: string, where = ""): string {
    const element = this.modeler.registry().get(id);
    if (!element) return where;
    return inLanguage(element.businessObject, this.language) || where || (this.texts[`kind.${kindOf(element)}`] ?? "");
  }

  private choose(id: string): void {
    const element = this.modeler.registry().get(id);
    this.modeler.selection().select(element ?? []); // the process of a pool: nothing chosen shows it
    if (!element || element === this.modeler.canvas().getRootElement()) return;
    this.modeler.canvas().scrollToElement(id);
  }
}
