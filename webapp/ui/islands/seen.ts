// The page of a case tells that its reader has it before him: its row in lists stands back from now on.
import { csrfToken } from "../base/csrf";

export async function start(element: HTMLElement): Promise<void> {
  const address = element.dataset["seen"];
  if (!address) return;
  try {
    await fetch(address, { method: "POST", keepalive: true, headers: { "X-CSRF-Token": csrfToken() } });
  } catch {
    // nothing is lost: the row stands out once more
  }
}
