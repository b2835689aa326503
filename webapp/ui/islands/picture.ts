// The menu of exports: takes the curve, or the bars of the funnel, away as a picture.
import { escapeXml, savePicture, token, WANTED, type Form, type Wanted } from "../base/pictures";

const WIDTH = 960;
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
  return wanted.svg ?? drawFunnel();
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
  const title = document.querySelector(".page-top h1")?.textContent?.trim() ?? "";
  const lead = words(document.querySelector(".page-top p"));
  const chosen = [...document.querySelectorAll(".filters .seg [aria-current], .filters summary.chip")].map(words).join(" · ");
  const parts: string[] = [
    write({ text: title, x: 24, y: 38, size: 18, weight: 600 }),
    write({ text: lead, x: 24, y: 60, ink: "--ink-2" }),
    write({ text: chosen, x: 24, y: 80, size: 12, ink: "--ink-3" }),
  ];
  const span = WIDTH - LEFT - RIGHT;
  rows.forEach((row, place) => {
    const y = 104 + place * ROW;
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
  const height = 104 + rows.length * ROW + 16;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" ${FONT}>` +
    `<rect width="${WIDTH}" height="${height}" fill="${token("--surface")}"/>${parts.join("")}</svg>`
  );
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
