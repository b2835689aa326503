// What every page needs; islands are fetched only where a page asks for one by data-island.
import "../styles/index.css";
import { startAddress } from "../base/address";
import { startDialogs } from "../base/dialogs";
import { startHtmx } from "../base/htmx";
import { startIslands } from "../base/islands";
import { startKeyboard } from "../base/keyboard";
import { startLive } from "../base/live";
import { startMenus } from "../base/menus";
import { startMessages } from "../base/messages";
import { startPalette } from "../base/palette";
import { startSession } from "../base/session";
import { settleDrafts } from "../base/drafts";

settleDrafts();
document.querySelector<HTMLElement>("[aria-invalid=true]:not(fieldset), fieldset[aria-invalid=true] input")?.focus();
startHtmx();
startMenus();
startDialogs();
startMessages();
startPalette();
startKeyboard();
startSession();
startAddress();
startLive();
void startIslands(document.body).then(() => document.documentElement.setAttribute("data-ready", ""));
