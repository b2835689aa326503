// The builder of conditions: rows of answer, comparison and value, all or one of them; FEEL for who wants it.
import type { Answer } from "../answers";
import { byStep } from "../answers";
import type { Condition, Operator, Row, Value } from "../condition";
import { parse, write } from "../condition";
import { make } from "../dom";
import type { Context, Widget } from "./context";
import { onTyped, option } from "./plain";

const MILESTONE = "reached:";
const NAMES: Record<Operator, string> = {
  "=": "is",
  "!=": "isNot",
  "<": "less",
  "<=": "atMostThan",
  ">": "more",
  ">=": "atLeastThan",
  empty: "empty",
  filled: "filled",
  yes: "yes",
  no: "no",
  reached: "reached",
  notReached: "notReached",
};
const SHORT = 12; // a list that can be looked through
const NUMERIC = new Set(["number", "expression"]);

export const condition: Widget = (context, id) => {
  const flow = context.element.businessObject;
  const source = flow["sourceRef"] as { default?: unknown } | undefined;
  if (source?.default === flow) return make("p", { class: "t2 sm", id }, context.text("otherwise"));
  const parsed = parse(context.value());
  const holder = make("div", { class: "cond", id, role: "group" });
  if (!parsed || wantsExpert.has(context.element.id)) drawExpert(context, holder, parsed !== undefined);
  else drawRows(context, holder, parsed);
  return holder;
};

const wantsExpert = new Set<string>();

function drawExpert(context: Context, holder: HTMLElement, fits: boolean): void {
  const input = make("textarea", { class: "form-control mono", rows: 4, spellcheck: "false", "aria-label": context.field.label });
  input.value = context.value().replace(/^=/, "");
  onTyped(input, (value) => context.set(value.trim() && `=${value.trim()}`));
  holder.append(input);
  if (fits) holder.append(toggle(context, "plain", false));
}

function toggle(context: Context, text: string, expert: boolean): HTMLElement {
  return make("button", { class: "btn btn-quiet btn-sm", type: "button", onclick: () => {
    if (expert) wantsExpert.add(context.element.id);
    else wantsExpert.delete(context.element.id);
    context.refresh();
  } }, context.text(text)); // prettier-ignore
}

function drawRows(context: Context, holder: HTMLElement, found: Condition): void {
  const answers = context.answers();
  const change = (): void => context.set(write(found));
  if (found.rows.length === 0) holder.append(make("p", { class: "t3 sm" }, context.text("always")));
  if (found.rows.length > 1) {
    const mode = make("select", { class: "form-select", "aria-label": context.text("all") });
    mode.append(option("all", context.text("all"), found.all), option("any", context.text("any"), !found.all));
    mode.addEventListener("change", () => {
      found.all = mode.value === "all";
      change();
    });
    holder.append(mode);
  }
  for (const [at, row] of found.rows.entries()) {
    const remove = make("button", { class: "btn btn-quiet btn-icon", type: "button", "aria-label": context.text("remove"), title: context.text("remove"), onclick: () => {
      found.rows.splice(at, 1);
      change();
      context.refresh();
    } }, "×"); // prettier-ignore
    holder.append(make("div", { class: "part" }, rowInputs(context, row, answers, change), remove));
  }
  const add = make("button", { class: "btn btn-quiet btn-sm", type: "button", "data-test": "add-condition", onclick: () => {
    found.rows.push(freshRow(answers[0]));
    change();
    context.refresh();
  } }, `+ ${context.text("addCondition")}`); // prettier-ignore
  holder.append(make("div", { class: "row-x tight" }, add, toggle(context, "expert", true)));
}

function freshRow(answer: Answer | undefined): Row {
  if (!answer) return { path: "case.owner", operator: "filled", value: undefined };
  return { path: answer.path, operator: operatorsFor(answer)[0] ?? "=", value: firstValue(answer) };
}

function firstValue(answer: Answer | undefined): Value {
  if (!answer) return { kind: "text", text: "" };
  if (NUMERIC.has(answer.field.type)) return { kind: "number", text: "0" };
  if (answer.field.type === "date") return { kind: "date", text: new Date().toISOString().slice(0, 10) };
  if (answer.field.type === "checkbox") return undefined;
  return { kind: "text", text: answer.field.choices[0]?.value ?? "" };
}

function operatorsFor(answer: Answer | undefined): Operator[] {
  if (!answer) return ["=", "!=", "<", "<=", ">", ">=", "yes", "no", "empty", "filled"];
  if (answer.field.type === "checkbox") return ["yes", "no"];
  if (NUMERIC.has(answer.field.type) || answer.field.type === "date") return ["=", "!=", "<", "<=", ">", ">=", "empty", "filled"];
  if (["datetime", "time", "taglist", "checklist", "filepicker"].includes(answer.field.type)) return ["filled", "empty"];
  return ["=", "!=", "empty", "filled"];
}

function rowInputs(context: Context, row: Row, answers: Answer[], change: () => void): HTMLElement {
  const isMilestone = row.operator === "reached" || row.operator === "notReached";
  const answer = isMilestone ? undefined : answers.find((each) => each.path === row.path);
  const parts: HTMLElement[] = answerList(context, row, answers, isMilestone, change);
  const operators: Operator[] = isMilestone ? ["reached", "notReached"] : operatorsFor(answer);
  const operator = make("select", { class: "form-select", "aria-label": context.text("is") });
  for (const each of operators) operator.append(option(each, context.text(NAMES[each]), each === row.operator));
  if (!operators.includes(row.operator)) operator.append(option(row.operator, context.text(NAMES[row.operator]), true));
  operator.addEventListener("change", () => {
    row.operator = operator.value as Operator;
    if (takesValue(row.operator)) row.value ??= firstValue(answer);
    else row.value = undefined;
    change();
    context.refresh();
  });
  parts.push(operator);
  if (takesValue(row.operator)) parts.push(valueInput(context, row, answer, change));
  return make("div", { class: "stack4" }, ...parts);
}

const takesValue = (operator: Operator): boolean => ["=", "!=", "<", "<=", ">", ">="].includes(operator);

function answerList(context: Context, row: Row, answers: Answer[], isMilestone: boolean, change: () => void): HTMLElement[] {
  const list = make("select", { class: "form-select", "aria-label": context.text("fromField") });
  const chosen = isMilestone ? `${MILESTONE}${row.path}` : row.path;
  const known = new Set<string>();
  for (const [step, own] of byStep(answers)) {
    const group = make("optgroup", { label: step });
    for (const each of own) {
      known.add(each.path);
      group.append(option(each.path, each.field.name, each.path === chosen));
    }
    list.append(group);
  }
  const milestones = make("optgroup", { label: context.text("milestoneReached") });
  for (const name of context.milestones()) {
    known.add(`${MILESTONE}${name}`);
    milestones.append(option(`${MILESTONE}${name}`, name, `${MILESTONE}${name}` === chosen));
  }
  if (milestones.children.length > 0) list.append(milestones);
  if (!known.has(chosen)) list.prepend(option(chosen, row.path, true));
  list.addEventListener("change", () => {
    const milestone = list.value.startsWith(MILESTONE);
    const fresh = freshRow(answers.find((each) => each.path === list.value));
    Object.assign(row, milestone ? { path: list.value.slice(MILESTONE.length), operator: "reached", value: undefined } : { ...fresh, path: list.value });
    change();
    context.refresh();
  });
  return answers.length > SHORT ? [narrowing(context, list), list] : [list];
}

/** A field whose words narrow the list; what is left stands open. */
function narrowing(context: Context, list: HTMLSelectElement): HTMLElement {
  const whole = [...list.children].map((each) => each.cloneNode(true) as HTMLElement);
  const sought = make("input", { class: "form-control", type: "search", placeholder: context.text("findAnswer"), "aria-label": context.text("findAnswer"), "data-test": "find-condition" });
  sought.addEventListener("input", () => {
    const words = sought.value.trim().toLowerCase();
    const fits = (text: string): boolean => text.toLowerCase().includes(words);
    const chosen = list.value;
    list.replaceChildren(...whole.map((each) => each.cloneNode(true)));
    list.value = chosen;
    list.size = 0;
    if (!words) return;
    for (const group of list.querySelectorAll("optgroup")) {
      if (fits(group.label)) continue;
      for (const each of [...group.children]) if (!fits(each.textContent ?? "")) each.remove();
      if (group.children.length === 0) group.remove();
    }
    if (![...list.options].some((each) => each.value === chosen)) list.selectedIndex = -1;
    list.size = Math.max(2, Math.min(9, list.options.length + list.querySelectorAll("optgroup").length));
  });
  return sought;
}

function valueInput(context: Context, row: Row, answer: Answer | undefined, change: () => void): HTMLElement {
  const value = row.value ?? { kind: "text", text: "" };
  const label = context.text("value");
  if (answer && answer.field.choices.length > 0) {
    const list = make("select", { class: "form-select", "aria-label": label });
    for (const each of answer.field.choices) list.append(option(each.value, each.name, each.value === value.text));
    if (!answer.field.choices.some((each) => each.value === value.text)) list.append(option(value.text, value.text, true));
    list.addEventListener("change", () => {
      row.value = { kind: "text", text: list.value };
      change();
    });
    return list;
  }
  const type = value.kind === "number" ? "number" : value.kind === "date" ? "date" : "text";
  const input = make("input", { class: "form-control", type, step: "any", value: value.text, "aria-label": label });
  onTyped(input, (typed) => {
    const kind = value.kind === "text" && !answer && /^-?\d+([.,]\d+)?$/.test(typed) ? "number" : value.kind;
    row.value = { kind, text: typed || (kind === "number" ? "0" : typed) };
    change();
  });
  return input;
}
