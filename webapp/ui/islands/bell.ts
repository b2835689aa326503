// The figure on the bell follows the stream of server-sent events.
export function start(bell: HTMLElement): void {
  const figure = bell.querySelector<HTMLElement>("[data-unread-count]");
  document.body.addEventListener("live:notifications", (event) => {
    const { unread } = (event as CustomEvent<{ unread: number }>).detail;
    if (figure) figure.textContent = unread > 0 ? String(unread) : "";
  });
}
