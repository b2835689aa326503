// The menu of exports: takes the curve, or the bars of the funnel, away as a picture.
import { escapeXml, savePicture, token, WANTED, type Form, type Wanted } from "../base/pictures";

const WIDTH = 960;
const TOP = 104; // below title, period and filters
const ROW = 30;
const LEFT = 190;
const RIGHT = 170;
const PLACES = { value: 90, next: 20 }; // of the numbers, from the right edge
const FONT = 'font-family="Inter, Segoe UI, Roboto, Arial, sans-serif"';

export function start(element: HTMLElement): void {
  const name = element.dataset["pictureName"] ?? "funnel";
  for (const button of element.querySelectorAll<HTMLButtonElement>("[data-as]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      element.closest("details")?.removeAttribute("open");
      void savePicture(draw(), name, button.dataset["as"] as Form);
    });
  }
}

function draw(): string {
  const wanted: Wanted = {};
  document.getElementById("picture")?.dispatchEvent(new CustomEvent<Wanted>(WANTED, { detail: wanted }));
  if (wanted.svg === undefined) return drawFunnel();
  const size = (name: string): number => Number(new RegExp(`^<svg[^>]*\\s${name}="([\\d.]+)"`).exec(wanted.svg ?? "")?.[1] ?? 0);
  const body = wanted.svg.replace("<svg ", `<svg y="${TOP}" `);
  return frame(Math.max(size("width"), 480), TOP + size("height") + 8, [body]);
}

/** A picture with the heading of the page, its lead and the filters on top. */
function frame(width: number, height: number, parts: string[]): string {
  const title = words(document.querySelector(".page-top h1"));
  const lead = words(document.querySelector(".page-top p"));
  const chosen = [...document.querySelectorAll(".filters .seg [aria-current], .filters summary.chip")].map(words).join(" · ");
  const head = [
    write({ text: title, x: 24, y: 38, size: 18, weight: 600 }),
    write({ text: lead, x: 24, y: 60, ink: "--ink-2" }),
    write({ text: chosen, x: 24, y: 80, size: 12, ink: "--ink-3" }),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ${FONT}>` +
    `<rect width="${width}" height="${height}" fill="${token("--surface")}"/>${head.join("")}${parts.join("")}</svg>`
  );
}

interface Part {
  text: string;
  x: number;
  y: number;
  size?: number;
  weight?: number;
  ink?: string;
  anchor?: "start" | "end";
}

function drawFunnel(): string {
  const rows = [...document.querySelectorAll<HTMLElement>(".fun .frow")];
  const parts: string[] = [];
  const span = WIDTH - LEFT - RIGHT;
  rows.forEach((row, place) => {
    const y = TOP + place * ROW;
    const [name, , value, next] = [...row.children].map(words);
    const heading = place === 0;
    const ink = heading ? "--ink-3" : row.querySelector(".opt") ? "--ink-3" : "--ink";
    parts.push(write({ text: name ?? "", x: row.querySelector(".opt") ? 40 : 24, y: y + 14, ink, size: heading ? 12 : 13 }));
    const numbers: [string | undefined, number][] = [
      [value, WIDTH - PLACES.value],
      [next, WIDTH - PLACES.next],
    ];
    for (const [text, x] of numbers) {
      if (text) parts.push(write({ text, x, y: y + 14, ink, size: heading ? 12 : 13, anchor: "end" }));
    }
    if (!heading) parts.push(...bars(row, y, span));
  });
  return frame(WIDTH, TOP + rows.length * ROW + 16, parts);
}

function bars(row: HTMLElement, y: number, span: number): string[] {
  const thin = row.querySelector(".opt") !== null;
  return [...row.querySelectorAll("svg rect")].map((rect) => {
    const share = (attribute: string): number => (Number(rect.getAttribute(attribute) ?? 0) * span) / 100;
    const x = LEFT + share("x");
    const colour = getComputedStyle(rect).fill;
    return `<rect x="${x}" y="${thin ? y + 6 : y}" width="${share("width")}" height="${thin ? 8 : 20}" fill="${colour}"/>`;
  });
}

function write({ text, x, y, size = 13, weight = 400, ink = "--ink", anchor = "start" }: Part): string {
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${token(ink)}" text-anchor="${anchor}">${escapeXml(text)}</text>`;
}

function words(element: Element | null | undefined): string {
  return (element?.textContent ?? "").replace(/\s+/g, " ").trim();
}
