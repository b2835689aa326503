// The board: a card that is dropped on a column, or sent there by its menu, asks the server what that means.
// Either the form of the step opens that leads there, or a dialog says why the card stays.
import htmx from "htmx.org";
import { openDialog } from "../base/dialogs";
import { showMessage } from "../base/messages";

export function start(board: HTMLElement): void {
  let dragged: HTMLElement | null = null;
  board.addEventListener("dragstart", (event) => {
    dragged = (event.target as Element).closest<HTMLElement>("[data-card][draggable=true]");
    if (!dragged || !event.dataTransfer) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset["card"] ?? "");
    dragged.classList.add("is-dragged");
  });
  board.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    dragged = null;
    mark(board, null);
  });
  board.addEventListener("dragover", (event) => {
    const column = columnAt(event);
    if (!dragged || !column || column.contains(dragged)) {
      mark(board, null);
      return;
    }
    event.preventDefault();
    mark(board, column);
  });
  board.addEventListener("drop", (event) => {
    const column = columnAt(event);
    if (!dragged || !column || column.contains(dragged)) return;
    event.preventDefault();
    const link = dragged.querySelector<HTMLAnchorElement>(`[data-move="${CSS.escape(column.dataset["column"] ?? "")}"]`);
    const address = link?.href ?? sibling(dragged, column);
    if (address) void move(board, dragged, address);
  });
  // the board scrolls sideways and would cut off a menu that hangs from a card: it is laid over the page instead
  board.addEventListener(
    "toggle",
    (event) => {
      const menu = event.target as HTMLDetailsElement;
      const list = menu.querySelector<HTMLElement>(".menu-list");
      if (!menu.open || !list || window.innerWidth < 768) return;
      const anchor = menu.getBoundingClientRect();
      list.classList.add("is-over");
      const left = Math.max(8, Math.min(anchor.right - list.offsetWidth, window.innerWidth - list.offsetWidth - 8));
      const below = anchor.bottom + 4;
      const top = below + list.offsetHeight > window.innerHeight - 8 ? Math.max(8, anchor.top - list.offsetHeight - 4) : below;
      list.style.left = `${left}px`;
      list.style.top = `${top}px`;
    },
    true,
  );
  const close = (): void => board.querySelector<HTMLDetailsElement>("details.kan-menu[open]")?.removeAttribute("open");
  board.addEventListener("scroll", close, { passive: true });
  board.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-move]");
    const card = link?.closest<HTMLElement>("[data-card]");
    if (!link || !card || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    link.closest("details")?.removeAttribute("open");
    void move(board, card, link.href);
  });
}

const columnAt = (event: Event): HTMLElement | null => (event.target as Element).closest<HTMLElement>("[data-column]");

function mark(board: HTMLElement, target: HTMLElement | null): void {
  for (const column of board.querySelectorAll("[data-column]")) column.classList.toggle("is-target", column === target);
}

// The first column stands in no menu, because nothing leads back to it; a drop there is answered all the same.
function sibling(card: HTMLElement, column: HTMLElement): string {
  const other = card.querySelector<HTMLAnchorElement>("a[data-move]");
  if (!other) return "";
  const from = encodeURIComponent(other.dataset["move"] ?? "");
  const to = encodeURIComponent(column.dataset["column"] ?? "");
  return other.href.replace(`/move/${from}`, `/move/${to}`).replace(`/move/${other.dataset["move"] ?? ""}`, `/move/${to}`);
}

async function move(board: HTMLElement, card: HTMLElement, address: string): Promise<void> {
  board.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    const onward = answer.headers.get("HX-Redirect");
    if (onward) {
      location.assign(onward);
      return;
    }
    if (answer.status !== 422) throw new Error(String(answer.status));
    const place = document.querySelector<HTMLElement>("[data-refusal]");
    if (!place) return;
    place.innerHTML = await answer.text();
    htmx.process(place);
    openDialog("refused-dialog")?.addEventListener("close", () => card.querySelector<HTMLElement>("summary")?.focus(), { once: true });
  } catch {
    showMessage(document.body.dataset["textOffline"] ?? "", "bad");
  } finally {
    board.removeAttribute("aria-busy");
  }
}
