// A step put after another one goes into the way that leaves it: what lies behind makes room.
import type { Shape } from "./moddle";

const GAP = 60; // px between a step and its neighbours

interface Placer {
  append(element: Shape, shape: Shape): void;
}

interface Spacing {
  calculateAdjustments(elements: Shape[], axis: "x", delta: number, start: number): { movingShapes: Shape[]; resizingShapes: Shape[] };
  makeSpace(moving: Shape[], resizing: Shape[], delta: { x: number; y: number }, direction: string, start: number): void;
}

interface Drawing {
  createShape(shape: Shape, at: { x: number; y: number }, parent: Shape): Shape;
}

interface Registry {
  getAll(): Shape[];
}

interface Selecting {
  select(element: Shape): void;
}

interface Editing {
  activate(element: Shape): void;
}

export class Inserter {
  static $inject = ["autoPlace", "spaceTool", "modeling", "elementRegistry", "selection", "directEditing"];

  constructor(
    private readonly placer: Placer,
    private readonly space: Spacing,
    private readonly drawing: Drawing,
    private readonly registry: Registry,
    private readonly selection: Selecting,
    private readonly editing: Editing,
  ) {}

  /** Into the one way that leaves the element to the right; else beside it, as bpmn-js does. */
  put(element: Shape, shape: Shape): void {
    const ways = ((element as { outgoing?: Shape[] }).outgoing ?? []).filter((way) => way.type === "bpmn:SequenceFlow");
    const way = ways.length === 1 ? ways[0] : undefined;
    const target = (way as { target?: Shape } | undefined)?.target;
    const left = element.x + element.width;
    if (!way || !target || target.x < left || target === element || shape.type === "bpmn:EndEvent") {
      this.placer.append(element, shape);
      return;
    }
    const missing = shape.width + 2 * GAP - (target.x - left);
    if (missing > 0) this.makeRoom(Math.ceil(missing), left + (target.x - left) / 2);
    const at = { x: left + GAP + shape.width / 2, y: element.y + element.height / 2 };
    const made = this.drawing.createShape(shape, at, way);
    this.selection.select(made);
    this.editing.activate(made);
  }

  private makeRoom(delta: number, start: number): void {
    const { movingShapes, resizingShapes } = this.space.calculateAdjustments(this.registry.getAll(), "x", delta, start);
    this.space.makeSpace(movingShapes, resizingShapes, { x: delta, y: 0 }, "e", start);
  }
}
