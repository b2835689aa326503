// What the FEEL library of the browser answers to the shared vectors: JSON from stdin, answers in the notation of
// vectors.json to stdout. Its package is found from the folder given as the first argument.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.argv[2]}/`);
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const { evaluate, unaryTest } = await load("@bpmn-io/feelin");
const { DateTime, Duration, FixedOffsetZone, Settings } = await load("luxon");
const vectors = JSON.parse(readFileSync(0, "utf8"));

const DIALECT = "camunda"; // names in backticks

Settings.now = () => Date.parse("2026-03-02T09:00:00Z");

function read(typed) {
  if (Array.isArray(typed)) return typed.map(read);
  if (typed === null || typeof typed !== "object") return typed;
  const [kind, value] = Object.entries(typed)[0];
  if (kind === "number") return Number(value);
  if (kind === "context") return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, read(part)]));
  if (kind === "range") {
    const [opening, start, end, closing] = value;
    return evaluate(`${opening}start..end${closing}`, { start: read(start), end: read(end) }).value;
  }
  return evaluate(`${kind}("${value}")`).value;
}

function write(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return { number: String(value) };
  if (Array.isArray(value)) return value.map(write);
  if (Duration.isDuration(value)) return { duration: value.toISO() };
  if (DateTime.isDateTime(value)) return { [momentKind(value)]: value.toISO({ suppressMilliseconds: true }) };
  if (value.constructor?.name === "Range")
    return { range: [value["start included"] ? "[" : "(", write(value.start), write(value.end), value["end included"] ? "]" : ")"] };
  if (typeof value === "function" || value.constructor?.name === "FunctionWrapper") return { function: true };
  return { context: Object.fromEntries(Object.entries(value).map(([name, part]) => [name, write(part)])) };
}

// as the library itself tells its kinds of moments apart
function momentKind(value) {
  if (value.year === 1900 && value.month === 1 && value.day === 1) return "time";
  const midnight = value.hour === 0 && value.minute === 0 && value.second === 0 && value.millisecond === 0;
  return midnight && value.zone === FixedOffsetZone.utcInstance ? "date" : "date and time";
}

function answer(vector) {
  const context = Object.fromEntries(Object.entries(vector.context ?? {}).map(([name, value]) => [name, read(value)]));
  try {
    if (vector.tests === undefined) return write(evaluate(vector.expression, context, DIALECT).value);
    return write(unaryTest(vector.tests, { ...context, "?": read(vector.value) }, DIALECT).value);
  } catch {
    return { error: true };
  }
}

process.stdout.write(JSON.stringify(vectors.map(answer)));
