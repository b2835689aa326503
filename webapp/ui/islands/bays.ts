// The workshop by time: one line for each bay, advisor and courtesy car.
//   <div data-island="bays" data-events="/…" data-lines='[{id,title,kind}]' data-date data-view="day|week"
//        data-from="08:00" data-to="20:00" data-language data-move="/service/booking/0/move">
// Moments come by the clocks of the centre, without an offset. A bar is dragged, or opened with Enter and moved beside the grid.
import "@event-calendar/core/index.css";
import { createCalendar, Interaction, ResourceTimeline } from "@event-calendar/core";
import { csrfToken } from "../base/csrf";
import { showMessage } from "../base/messages";

interface Line {
  id: string;
  title: string;
  kind: string;
}

interface Told {
  id: string;
  resource: string;
  start: string;
  end: string;
  title: string;
  hint: string;
  tone: string;
  visit: number | null;
  movable: boolean;
  url: string;
}

interface Dropped {
  event: { start: Date; resourceIds: (string | number)[]; extendedProps: Record<string, unknown> };
  revert: () => void;
}

const NARROW = 768;
const LINE_NAMES = 196; // pixels that the names of the lines take
const LOOK_AGAIN = 10_000;
const SHORT = 45 * 60_000;

export function start(element: HTMLElement): void {
  if (window.innerWidth < NARROW) return; // the list beside it says the same
  const week = element.dataset["view"] === "week";
  const lines = JSON.parse(element.dataset["lines"] ?? "[]") as Line[];
  const calendar = createCalendar(element, [ResourceTimeline, Interaction], {
    view: week ? "resourceTimelineWeek" : "resourceTimelineDay",
    date: element.dataset["date"] ?? "",
    locale: element.dataset["language"] ?? "en",
    firstDay: 1,
    height: "auto",
    slotMinTime: element.dataset["from"] ?? "08:00",
    slotMaxTime: element.dataset["to"] ?? "20:00",
    slotDuration: week ? "04:00" : "00:30",
    snapDuration: "00:15",
    slotWidth: slotWidth(element, week),
    slotHeight: 30,
    headerToolbar: { start: "", center: "", end: "" },
    dayHeaderFormat: { weekday: "short", day: "numeric" },
    slotLabelFormat: (at: Date) => (at.getMinutes() ? "" : week ? String(at.getHours()) : `${at.getHours()}:00`),
    eventContent: ({ event }) => (week ? "\u00a0" : event.title), // a bar of a week has no room for words: it tells them when pointed at
    dateClick: ({ date, resource }) => {
      document.dispatchEvent(new CustomEvent("bays:pointed", { detail: { at: clock(date), line: String(resource?.id ?? "") } }));
    },
    editable: false,
    eventDurationEditable: false,
    nowIndicator: false,
    resources: lines.map(({ id, title }) => ({ id, title })),
    eventSources: [{ events: (period: { startStr: string; endStr: string }) => load(element, period.startStr, period.endStr) }],
    eventClick: ({ event }) => open(String(event.extendedProps["url"])),
    eventDidMount: ({ el, event }) => announce(el, event.extendedProps),
    eventDrop: (dropped: Dropped) => void move(element, dropped, () => calendar.refetchEvents()),
    viewDidMount: () => dropRoles(element),
  });
  element.addEventListener("bays:changed", () => calendar.refetchEvents());
  document.addEventListener("bays:changed", () => calendar.refetchEvents());
  window.setInterval(() => {
    if (!document.hidden && !element.querySelector(".ec-dragging")) calendar.refetchEvents();
  }, LOOK_AGAIN);
}

// The whole day, or the whole week, in the width there is.
function slotWidth(element: HTMLElement, week: boolean): number {
  const hour = (name: string, otherwise: number): number => parseInt(element.dataset[name] ?? "", 10) || otherwise;
  const hours = hour("to", 20) - hour("from", 8);
  const slots = week ? 7 * Math.ceil(hours / 4) : hours * 2;
  return Math.max(Math.floor((element.clientWidth - LINE_NAMES) / slots), week ? 32 : 20);
}

function open(url: string): void {
  if (url) window.location.assign(url);
}

function announce(bar: HTMLElement, known: Record<string, unknown>): void {
  bar.title = String(known["hint"]);
  bar.setAttribute("aria-label", String(known["hint"]));
  if (known["visit"]) bar.dataset["visit"] = String(known["visit"]);
  bar.dataset["test"] = known["visit"] ? "bar" : "held-bar";
  if (!known["url"]) return;
  bar.tabIndex = 0;
  bar.setAttribute("role", "button");
  bar.addEventListener("keydown", (event) => {
    if (event.key === "Enter") open(String(known["url"]));
  });
}

// The library's table roles are incomplete. Who does not see the grid reads the list beside it.
function dropRoles(element: HTMLElement): void {
  for (const each of element.querySelectorAll(":not([role=button])")) {
    for (const name of each.getAttributeNames()) if (name === "role" || /^aria-(col|row)/.test(name)) each.removeAttribute(name);
  }
}

async function move(element: HTMLElement, { event, revert }: Dropped, again: () => void): Promise<void> {
  const address = (element.dataset["move"] ?? "").replace("/0/", `/${String(event.extendedProps["visit"])}/`);
  const body = new URLSearchParams({ starts_at: clock(event.start), resource: String(event.resourceIds[0] ?? "") });
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRF-Token": csrfToken() },
      body,
    });
    const { message } = (await answer.json()) as { message: string };
    if (!answer.ok) revert();
    showMessage(message, answer.ok ? "good" : "bad");
  } catch {
    revert();
    showMessage(document.body.dataset["textOffline"] ?? "", "bad");
  }
  again();
}

function clock(moment: Date): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}T${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

async function load(element: HTMLElement, start: string, end: string): Promise<unknown[]> {
  const address = new URL(element.dataset["events"] ?? "", window.location.href);
  address.searchParams.set("start", start);
  address.searchParams.set("end", end);
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`bays: ${answer.status}`);
  return ((await answer.json()) as Told[]).map((each) => ({
    id: each.id,
    resourceIds: [each.resource],
    start: each.start,
    end: each.end,
    title: each.title,
    editable: each.movable,
    classNames: [...(each.tone ? [`ev-${each.tone}`] : []), ...(new Date(each.end).getTime() - new Date(each.start).getTime() < SHORT ? ["ev-short"] : [])],
    extendedProps: { url: each.url, hint: each.hint, visit: each.visit },
  }));
}
