// A drawing with where its case is: <div class="canvas" data-island="diagram" data-xml="/…" data-marks="/…">.
// Instead of data-marks the marks themselves may stand in data-marked.
// Marks: {"done": [ids], "gone": [flows], "missing": [flows], "here": [ids], "heat": {id: 0..5}, "tokens": [{"element": id, "text": "2", "tone": "warn"}]};
// unknown ids are passed over. A token with "href" is a link, named by "label"; a click on its element follows it.
// Beside it may stand buttons with data-zoom="in", "out" or "all". A click on a step opens the dialog
// "answers-<id>" of the page, if there is one.
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { openDialog } from "../base/dialogs";
import { underFingers } from "../base/fingers";

interface Token {
  element: string;
  text: string;
  tone?: "bad" | "warn" | "ok" | "idle" | `heat-${number}`;
  href?: string | null;
  label?: string;
}

interface Marks {
  done?: string[];
  here?: string[];
  added?: string[];
  changed?: string[];
  removed?: string[];
  gone?: string[];
  missing?: string[];
  heat?: Record<string, number>;
  tokens?: Token[];
}

interface Point {
  x: number;
  y: number;
}

interface Box extends Point {
  width: number;
  height: number;
}

/** A step has a place, a way has points, the process has neither. */
interface Drawn extends Partial<Box> {
  waypoints?: Point[];
}

interface Canvas {
  addMarker(id: string, marker: string): void;
  resized(): void;
  viewbox(box?: Box): { inner: Box };
  scroll(by: { dx: number; dy: number }): void;
  zoom(level?: number, around?: Point): number;
}

interface Registry {
  get(id: string): Drawn | undefined;
}

interface Overlays {
  add(id: string, overlay: { position: { top: number; left: number }; html: HTMLElement; scale?: { min: number } }): void;
}

const PADDING = 32;
const PHONE = 480; // narrower than this, what data-narrow-focus names is shown: badges of the whole would cover each other
const LEGIBLE = 0.6; // of full size: below it names cannot be read, and the current step is shown instead of the whole
const CLOSE = 0.85;
const STEP = 1.25;
const SMALLEST_BADGE = 0.75; // of full size: figures are read also where names cannot be

export async function start(element: HTMLElement): Promise<void> {
  // shapes are measured with their font: it must be there first
  await document.fonts.load('500 12px "Inter Variable"');
  const [xml, marks] = await Promise.all([text(element.dataset["xml"]), given(element)]);
  const viewer = open(element);
  await viewer.importXML(xml);
  mark(viewer, marks);
  const small = element.clientWidth < PHONE ? element.dataset["narrowFocus"] : undefined;
  fit(viewer, element, element.dataset["focus"] ?? marks.here?.[0] ?? small);
  offerZoom(viewer, element);
  underFingers(element, viewer.get<Canvas>("canvas"));
  viewer.on("element.click", (event: { element: { id: string } }) => {
    const opened = marks.tokens?.find((token) => token.element === event.element.id && token.href);
    if (opened?.href) location.assign(opened.href);
    else openDialog(`answers-${event.element.id}`);
  });
}

async function text(url: string | undefined): Promise<string> {
  const answer = await fetch(url ?? "");
  if (!answer.ok) throw new Error(`drawing: ${answer.status}`);
  return answer.text();
}

async function given(element: HTMLElement): Promise<Marks> {
  const inline = element.dataset["marked"];
  return inline ? (JSON.parse(inline) as Marks) : read(element.dataset["marks"]);
}

async function read(url: string | undefined): Promise<Marks> {
  if (!url) return {};
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  return answer.ok ? ((await answer.json()) as Marks) : {};
}

function open(container: HTMLElement): NavigatedViewer {
  const css = getComputedStyle(document.body);
  const token = (name: string): string => css.getPropertyValue(name).trim();
  const options = {
    container,
    bpmnRenderer: { defaultFillColor: token("--surface"), defaultStrokeColor: token("--ink-2"), defaultLabelColor: token("--ink") },
    textRenderer: { defaultStyle: { fontFamily: "Inter Variable", fontSize: 12 }, externalStyle: { fontSize: 12 } },
  };
  return new NavigatedViewer(options);
}

function mark(viewer: NavigatedViewer, marks: Marks): void {
  const canvas = viewer.get<Canvas>("canvas");
  const registry = viewer.get<Registry>("elementRegistry");
  const classes: [string, string[] | undefined][] = [
    ["d-done", marks.done],
    ["d-here", marks.here],
    ["d-add", marks.added],
    ["d-chg", marks.changed],
    ["d-del", marks.removed],
    ["d-gone", marks.gone],
    ["d-missing", marks.missing],
  ];
  for (const [name, ids] of classes) for (const id of ids ?? []) if (registry.get(id)) canvas.addMarker(id, name);
  for (const [id, level] of Object.entries(marks.heat ?? {})) if (registry.get(id)) canvas.addMarker(id, `d-heat-${level}`);
  for (const dialog of document.querySelectorAll("dialog[id^=answers-]")) {
    const id = dialog.id.slice("answers-".length);
    if (registry.get(id)) canvas.addMarker(id, "d-answered");
  }
  for (const token of marks.tokens ?? []) {
    if (!registry.get(token.element)) continue;
    if (token.href) canvas.addMarker(token.element, "d-opens");
    const overlay = { position: { top: -11, left: 8 }, html: badge(token) };
    viewer.get<Overlays>("overlays").add(token.element, marks.heat ? { ...overlay, scale: { min: SMALLEST_BADGE } } : overlay);
  }
}

function badge(token: Token): HTMLElement {
  const html = document.createElement(token.href ? "a" : "span");
  if (html instanceof HTMLAnchorElement && token.href) html.href = token.href;
  html.className = token.tone ? `tok is-${token.tone}` : "tok";
  html.textContent = token.text;
  html.dataset["test"] = `badge-${token.element}`;
  if (token.label) {
    html.title = token.label;
    if (token.href) html.setAttribute("aria-label", token.label);
  }
  return html;
}

function fit(viewer: NavigatedViewer, element: HTMLElement, focus: string | undefined): void {
  const canvas = viewer.get<Canvas>("canvas");
  canvas.resized();
  const { inner } = canvas.viewbox();
  const frame = element.getBoundingClientRect();
  const at = middleOf(focus ? viewer.get<Registry>("elementRegistry").get(focus) : undefined);
  const scale = Math.min((frame.width - 2 * PADDING) / inner.width, (frame.height - 2 * PADDING) / inner.height, 1);
  if (scale < LEGIBLE && at) {
    center(canvas, frame, at, CLOSE);
    return;
  }
  center(canvas, frame, { x: inner.x + inner.width / 2, y: inner.y + inner.height / 2 }, scale);
}

/** Of a way the point at its middle; the process itself has none. */
function middleOf(drawn: Drawn | undefined): Point | undefined {
  if (drawn?.waypoints) return drawn.waypoints[Math.floor(drawn.waypoints.length / 2)];
  if (drawn?.x === undefined || drawn.y === undefined) return undefined;
  return { x: drawn.x + (drawn.width ?? 0) / 2, y: drawn.y + (drawn.height ?? 0) / 2 };
}

function offerZoom(viewer: NavigatedViewer, element: HTMLElement): void {
  const canvas = viewer.get<Canvas>("canvas");
  for (const button of element.parentElement?.querySelectorAll<HTMLElement>("[data-zoom]") ?? []) {
    button.addEventListener("click", () => {
      const way = button.dataset["zoom"];
      if (way === "all") fit(viewer, element, undefined);
      else canvas.zoom(canvas.zoom() * (way === "in" ? STEP : 1 / STEP));
    });
  }
}

function center(canvas: Canvas, frame: DOMRect, at: { x: number; y: number }, scale: number): void {
  const [width, height] = [frame.width / scale, frame.height / scale];
  canvas.viewbox({ x: at.x - width / 2, y: at.y - height / 2, width, height });
}
