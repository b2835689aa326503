// Whether a file that the library reads and writes back is the same file: the last look before it may be drawn.
// It knows nothing of BPMN. Order, prefixes and the spelling of numbers may differ, and more may stand in it than before.

export type IsDefault = (element: string, attribute: string, value: string) => boolean;

const XSI = "http://www.w3.org/2001/XMLSchema-instance";
const XMLNS = "http://www.w3.org/2000/xmlns/";

/** What stands in the first text and not in the second, as `reading.ts` puts it into words; empty when all is kept. */
export function missing(before: string, after: string, isDefault: IsDefault): string[] {
  const left = counted(after);
  const lost = new Set<string>();
  for (const { key, element, attribute, value } of parts(before)) {
    const number = left.get(key) ?? 0;
    if (number > 0) left.set(key, number - 1);
    else if (!attribute) lost.add(`lost part <${element}>`);
    else if (!isDefault(element, attribute, value)) lost.add(`lost attribute <${attribute}>`);
  }
  return [...lost];
}

interface Piece {
  key: string;
  element: string;
  attribute: string; // empty: the element itself, or its text
  value: string;
}

function counted(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const { key } of parts(text)) found.set(key, (found.get(key) ?? 0) + 1);
  return found;
}

function* parts(text: string): Iterable<Piece> {
  const root = new DOMParser().parseFromString(text, "application/xml");
  for (const element of root.querySelectorAll("*")) {
    const name = `{${element.namespaceURI ?? ""}}${element.localName}`;
    yield { key: name, element: element.localName, attribute: "", value: "" };
    const said = element.children.length === 0 ? plain(element.textContent ?? "") : "";
    if (said) yield { key: `${name} ${said}`, element: element.localName, attribute: "", value: said };
    for (const { namespaceURI, localName, value } of element.attributes) {
      if (namespaceURI === XMLNS || namespaceURI === XSI) continue;
      yield { key: `${name} ${localName}=${plain(value)}`, element: element.localName, attribute: localName, value };
    }
  }
}

/** One spelling of what means the same: spaces, numbers, and names with the prefix of their file. */
function plain(text: string): string {
  const value = text.replace(/\s+/g, " ").trim();
  if (/^-?\d+(\.\d+)?$/.test(value)) return String(Number(value));
  return /^[\w.-]+:[\w.-]+$/.test(value) ? value.slice(value.indexOf(":") + 1) : value;
}
