// A list of lines that grows: as soon as the last one is typed into, an empty one follows.
import htmx from "htmx.org";

export function start(list: HTMLElement): void {
  const frame = list.querySelector<HTMLElement>(".lines");
  frame?.addEventListener("input", () => {
    const last = frame.lastElementChild;
    if (!last?.querySelector("input")?.value) return;
    const next = last.cloneNode(true) as HTMLElement;
    for (const input of next.querySelectorAll("input")) input.value = "";
    for (const note of next.querySelectorAll(".same-phone")) note.replaceChildren();
    frame.append(next);
    htmx.process(next);
  });
}
