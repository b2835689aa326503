// Which part of the book an element is told by.
import type { Bo, Shape } from "./moddle";
import { eventDefinition } from "./moddle";

const CHOICES = ["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway"];
const STEPS = ["bpmn:UserTask", "bpmn:ManualTask"];

export function kindOf(element: Shape): string {
  const of = element.businessObject;
  const { $type: type } = of;
  if (type === "bpmn:Process" || type === "bpmn:Collaboration" || type === "bpmn:Participant") return "process";
  if (STEPS.includes(type)) return "userTask";
  if (type === "bpmn:ServiceTask") return "serviceTask";
  if (type === "bpmn:SendTask") return of["messageRef"] ? "throw" : "serviceTask";
  if (type === "bpmn:BusinessRuleTask") return "businessRuleTask";
  if (type === "bpmn:CallActivity") return "callActivity";
  if (type === "bpmn:SubProcess") return "subProcess";
  if (type === "bpmn:ReceiveTask") return "catchMessage";
  if (CHOICES.includes(type)) return "gateway";
  if (of.$instanceOf("bpmn:Gateway")) return "parallel";
  if (type === "bpmn:SequenceFlow") return CHOICES.includes((of["sourceRef"] as Bo | undefined)?.$type ?? "") ? "flow" : "plainFlow";
  const event = eventDefinition(of)?.$type ?? "";
  if (type === "bpmn:StartEvent") return pick(event, "start", "startMessage", "startTimer");
  if (type === "bpmn:EndEvent") return event === "bpmn:MessageEventDefinition" ? "throw" : "end";
  if (type === "bpmn:BoundaryEvent") return pick(event, "boundary", "boundaryMessage", "boundaryTimer");
  if (type === "bpmn:IntermediateCatchEvent") return pick(event, "other", "catchMessage", "catchTimer");
  if (type === "bpmn:IntermediateThrowEvent") return event === "" ? "milestone" : event === "bpmn:MessageEventDefinition" ? "throw" : "other";
  return "other";
}

function pick(event: string, none: string, message: string, timer: string): string {
  if (event === "bpmn:MessageEventDefinition") return message;
  return event === "bpmn:TimerEventDefinition" ? timer : none;
}

/** The process that is drawn: of a file with a pool, the one of its first pool. */
export function processOf(root: Shape): Bo {
  const of = root.businessObject;
  if (of.$type !== "bpmn:Collaboration") return of;
  const first = ((of["participants"] as Bo[] | undefined) ?? []).find((each) => each["processRef"]);
  return (first?.["processRef"] as Bo | undefined) ?? of;
}
