// The search over everything: Ctrl+K or /, arrows move, Enter opens.
import htmx from "htmx.org";
import { openDialog } from "./dialogs";

const ID = "palette";

export function openPalette(): void {
  const dialog = openDialog(ID);
  const input = dialog?.querySelector("input");
  if (!input) return;
  input.select();
  htmx.trigger(input, "palette:opened", {});
}

export function startPalette(): void {
  const dialog = document.getElementById(ID);
  if (!dialog) return;
  document.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-palette]")) openPalette();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      (dialog as HTMLDialogElement).close(); // the browser would only empty the input
      event.preventDefault();
      return;
    }
    const hits = [...dialog.querySelectorAll<HTMLAnchorElement>(".hit")];
    const at = hits.findIndex((hit) => hit.classList.contains("is-on"));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = hits[(at + (event.key === "ArrowDown" ? 1 : -1) + hits.length) % hits.length];
      choose(hits, next);
      event.preventDefault();
    } else if (event.key === "Enter") {
      (hits[at] ?? hits[0])?.click();
      event.preventDefault();
    }
  });
  dialog.addEventListener("htmx:afterSwap", () => {
    const hits = [...dialog.querySelectorAll<HTMLAnchorElement>(".hit")];
    choose(hits, hits[0]);
  });
}

function choose(hits: HTMLAnchorElement[], chosen: HTMLAnchorElement | undefined): void {
  for (const hit of hits) hit.classList.toggle("is-on", hit === chosen);
  chosen?.scrollIntoView({ block: "nearest" });
}
