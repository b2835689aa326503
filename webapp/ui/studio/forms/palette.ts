// The kinds of field that our server knows: dragged onto the form, or put behind the chosen field by a click.
import { icon, make } from "../dom";
import type { Texts } from "../strip";
import type { Forms } from "./editor";
import { placeFor } from "./placing";

const KINDS: [group: string, types: [type: string, icon: string][]][] = [
  ["paletteInput", [["textfield", "cursor-text"], ["textarea", "align-left"], ["number", "hash"], ["datetime", "calendar"], ["checkbox", "square-check"], ["filepicker", "paperclip"]]],
  ["paletteChoice", [["radio", "circle-dot"], ["select", "selector"], ["checklist", "list-check"], ["taglist", "sort-ascending"]]],
  ["paletteMore", [["group", "forms"], ["dynamiclist", "table"], ["expression", "calculator"], ["text", "info-circle"], ["separator", "minus"]]],
]; // prettier-ignore

export function drawPalette(place: HTMLElement, forms: Forms, texts: Texts, sprite: string): void {
  const groups = KINDS.map(([group, types]) => {
    const entries = types.map(([type, symbol]) => {
      const add = (): void => {
        const [holder, at] = placeFor(forms, type);
        forms.get("modeling").addFormField({ type }, holder, at);
      };
      // the classes are those by which form-js knows what may be dragged
      return make("button", { class: "fjs-palette-field fjs-drag-copy fjs-no-drop kind", type: "button", "data-field-type": type, "data-test": `add-${type}`, onclick: add }, icon(symbol, sprite), make("span", {}, texts[`type.${type}`] ?? type));
    });
    return make("div", { class: "kinds-group" }, make("h2", { class: "kinds-name" }, texts[group] ?? ""), make("div", { class: "fjs-palette-fields fjs-drag-container fjs-no-drop" }, ...entries));
  });
  place.replaceChildren(...groups);
}
