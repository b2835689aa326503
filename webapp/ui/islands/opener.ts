// Opens a dialog when the page comes back with errors in it.
import { openDialog } from "../base/dialogs";

export function start(element: HTMLElement): void {
  openDialog(element.dataset["dialog"] ?? "");
}
