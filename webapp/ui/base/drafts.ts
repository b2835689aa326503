// What is typed survives: kept in this browser under the form's key until the server has taken it.
export type Values = Record<string, string[]>;

interface Draft {
  at: number;
  values: Values;
}

const PREFIX = "draft:";
const SENT = "draft-sent";
const KEEP_DAYS = 14;

const person = (): string => document.body.dataset["person"] ?? "";
const place = (key: string): string => `${PREFIX}${person()}:${key}`;

// In `sessionStorage` a draft belongs to its tab: two calls at a time do not disturb each other.
export function readDraft(key: string, store: Storage = localStorage): Draft | null {
  const text = store.getItem(place(key));
  return text ? (JSON.parse(text) as Draft) : null;
}

export function keepDraft(key: string, values: Values, store: Storage = localStorage): void {
  store.setItem(place(key), JSON.stringify({ at: Date.now(), values } satisfies Draft));
}

export function dropDraft(key: string): void {
  for (const store of [localStorage, sessionStorage]) store.removeItem(place(key));
}

export function noteSent(key: string): void {
  sessionStorage.setItem(SENT, key);
}

// The page after a sent form: the draft has done its duty when the server took the form or shows it again as typed.
// An error or a lost session shows neither, and a form that was lost on its way has no page after it: who comes
// back by the address or by «Back» has not been answered.
export function settleDrafts(): void {
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (sent && isAnswer() && "signedIn" in document.body.dataset && !document.querySelector("[data-test=error]")) dropDraft(sent);
  const oldest = Date.now() - KEEP_DAYS * 86_400_000;
  for (const name of Object.keys(localStorage).filter((each) => each.startsWith(PREFIX))) {
    const draft = JSON.parse(localStorage.getItem(name) ?? "{}") as Partial<Draft>;
    if ((draft.at ?? 0) < oldest) localStorage.removeItem(name);
  }
}

function isAnswer(): boolean {
  const [visit] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return visit?.type !== "back_forward" && document.referrer.startsWith(`${location.origin}/`);
}
