// A form of a process step: fields appear by their FEEL condition, and what is typed is kept.
//   <form data-island="form" data-draft="task:12" data-draft-url="/…" data-context="{…}">
//   <div data-hide-if="=outcome != &quot;refused&quot;"> … fields … </div>
import { evaluate } from "@bpmn-io/feelin";
import { csrfToken } from "../base/csrf";
import { dropDraft, keepDraft, noteSent, readDraft, type Values } from "../base/drafts";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const PAUSE = 800;

export function start(element: HTMLElement): void {
  const form = element as HTMLFormElement;
  const context = JSON.parse(form.dataset["context"] ?? "{}") as Record<string, unknown>;
  const refresh = (): void => showWhatApplies(form, context);
  restore(form);
  refresh();
  form.addEventListener("input", refresh);
  form.addEventListener("change", refresh);
  watch(form);
}

function fields(form: HTMLFormElement): Field[] {
  return [...form.elements].filter(
    (each): each is Field =>
      (each instanceof HTMLInputElement && !["submit", "button", "password", "file"].includes(each.type) && !["csrf_token", "command_key", "back"].includes(each.name)) ||
      each instanceof HTMLTextAreaElement ||
      each instanceof HTMLSelectElement,
  );
}

// A condition may hide the field another one reads, so we repeat until nothing changes.
function showWhatApplies(form: HTMLFormElement, context: Record<string, unknown>): void {
  const parts = [...form.querySelectorAll<HTMLElement>("[data-hide-if]")];
  for (let round = 0; round <= parts.length; round += 1) {
    const known = { ...context, ...answers(form) };
    let changed = false;
    for (const part of parts) {
      const hide = isTrue(part.dataset["hideIf"] ?? "", known);
      if (part.hidden === hide) continue;
      part.hidden = hide;
      for (const field of part.querySelectorAll<Field>("input, textarea, select")) field.disabled = hide;
      changed = true;
    }
    if (!changed) return;
  }
}

function isTrue(expression: string, context: Record<string, unknown>): boolean {
  try {
    return evaluate(expression.replace(/^=/, ""), context).value === true;
  } catch {
    return false; // the server decides again: a field too many is better than one too few
  }
}

function answers(form: HTMLFormElement): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const field of fields(form)) {
    if (field.disabled || !field.name) continue;
    if (field instanceof HTMLInputElement && field.type === "radio") {
      found[field.name] ??= null;
      if (field.checked) found[field.name] = field.value;
    } else if (field instanceof HTMLInputElement && field.type === "checkbox") {
      if (field.dataset["type"] === "list") {
        const list = (found[field.name] ??= []) as unknown[];
        if (field.checked) list.push(field.value);
      } else found[field.name] = field.checked;
    } else found[field.name] = typed(field);
  }
  return found;
}

function typed(field: Field): unknown {
  const text = field.value.trim();
  if (text === "") return null;
  if (field.dataset["type"] === "number") {
    const number = Number(text.replaceAll(/[\s\u00a0]/g, "").replace(",", "."));
    return Number.isNaN(number) ? null : number;
  }
  return field.dataset["type"] === "date" ? (evaluate(`date("${text}")`, {}).value ?? text) : text;
}

function currentValues(form: HTMLFormElement): Values {
  const values: Values = {};
  for (const field of fields(form)) {
    if (!field.name) continue;
    const list = (values[field.name] ??= []);
    const chosen = !(field instanceof HTMLInputElement && ["radio", "checkbox"].includes(field.type)) || field.checked;
    if (chosen && !field.disabled) list.push(field.value);
  }
  return values;
}

function restore(form: HTMLFormElement): void {
  const key = form.dataset["draft"];
  const draft = key ? readDraft(key) : null;
  if (!key || !draft) return;
  for (const field of fields(form)) {
    const kept = draft.values[field.name];
    if (!kept) continue;
    if (field instanceof HTMLInputElement && ["radio", "checkbox"].includes(field.type)) field.checked = kept.includes(field.value);
    else if (kept[0] !== undefined) field.value = kept[0];
  }
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
  form.addEventListener("submit", () => {
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
