// The form of a booking: the held time counts down and is prolonged while the page is open, the button says the time,
// hits are chosen with the arrows, the mileage of a known car is filled in.
import htmx from "htmx.org";
import { csrfToken } from "../base/csrf";
import { startCallDraft } from "../forms/call";
import { keepMeanwhile } from "../forms/meanwhile";

const PROLONG_BELOW = 90; // seconds
const IDLE_LIMIT = 20 * 60 * 1000; // ms without input: a page left open must not keep a bay for ever

export function start(form: HTMLFormElement): void {
  let left = 0;
  let hold = "";
  let prolonging = false;
  let touched = Date.now();

  for (const kind of ["input", "keydown", "pointerdown"]) {
    document.addEventListener(kind, () => {
      touched = Date.now();
    });
  }
  const take = (): void => {
    const times = form.querySelector<HTMLElement>("#booking-times");
    const found = times?.dataset["hold"] ?? "";
    if (found !== hold) document.dispatchEvent(new CustomEvent("bays:changed"));
    hold = found;
    left = Number(times?.dataset["seconds"] ?? 0);
    const act = times?.dataset["act"] ?? "";
    form.toggleAttribute("data-timed", act !== ""); // the time needs the room of the key
    for (const text of form.querySelectorAll<HTMLElement>("[data-book-text]")) {
      text.dataset["plain"] ??= text.textContent ?? "";
      text.textContent = act ? `${text.dataset["plain"]} ${act}` : text.dataset["plain"];
    }
    show();
  };
  const show = (): void => {
    const pill = form.querySelector<HTMLElement>("[data-countdown]");
    const digits = form.querySelector<HTMLElement>("[data-left]");
    if (!pill || !digits) return;
    pill.hidden = !hold || left <= 0;
    digits.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  };
  const prolong = async (): Promise<void> => {
    prolonging = true;
    try {
      const answer = await post(`/service/booking/holds/${hold}/prolong`);
      if (answer.ok) left = ((await answer.json()) as { seconds: number }).seconds;
      else ask(form); // it has run out: propose again, the chosen time first
    } catch {
      // the next second tries again
    } finally {
      prolonging = false;
    }
  };
  window.setInterval(() => {
    if (!hold) return;
    left = Math.max(left - 1, 0);
    show();
    if (left < PROLONG_BELOW && !document.hidden && !prolonging && Date.now() - touched < IDLE_LIMIT) void prolong();
  }, 1000);
  window.addEventListener("pagehide", () => {
    if (hold && !form.dataset["sent"]) void post(`/service/booking/holds/${hold}/release`, true);
  });
  form.addEventListener("submit", () => {
    form.dataset["sent"] = "1";
  });
  keepMeanwhile(form, "#booking-caller");
  let chosen = false;
  form.addEventListener("click", (event) => {
    if ((event.target as Element).closest("#booking-caller button")) chosen = true;
  });
  form.addEventListener("htmx:afterSettle", () => {
    take();
    fillMileage(form);
    if (chosen) form.querySelector<HTMLElement>("#b-plate, #b-km")?.focus();
    chosen = false;
  });
  document.addEventListener("bays:pointed", (event) => {
    point(form, (event as CustomEvent<{ at: string; line: string }>).detail);
  });
  form.addEventListener("keydown", (event) => walkHits(form, event));
  form.querySelector("[data-more-work]")?.addEventListener("click", () => {
    const next = form.querySelector<HTMLElement>("[data-job][hidden]");
    if (next) next.hidden = false;
    next?.focus();
  });
  form.querySelector("[data-propose]")?.addEventListener("click", () => ask(form));
  if (form.querySelector<HTMLSelectElement>("[data-job]")?.value || form.querySelector("#booking-times input[type=hidden][name=slot]")) ask(form);
  take();
  startCallDraft(form, () => ask(form));
  const wrong = form.querySelector<HTMLElement>("[aria-invalid=true]:not(fieldset), fieldset[aria-invalid=true] input");
  const first = form.querySelector<HTMLElement>("[name=q]");
  (wrong ?? first)?.focus({ preventScroll: true });
}

const ask = (form: HTMLFormElement): void => {
  const times = form.querySelector<HTMLElement>("#booking-times");
  if (times) htmx.trigger(times, "change", {});
};

// A free place of the calendar: it is held for this work, or the form says why it cannot be.
function point(form: HTMLFormElement, place: { at: string; line: string }): void {
  const times = form.querySelector<HTMLElement>("#booking-times");
  const since = form.querySelector<HTMLInputElement>("[name=since]");
  if (!times) return;
  if (since) since.value = "";
  void htmx.ajax("post", times.getAttribute("hx-post") ?? "", { source: times, target: times, swap: "outerHTML", values: place });
}

function post(address: string, keepalive = false): Promise<Response> {
  return fetch(address, { method: "POST", keepalive, headers: { Accept: "application/json", "X-CSRF-Token": csrfToken() } });
}

function fillMileage(form: HTMLFormElement): void {
  const km = form.querySelector<HTMLInputElement>("[name=km]");
  const known = form.querySelector<HTMLElement>("#booking-caller")?.dataset["km"];
  if (km && known && !km.value) km.placeholder = known;
}

function walkHits(form: HTMLFormElement, event: KeyboardEvent): void {
  const hits = [...form.querySelectorAll<HTMLButtonElement>("[data-hits] button")];
  if (hits.length === 0 || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  const at = hits.indexOf(document.activeElement as HTMLButtonElement);
  if (at < 0 && (event.target as HTMLElement).getAttribute("name") !== "q") return;
  hits[(at + (event.key === "ArrowDown" ? 1 : -1) + hits.length) % hits.length]?.focus();
  event.preventDefault();
}
