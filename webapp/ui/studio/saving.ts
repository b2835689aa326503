// A draft is saved as it is drawn. One page has the turn; another one is told who, and may take over. What cannot be
// sent is kept in this browser and sent as soon as the server answers.
import { csrfToken } from "../base/csrf";
import { showMessage } from "../base/messages";

const PAUSE = 800; // ms without a change, then it is saved
const BEAT = 15_000; // ms: the turn is given for 45 seconds
const AGAIN = 5_000; // ms after a failed attempt

export interface Problem {
  code: string;
  element: string | null;
  /** The title of the element, from the server. */
  where?: string;
  source: string;
  text: string;
  warning: boolean;
}

export interface State {
  rev: number;
  saved: string;
  saved_by: string;
  held_by: string;
  own?: boolean; // the page that has it is one of the reader's own
}

export type Phase = "saved" | "unsaved" | "saving" | "offline";

export interface Hooks {
  /** What is still being typed becomes a change. */
  flush(): void;
  text(): Promise<string>;
  phase(phase: Phase, state: State): void;
  problems(found: Problem[]): void;
  /** The turn is gone, or the text was changed elsewhere: nothing more is saved from here. */
  lost(code: "draft_held" | "draft_changed" | "gone", state: State): void;
}

export interface Turn extends State {
  mine: boolean;
}

interface Kept {
  rev: number;
  text: string;
  /** Was a save under way when the page went? */
  sending?: boolean;
}

/** One page with one draft at `address`, such as /studio/drafts/5. */
export class Saving {
  private readonly token: string;
  private state: State = { rev: 0, saved: "", saved_by: "", held_by: "" };
  private timer = 0;
  private busy = false;
  private again = false;
  private over = false;
  private hooks: Hooks | undefined;

  constructor(private readonly address: string) {
    const name = `turn:${address}`;
    this.token = sessionStorage.getItem(name) ?? crypto.randomUUID();
    sessionStorage.setItem(name, this.token); // the same page after a reload is the same page
  }

  /** Ask for the turn; `take`: even from somebody else. */
  async ask(take = false): Promise<Turn> {
    const turn = (await (await this.post("turn", { token: this.token, take })).json()) as Turn;
    this.state = turn;
    return turn;
  }

  /** What was drawn here and never reached the server, if it still fits what is saved. */
  kept(): string | undefined {
    const stored = localStorage.getItem(this.keepName());
    if (!stored) return undefined;
    const kept = JSON.parse(stored) as Kept;
    const ownSave = kept.sending === true && kept.rev + 1 === this.state.rev; // what was under way has arrived
    if (kept.rev === this.state.rev || ownSave) return kept.text;
    localStorage.removeItem(this.keepName());
    return undefined;
  }

  /** From now on every `changed()` is saved. */
  begin(hooks: Hooks): void {
    this.hooks = hooks;
    window.setInterval(() => void this.beat(), BEAT);
    document.addEventListener("panel:typing", () => this.changed()); // it is not saved from the first letter on
    window.addEventListener("online", () => this.again && void this.save());
    window.addEventListener("pagehide", () => {
      this.keepUnsent();
      if (!this.over) void fetch(`${this.address}/release?token=${this.token}`, { method: "POST", keepalive: true, headers: this.headers() });
    });
    hooks.phase("saved", this.state);
    void this.check();
  }

  changed(): void {
    if (this.over) return;
    this.hooks?.phase("unsaved", this.state);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), PAUSE);
  }

  /** Resolves when everything that was drawn is on the server, or cannot be. */
  async flush(): Promise<boolean> {
    if (this.timer || this.again) await this.save();
    while (this.busy) await new Promise((resolve) => setTimeout(resolve, 50));
    return !this.again && !this.over;
  }

  stop(): void {
    this.over = true;
    window.clearTimeout(this.timer);
    this.timer = 0;
  }

  private async save(): Promise<void> {
    window.clearTimeout(this.timer);
    this.timer = 0;
    if (this.busy) {
      this.again = true;
      return;
    }
    if (!this.hooks || this.over) return;
    this.busy = true;
    this.again = false;
    this.hooks.phase("saving", this.state);
    let text: string | undefined;
    try {
      text = await this.hooks.text();
      const answer = await this.post("save", { token: this.token, rev: this.state.rev, body: text });
      const told = (await answer.json()) as State & { problems: Problem[]; code: "draft_held" | "draft_changed"; message?: string };
      if (answer.status === 409) return this.lose(told.code, told);
      if (answer.status === 404) return this.lose("gone", this.state);
      if (!answer.ok && answer.status < 500) return this.refused(text, told.message);
      if (!answer.ok) throw new Error(String(answer.status));
      this.state = told;
      localStorage.removeItem(this.keepName());
      this.hooks.phase(this.timer || this.again ? "unsaved" : "saved", told); // more was drawn while it was under way
      this.hooks.problems(told.problems);
    } catch {
      this.again = true;
      this.timer = window.setTimeout(() => void this.save(), AGAIN);
      this.hooks.phase("offline", this.state);
      if (text !== undefined) this.keep({ rev: this.state.rev, text });
    } finally {
      this.busy = false;
    }
    if (this.again && !this.timer) void this.save();
  }

  /** Sending it again would not help: what stands in the way is told, and the next change tries anew. */
  private refused(text: string, message = ""): void {
    this.keep({ rev: this.state.rev, text });
    this.hooks?.phase("offline", this.state);
    if (message) showMessage(message, "bad");
  }

  /** In this browser, if it has room. */
  private keep(kept: Kept): void {
    try {
      localStorage.setItem(this.keepName(), JSON.stringify(kept));
    } catch {
      // full: what is on the server stays
    }
  }

  /** The page goes: what is typed or drawn and not sent is there again when the draft is opened in this browser. */
  private keepUnsent(): void {
    const { hooks } = this;
    if (!hooks || this.over) return;
    hooks.flush();
    if (!this.timer && !this.busy && !this.again) return;
    const { rev } = this.state;
    const sending = this.busy;
    void hooks.text().then((text) => this.keep({ rev, text, sending }));
  }

  private async check(): Promise<void> {
    const answer = await fetch(`${this.address}/problems`, { headers: { Accept: "application/json" } });
    if (answer.ok) this.hooks?.problems(((await answer.json()) as { problems: Problem[] }).problems);
  }

  private async beat(): Promise<void> {
    if (this.over || this.busy) return;
    try {
      const known = this.state.rev;
      const answer = await this.post("turn", { token: this.token, take: false });
      if (answer.status === 404) return this.lose("gone", this.state);
      if (!answer.ok) return;
      const turn = (await answer.json()) as Turn;
      if (!turn.mine) this.lose("draft_held", turn);
      else if (turn.rev !== known && !this.busy && this.state.rev === known) this.lose("draft_changed", turn);
    } catch {
      // the next beat asks again
    }
  }

  private lose(code: "draft_held" | "draft_changed" | "gone", state: State): void {
    if (this.over) return;
    this.stop();
    this.hooks?.lost(code, state);
  }

  private keepName(): string {
    return `drawing:${this.address}`;
  }

  private headers(): Record<string, string> {
    return { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": csrfToken() };
  }

  private post(act: string, body: unknown): Promise<Response> {
    return fetch(`${this.address}/${act}`, { method: "POST", headers: this.headers(), body: JSON.stringify(body) });
  }
}
