// Ids name the answers of a step in conditions, so they are made of the step's name: "Check the papers" → check_papers.
import type { Modeling, Shape } from "./moddle";

const RUSSIAN: Record<string, string> = {
  а: "a", б: "b", в: "v", г: "g", д: "d", е: "e", ё: "e", ж: "zh", з: "z", и: "i", й: "y", к: "k", л: "l", м: "m", н: "n", о: "o",
  п: "p", р: "r", с: "s", т: "t", у: "u", ф: "f", х: "kh", ц: "ts", ч: "ch", ш: "sh", щ: "shch", ъ: "", ы: "y", ь: "", э: "e", ю: "yu", я: "ya",
}; // prettier-ignore
const SMALL = new Set(["the", "a", "an", "of", "to", "and", "in", "on", "for"]);
const LONGEST = 40;
const GENERATED = /^(Activity|Event|Gateway|Flow)_[0-9a-z]{7}$/;

export const isGenerated = (id: string): boolean => GENERATED.test(id);

/** An id that is not taken yet; empty where the name has no letters to make it of. */
export function idFrom(name: string, taken: (id: string) => boolean): string {
  const latin = [...name.toLowerCase()].map((sign) => RUSSIAN[sign] ?? sign).join("");
  const words = latin.split(/[^a-z0-9]+/).filter((word) => word && !SMALL.has(word));
  const stem = words.join("_").slice(0, LONGEST).replace(/_+$/, "");
  if (!stem || /^\d/.test(stem)) return "";
  for (let number = 1; ; number++) {
    const id = number === 1 ? stem : `${stem}_${number}`;
    if (!taken(id)) return id;
  }
}

interface Events {
  on(events: string[], heard: (event: { context: { element: Shape } }) => void): void;
}

interface Registry {
  get(id: string): Shape | undefined;
}

/** A module for bpmn-js: what gets its first name gets an id made of it. */
class NamedIds {
  static $inject = ["eventBus", "modeling", "elementRegistry"];
  constructor(events: Events, modeling: Modeling, registry: Registry) {
    const named = ["commandStack.element.updateLabel.postExecuted", "commandStack.element.updateProperties.postExecuted"];
    events.on(named, ({ context }) => {
      const element = context.element.labelTarget ?? context.element;
      const { id, name, $type } = element.businessObject;
      if (!name || !isGenerated(id) || $type === "bpmn:SequenceFlow") return;
      const fresh = idFrom(name, (wanted) => registry.get(wanted) !== undefined);
      if (fresh) modeling.updateProperties(element, { id: fresh });
    });
  }
}

export const namedIds = { __init__: ["namedIds"], namedIds: ["type", NamedIds] };
