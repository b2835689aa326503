// A lost session never costs what was typed: before a form leaves the page we ask whether the session lives.
// If not, a dialog offers to sign in in another tab; coming back, the token is renewed and the form is sent.
import { replaceCsrfToken } from "./csrf";
import { openDialog } from "./dialogs";
import { showMessage } from "./messages";

interface SessionState {
  signed_in: boolean;
  csrf: string;
}

const TRUSTED = 60_000; // after an answer of the server we do not ask again for a minute
let checkedAt = Date.now();
let waiting: (() => void) | null = null;
let offline: HTMLElement | null = null; // the message that says so
let cleared: HTMLFormElement | null = null; // asked for and found well: it may leave

export function startSession(): void {
  if (!document.body.hasAttribute("data-signed-in")) return;
  document.addEventListener("submit", guard, true);
  window.addEventListener("online", () => offline?.remove());
  document.body.addEventListener("htmx:responseError", (event) => {
    const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
    if (xhr.status === 401) askToSignIn(null);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && dialogIsOpen()) void resume();
  });
  document.getElementById("session-retry")?.addEventListener("click", () => void resume());
}

function guard(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (cleared === form) {
    cleared = null;
    return;
  }
  if (navigator.onLine && Date.now() - checkedAt < TRUSTED) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const submitter = event.submitter;
  void ask().then((state) => {
    checkedAt = state === "unreachable" ? 0 : Date.now();
    const send = (): void => {
      cleared = form;
      form.requestSubmit(submitter);
    };
    if (state === "unreachable") tellOffline();
    else if (!state || state.signed_in) send();
    else askToSignIn(send);
  });
}

// A form that is sent into the void leaves the browser's own error page, from which nothing leads back.
function tellOffline(): void {
  offline?.remove();
  offline = showMessage(document.body.dataset["textOffline"] ?? "", "bad");
}

async function ask(): Promise<SessionState | "unreachable" | null> {
  try {
    const answer = await fetch("/session", { headers: { Accept: "application/json" }, cache: "no-store" });
    return answer.ok ? ((await answer.json()) as SessionState) : null;
  } catch {
    return "unreachable";
  }
}

function askToSignIn(then: (() => void) | null): void {
  waiting = then;
  openDialog("session-lost");
}

async function resume(): Promise<void> {
  const state = await ask();
  if (!state || state === "unreachable" || !state.signed_in) return;
  replaceCsrfToken(state.csrf);
  checkedAt = Date.now();
  (document.getElementById("session-lost") as HTMLDialogElement).close();
  waiting?.();
  waiting = null;
}

function dialogIsOpen(): boolean {
  return (document.getElementById("session-lost") as HTMLDialogElement | null)?.open ?? false;
}
