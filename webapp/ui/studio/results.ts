// diagram-js names the list in its menus without asking its translations.
import { options } from "preact";

const NAMED = "Results";

export function nameResults(translate: (text: string) => string): void {
  const before = options.vnode;
  options.vnode = (node) => {
    const props = node.props as unknown as Record<string, unknown> | null;
    if (props?.["ariaLabel"] === NAMED) props["ariaLabel"] = translate(NAMED);
    before?.(node);
  };
}
