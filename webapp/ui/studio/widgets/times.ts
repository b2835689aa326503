// Due times, reminders, escalations and timers in numbers and units. What does not fit is shown as an expression.
import { make } from "../dom";
import type { Offset, Rule, Span, Unit } from "../durations";
import { parseEscalations, parseReminders, parseSpan, writeEscalations, writeReminders, writeSpan } from "../durations";
import { setTimer, timer as timerOf } from "../binding";
import type { Context, Widget } from "./context";
import { onTyped, option, select } from "./plain";

const UNITS: Unit[] = ["minutes", "hours", "days", "weeks"];

export const duration: Widget = (context, id) => {
  const value = context.value();
  const span = parseSpan(value);
  if (value && !span) return expression(context, id, value, (text) => context.set(text));
  return spanInputs(context, id, span, (chosen) => context.set(chosen ? writeSpan(chosen) : ""), () => askExpression(context, "="));
};

/** A number and a unit; an empty number is no time at all. */
function spanInputs(context: Context, id: string, span: Span | undefined, set: (span: Span | undefined) => void, expert?: () => void): HTMLElement {
  const amount = make("input", { class: "form-control num short", id, type: "number", min: 0, value: span ? span.amount : "", placeholder: context.text("unlimited") });
  const unit = unitList(context, span?.unit ?? "hours");
  const change = (): void => set(amount.value === "" ? undefined : { amount: Math.max(0, Math.round(Number(amount.value))), unit: unit.value as Unit });
  onTyped(amount, change);
  unit.addEventListener("change", change);
  if (expert) {
    unit.append(option("=", context.text("fromAnswer"), false));
    unit.addEventListener("change", () => unit.value === "=" && expert());
  }
  return make("div", { class: "row-x tight" }, amount, unit);
}

function unitList(context: Context, chosen: Unit): HTMLSelectElement {
  const list = make("select", { class: "form-select", "aria-label": context.text("minutes") });
  for (const unit of UNITS) list.append(option(unit, context.text(unit), unit === chosen));
  return list;
}

function askExpression(context: Context, text: string): void {
  context.set(text);
  context.refresh();
}

function expression(context: Context, id: string, value: string, set: (text: string) => void): HTMLElement {
  const input = make("textarea", { class: "form-control mono", id, rows: 2, spellcheck: "false" });
  input.value = value;
  onTyped(input, (typed) => {
    set(typed.trim());
    if (!typed.trim()) context.refresh();
  });
  return input;
}

export const reminders: Widget = (context, id) => {
  const parsed = parseReminders(context.value());
  if (!parsed) return expression(context, id, context.value(), (text) => context.set(text));
  const fresh: Offset = { span: { amount: 30, unit: "minutes" }, before: true };
  return list(context, id, parsed, fresh, (offsets) => context.set(writeReminders(offsets)), (offset, change) => [
    offsetInputs(context, offset, change),
  ]);
};

export const escalations: Widget = (context, id) => {
  const parsed = parseEscalations(context.value());
  if (!parsed) return expression(context, id, context.value(), (text) => context.set(text));
  const fresh: Rule = { share: 150, offset: undefined, least: "PT1H", most: "P1D", target: "head" };
  return list(context, id, parsed, fresh, (rules) => context.set(writeEscalations(rules)), (rule, change) => escalation(context, rule, change));
};

function escalation(context: Context, rule: Rule, change: () => void): HTMLElement[] {
  const when = make("select", { class: "form-select", "aria-label": context.text("share") });
  when.append(option("share", context.text("share"), rule.share !== undefined), option("offset", context.text("after"), rule.share === undefined));
  when.addEventListener("change", () => {
    rule.share = when.value === "share" ? 150 : undefined;
    rule.offset = when.value === "share" ? undefined : { span: { amount: 1, unit: "hours" }, before: false };
    if (when.value !== "share") rule.least = rule.most = "";
    change();
    context.refresh();
  });
  const targets = [{ value: "head", name: context.text("head") }, { value: "owner", name: context.text("owner") }, ...context.book.catalogue.roles];
  const target = select(context, "", targets, rule.target, (value) => {
    rule.target = value || "head";
    change();
  });
  target.setAttribute("aria-label", context.text("to"));
  const first = rule.share === undefined ? offsetSpan(context, rule, change) : share(context, rule, change);
  const rows: HTMLElement[] = [make("div", { class: "row-x tight" }, first, when), make("div", { class: "row-x tight" }, make("span", { class: "t3 sm" }, context.text("to")), target)];
  if (rule.share !== undefined && (rule.least || rule.most)) rows.push(bounds(context, rule));
  return rows;
}

function share(context: Context, rule: Rule, change: () => void): HTMLElement {
  const input = make("input", { class: "form-control num short", type: "number", min: 1, max: 9999, value: rule.share ?? 150, "aria-label": context.text("share") });
  onTyped(input, (value) => {
    rule.share = Math.max(1, Math.round(Number(value)) || 150);
    change();
  });
  return input;
}

function offsetSpan(context: Context, rule: Rule, change: () => void): HTMLElement {
  return spanInputs(context, "", rule.offset?.span, (span) => {
    rule.offset = { span: span ?? { amount: 0, unit: "minutes" }, before: rule.offset?.before ?? false };
    change();
  });
}

function bounds(context: Context, rule: Rule): HTMLElement {
  const told = (text: string, bound: string): string => {
    const span = parseSpan(bound);
    return bound ? `${context.text(text)} ${span ? `${span.amount} ${context.text(span.unit)}` : bound}` : "";
  };
  return make("p", { class: "hint" }, [told("atLeast", rule.least), told("atMost", rule.most)].filter(Boolean).join(", "));
}

function offsetInputs(context: Context, offset: Offset, change: () => void): HTMLElement {
  const side = make("select", { class: "form-select", "aria-label": context.text("before") });
  side.append(option("-", context.text("before"), offset.before), option("+", context.text("after"), !offset.before && offset.span.amount > 0), option("0", context.text("atDue"), offset.span.amount === 0));
  const span = spanInputs(context, "", offset.span, (chosen) => {
    offset.span = chosen ?? { amount: 0, unit: "minutes" };
    change();
  });
  span.hidden = offset.span.amount === 0;
  side.addEventListener("change", () => {
    offset.before = side.value === "-";
    if (side.value === "0") offset.span = { amount: 0, unit: "minutes" };
    else if (offset.span.amount === 0) offset.span = { amount: 30, unit: "minutes" };
    change();
    context.refresh();
  });
  return make("div", { class: "stack4" }, span, side);
}

/** Parts that can be added and removed; each change writes all of them. */
export function list<Part extends object>(context: Context, id: string, parts: Part[], fresh: Part, set: (parts: Part[]) => void, draw: (part: Part, change: () => void) => HTMLElement[]): HTMLElement {
  const holder = make("div", { class: "parts", id, role: "group" });
  const change = (): void => set(parts);
  for (const [at, part] of parts.entries()) {
    const remove = make("button", { class: "btn btn-quiet btn-icon", type: "button", "aria-label": context.text("remove"), title: context.text("remove"), onclick: () => {
      parts.splice(at, 1);
      change();
      context.refresh();
    } }, "×"); // prettier-ignore
    holder.append(make("div", { class: "part" }, make("div", { class: "stack4" }, ...draw(part, change)), remove));
  }
  const add = make("button", { class: "btn btn-quiet btn-sm", type: "button", onclick: () => {
    parts.push(structuredClone(fresh));
    change();
    context.refresh();
  } }, `+ ${context.text("add")}`); // prettier-ignore
  holder.append(add);
  return holder;
}

const KINDS = ["timeDuration", "timeDate", "timeCycle"];

export const timer: Widget = (context, id) => {
  const { kind, text } = timerOf(context.element.businessObject);
  const kinds = make("select", { class: "form-select", id });
  for (const each of KINDS) kinds.append(option(each, context.text(each), each === kind));
  const set = (value: string): void => setTimer(context.tools, context.element, kinds.value, value);
  kinds.addEventListener("change", () => {
    set(kinds.value === "timeCycle" ? "R/P1D" : kinds.value === "timeDuration" ? "P1D" : "=");
    context.refresh();
  });
  const span = parseSpan(text);
  if (kind === "timeDuration" && (span || !text)) return make("div", { class: "stack4" }, kinds, spanInputs(context, `${id}-t`, span, (chosen) => set(chosen ? writeSpan(chosen) : "")));
  const [, every] = /^R\/(P\S+)$/.exec(text) ?? [];
  const cycle = every === undefined ? undefined : parseSpan(every);
  if (kind === "timeCycle" && cycle) return make("div", { class: "stack4" }, kinds, spanInputs(context, `${id}-t`, cycle, (chosen) => set(chosen ? `R/${writeSpan(chosen)}` : "")));
  return make("div", { class: "stack4" }, kinds, expression(context, `${id}-t`, text, set));
};
