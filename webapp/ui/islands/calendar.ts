// The week or the day of the diary:
//   <div data-island="calendar" data-events="/…" data-date="2026-11-26" data-view="week" data-language="ru">
// Moments come in the person's own zone, without an offset: the grid knows no zones.
import "@event-calendar/core/index.css";
import { createCalendar, TimeGrid } from "@event-calendar/core";

interface Told {
  id: string;
  start: string;
  end: string;
  title: string;
  late: boolean;
  url: string;
}

const VIEWS: Record<string, string> = { week: "timeGridWeek", day: "timeGridDay" };
const NARROW = 768;

export function start(element: HTMLElement): void {
  const view = element.dataset["view"] ?? "week";
  if (view === "week" && window.innerWidth < NARROW) {
    showList(element); // seven columns of a phone's width say nothing
    return;
  }
  createCalendar(element, [TimeGrid], {
    view: VIEWS[view] ?? "timeGridWeek",
    date: element.dataset["date"] ?? "",
    locale: element.dataset["language"] ?? "en",
    firstDay: 1,
    height: "auto",
    allDaySlot: false,
    slotMinTime: "08:00",
    slotMaxTime: "22:00",
    slotDuration: "00:30",
    slotHeight: 32,
    slotEventOverlap: false,
    nowIndicator: false,
    viewDidMount: () => dropRoles(element),
    headerToolbar: { start: "", center: "", end: "" },
    dayHeaderFormat: { weekday: "short", day: "numeric" },
    slotLabelFormat: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    eventContent: ({ event }) => event.title, // the place says when; half an hour has room for one line
    eventSources: [{ events: (period: { startStr: string; endStr: string }) => load(element, period.startStr, period.endStr) }],
    eventDidMount: ({ el, event }) => {
      el.title = String(event.title);
    },
    eventClick: ({ event }) => {
      window.location.assign(String(event.extendedProps["url"]));
    },
  });
}

function showList(element: HTMLElement): void {
  element.hidden = true;
  element.parentElement?.querySelector("[data-calendar-list]")?.classList.replace("sr-grid", "stack24");
}

// The library's table roles are incomplete. Who does not see the grid reads the list beside it.
function dropRoles(element: HTMLElement): void {
  for (const each of element.querySelectorAll(":not([role=button])")) {
    for (const name of each.getAttributeNames()) if (name === "role" || /^aria-(col|row)/.test(name)) each.removeAttribute(name);
  }
}

async function load(element: HTMLElement, start: string, end: string): Promise<unknown[]> {
  const query = new URLSearchParams({ start, end });
  const answer = await fetch(`${element.dataset["events"] ?? ""}?${query.toString()}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`calendar: ${answer.status}`);
  return ((await answer.json()) as Told[]).map((each) => ({
    id: each.id,
    start: each.start,
    end: each.end,
    title: each.title,
    classNames: each.late ? ["ev-bad"] : ["ev-now"],
    extendedProps: { url: each.url },
  }));
}
