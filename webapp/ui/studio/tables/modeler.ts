// dmn-js as the studio uses it: in the reader's language, with the views as tabs of the page.
import "dmn-js/dist/assets/diagram-js.css";
import "dmn-js/dist/assets/dmn-js-shared.css";
import "dmn-js/dist/assets/dmn-js-drd.css";
import "dmn-js/dist/assets/dmn-js-decision-table.css";
import "dmn-js/dist/assets/dmn-js-decision-table-controls.css";
import "dmn-js/dist/assets/dmn-js-literal-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression-controls.css";
import "dmn-js/dist/assets/dmn-font/css/dmn.css";
import "./tables.css";
import DmnModeler from "dmn-js/lib/Modeler";
import DmnViewer from "dmn-js/lib/NavigatedViewer";
import { nameResults } from "../results";
import { ENGLISH } from "./english";
import { translateRest } from "./rest";

/** An element of the file as dmn-moddle reads it. */
export interface Part {
  $type: string;
  $parent?: Part;
  $model?: Model;
  $children?: Part[];
  id?: string;
  name?: string;
  label?: string;
  value?: string;
  description?: string;
  text?: string | { text?: string };
  values?: Part[];
  drgElement?: Part[];
  decisionLogic?: Part;
  extensionElements?: Part | undefined;
  input?: Part[];
  output?: Part[];
  annotation?: Part[];
  rule?: Part[];
  inputExpression?: Part;
  inputValues?: Part;
  outputValues?: Part;
  inputEntry?: Part[];
  outputEntry?: Part[];
  annotationEntry?: Part[];
}

export interface Model {
  create(type: string, values: Record<string, unknown>): Part;
  createAny(type: string, namespace: string, values: Record<string, unknown>): Part;
}

export interface View {
  id?: string;
  name?: string;
  type: string;
  element: Part;
}

export interface Stack {
  canUndo(): boolean;
  canRedo(): boolean;
  undo(): void;
  redo(): void;
}

export interface Viewer {
  get<T>(name: string, strict?: boolean): T;
  on(event: string, heard: (event: never) => void): void;
}

export interface Tables {
  importXML(xml: string): Promise<{ warnings: unknown[] }>;
  saveXML(options: { format: boolean }): Promise<{ xml: string }>;
  getViews(): View[];
  getActiveView(): View | undefined;
  getActiveViewer(): Viewer | undefined;
  getDefinitions(): Part;
  open(view: View): Promise<unknown>;
  on(event: string, heard: (event: never) => void): void;
  destroy(): void;
}

// in a cell of words the editor would offer "month of year(date)" for "mon", and Enter would take it
const NO_FUNCTIONS = { builtins: [] };

export async function createTables(container: HTMLElement, language: string, draws: boolean): Promise<Tables> {
  const words = language === "ru" ? (await import("./russian")).RUSSIAN : ENGLISH;
  const translate = (template: string, values: Record<string, string> = {}): string =>
    (words[template] ?? template).replace(/\{\s*([^}\s]+)\s*\}/g, (whole, name: string) => values[name] ?? whole);
  translateRest(translate);
  nameResults(translate);
  const drawn = { additionalModules: [{ translate: ["value", translate] }] };
  const options = { container, drd: drawn, decisionTable: { ...drawn, feelLanguageContext: NO_FUNCTIONS }, literalExpression: drawn, boxedExpression: drawn };
  const Maker = (draws ? DmnModeler : DmnViewer) as unknown as new (options: unknown) => Tables;
  return new Maker(options);
}

export const stackOf = (tables: Tables): Stack | undefined => tables.getActiveViewer()?.get<Stack>("commandStack", false);

/** Change properties of an element so that it can be undone; only what belongs to the open view can be. */
export function change(tables: Tables, part: Part, properties: Record<string, unknown>): void {
  const modeling = tables.getActiveViewer()?.get<{ updateProperties(part: Part, properties: Record<string, unknown>): void }>("modeling", false);
  modeling?.updateProperties(part, properties);
}
