// The answers that a condition or an input of this drawing can name: the fields of the forms of its steps, and of the
// processes that it calls.
import type { Book, Catalogue, FormField } from "./book";
import type { Bo, Shape } from "./moddle";
import { extension, property } from "./moddle";

export interface Answer {
  path: string;
  of: string; // id of the element of this drawing that asks or decides it
  step: string;
  field: FormField;
}

/** Those first that were asked last before this place; what is asked later, or on other ways, comes behind. */
export function nearestFirst(answers: Answer[], place: Bo): Answer[] {
  const away = stepsBack(place);
  const distance = (answer: Answer): number => away.get(answer.of) ?? Number.MAX_SAFE_INTEGER;
  return [...answers].sort((one, other) => distance(one) - distance(other));
}

/** How many elements lie between, against the ways; into and out of parts of the process. */
function stepsBack(place: Bo): Map<string, number> {
  const away = new Map<string, number>();
  let edge: Bo[] = [(place["sourceRef"] as Bo | undefined) ?? place];
  for (let far = 0; edge.length > 0; far++) {
    const next: Bo[] = [];
    for (const each of edge) {
      if (away.has(each.id)) continue;
      away.set(each.id, far);
      next.push(...before(each));
    }
    edge = next;
  }
  return away;
}

function before(of: Bo): Bo[] {
  const ways = ((of["incoming"] as Bo[] | undefined) ?? []).map((way) => way["sourceRef"] as Bo);
  const inside = ((of["flowElements"] as Bo[] | undefined) ?? []).filter((each) => !each.$instanceOf("bpmn:SequenceFlow") && !((each["outgoing"] as Bo[] | undefined) ?? []).length);
  const host = of["attachedToRef"] as Bo | undefined;
  const around = ways.length === 0 && !host && of.$parent?.$instanceOf("bpmn:SubProcess") ? [of.$parent, ...before(of.$parent)] : [];
  return [...ways, ...inside, ...(host ? [host] : []), ...around];
}

/** In the order of the drawing, under the step that asks them. */
export function byStep(answers: Answer[]): Map<string, Answer[]> {
  const groups = new Map<string, Answer[]>();
  for (const each of answers) groups.set(each.step, [...(groups.get(each.step) ?? []), each]);
  return groups;
}

const DEEPEST = 3; // calls within calls

export function answersOf(elements: Shape[], book: Book, language: string): Answer[] {
  const found: Answer[] = [];
  for (const { businessObject: of, labelTarget } of elements) {
    if (labelTarget) continue;
    const form = formOf(of);
    const step = (language !== "en" && property(of, `name.${language}`)) || of.name || of.id;
    if (form) found.push(...fieldsOf(book.catalogue, form, of.id, of.id, step));
    found.push(...decided(book.catalogue, of, step));
    const called = extension(of, "zeebe:CalledElement")?.get("processId");
    if (typeof called === "string") found.push(...calledAnswers(book.catalogue, called, of.id, of.id, step, 1));
  }
  return found;
}

/** What a table has said at a step that asks it. */
function decided(catalogue: Catalogue, of: Bo, step: string): Answer[] {
  const asked = extension(of, "zeebe:CalledDecision");
  const outputs = catalogue.decisions[String(asked?.get("decisionId") ?? "")]?.outputs ?? [];
  const kept = String(asked?.get("resultVariable") ?? "") || of.id;
  return outputs.map((each) => ({
    path: `${kept}.${each.name || "result"}`,
    of: of.id,
    step,
    field: { key: each.name, name: each.label, type: each.values.length > 0 ? "select" : "textfield", choices: each.values.map((value) => ({ value, name: value })), personal: false, many: false },
  }));
}

function calledAnswers(catalogue: Catalogue, process: string, path: string, of: string, step: string, depth: number): Answer[] {
  const steps = catalogue.processes[process]?.steps ?? [];
  return steps.flatMap((each) => {
    const here = `${path}.${each.id}`;
    const name = `${step} / ${each.name}`;
    const own = each.form ? fieldsOf(catalogue, each.form, here, of, name) : [];
    return each.calls && depth < DEEPEST ? [...own, ...calledAnswers(catalogue, each.calls, here, of, name, depth + 1)] : own;
  });
}

function fieldsOf(catalogue: Catalogue, form: string, path: string, of: string, step: string): Answer[] {
  const fields = catalogue.forms[form]?.fields ?? [];
  return fields.filter((field) => !field.personal && !field.many).map((field) => ({ path: `${path}.${field.key}`, of, step, field }));
}

function formOf(of: Bo): string {
  return String(extension(of, "zeebe:FormDefinition")?.get("formId") ?? "") || property(of, "form");
}
