// Where each field of the book stands in the file: read(element, field) gives its text, write() changes it by one command.
import type { Field } from "./book";
import type { Bo, Shape, Tools } from "./moddle";
import { definitions, eventDefinition, extension, property, setExtension, setProperties, withExtension } from "./moddle";

export interface Input {
  target: string;
  source: string;
}

const TIMERS = ["timeDuration", "timeDate", "timeCycle"];

/** `language`: of a translated text; the base text without one. */
export function read(element: Shape, field: Field, language = ""): string {
  const of = element.businessObject;
  if (field.to === "name") return language ? property(of, `name.${language}`) : (of.name ?? "");
  if (field.to === "property") return property(of, language ? `${field.name}.${language}` : field.name);
  return readPart(of, field);
}

function readPart(of: Bo, field: Field): string {
  const text = (type: string, name: string): string => String(extension(of, type)?.get(name) ?? "");
  switch (field.to) {
    case "form":
      return text("zeebe:FormDefinition", "formId");
    case "offerForm":
      return text("zeebe:FormDefinition", "formId") || property(of, "form");
    case "role":
      return text("zeebe:AssignmentDefinition", "candidateGroups");
    case "assignee":
      return text("zeebe:AssignmentDefinition", "assignee");
    case "operation":
      return text("zeebe:TaskDefinition", "type");
    case "decision":
      return text("zeebe:CalledDecision", "decisionId");
    case "decisionResult":
      return text("zeebe:CalledDecision", "resultVariable");
    case "called":
      return text("zeebe:CalledElement", "processId");
    case "header":
      return header(of, field.name);
    case "message":
      return message(of)?.name ?? "";
    case "correlation":
      return String(extension(message(of) ?? of, "zeebe:Subscription")?.get("correlationKey") ?? "");
    case "condition":
      return String((of["conditionExpression"] as Bo | undefined)?.["body"] ?? "");
    case "default":
      return (of["default"] as Bo | undefined)?.id ?? "";
    case "interrupting":
      return of["cancelActivity"] === false ? "no" : "yes";
    case "collection":
      return String(extension((of["loopCharacteristics"] as Bo | undefined) ?? of, "zeebe:LoopCharacteristics")?.get("inputCollection") ?? "");
    default:
      return "";
  }
}

export function write(tools: Tools, element: Shape, field: Field, value: string, language = ""): void {
  const of = element.businessObject;
  const { modeling } = tools;
  if (field.to === "name" && !language) return modeling.updateProperties(element, { name: value || undefined });
  if (field.to === "name") return setProperties(tools, element, { [`name.${language}`]: value });
  if (field.to === "property") return setProperties(tools, element, { [language ? `${field.name}.${language}` : field.name]: value });
  switch (field.to) {
    case "form":
      return setExtension(tools, element, "zeebe:FormDefinition", { formId: value });
    case "offerForm":
      if (extension(of, "zeebe:FormDefinition")) return setExtension(tools, element, "zeebe:FormDefinition", { formId: value });
      return setProperties(tools, element, { form: value });
    case "role":
      return setExtension(tools, element, "zeebe:AssignmentDefinition", { candidateGroups: value });
    case "assignee":
      return setExtension(tools, element, "zeebe:AssignmentDefinition", { assignee: value });
    case "operation":
      return setExtension(tools, element, "zeebe:TaskDefinition", { type: value });
    case "decision":
      return setExtension(tools, element, "zeebe:CalledDecision", { decisionId: value });
    case "decisionResult":
      return setExtension(tools, element, "zeebe:CalledDecision", { resultVariable: value });
    case "called":
      return setExtension(tools, element, "zeebe:CalledElement", { processId: value });
    case "header":
      return setHeader(tools, element, field.name, value);
    case "message":
      return setMessage(tools, element, value);
    case "correlation":
      return setCorrelation(tools, element, value);
    case "condition":
      return modeling.updateProperties(element, { conditionExpression: value ? tools.moddle.create("bpmn:FormalExpression", { body: value }) : undefined });
    case "default":
      return modeling.updateProperties(element, { default: outgoing(of).find((flow) => flow.id === value) });
    case "interrupting":
      return modeling.updateProperties(element, { cancelActivity: value !== "no" });
    case "collection":
      return setCollection(tools, element, value);
    default:
      throw new Error(`field ${field.to}`);
  }
}

export const outgoing = (of: Bo): Bo[] => (of["outgoing"] as Bo[] | undefined) ?? [];

export function inputs(of: Bo): Input[] {
  const found = (extension(of, "zeebe:IoMapping")?.get("inputParameters") as Bo[] | undefined) ?? [];
  return found.map((each) => ({ target: String(each["target"] ?? ""), source: String(each["source"] ?? "") }));
}

export function setInputs(tools: Tools, element: Shape, wanted: Input[]): void {
  const items = wanted.map((each) => tools.moddle.create("zeebe:Input", { ...each }));
  const outputs = extension(element.businessObject, "zeebe:IoMapping")?.["outputParameters"];
  setExtension(tools, element, "zeebe:IoMapping", { inputParameters: items.length > 0 ? items : undefined, outputParameters: outputs });
}

export function timer(of: Bo): { kind: string; text: string } {
  const definition = eventDefinition(of);
  const kind = TIMERS.find((name) => definition?.[name]) ?? "timeDuration";
  return { kind, text: String((definition?.[kind] as Bo | undefined)?.["body"] ?? "") };
}

export function setTimer(tools: Tools, element: Shape, kind: string, text: string): void {
  const definition = eventDefinition(element.businessObject);
  if (!definition) return;
  const changed: Record<string, unknown> = { timeDuration: undefined, timeDate: undefined, timeCycle: undefined };
  if (text) changed[kind] = tools.moddle.create("bpmn:FormalExpression", { body: text });
  tools.modeling.updateModdleProperties(element, definition, changed);
}

function header(of: Bo, key: string): string {
  const found = (extension(of, "zeebe:TaskHeaders")?.get("values") as Bo[] | undefined) ?? [];
  return String(found.find((each) => each["key"] === key)?.["value"] ?? "");
}

function setHeader(tools: Tools, element: Shape, key: string, value: string): void {
  const old = (extension(element.businessObject, "zeebe:TaskHeaders")?.get("values") as Bo[] | undefined) ?? [];
  const values = old.filter((each) => each["key"] !== key);
  if (value) values.push(tools.moddle.create("zeebe:Header", { key, value }));
  setExtension(tools, element, "zeebe:TaskHeaders", { values: values.length > 0 ? values : undefined });
}

function message(of: Bo): Bo | undefined {
  return ((eventDefinition(of) ?? of)["messageRef"] as Bo | undefined) ?? undefined;
}

/** The message of this name: the one that the file has, else a new one. */
function setMessage(tools: Tools, element: Shape, name: string): void {
  const of = element.businessObject;
  const file = definitions(of);
  const roots = (file["rootElements"] as Bo[]) ?? [];
  let found = roots.find((each) => each.$type === "bpmn:Message" && each.name === name);
  if (name && !found) {
    found = tools.moddle.create("bpmn:Message", { id: `Message_${Math.random().toString(36).slice(2, 9)}`, name });
    found.$parent = file;
    tools.modeling.updateModdleProperties(element, file, { rootElements: [...roots, found] });
  }
  tools.modeling.updateModdleProperties(element, eventDefinition(of) ?? of, { messageRef: name ? found : undefined });
}

function setCorrelation(tools: Tools, element: Shape, value: string): void {
  const of = message(element.businessObject);
  if (!of) return;
  const made = value ? tools.moddle.create("zeebe:Subscription", { correlationKey: value }) : undefined;
  tools.modeling.updateModdleProperties(element, of, { extensionElements: withExtension(tools, of, "zeebe:Subscription", made) });
}

function setCollection(tools: Tools, element: Shape, value: string): void {
  const loop = element.businessObject["loopCharacteristics"] as Bo | undefined;
  if (!loop) return;
  const old = extension(loop, "zeebe:LoopCharacteristics");
  const made = tools.moddle.create("zeebe:LoopCharacteristics", { inputCollection: value, inputElement: old?.get("inputElement") });
  tools.modeling.updateModdleProperties(element, loop, { extensionElements: withExtension(tools, loop, "zeebe:LoopCharacteristics", made) });
}
