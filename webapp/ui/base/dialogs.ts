// <dialog id="x">: opened by data-opens="x", closed by data-closes, Esc, or a click on the veil.
// showModal() keeps the focus inside and gives it back.
export function openDialog(id: string): HTMLDialogElement | null {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return null;
  if (!dialog.open) {
    dialog.showModal();
    dialog.dispatchEvent(new CustomEvent("dialog:opened"));
  }
  return dialog;
}

export function startDialogs(): void {
  // a form that was refused comes back open, with what was typed
  const refused = document.querySelector<HTMLElement>("[data-reopen]");
  if (refused) openDialog(refused.dataset["reopen"] ?? "");
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    const opener = target.closest<HTMLElement>("[data-opens]");
    if (opener) {
      event.preventDefault();
      openDialog(opener.dataset["opens"] ?? "");
      return;
    }
    if (target.closest("[data-closes]")) {
      target.closest("dialog")?.close();
    } else if (target instanceof HTMLDialogElement && target.open && !target.hasAttribute("data-firm") && outside(target, event)) {
      target.close();
    }
  });
}

function outside(dialog: HTMLDialogElement, at: MouseEvent): boolean {
  const box = dialog.getBoundingClientRect();
  return at.clientX < box.left || at.clientX > box.right || at.clientY < box.top || at.clientY > box.bottom;
}
