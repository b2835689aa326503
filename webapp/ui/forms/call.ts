// The draft of a call about service: kept in this tab while somebody looks at other days, gone when it is booked.
import htmx from "htmx.org";
import { dropDraft, keepDraft, noteSent, readDraft, type Values } from "../base/drafts";
import { currentValues, fields, isBox } from "./fields";

const OF_THE_PAGE = ["centre", "day", "customer_id", "car_id", "slot"];

/** Puts back what was typed before the page was left; `ask` proposes times for it. */
export function startCallDraft(form: HTMLFormElement, ask: () => void): void {
  const key = form.dataset["draft"];
  if (!key) return;
  let typed = "refused" in form.dataset; // the server shows it as it was typed
  const keep = (): void => {
    typed = true;
    keepDraft(key, currentValues(form), sessionStorage);
  };
  const draft = typed ? null : readDraft(key, sessionStorage);
  if (typed) keep();
  else if (draft && isSameCall(form, draft.values)) {
    typed = true;
    void restore(form, draft.values, ask);
  }
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("htmx:afterSettle", () => {
    if (typed) keep();
  });
  form.addEventListener("submit", () => {
    keep();
    noteSent(key);
  });
  form.querySelector("[data-discard]")?.addEventListener("click", () => {
    dropDraft(key);
    window.location.assign(window.location.pathname + dayOnly());
  });
  // «Back» after a booking: the page comes as it was left, with the customer who is booked already
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && form.dataset["sent"]) window.location.reload();
  });
}

// A page that was opened for another customer begins anew.
function isSameCall(form: HTMLFormElement, values: Values): boolean {
  const asked = form.querySelector<HTMLInputElement>("[name=q]")?.value ?? "";
  return !asked || asked === values["q"]?.[0];
}

async function restore(form: HTMLFormElement, values: Values, ask: () => void): Promise<void> {
  const seen: Record<string, number> = {};
  for (const field of fields(form)) {
    const kept = values[field.name];
    if (!kept || OF_THE_PAGE.includes(field.name)) continue;
    if (isBox(field)) {
      field.checked = kept.includes(field.value);
      continue;
    }
    const at = seen[field.name] ?? 0;
    seen[field.name] = at + 1;
    field.value = kept[at] ?? "";
    if (field.value && "job" in field.dataset) field.hidden = false;
  }
  form.querySelector<HTMLElement>("[data-restored]")?.removeAttribute("hidden");
  const slot = values["slot"]?.[0];
  if (slot && values["centre"]?.[0] === form.querySelector<HTMLInputElement>("[name=centre]")?.value) hold(form, slot);
  await findCaller(form, values);
  if (values["jobs"]?.some(Boolean)) ask();
}

function hold(form: HTMLFormElement, slot: string): void {
  const input = Object.assign(document.createElement("input"), { type: "hidden", name: "slot", value: slot });
  form.querySelector("#booking-times")?.append(input);
}

async function findCaller(form: HTMLFormElement, values: Values): Promise<void> {
  const address = form.querySelector("[name=q]")?.getAttribute("hx-get");
  if (!address) return;
  const query = new URLSearchParams();
  for (const name of ["q", "name", "car_plate", "car_name"]) query.set(name, values[name]?.[0] ?? "");
  if (values["customer_id"]?.[0]) query.set("choose", `${values["customer_id"][0]}-${values["car_id"]?.[0] || 0}`);
  await htmx.ajax("get", `${address}?${query.toString()}`, { target: "#booking-caller", swap: "outerHTML" });
}

function dayOnly(): string {
  const asked = new URLSearchParams(window.location.search);
  for (const name of [...asked.keys()]) if (!["day", "view", "centre", "visit"].includes(name)) asked.delete(name);
  return asked.size ? `?${asked.toString()}` : "";
}
