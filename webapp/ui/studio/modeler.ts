// bpmn-js as the studio uses it: the palette of our own kinds of step, fewer kinds to change to, a minimap, our fonts.
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn.css";
import "diagram-js-minimap/assets/diagram-js-minimap.css";
import BpmnModeler from "bpmn-js/lib/Modeler";
import minimap from "diagram-js-minimap";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";
import type { Moddle, Modeling, Shape } from "./moddle";
import { kindsModule } from "./palette";

export interface Canvas {
  addMarker(id: string, marker: string): void;
  removeMarker(id: string, marker: string): void;
  getRootElement(): Shape;
  resized(): void;
  scrollToElement(id: string): void;
  viewbox(box?: { x: number; y: number; width: number; height: number }): { inner: { x: number; y: number; width: number; height: number } };
  zoom(level?: number | "fit-viewport", center?: "auto"): number;
}

export interface Registry {
  get(id: string): Shape | undefined;
  getAll(): Shape[];
}

export interface Overlays {
  add(id: string, type: string, overlay: { position: Record<string, number>; html: HTMLElement }): string;
  remove(filter: { type: string }): void;
}

export interface Stack {
  canUndo(): boolean;
  canRedo(): boolean;
  undo(): void;
  redo(): void;
  execute(command: string, context: unknown): void;
}

export interface Selection {
  select(elements: Shape | Shape[]): void;
  get(): Shape[];
}

export class Modeler extends BpmnModeler {
  canvas = (): Canvas => this.get<Canvas>("canvas");
  registry = (): Registry => this.get<Registry>("elementRegistry");
  overlays = (): Overlays => this.get<Overlays>("overlays");
  stack = (): Stack => this.get<Stack>("commandStack");
  selection = (): Selection => this.get<Selection>("selection");
  modeling = (): Modeling => this.get<Modeling>("modeling");
  moddle = (): Moddle => this.get<Moddle>("moddle");
}

/** `texts`: our own words; `language`: whose words bpmn-js gets for the rest. */
export async function createModeler(container: HTMLElement, texts: Record<string, string>, language: string): Promise<Modeler> {
  await document.fonts.load('500 12px "Inter Variable"'); // shapes are measured with their font
  const words = language === "ru" ? ((await import("bpmn-js-i18n/translations/ru")).default as Record<string, string>) : {};
  const css = getComputedStyle(document.body);
  const token = (name: string): string => css.getPropertyValue(name).trim();
  const translate = (template: string, values: Record<string, string> = {}): string =>
    (words[template] ?? template).replace(/\{([^}]+)\}/g, (whole, name: string) => values[name] ?? whole);
  return new Modeler({
    container,
    keyboard: { bindTo: document },
    moddleExtensions: { zeebe },
    bpmnRenderer: { defaultFillColor: token("--surface"), defaultStrokeColor: token("--ink-2"), defaultLabelColor: token("--ink") },
    textRenderer: { defaultStyle: { fontFamily: "Inter Variable", fontSize: 12 }, externalStyle: { fontSize: 12 } },
    additionalModules: [minimap, kindsModule(texts), { translate: ["value", translate] }],
  });
}

/** The whole drawing, or what can be read of it. */
export function fit(canvas: Canvas): void {
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() > 1) canvas.zoom(1, "auto");
}
