// htmx without eval, inline styles and foreign addresses; errors of the server appear as messages.
import htmx from "htmx.org";
import { csrfToken } from "./csrf";
import { startIslands } from "./islands";
import { showMessage, watchMessages } from "./messages";

export function startHtmx(): void {
  Object.assign(htmx.config, {
    allowEval: false,
    includeIndicatorStyles: false,
    selfRequestsOnly: true,
    defaultSettleDelay: 0, // what is typed or chosen in the first moments of a new part must be heard
    attributesToSettle: ["class"], // settling an empty style would be an inline style
    historyCacheSize: 0, // pages hold personal data: nothing of them stays in the browser's storage
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "422", swap: true },
      { code: "401", swap: false, error: true },
      { code: "[45]..", swap: true, error: true }, // the server retargets its explanation to #messages
    ],
  });
  document.body.addEventListener("htmx:configRequest", (event) => {
    const { detail } = event as CustomEvent<{ headers: Record<string, string> }>;
    detail.headers["X-CSRF-Token"] = csrfToken();
  });
  document.body.addEventListener("htmx:sendError", () => {
    showMessage(document.body.dataset["textOffline"] ?? "", "bad");
  });
  document.body.addEventListener("htmx:load", (event) => {
    const { elt } = (event as CustomEvent<{ elt: HTMLElement }>).detail;
    void startIslands(elt);
    watchMessages();
  });
}
