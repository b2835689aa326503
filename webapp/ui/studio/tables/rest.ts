// What dmn-js says without asking its translations: some titles, and the types of columns that are only looked at.
import { options, type VNode } from "inferno";

const SAID = ["title", "aria-label"];
const UNASKED = new Set(["Move Input", "Move Output", "Decision table context menu", "Remove item"]);
const TYPES = new Set(["input-variable", "output-variable"]); // or the values that the column may have, in quotes

export function translateRest(translate: (text: string) => string): void {
  const before = options.createVNode;
  options.createVNode = (node: VNode) => {
    const props = node.props as Record<string, unknown> | null;
    for (const name of props ? SAID : []) {
      const text = props?.[name];
      if (props && typeof text === "string" && UNASKED.has(text)) props[name] = translate(text);
    }
    if (TYPES.has(node.className ?? "") && typeof node.children === "string" && !node.children.includes('"')) node.children = translate(node.children);
    before?.(node);
  };
}
