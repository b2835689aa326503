// Whoever writes a plain word into a column of texts means that text: it gets its quotation marks when the cell is left.
// Numbers are written as people write them, 2 000 000 and 2,5; the file has them as FEEL reads them.
import type { Part, Tables, Viewer } from "./modeler";
import { expressionOf } from "./places";

interface Editing {
  editCell(cell: Part, text: string): void;
}

const WORDS = /^[\p{L}\p{N}][\p{L}\p{N} _.%№/–-]*$/u;
const NUMBER = /^[\d., ]+$/;
const MEANS_MORE = new Set(["null", "true", "false"]);

let chosen: string | undefined; // id of the cell that is being written

/** Listens to a viewer of tables; the cell that is left is looked at. */
export function quoteWhenLeft(tables: Tables, viewer: Viewer): void {
  viewer.on("selection.changed", (({ selection }: { selection?: { id?: string } | null }) => {
    const left = chosen;
    chosen = selection?.id;
    if (left && left !== chosen) window.setTimeout(() => quote(tables, left));
  }) as never);
}

/** Also when something beside the table is clicked: dmn-js takes its cell for chosen then. */
export function quoteWhenOutside(tables: Tables, container: HTMLElement): void {
  container.addEventListener("focusout", ({ relatedTarget }) => {
    const left = chosen;
    if (!left || !document.hasFocus() || container.contains(relatedTarget as Node | null)) return;
    window.setTimeout(() => quote(tables, left));
  });
}

/** The cell that is still open when the page is left. */
export function quoteOpen(tables: Tables): void {
  (document.activeElement as HTMLElement | null)?.blur();
  if (chosen) quote(tables, chosen);
}

function quote(tables: Tables, id: string): void {
  const found = cellOf(tables, id);
  const modeling = tables.getActiveViewer()?.get<Editing>("modeling", false);
  if (!found || !modeling?.editCell) return;
  const { cell, texts, numbers, several } = found;
  const text = typeof cell.text === "string" ? cell.text : (cell.text?.text ?? "");
  const quoted = texts ? quotedText(text, several, names(tables)) : numbers ? plainNumbers(text, several) : text;
  if (quoted !== text) modeling.editCell(cell, quoted);
}

/** `several`: commas separate texts, as in an input; else the whole is one text. Names of the file stay names. */
export function quotedText(text: string, several: boolean, known: Set<string>): string {
  const parts = several ? text.split(",").map((each) => each.trim()) : [text.trim()];
  const bare = (each: string): boolean => WORDS.test(each) && !NUMBER.test(each) && !MEANS_MORE.has(each) && !known.has(each);
  const done = (each: string): boolean => each.startsWith('"') && each.endsWith('"') && each.length > 1;
  if (!parts.some(bare) || !parts.every((each) => bare(each) || done(each))) return text;
  return parts.map((each) => (bare(each) ? `"${each}"` : each)).join(", ");
}

/** `several`: a comma separates numbers, as in an input; else it begins the decimals. */
export function plainNumbers(text: string, several: boolean): string {
  const joined = text.replace(/(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))/g, "");
  return several ? joined : joined.replace(/^(\s*-?\d+),(\d+\s*)$/, "$1.$2");
}

function names(tables: Tables): Set<string> {
  const drawn = tables.getDefinitions().drgElement ?? [];
  return new Set(drawn.flatMap((each) => (each.name ? [each.name] : [])));
}

function cellOf(tables: Tables, id: string): { cell: Part; texts: boolean; numbers: boolean; several: boolean } | undefined {
  const table = tables.getActiveView()?.element.decisionLogic;
  for (const rule of table?.rule ?? []) {
    const asked = (rule.inputEntry ?? []).findIndex((each) => each.id === id);
    const column = table?.input?.[asked];
    if (column) return { cell: rule.inputEntry?.[asked] as Part, texts: isOf("string", column.inputExpression) && expressionOf(column) !== "", numbers: isOf("number", column.inputExpression), several: true };
    const said = (rule.outputEntry ?? []).findIndex((each) => each.id === id);
    const output = table?.output?.[said];
    if (output) return { cell: rule.outputEntry?.[said] as Part, texts: isOf("string", output), numbers: isOf("number", output), several: false };
  }
  return undefined;
}

const isOf = (type: string, typed: Part | undefined): boolean => (typed as { typeRef?: string } | undefined)?.typeRef === type;
