// JSON calls of the studio's pages.
import { csrfToken } from "../base/csrf";

/** Undefined where the server cannot be reached or refuses. */
export async function post<T>(address: string, body: unknown): Promise<T | undefined> {
  const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": csrfToken() };
  try {
    const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) return undefined;
    return answer.status === 204 ? ({} as T) : ((await answer.json()) as T);
  } catch {
    return undefined;
  }
}

export async function postForText(address: string, body: unknown): Promise<string | undefined> {
  const headers = { "Content-Type": "application/json", Accept: "text/html", "X-CSRF-Token": csrfToken() };
  try {
    const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
}
