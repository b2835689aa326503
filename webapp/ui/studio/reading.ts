// Whether the library that draws a file has read all of it. What it passes over would be lost when the file is saved.
import { fill } from "./dom";
import type { Strip, Texts } from "./strip";

const SHOWN_REASONS = 3;
// the text has come as it is, whatever it says of itself; a picture that does not say whose it is can be of one process only
const HARMLESS = /^(unsupported document encoding|correcting missing bpmnElement)/;
// what the libraries say of a file, and which of our texts says it to people
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^(?:unparsable content|lost part) (?:<?([^\s>]*)>?)(?: detected|$)/, "lostPart"],
  [/^(?:unknown|lost) attribute <(.+)>/, "lostAttribute"],
  [/^no namespace uri given for prefix <(.+)>/, "lostPrefix"],
  [/^unresolved reference <(.+)>/, "lostReference"],
  [/^form field of type <(.+)> not supported/, "lostField"],
  [/^element <\S+ id="([^"]+)" \/> referenced by .* not yet drawn/, "lostUndrawn"],
  [/^<\S+ id="([^"]+)" \/>#\w+ Ref not specified/, "lostEnd"],
  [/^missing <\S+ id="([^"]+)" \/>#attachedToRef/, "lostHost"],
  [/^(?:multiple DI elements defined for|already rendered) <\S+ id="([^"]+)"/, "lostTwice"],
  [/^not drawn <(.+)>/, "lostLeftOut"],
  [/^no bpmnElement referenced in <\S+ id="([^"]+)"/, "lostShape"],
];

export interface Read {
  drawn: boolean; // something of it can be looked at
  lost: string[]; // what was passed over, in the words of the library
}

export async function read(open: () => Promise<{ warnings?: unknown[] } | undefined | void>): Promise<Read> {
  try {
    const answer = await open();
    return { drawn: true, lost: (answer?.warnings ?? []).map(said).filter((each) => !HARMLESS.test(each)) };
  } catch (error) {
    return { drawn: false, lost: [said(error)] };
  }
}

const said = (warning: unknown): string => (warning as { message?: string }).message ?? String(warning);

/** The file can be looked at and taken out as it is, but not drawn: nothing of it may be lost. */
export function showUnfit(page: HTMLElement, strip: Strip, texts: Texts, lost: string[]): void {
  page.dataset["mode"] = "look";
  const reasons = [...new Set(lost.map((each) => inWords(each, texts)))].slice(0, SHOWN_REASONS);
  const notice = strip.notice(fill(texts["unfit"] ?? "", { n: lost.length, reasons: reasons.join("; ") }), texts["takeFile"] ?? "", () => {
    window.location.href = `${page.dataset["draft"] ?? ""}/file`;
  });
  notice.dataset["test"] = "unfit";
}

function inWords(message: string, texts: Texts): string {
  for (const [pattern, text] of REASONS) {
    const found = pattern.exec(message);
    if (found) return fill(texts[text] ?? "", { name: found[1] ?? "" });
  }
  return message.split("\n")[0] ?? "";
}
