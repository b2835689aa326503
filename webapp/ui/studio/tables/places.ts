// Where in the file an id stands: the decision, and in its table the rule and the column.
import type { Part, Tables, View } from "./modeler";

export interface Place {
  decision: Part;
  rule: number; // from 1; 0: none
  column: string;
  cell: string; // id of what can be marked: a cell, a rule or a column
}

export function decisions(tables: Tables): Part[] {
  return (tables.getDefinitions().drgElement ?? []).filter((each) => each.$type === "dmn:Decision");
}

export function placeOf(tables: Tables, id: string): Place | undefined {
  for (const decision of decisions(tables)) {
    const place = (rule: number, column: string, cell: string): Place => ({ decision, rule, column, cell });
    if (decision.id === id || decision.name === id) return place(0, "", "");
    const logic = decision.decisionLogic;
    if (!logic) continue;
    if (logic.id === id) return place(0, "", "");
    const columns = [...(logic.input ?? []), ...(logic.output ?? [])];
    for (const column of columns)
      if ([column.id, column.inputExpression?.id, column.inputValues?.id, column.outputValues?.id].includes(id)) return place(0, nameOf(column), column.id ?? "");
    for (const [at, rule] of (logic.rule ?? []).entries()) {
      if (rule.id === id) return place(at + 1, "", id);
      const cells = [...(rule.inputEntry ?? []), ...(rule.outputEntry ?? [])];
      const found = cells.findIndex((each) => each.id === id);
      if (found >= 0) return place(at + 1, nameOf(columns[found]), id);
    }
  }
  return undefined;
}

export const nameOf = (column: Part | undefined): string => column?.label ?? column?.name ?? expressionOf(column);

export function expressionOf(column: Part | undefined): string {
  const text = column?.inputExpression?.text;
  return typeof text === "string" ? text : (text?.text ?? "");
}

export const viewOf = (tables: Tables, decision: Part): View | undefined => tables.getViews().find((each) => each.element === decision);
