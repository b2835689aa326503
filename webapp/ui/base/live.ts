// One stream of server-sent events for the whole page. Each event becomes "live:<type>" on the body,
// so that htmx can listen: hx-trigger="live:task from:body".
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 60_000;

export function startLive(): void {
  const url = document.body.dataset["live"];
  if (url) connect(url, FIRST_WAIT);
}

function connect(url: string, wait: number): void {
  const stream = new EventSource(url);
  let next = wait;
  stream.addEventListener("open", () => {
    next = FIRST_WAIT;
    document.body.dataset["liveState"] = "open";
  });
  stream.addEventListener("message", (event: MessageEvent<string>) => {
    const { type, ...detail } = JSON.parse(event.data) as { type: string };
    document.body.dispatchEvent(new CustomEvent(`live:${type}`, { detail }));
  });
  stream.addEventListener("error", () => {
    document.body.dataset["liveState"] = "closed";
    stream.close();
    // spread the return of many pages after a restart of the server
    window.setTimeout(() => connect(url, Math.min(next * 2, LONGEST_WAIT)), next * (0.5 + Math.random()));
  });
  window.addEventListener("pagehide", () => stream.close(), { once: true });
}
