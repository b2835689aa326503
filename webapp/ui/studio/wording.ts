// The drawing speaks the reader's language: names are shown and written on it as the panel does, `name.<lang>` before the
// base name. The file keeps both.
import BpmnRenderer from "bpmn-js/lib/draw/BpmnRenderer";
import TextRenderer from "bpmn-js/lib/draw/TextRenderer";
import type { Bo, Modeling, Moddle, Shape } from "./moddle";
import { property, setProperties } from "./moddle";

const BASE = "en";

interface Events {
  on(event: string, heard: (event: { elements: Shape[] }) => void): void;
  fire(event: string, context: unknown): void;
}

interface Written {
  createText(text: string, options: unknown): SVGElement;
}

interface Editing {
  activate(element: Shape): { text: string } | undefined;
  update(element: Shape, text: string, ...rest: unknown[]): void;
}

let drawn: Bo | undefined; // whose texts are being drawn

export function inLanguage(of: Bo, language: string): string {
  return (language !== BASE && property(of, `name.${language}`)) || (of.name ?? "");
}

/** What it is called in every language; this name where it has none. */
export function namesOf(of: Bo, name: string): Record<string, string> {
  return Object.fromEntries(["en", "ru"].map((language) => [language, inLanguage(of, language) || name]));
}

/** A module for bpmn-js whose labels are in this language. */
export function wordingModule(language: string): Record<string, unknown> {
  class Texts extends (TextRenderer as unknown as new (config: unknown) => Written) {
    static $inject = ["config.textRenderer"];
    constructor(config: unknown) {
      super(config);
      const create = this.createText.bind(this);
      this.createText = (text, options) => create(drawn && text === drawn.name ? inLanguage(drawn, language) : text, options);
    }
  }

  class Renderer extends BpmnRenderer {
    override drawShape(...given: Parameters<BpmnRenderer["drawShape"]>): SVGElement {
      return drawing(given[1] as unknown as Shape, () => super.drawShape(...given));
    }
  }
  (Renderer as unknown as { $inject: unknown }).$inject = (BpmnRenderer as unknown as { $inject: unknown }).$inject;

  class Labels {
    static $inject = ["eventBus", "labelEditingProvider", "modeling", "moddle"];
    constructor(events: Events, editing: Editing, modeling: Modeling, moddle: Moddle) {
      if (language !== BASE) writeInLanguage(editing, { modeling, moddle }, language);
      // a label beside its element is a shape of its own: it changes with it
      events.on("elements.changed", ({ elements }) => {
        for (const each of elements) {
          const label = (each as { label?: Shape }).label;
          if (label && !elements.includes(label)) events.fire("element.changed", { element: label });
        }
      });
    }
  }

  return { __init__: ["wordedLabels"], textRenderer: ["type", Texts], bpmnRenderer: ["type", Renderer], wordedLabels: ["type", Labels] };
}

function drawing<T>(element: Shape, draw: () => T): T {
  drawn = (element.labelTarget ?? element).businessObject;
  try {
    return draw();
  } finally {
    drawn = undefined;
  }
}

function writeInLanguage(editing: Editing, tools: { modeling: Modeling; moddle: Moddle }, language: string): void {
  const activate = editing.activate.bind(editing);
  const update = editing.update.bind(editing);
  editing.activate = (element) => {
    const context = activate(element);
    const of = element.businessObject;
    if (context && of.$type !== "bpmn:TextAnnotation") context.text = inLanguage(of, language);
    return context;
  };
  editing.update = (element, text, ...rest) => {
    const of = element.businessObject;
    const owner = element.labelTarget ?? element;
    if (of.$type === "bpmn:TextAnnotation" || of.$type === "bpmn:Group") return update(element, text, ...rest);
    if (!of.name || !text) update(element, text, ...rest); // a name that is new, or taken away, is so in both languages
    setProperties(tools, owner, { [`name.${language}`]: text });
  };
}
