// What is shown and what is computed while one types. The server does the same and decides (form_values/working_out.py):
// what is hidden counts as not answered, a row's own fields come before those of the form.
import { evaluate } from "@bpmn-io/feelin";
import { answersOf, fields, keyOf, type Cells, type Field } from "./fields";
import { isUntouched } from "./rows";

const ROUNDS = 12;

interface Row {
  part: HTMLElement;
  cells: Cells;
  touched: boolean;
}

export function workOut(form: HTMLFormElement, context: Cells): void {
  const parts = [...form.querySelectorAll<HTMLElement>("[data-hide-if]")];
  const outputs = [...form.querySelectorAll<HTMLOutputElement>("output[data-formula]")];
  const computed = new Map<HTMLOutputElement, unknown>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = JSON.stringify([...computed.values()]);
    const { outer, rows } = compute(form, context, outputs, computed);
    let changed = JSON.stringify([...computed.values()]) !== before;
    for (const part of parts) {
      const row = rows.find((each) => each.part.contains(part));
      const hide = value(part.dataset["hideIf"] ?? "", { ...context, ...outer, ...row?.cells }) === true;
      if (part.hidden === hide) continue;
      part.hidden = hide;
      changed = true;
    }
    // a field is asked when no part around it is hidden
    for (const field of parts.flatMap((part) => [...part.querySelectorAll<Field>("input, textarea, select")])) field.disabled = field.closest("[data-hide-if][hidden]") !== null;
    if (!changed) break;
  }
  for (const output of outputs) output.value = inWords(computed.get(output), output.dataset);
}

function compute(form: HTMLFormElement, context: Cells, outputs: HTMLOutputElement[], computed: Map<HTMLOutputElement, unknown>): { outer: Cells; rows: Row[] } {
  const all = fields(form);
  const outer = answersOf(all.filter((each) => !each.closest("[data-row]")));
  for (const output of outputs) if (!output.closest("[data-row]")) outer[keyOf(output.dataset["key"] ?? "")] = seen(output, computed);
  const rows: Row[] = [];
  for (const list of form.querySelectorAll<HTMLElement>("[data-list]")) {
    const key = list.dataset["list"] ?? "";
    const own: Row[] = [...list.querySelectorAll<HTMLElement>("[data-row]")].map((part) => ({ part, cells: answersOf(fields(part)), touched: !isUntouched(list, part) }));
    outer[key] = own.filter((row) => row.touched && !list.closest("[hidden]")).map((row) => row.cells);
    rows.push(...own);
    for (const row of own) {
      for (const output of outputs.filter((each) => row.part.contains(each))) {
        computed.set(output, row.touched ? fit(value(output.dataset["formula"] ?? "", { ...context, ...outer, ...row.cells }), output.dataset) : null);
        row.cells[keyOf(output.dataset["key"] ?? "")] = seen(output, computed);
      }
    }
  }
  for (const output of outputs) {
    if (output.closest("[data-row]")) continue;
    computed.set(output, fit(value(output.dataset["formula"] ?? "", { ...context, ...outer }), output.dataset));
    outer[keyOf(output.dataset["key"] ?? "")] = seen(output, computed);
  }
  return { outer, rows };
}

const seen = (output: HTMLOutputElement, computed: Map<HTMLOutputElement, unknown>): unknown => (output.closest("[hidden]") ? null : (computed.get(output) ?? null));

function value(expression: string, context: Cells): unknown {
  try {
    return evaluate(expression.replace(/^=/, ""), context).value as unknown;
  } catch {
    return null; // the server decides again: a field too many is better than one too few
  }
}

function places(data: DOMStringMap): number | undefined {
  if (data["decimals"] !== undefined) return Number(data["decimals"]);
  return data["unit"] === "money" ? 2 : undefined;
}

// The value as the kind of the field wants it, or nothing.
function fit(found: unknown, data: DOMStringMap): unknown {
  const unit = data["unit"] ?? "";
  if (typeof found === "string") return unit === "" || unit === "text" ? found : null;
  if (typeof found === "boolean") return unit === "" ? found : null;
  if (typeof found !== "number" || !Number.isFinite(found) || unit === "text" || Math.abs(found) > 1e15) return null;
  const digits = places(data);
  return digits === undefined ? found : Math.sign(found) * Number(`${Math.round(Number(`${Math.abs(found)}e${digits}`))}e-${digits}`);
}

function inWords(found: unknown, data: DOMStringMap): string {
  if (found === null || found === undefined) return "–";
  if (typeof found === "boolean") return found ? "✓" : "✗";
  if (typeof found !== "number") return String(found as string);
  const language = document.documentElement.lang || "ru";
  const whole = Number.isInteger(found);
  const digits = places(data) ?? 8;
  const least = data["unit"] === "money" ? (whole ? 0 : 2) : (data["decimals"] === undefined ? 0 : digits);
  const text = new Intl.NumberFormat(language, { minimumFractionDigits: least, maximumFractionDigits: digits }).format(found).replace("-", "\u2212");
  return data["unit"] === "money" ? `${text}\u00a0₽` : text;
}
