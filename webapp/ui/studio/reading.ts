// Whether the library that draws a file has read all of it. What it passes over would be lost when the file is saved.
import { fill } from "./dom";
import type { Strip, Texts } from "./strip";

const SHOWN_REASONS = 3;
const PART = /^unparsable content (?:<?([^\s>]*)>?) detected/;
const ATTRIBUTE = /^unknown attribute <(.+)>/;
const FIELD = /^form field of type <(.+)> not supported/;
const REFERENCE = /^unresolved reference <(.+)>/;

export interface Read {
  drawn: boolean; // something of it can be looked at
  lost: string[]; // what was passed over, in the words of the library
}

export async function read(open: () => Promise<{ warnings?: unknown[] } | undefined | void>): Promise<Read> {
  try {
    const answer = await open();
    return { drawn: true, lost: (answer?.warnings ?? []).map(said) };
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
  for (const [pattern, text] of [[PART, "lostPart"], [ATTRIBUTE, "lostAttribute"], [REFERENCE, "lostReference"], [FIELD, "lostField"]] as const) {
    const found = pattern.exec(message);
    if (found) return fill(texts[text] ?? "", { name: found[1] ?? "" });
  }
  return message.split("\n")[0] ?? "";
}
