// Rules of good drawing by bpmnlint, told in our words beside what publishing refuses. They never stop anybody. Ways that
// come back to a step without a gateway, and gateways that join and divide, are our habit: they keep drawings small.
import Linter from "bpmnlint/lib/linter";
import labelRequired from "bpmnlint/rules/label-required";
import noDisconnected from "bpmnlint/rules/no-disconnected";
import noDuplicates from "bpmnlint/rules/no-duplicate-sequence-flows";
import noImplicitSplit from "bpmnlint/rules/no-implicit-split";
import noOverlap from "bpmnlint/rules/no-overlapping-elements";
import superfluousGateway from "bpmnlint/rules/superfluous-gateway";
import type { Bo } from "./moddle";
import type { Problem } from "./saving";

const RULES: Record<string, unknown> = {
  "label-required": labelRequired,
  "no-disconnected": noDisconnected,
  "no-duplicate-sequence-flows": noDuplicates,
  "no-implicit-split": noImplicitSplit,
  "no-overlapping-elements": noOverlap,
  "superfluous-gateway": superfluousGateway,
};

interface Report {
  id: string;
  message: string;
}

// rules remember what they have seen: each run has its own
const linter = (): Linter => new Linter({
  config: { rules: Object.fromEntries(Object.keys(RULES).map((name) => [name, "warn"])) },
  resolver: {
    resolveRule: (_package: string, name: string) => RULES[name],
    resolveConfig: () => {
      throw new Error("no other configuration");
    },
  },
});

/** `texts`: our sentence for each rule as `lint.<rule>`; a joining gateway needs no name. */
export async function lint(file: Bo, texts: Record<string, string>, named: (id: string) => boolean): Promise<Problem[]> {
  const found = (await linter().lint(file)) as Record<string, Report[]>;
  return Object.entries(found).flatMap(([rule, reports]) =>
    reports
      .filter(({ id }) => rule !== "label-required" || named(id))
      .map(({ id }) => ({ code: rule, element: id, source: "", text: texts[`lint.${rule}`] ?? rule, warning: true })),
  );
}
