// Widgets by the names that webapp/studio/panel/book.py knows.
import type { Widget } from "./context";
import { condition } from "./conditions";
import { decision, form, inputs, interrupting, message, milestone, milestones, operation, otherwise, outcome, rest } from "./parts";
import { area, assignee, choice, feel, number, roles, text } from "./plain";
import { duration, escalations, reminders, timer } from "./times";

export const widgets: Record<string, Widget> = {
  area, assignee, choice, condition, decision, default: otherwise, duration, escalations, feel, form, inputs, interrupting, message, milestone,
  milestones, number, operation, outcome, reminders, rest, roles, text, timer,
}; // prettier-ignore
