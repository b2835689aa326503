// What the panel asks of each kind of field, and where the answer stands in the form's file.
import type { Field } from "./editor";

export type Path = string | [holder: string, name: string];

export interface Entry {
  label: string; // name of a text
  at: Path;
  kind: "text" | "area" | "number" | "tick" | "flag" | "choice" | "mono" | "own";
  sub?: string; // name of a text in front of the input: the language
  choices?: [value: string, text: string][];
  hint?: string;
  when?: (field: Field) => boolean;
  test?: string;
}

export interface Group {
  name: string;
  entries: Entry[];
  closed?: boolean;
}

const p = (name: string): Path => ["properties", name];
const pair = (label: string, at: Path, russian: string, kind: Entry["kind"] = "text"): Entry[] => [
  { label, at, kind, sub: "english" },
  { label: "", at: p(russian), kind, sub: "russian" },
];

const TEXT_KINDS: [string, string][] = [["", "kindPlain"], ["phone", "kindPhone"], ["email", "kindEmail"], ["vin", "kindVin"], ["plate", "kindPlate"], ["inn", "kindInn"], ["kpp", "kindKpp"], ["ogrn", "kindOgrn"], ["bic", "kindBic"]]; // prettier-ignore
const FILE_KINDS: [string, string][] = [["", "kindFile"], ["photo", "kindPhoto"], ["signature", "kindSignature"]];
const COMPUTED_KINDS: [string, string][] = [["", "none"], ["money", "kindMoney"], ["number", "kindNumber"], ["text", "kindText"], ["photo", "kindPhotos"]];

const counts = (least: string, most: string): Entry[] => [
  { label: least, at: p("min"), kind: "number" },
  { label: most, at: p("max"), kind: "number" },
];

const CHOICES: Entry[] = [
  { label: "source", at: p("source"), kind: "own" },
  { label: "choices", at: "values", kind: "own", when: (field) => !field.properties?.["source"] },
];

const ANSWERS: Record<string, Entry[]> = {
  textfield: [
    { label: "textKind", at: p("kind"), kind: "choice", choices: TEXT_KINDS },
    { label: "instruction", at: p("instruction"), kind: "flag" },
    { label: "shortest", at: ["validate", "minLength"], kind: "number" },
    { label: "longest", at: ["validate", "maxLength"], kind: "number" },
    { label: "pattern", at: ["validate", "pattern"], kind: "mono" },
  ],
  textarea: [
    { label: "instruction", at: p("instruction"), kind: "flag" },
    { label: "shortest", at: ["validate", "minLength"], kind: "number" },
    { label: "longest", at: ["validate", "maxLength"], kind: "number" },
  ],
  number: [
    { label: "least", at: ["validate", "min"], kind: "number" },
    { label: "most", at: ["validate", "max"], kind: "number" },
    { label: "decimals", at: "decimalDigits", kind: "number" },
    ...pair("unit", ["appearance", "suffixAdorner"], "suffix.ru"),
    { label: "kindRow", at: p("kind"), kind: "own" },
  ],
  datetime: [
    { label: "dateKind", at: "subtype", kind: "own" },
    { label: "coming", at: "disallowPassedDates", kind: "tick", when: (field) => field.subtype !== "time" },
  ],
  radio: CHOICES,
  select: CHOICES,
  checklist: [...CHOICES, { label: "mandatory", at: p("mandatory"), kind: "own", when: (field) => !field.properties?.["source"] }],
  taglist: [...CHOICES, { label: "mostChosen", at: p("max"), kind: "number" }],
  filepicker: [
    { label: "textKind", at: p("kind"), kind: "choice", choices: FILE_KINDS },
    { label: "many", at: "multiple", kind: "tick", when: (field) => field.properties?.["kind"] !== "signature" },
    { label: "endings", at: "accept", kind: "text", when: (field) => !["photo", "signature"].includes(String(field.properties?.["kind"])) },
    ...counts("leastFiles", "mostFiles").map((each) => ({ ...each, when: (field: Field) => Boolean(field["multiple"]) })),
  ],
  expression: [
    { label: "formula", at: "expression", kind: "mono" },
    { label: "textKind", at: p("kind"), kind: "choice", choices: COMPUTED_KINDS },
    { label: "decimals", at: p("decimals"), kind: "number" },
  ],
  dynamiclist: counts("leastRows", "mostRows"),
};

const SILENT = new Set(["text", "separator", "spacer", "group"]);

/** The groups of the panel for this field, for the form itself its name; of each pair of texts the reader's own first. */
export function groupsFor(field: Field, inRow: boolean, language: string): Group[] {
  const groups = groupsOf(field, inRow);
  return language === "ru" ? groups.map((group) => ({ ...group, entries: russianFirst(group.entries) })) : groups;
}

function russianFirst(entries: Entry[]): Entry[] {
  const turned = [...entries];
  entries.forEach((entry, at) => {
    const next = entries[at + 1];
    if (entry.sub !== "english" || next?.sub !== "russian") return;
    turned.splice(at, 2, { ...next, label: entry.label }, { ...entry, label: "" });
  });
  return turned;
}

function groupsOf(field: Field, inRow: boolean): Group[] {
  if (field.type === "default") return [{ name: "groupAsked", entries: pair("formName", "name", "name.ru") }];
  const asked: Entry[] = [];
  if (field.type === "text") asked.push(...pair("content", "text", "text.ru", "area"));
  else if (field.type === "expression") asked.push(...pair("label", p("label"), "label.ru"));
  else if (field.type !== "separator" && field.type !== "spacer") asked.push(...pair("label", "label", "label.ru"));
  if (!SILENT.has(field.type) && field.type !== "dynamiclist" && field.type !== "expression") asked.push(...pair("hint", "description", "description.ru"));
  const rules: Entry[] = [];
  const answers = !SILENT.has(field.type) && field.type !== "expression";
  if (answers && field.type !== "dynamiclist") rules.push({ label: field.type === "checklist" ? "requiredTick" : "required", at: ["validate", "required"], kind: "tick" });
  if (answers && !inRow) rules.push({ label: "personal", at: p("personal"), kind: "flag" });
  rules.push({ label: "hide", at: ["conditional", "hide"], kind: "own" });
  if (field.type !== "dynamiclist") rules.push({ label: "columns", at: ["layout", "columns"], kind: "own" });
  const expert: Entry[] = [];
  if (!SILENT.has(field.type)) expert.push({ label: "key", at: field.type === "dynamiclist" ? "path" : "key", kind: "mono", hint: "keyHint" });
  if (answers) expert.push({ label: "first", at: p("value"), kind: "mono" });
  const groups: Group[] = [];
  if (asked.length > 0) groups.push({ name: "groupAsked", entries: asked });
  if (ANSWERS[field.type]) groups.push({ name: "groupAnswer", entries: ANSWERS[field.type] ?? [] });
  groups.push({ name: "groupRules", entries: rules });
  if (expert.length > 0) groups.push({ name: "groupExpert", entries: expert, closed: true });
  return groups;
}

export function read(field: Field, at: Path): unknown {
  if (typeof at === "string") return field[at];
  return (field[at[0]] as Record<string, unknown> | undefined)?.[at[1]];
}

/** What has to change in the field so that the value stands there; an empty value is taken away. */
export function written(field: Field, at: Path, value: unknown): Record<string, unknown> {
  const empty = value === "" || value === undefined || value === false;
  if (typeof at === "string") return { [at]: empty ? undefined : value };
  const [holder, name] = at;
  const held = { ...(field[holder] as Record<string, unknown> | undefined) };
  if (empty) delete held[name];
  else held[name] = value;
  return { [holder]: Object.keys(held).length > 0 ? held : undefined };
}
