// Rules that fire and cells with a problem are marked by a style sheet of their own: dmn-js draws its rows anew whenever
// it likes, and would lose classes.
const quoted = (id: string): string => `"${CSS.escape(id)}"`;

export class Marks {
  private readonly sheet = new CSSStyleSheet();
  private fired: string[] = [];
  private wrong: string[] = [];

  constructor() {
    document.adoptedStyleSheets.push(this.sheet);
  }

  fire(rules: string[]): void {
    this.fired = rules;
    this.write();
  }

  blame(ids: string[]): void {
    this.wrong = ids.filter(Boolean);
    this.write();
  }

  private write(): void {
    const rules = this.fired.map(
      (id) => `.ed-table td[data-row-id=${quoted(id)}] { background: var(--ok-soft) !important; box-shadow: inset 0 2px var(--ok-dot), inset 0 -2px var(--ok-dot); }`,
    );
    const wrong = this.wrong.map((id) => `.ed-table :is([data-element-id=${quoted(id)}], [data-col-id=${quoted(id)}]:is(th), td.rule-index[data-row-id=${quoted(id)}]) { box-shadow: inset 0 0 0 2px var(--bad-dot); }`);
    this.sheet.replaceSync([...rules, ...wrong].join("\n"));
  }
}
