// A drawing under fingers: one moves it, two bring it nearer or farther. A tap stays a click, which the drawing hears itself.
// The browser must leave the place alone: touch-action is none there (styles/diagram.css).

interface Moved {
  scroll(by: { dx: number; dy: number }): void;
  zoom(level?: number, around?: Point): number;
}

interface Point {
  x: number;
  y: number;
}

const SLOP = 8; // px that a finger may tremble in a tap
const SMALLEST = 0.04; // the whole of the largest drawing on a phone
const LARGEST = 4;

export function underFingers(place: HTMLElement, drawing: Moved): void {
  const fingers = new Map<number, Point>();
  let begun: Point | undefined; // where a single finger came down, until it has clearly moved

  place.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch") return;
    fingers.set(event.pointerId, at(event));
    begun = fingers.size === 1 ? at(event) : undefined;
  });

  place.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = at(event);
    if (begun && apart(begun, now) < SLOP) return;
    begun = undefined;
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    fingers.set(event.pointerId, now);
    if (!other) {
      drawing.scroll({ dx: now.x - before.x, dy: now.y - before.y });
      return;
    }
    const [old, middle] = [between(before, other), between(now, other)];
    const nearer = apart(now, other) / Math.max(apart(before, other), 1);
    drawing.scroll({ dx: middle.x - old.x, dy: middle.y - old.y });
    const frame = place.getBoundingClientRect();
    const around = { x: middle.x - frame.left, y: middle.y - frame.top };
    drawing.zoom(Math.min(LARGEST, Math.max(SMALLEST, drawing.zoom() * nearer)), around);
  });

  for (const end of ["pointerup", "pointercancel"] as const)
    place.addEventListener(end, (event) => {
      fingers.delete(event.pointerId);
      begun = undefined;
    });
}

const at = (event: PointerEvent): Point => ({ x: event.clientX, y: event.clientY });
const apart = (one: Point, other: Point): number => Math.hypot(one.x - other.x, one.y - other.y);
const between = (one: Point, other: Point): Point => ({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });
