// bpmn-js as the studio uses it: the palette of our own kinds of step, fewer kinds to change to, a minimap, our fonts.
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn.css";
import "diagram-js-minimap/assets/diagram-js-minimap.css";
import BpmnModeler from "bpmn-js/lib/Modeler";
import minimap from "diagram-js-minimap";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";
import { namedIds } from "./ids";
import { missing } from "./keeping";
import { listingModule } from "./listing";
import type { Bo, Moddle, Modeling, Shape } from "./moddle";
import { kindsModule } from "./palette";
import { nameResults } from "./results";
import { wordingModule } from "./wording";

export interface Canvas {
  addMarker(id: string, marker: string): void;
  removeMarker(id: string, marker: string): void;
  getRootElement(): Shape;
  getRootElements(): Shape[];
  resized(): void;
  scrollToElement(id: string): void;
  viewbox(box?: { x: number; y: number; width: number; height: number }): { inner: { x: number; y: number; width: number; height: number }; outer: { width: number; height: number } };
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
    (texts[`bpmn.${template}`] ?? words[template] ?? template).replace(/\{([^}]+)\}/g, (whole, name: string) => values[name] ?? whole);
  nameResults(translate);
  const modeler = new Modeler({
    container,
    moddleExtensions: { zeebe },
    bpmnRenderer: { defaultFillColor: token("--surface"), defaultStrokeColor: token("--ink-2"), defaultLabelColor: token("--ink") },
    textRenderer: { defaultStyle: { fontFamily: "Inter Variable", fontSize: 12 }, externalStyle: { fontSize: 12 } },
    additionalModules: [minimap, kindsModule(texts), wordingModule(language), namedIds, listingModule, { translate: ["value", translate] }],
  });
  writeEnvelopes(modeler);
  return modeler;
}

/** Which message a line shows is no default in BPMN: without this it would not be written again. */
function writeEnvelopes(modeler: Modeler): void {
  const kind = modeler.moddle().getType("bpmndi:BPMNEdge").$descriptor.propertiesByName["bpmndi:messageVisibleKind"];
  if (kind) delete kind.default;
}

/** What bpmn-js has passed over without a word: it would be gone from the file with the first change. */
export async function passedOver(modeler: Modeler, text: string): Promise<string[]> {
  const shapes = undrawn(modeler);
  if (shapes.length > 0) return shapes;
  try {
    return missing(text, (await modeler.saveXML({ format: false })).xml ?? "", (...asked) => isDefault(modeler.moddle(), ...asked));
  } catch (error) {
    return [(error as Error).message];
  }
}

/** Is it what BPMN says anyway where nothing is said? Such attributes are not written. */
function isDefault(moddle: Moddle, element: string, attribute: string, value: string): boolean {
  const type = element.charAt(0).toUpperCase() + element.slice(1);
  const known = PACKAGES.map((prefix) => moddle.registry.typeMap[`${prefix}:${type}`]).find(Boolean);
  const { propertiesByName } = known ? moddle.getType(known.name).$descriptor : { propertiesByName: {} };
  return Object.entries(propertiesByName).some(([name, each]) => name.endsWith(`:${attribute}`) && String(each?.default) === value);
}

/** Shapes and lines of the file that are not drawn: saving writes only what is. */
function undrawn(modeler: Modeler): string[] {
  const drawn = new Set(modeler.registry().getAll().map((each) => each.di));
  const planned = modeler.canvas().getRootElements().flatMap((root) => (root.di?.["planeElement"] ?? []) as Bo[]);
  const called = (each: Bo): string => (each["bpmnElement"] as Bo | undefined)?.name || ((each["bpmnElement"] as Bo | undefined)?.id ?? each.id);
  return planned.filter((each) => !drawn.has(each)).map((each) => `not drawn <${called(each)}>`);
}

/** The whole drawing. */
export function fit(canvas: Canvas): void {
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() > 1) canvas.zoom(1, "auto");
}

const PACKAGES = ["bpmn", "bpmndi", "dc", "di"]; // of the elements whose attributes have a meaning when they are not there
const LEGIBLE = 0.55; // below it names cannot be read
const READING = 0.8;
const LEFT = 88; // px for the palette
const TOP = 96;

/** In the middle, large enough to be read. */
export function bringIntoSight(canvas: Canvas, element: Shape): void {
  if (canvas.zoom() < LEGIBLE) canvas.zoom(READING);
  const { inner: _whole, ...seen } = canvas.viewbox();
  const { width, height } = seen as unknown as { width: number; height: number };
  canvas.viewbox({ x: element.x + element.width / 2 - width / 2, y: element.y + element.height / 2 - height / 2, width, height });
}

/** The whole drawing if it can be read, else where it begins. */
export function begin(canvas: Canvas, registry: Registry): void {
  fit(canvas);
  if (canvas.zoom() >= LEGIBLE) return;
  const starts = registry.getAll().filter((each) => each.type === "bpmn:StartEvent" && each.parent === canvas.getRootElement());
  const first = starts.sort((a, b) => a.x - b.x)[0];
  if (!first) return;
  const { outer } = canvas.viewbox();
  const left = Math.min(first.x, registry.get(`${first.id}_label`)?.x ?? first.x); // its name is wider than itself
  canvas.viewbox({ x: left - LEFT / READING, y: first.y - Math.max(TOP, outer.height / 3) / READING, width: outer.width / READING, height: outer.height / READING });
}
