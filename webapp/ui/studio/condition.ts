// A condition as rows "answer – comparison – value", and the FEEL behind it. What does not fit the rows stays an
// expression: parse() answers undefined for it.
export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "empty" | "filled" | "yes" | "no" | "reached" | "notReached";

export interface Row {
  path: string; // of the answer, or the milestone
  operator: Operator;
  value: Value;
}

export type Value = { kind: "text" | "number" | "date"; text: string } | undefined;

export interface Condition {
  all: boolean; // else one of the rows is enough
  rows: Row[];
}

const PATH = String.raw`[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*`;
const COMPARED = new RegExp(String.raw`^(${PATH})\s*(=|!=|<=|>=|<|>)\s*(.+)$`, "s");
const BARE = new RegExp(`^${PATH}$`);
const NOT = new RegExp(String.raw`^not\s*\(\s*(${PATH})\s*\)$`);
const REACHED = /^reached\s*\(\s*"([^"]*)"\s*\)$/;
const NOT_REACHED = /^not\s*\(\s*reached\s*\(\s*"([^"]*)"\s*\)\s*\)$/;
const WORDS = new Set(["true", "false", "null"]);

/** `feel`: with or without the leading "=". */
export function parse(feel: string): Condition | undefined {
  const text = feel.trim().replace(/^=/, "").trim();
  if (!text) return { all: true, rows: [] };
  const ands = split(text, "and");
  const ors = split(text, "or");
  if (!ands || !ors || (ands.length > 1 && ors.length > 1)) return undefined;
  const parts = ors.length > 1 ? ors : ands;
  const rows = parts.map(row);
  return rows.every((each): each is Row => each !== undefined) ? { all: ors.length <= 1, rows } : undefined;
}

/** The FEEL of a condition with the leading "="; empty for no rows. */
export function write(condition: Condition): string {
  const parts = condition.rows.map(feel);
  return parts.length > 0 ? `=${parts.join(condition.all ? " and " : " or ")}` : "";
}

function feel(row: Row): string {
  switch (row.operator) {
    case "empty":
      return `${row.path} = null`;
    case "filled":
      return `${row.path} != null`;
    case "yes":
      return `${row.path} = true`;
    case "no":
      return `not(${row.path} = true)`;
    case "reached":
      return `reached("${row.path}")`;
    case "notReached":
      return `not(reached("${row.path}"))`;
    default:
      return `${row.path} ${row.operator} ${literal(row.value)}`;
  }
}

function literal(value: Value): string {
  if (!value) return "null";
  if (value.kind === "number") return value.text.replace(",", ".");
  if (value.kind === "date") return `date("${value.text}")`;
  return JSON.stringify(value.text);
}

function row(part: string): Row | undefined {
  const text = part.trim();
  const reached = REACHED.exec(text)?.[1];
  if (reached !== undefined) return { path: reached, operator: "reached", value: undefined };
  const notReached = NOT_REACHED.exec(text)?.[1];
  if (notReached !== undefined) return { path: notReached, operator: "notReached", value: undefined };
  if (BARE.test(text) && !WORDS.has(text)) return { path: text, operator: "yes", value: undefined };
  const negated = NOT.exec(text)?.[1] ?? new RegExp(String.raw`^not\s*\(\s*(${PATH})\s*=\s*true\s*\)$`).exec(text)?.[1];
  if (negated !== undefined) return { path: negated, operator: "no", value: undefined };
  const [, path, operator, right] = COMPARED.exec(text) ?? [];
  if (!path || !operator || right === undefined) return undefined;
  const given = right.trim();
  if (given === "null") return operator === "=" || operator === "!=" ? { path, operator: operator === "=" ? "empty" : "filled", value: undefined } : undefined;
  if (given === "true" && operator === "=") return { path, operator: "yes", value: undefined };
  const value = read(given);
  return value ? { path, operator: operator as Operator, value } : undefined;
}

function read(text: string): Value {
  if (/^-?\d+(\.\d+)?$/.test(text)) return { kind: "number", text };
  const day = /^date\s*\(\s*"(\d{4}-\d{2}-\d{2})"\s*\)$/.exec(text)?.[1];
  if (day) return { kind: "date", text: day };
  if (/^"(?:[^"\\]|\\.)*"$/.test(text)) {
    try {
      return { kind: "text", text: JSON.parse(text) as string };
    } catch {
      return undefined;
    }
  }
  return undefined;
}

/** The parts between this word, outside brackets and quotes; undefined where brackets do not close. */
function split(text: string, word: "and" | "or"): string[] | undefined {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? "";
    if (quoted) {
      if (sign === "\\") at++;
      else if (sign === '"') quoted = false;
    } else if (sign === '"') quoted = true;
    else if ("([{".includes(sign)) depth++;
    else if (")]}".includes(sign)) depth--;
    else if (depth === 0 && /\s/.test(text[at - 1] ?? "") && text.startsWith(word, at) && /[\s(]/.test(text[at + word.length] ?? "")) {
      parts.push(text.slice(from, at));
      from = at + word.length;
      at = from - 1;
    }
  }
  if (depth !== 0 || quoted) return undefined;
  parts.push(text.slice(from));
  return parts.some((part) => part.trim() === "") ? undefined : parts;
}
