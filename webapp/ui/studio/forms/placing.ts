// Where fields stand: put behind another one, moved and taken out without dragging, in whole rows.
import type { Field, Forms } from "./editor";

interface Row {
  fields: Field[];
  begins: number; // among the fields beside each other in their holder
}

/** Where a field of this kind goes: into a chosen group or list, else behind what is chosen, else to the end. */
export function placeFor(forms: Forms, type: string): [holder: Field, at: number] {
  const chosen = forms.chosen();
  const end = (holder: Field): [Field, number] => [holder, holder.components?.length ?? 0];
  if (!chosen) return end(forms.root());
  if (chosen.type === "group" || (chosen.type === "dynamiclist" && type !== "dynamiclist")) return end(chosen);
  const around = forms.parentOf(chosen);
  const beside = type === "dynamiclist" && around?.type === "dynamiclist" ? around : chosen; // no list in a list
  const holder = forms.parentOf(beside) ?? forms.root();
  return [holder, endOf(rowOf(holder, beside))];
}

/** Can it go there? One that shares its row can always leave it. */
export function canMove(forms: Forms, field: Field, by: -1 | 1): boolean {
  const holder = forms.parentOf(field) ?? forms.root();
  const rows = rowsOf(holder);
  const at = rows.findIndex((row) => row.fields.includes(field));
  return at >= 0 && ((rows[at]?.fields.length ?? 0) > 1 || rows[at + by] !== undefined);
}

/** One row up or down; a field that shares its row gets a row of its own there. */
export function move(forms: Forms, field: Field, by: -1 | 1): void {
  if (!canMove(forms, field, by)) return;
  const holder = forms.parentOf(field) ?? forms.root();
  const own = rowOf(holder, field);
  const passed = own.fields.length > 1 ? own : rowsOf(holder).find((row) => (by < 0 ? endOf(row) === own.begins : row.begins === endOf(own)));
  if (!passed) return;
  const from = holder.components?.indexOf(field) ?? 0;
  const to = by < 0 ? passed.begins : endOf(passed);
  const row = field.layout?.row ? { id: field.layout.row } : undefined;
  forms.get("modeling").moveFormField(field, holder, holder, from, to, row, own.fields.length > 1 ? undefined : row);
}

/** Taken out; form-js chooses what stood behind it, or before. */
export function remove(forms: Forms, field: Field): void {
  const holder = forms.parentOf(field) ?? forms.root();
  const at = holder.components?.indexOf(field) ?? -1;
  if (at >= 0) forms.get("modeling").removeFormField(field, holder, at);
}

/** Fields beside each other name the same row and follow each other. */
function rowsOf(holder: Field): Row[] {
  const rows: Row[] = [];
  (holder.components ?? []).forEach((field, at) => {
    const last = rows.at(-1);
    const name = field.layout?.row;
    if (last && name !== undefined && last.fields[0]?.layout?.row === name) last.fields.push(field);
    else rows.push({ fields: [field], begins: at });
  });
  return rows;
}

const rowOf = (holder: Field, field: Field): Row => rowsOf(holder).find((row) => row.fields.includes(field)) ?? { fields: [], begins: holder.components?.length ?? 0 };
const endOf = (row: Row): number => row.begins + row.fields.length;
