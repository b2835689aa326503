// The server answers with another piece of a form while somebody goes on typing into it: what he typed meanwhile stands
// in the new piece too.
import { fields, isBox } from "./fields";

interface Typed {
  at: number; // the number of what happened
  values: string[];
}

/** `around` holds the piece and whatever asks for it; `piece` is its selector. */
export function keepMeanwhile(around: HTMLElement, piece: string): void {
  let happened = 0;
  const asked = new WeakMap<XMLHttpRequest, number>();
  const typed = new Map<string, Typed>();
  around.addEventListener("input", (event) => {
    const name = (event.target as HTMLInputElement).name;
    const place = (event.target as Element).closest<HTMLElement>(piece);
    if (place && name) typed.set(name, { at: ++happened, values: valuesOf(place, name) });
  });
  around.addEventListener("htmx:beforeRequest", (event) => {
    asked.set(requestOf(event), ++happened);
  });
  around.addEventListener("htmx:afterSettle", (event) => {
    const since = asked.get(requestOf(event));
    const place = around.querySelector<HTMLElement>(piece);
    if (since === undefined || !place) return;
    for (const [name, { at, values }] of typed) if (at > since) put(place, name, values);
  });
}

const requestOf = (event: Event): XMLHttpRequest => (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr;

const named = (place: HTMLElement, name: string) => fields(place).filter((each) => each.name === name);

function valuesOf(place: HTMLElement, name: string): string[] {
  return named(place, name).flatMap((each) => (isBox(each) && !each.checked ? [] : [each.value]));
}

function put(place: HTMLElement, name: string, values: string[]): void {
  if (valuesOf(place, name).join("\n") === values.join("\n")) return;
  named(place, name).forEach((field, at) => {
    if (isBox(field)) field.checked = values.includes(field.value);
    else field.value = values[at] ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
