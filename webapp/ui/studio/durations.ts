// ISO 8601 durations as a number and a unit, and the rules of reminders and escalations as parts.
export type Unit = "minutes" | "hours" | "days" | "weeks";

export interface Span {
  amount: number;
  unit: Unit;
}

const UNITS: [RegExp, Unit, (amount: number) => string][] = [
  [/^PT(\d+)M$/, "minutes", (n) => `PT${n}M`],
  [/^PT(\d+)H$/, "hours", (n) => `PT${n}H`],
  [/^P(\d+)D$/, "days", (n) => `P${n}D`],
  [/^P(\d+)W$/, "weeks", (n) => `P${n}W`],
];

/** One number and unit; hours with minutes are read as minutes. */
export function parseSpan(text: string): Span | undefined {
  for (const [pattern, unit] of UNITS) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return { amount: Number(found), unit };
  }
  const [, hours, minutes] = /^PT(\d+)H(\d+)M$/.exec(text) ?? [];
  if (hours !== undefined && minutes !== undefined) return { amount: Number(hours) * 60 + Number(minutes), unit: "minutes" };
  if (text === "PT0S") return { amount: 0, unit: "minutes" };
  return undefined;
}

export function writeSpan(span: Span): string {
  if (span.amount === 0) return "PT0S";
  const found = UNITS.find(([, unit]) => unit === span.unit);
  return found ? found[2](span.amount) : "";
}

export interface Offset {
  span: Span;
  before: boolean;
}

export function parseOffset(text: string): Offset | undefined {
  const trimmed = text.trim();
  const before = trimmed.startsWith("-");
  const span = parseSpan(before ? trimmed.slice(1) : trimmed);
  return span && { span, before };
}

export const writeOffset = (offset: Offset): string => `${offset.before && offset.span.amount > 0 ? "-" : ""}${writeSpan(offset.span)}`;

/** `-PT30M, PT0S`; undefined where a part is something else. */
export function parseReminders(text: string): Offset[] | undefined {
  if (!text.trim()) return [];
  const found = text.split(",").map(parseOffset);
  return found.every((each): each is Offset => each !== undefined) ? found : undefined;
}

export const writeReminders = (offsets: Offset[]): string => offsets.map(writeOffset).join(", ");

export interface Rule {
  share: number | undefined; // per cent of the time allowed, else an offset
  offset: Offset | undefined;
  least: string; // as written
  most: string;
  target: string;
}

const RULE = /^(?:(\d{1,4})\s*%|(-?P\S+))(?:\s+min\s+(P\S+))?(?:\s+max\s+(P\S+))?\s+to\s+([a-z]\w*)$/;

/** `150% min PT1H max P1D to head; P2D to sales_head`; undefined where a rule is something else. */
export function parseEscalations(text: string): Rule[] | undefined {
  const rules: Rule[] = [];
  for (const part of text.split(";").map((each) => each.trim()).filter(Boolean)) {
    const [, share, offset, least, most, target] = RULE.exec(part) ?? [];
    if (target === undefined) return undefined;
    const parsed = offset === undefined ? undefined : parseOffset(offset);
    if (share === undefined && !parsed) return undefined;
    rules.push({ share: share === undefined ? undefined : Number(share), offset: parsed, least: least ?? "", most: most ?? "", target });
  }
  return rules;
}

export function writeEscalations(rules: Rule[]): string {
  return rules
    .map((rule) => {
      const when = rule.share === undefined ? (rule.offset ? writeOffset(rule.offset) : "PT0S") : `${rule.share}%`;
      return `${when}${rule.least && ` min ${rule.least}`}${rule.most && ` max ${rule.most}`} to ${rule.target}`;
    })
    .join("; ");
}
