// form-js's editor as the studio uses it: our own palette and panel, fields drawn by our own components in the reader's
// language, nothing of form-js's English left.
import "@bpmn-io/form-js-editor/dist/assets/form-js-editor-base.css";
import "@bpmn-io/form-js-editor/dist/assets/dragula.css";
import "./forms.css";
import { FormEditor } from "@bpmn-io/form-js-editor";
import { drawnModule } from "./drawn";
import type { Texts } from "../strip";

export interface Field {
  id: string;
  type: string;
  key?: string;
  path?: string;
  label?: string;
  dateLabel?: string;
  description?: string;
  text?: string;
  expression?: string;
  name?: string;
  components?: Field[];
  values?: Record<string, unknown>[];
  properties?: Record<string, unknown>;
  validate?: Record<string, unknown>;
  appearance?: Record<string, unknown>;
  conditional?: { hide?: string };
  layout?: { row?: string; columns?: number | null };
  subtype?: string;
  [name: string]: unknown;
}

export interface Stack {
  canUndo(): boolean;
  canRedo(): boolean;
  undo(): void;
  redo(): void;
}

interface Row {
  id: string;
}

interface Modeling {
  addFormField(values: Partial<Field>, parent: Field, at: number): Field;
  editFormField(field: Field, values: Record<string, unknown>): void;
  removeFormField(field: Field, parent: Field, at: number): void;
  moveFormField(field: Field, from: Field, to: Field, fromAt: number, toAt: number, fromRow: Row | undefined, toRow: Row | undefined): void;
}

interface Services {
  commandStack: Stack;
  modeling: Modeling;
  selection: { get(): Field | null; set(field: Field | null): void; clear(): void };
  palette: { attachTo(place: HTMLElement): void };
  formFieldRegistry: { get(id: string): Field | undefined; getAll(): Field[] };
}

export class Forms {
  private readonly editor: FormEditor;
  private readonly repeated = new Map<string, string>(); // id on the canvas -> id in the file

  constructor(container: HTMLElement, texts: Texts, language: string, lists: ReadonlyMap<string, string>) {
    const noPanel = { registerProvider: () => undefined, attachTo: () => undefined };
    const modules = [drawnModule(texts, language, lists), { propertiesPanel: ["value", noPanel], propertiesProvider: ["value", null] }];
    const options = { container, propertiesPanel: { parent: document.createElement("div") }, additionalModules: modules };
    this.editor = new FormEditor(options as unknown as ConstructorParameters<typeof FormEditor>[0]);
    this.get("palette").attachTo(document.createElement("div")); // ours stands on the page
  }

  get<K extends keyof Services>(name: K): Services[K] {
    return (this.editor as unknown as { get(name: string): unknown }).get(name) as Services[K];
  }

  on(event: string, heard: (event: never) => void): void {
    (this.editor as unknown as { on(event: string, heard: unknown): void }).on(event, heard);
  }

  async open(text: string): Promise<{ warnings?: unknown[] }> {
    const schema = JSON.parse(text) as Field;
    this.tellApart(schema);
    return this.editor.importSchema(schema as never);
  }

  /** form-js wants every id once; a file may repeat one in a list. The file keeps its own. */
  private tellApart(schema: Field): void {
    const seen = new Set<string>([schema.id]);
    for (const field of all(schema)) {
      if (!field.id || !seen.has(field.id)) {
        if (field.id) seen.add(field.id);
        continue;
      }
      let number = 2;
      while (seen.has(`${field.id}__${number}`)) number += 1;
      const other = `${field.id}__${number}`;
      this.repeated.set(other, field.id);
      seen.add(other);
      field.id = other;
    }
  }

  root(): Field {
    return (this.editor as unknown as { _getState(): { schema: Field } })._getState().schema;
  }

  text(): string {
    const schema = this.editor.saveSchema() as unknown as Field;
    for (const field of all(schema)) field.id = this.repeated.get(field.id) ?? field.id;
    return `${JSON.stringify(schema, null, 2)}\n`;
  }

  /** The chosen field; none while the form itself is shown. */
  chosen(): Field | undefined {
    const found = this.get("selection").get();
    return found && found.type !== "default" ? found : undefined;
  }

  /** The field that a key or path names, also in groups and rows. */
  named(key: string): Field | undefined {
    return all(this.root()).find((each) => each.key === key || each.path === key);
  }

  /** Names of the other answers that stand in the same form or in the same rows. */
  takenBeside(field: Field): Set<string> {
    const rows = this.rowsOf(field);
    const beside = all(this.root()).filter((each) => each !== field && this.rowsOf(each) === rows);
    return new Set(beside.flatMap((each) => [each.key, each.path]).filter((name): name is string => name !== undefined));
  }

  /** The list in whose rows it stands. */
  private rowsOf(field: Field): Field | undefined {
    let parent = this.parentOf(field);
    while (parent && parent.type !== "dynamiclist") parent = this.parentOf(parent);
    return parent;
  }

  parentOf(field: Field): Field | undefined {
    const id = field["_parent"];
    return typeof id === "string" ? this.get("formFieldRegistry").get(id) : undefined;
  }
}

export function all(holder: Field): Field[] {
  return (holder.components ?? []).flatMap((each) => [each, ...all(each)]);
}
