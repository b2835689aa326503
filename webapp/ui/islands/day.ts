// My day and focus mode: clocks of new leads, keys, and the hint that something has changed.
//   <div data-island="day" data-now="<server's moment>" data-unread="3" data-late-word="late">
// F opens focus mode, Esc leaves it, J goes on, Enter opens the task when no row is chosen.
const SECOND = 1000;
const SHORT_SHARE = 40; // percent of the allowed time below which it is amber
const ANNOUNCED = [5, 2, 0]; // minutes

export function start(element: HTMLElement): void {
  // the server's clock counts: this computer's may be wrong
  const ahead = Date.parse(element.dataset["now"] ?? "") - Date.now() || 0;
  const clocks = [...element.querySelectorAll<HTMLElement>("[data-clock]")];
  if (clocks.length > 0) {
    const beat = (): void => clocks.forEach((clock) => show(clock, Date.now() + ahead, element));
    beat();
    window.setInterval(beat, SECOND);
  }
  document.addEventListener("keydown", press);
  watch(element);
}

function show(clock: HTMLElement, now: number, element: HTMLElement): void {
  const due = Date.parse(clock.dataset["due"] ?? "");
  const allowed = due - Date.parse(clock.dataset["created"] ?? "");
  const left = due - now;
  const share = Math.max(0, Math.min(100, (100 * left) / allowed));
  const late = left < 0;
  clock.textContent = minutesAndSeconds(Math.abs(left));
  clock.classList.toggle("bad", late);
  clock.classList.toggle("warn", !late && share < SHORT_SHARE);
  const lead = clock.closest("[data-test=lead]");
  const bar = lead?.querySelector("[data-clock-bar]");
  bar?.setAttribute("width", String(late ? 100 : share));
  bar?.setAttribute("class", late ? "f-bad" : share < SHORT_SHARE ? "f-warn" : "f-acc");
  const word = lead?.querySelector("[data-clock-word]");
  if (late && word) word.textContent = element.dataset["lateWord"] ?? "";
  announce(clock, Math.ceil(left / (60 * SECOND)), element);
}

// Told at 5, 2 and 0 minutes, not every second.
function announce(clock: HTMLElement, minutes: number, element: HTMLElement): void {
  if (clock.dataset["told"] === String(minutes)) return;
  const first = clock.dataset["told"] === undefined;
  clock.dataset["told"] = String(minutes);
  const place = element.querySelector("[data-announce]");
  const name = clock.closest("[data-test=lead]")?.querySelector("a")?.textContent ?? "";
  if (!first && place && ANNOUNCED.includes(minutes)) place.textContent = `${name}: ${clock.textContent}`;
}

function minutesAndSeconds(span: number): string {
  const seconds = Math.floor(span / SECOND);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = String(seconds % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

function press(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (target.matches("input, textarea, select, button, a, summary") && event.key !== "Escape") return;
  if (event.code === "KeyF") follow("[data-focus]");
  else if (event.key === "Escape") follow("[data-leave-focus]");
  else if (event.code === "KeyJ") follow("[data-next-task]");
  else if (event.key === "Enter" && target === document.body) follow("[data-open-task]");
}

function follow(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.click();
}

// More unread than when the page was made: the lists are old. They are not replaced under somebody's hand.
function watch(element: HTMLElement): void {
  const known = Number(element.dataset["unread"] ?? 0);
  const news = element.querySelector<HTMLElement>("[data-news]");
  document.body.addEventListener("live:notifications", (event) => {
    const { unread } = (event as CustomEvent<{ unread: number }>).detail;
    if (news && unread > known) news.hidden = false;
  });
}
