// A form of a process step: fields appear and values are computed by FEEL, and what is typed is kept.
//   <form data-island="form" data-draft="task:12" data-draft-url="/…" data-upload-url="/…" data-context="{…}">
//   <div data-hide-if="=outcome != &quot;refused&quot;"> … fields … </div>
import { csrfToken } from "../base/csrf";
import { dropDraft, keepDraft, noteSent, readDraft } from "../base/drafts";
import { currentValues, fields, isBox, type Cells } from "../forms/fields";
import { isSending, restoreFiles, startFiles } from "../forms/files";
import { rankBy, startRanked } from "../forms/ranked";
import { restoreRows, startLists } from "../forms/rows";
import { restoreLabel, startSearches } from "../forms/search";
import { startSignatures } from "../forms/signature";
import { workOut } from "../forms/working-out";

const PAUSE = 800;

export function start(element: HTMLElement): void {
  const form = element as HTMLFormElement;
  const context = JSON.parse(form.dataset["context"] ?? "{}") as Cells;
  const wire = (part: HTMLElement): void => {
    startRanked(part);
    startFiles(part, form);
    startSignatures(part, form);
    startSearches(part);
  };
  const refresh = (): void => workOut(form, context);
  startLists(form, wire);
  wire(form);
  restore(form, wire);
  refresh();
  form.addEventListener("input", refresh);
  form.addEventListener("change", refresh);
  form.addEventListener("submit", (event) => {
    if (isSending(form)) event.preventDefault(); // a file is still on its way, which the form would not name
  }, { capture: true });
  watch(form);
}

function restore(form: HTMLFormElement, wire: (part: HTMLElement) => void): void {
  const key = form.dataset["draft"];
  const draft = key ? readDraft(key) : null;
  if (!key || !draft) return;
  restoreRows(form, Object.keys(draft.values), wire);
  for (const part of form.querySelectorAll<HTMLElement>("[data-files]")) restoreFiles(part, form, draft.values[part.dataset["files"] ?? ""] ?? []);
  for (const chips of form.querySelectorAll<HTMLElement>("[data-ranked]")) rankBy(chips, draft.values[chips.querySelector("input")?.name ?? ""] ?? []);
  for (const field of fields(form)) {
    const kept = draft.values[field.name];
    if (!kept || field.dataset["type"] === "file") continue;
    if (isBox(field)) field.checked = kept.includes(field.value);
    else if (kept[0] !== undefined) field.value = kept[0];
  }
  for (const part of form.querySelectorAll<HTMLElement>("[data-search]")) void restoreLabel(part);
  form.querySelector<HTMLElement>("[data-restored]")?.removeAttribute("hidden");
  form.querySelector("[data-discard]")?.addEventListener("click", () => {
    dropDraft(key);
    location.reload();
  });
}

function watch(form: HTMLFormElement): void {
  const key = form.dataset["draft"];
  if (!key) return;
  let timer = 0;
  form.addEventListener("input", () => {
    keepDraft(key, currentValues(form));
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void send(form), PAUSE);
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    window.clearTimeout(timer);
    keepDraft(key, currentValues(form));
    noteSent(key);
  });
}

async function send(form: HTMLFormElement): Promise<void> {
  const url = form.dataset["draftUrl"];
  if (!url) return;
  const values = currentValues(form);
  const body = new URLSearchParams();
  for (const [name, list] of Object.entries(values)) for (const value of list) body.append(name, value);
  try {
    const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRF-Token": csrfToken(), Accept: "application/json" } });
    form.toggleAttribute("data-draft-kept", answer.ok);
    const key = form.dataset["draft"];
    // what the server has, it shows on every computer; here is kept only what has not reached it
    if (key && answer.ok && JSON.stringify(values) === JSON.stringify(currentValues(form))) dropDraft(key);
  } catch {
    form.removeAttribute("data-draft-kept"); // it is still kept in this browser
  }
}
