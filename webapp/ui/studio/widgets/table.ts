// Asks what a new table is called and which answers it looks at.
import type { Answer } from "../answers";
import { byStep } from "../answers";
import { freshId, icon, make } from "../dom";
import { inLanguage } from "../wording";
import type { Context } from "./context";

export function newTable(context: Context): void {
  const name = make("input", { class: "form-control", id: freshId(), maxlength: 120, required: true, value: inLanguage(context.element.businessObject, context.language), "data-test": "table-name" });
  const chosen = new Set<Answer>();
  const dialog = make("dialog", { class: "dialog small", "aria-label": context.text("newTable") });
  const close = (): void => dialog.close();
  const form = make(
    "form",
    { class: "dialog-form", method: "dialog" },
    make(
      "div",
      { class: "dialog-head" },
      make("h2", {}, context.text("newTable")),
      make("button", { class: "btn btn-quiet btn-icon", type: "button", "aria-label": context.text("cancel"), onclick: close }, icon("x", context.sprite)),
    ),
    make(
      "div",
      { class: "dialog-body stack16" },
      make("div", { class: "field" }, make("label", { class: "lbl", for: name.id }, context.text("tableName")), name),
      make("fieldset", { class: "field" }, make("legend", { class: "lbl" }, context.text("tableAnswers")), ...answerList(context, chosen)),
    ),
    make(
      "div",
      { class: "dialog-foot" },
      make("button", { class: "btn btn-primary", "data-test": "make-table" }, context.text("makeTable")),
      make("button", { class: "btn btn-quiet", type: "button", onclick: close }, context.text("cancel")),
    ),
  );
  form.addEventListener("submit", () => context.newTable(name.value.trim(), [...chosen]));
  dialog.append(form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** All answers with a field that narrows them by words. */
function answerList(context: Context, chosen: Set<Answer>): HTMLElement[] {
  const groups = [...byStep(context.answers())].map(([step, answers]) => {
    const rows = answers.map((each) => {
      const box = make("input", { type: "checkbox", value: each.path });
      box.addEventListener("change", () => void (box.checked ? chosen.add(each) : chosen.delete(each)));
      return make("label", { class: "check" }, box, make("span", {}, each.field.name));
    });
    return { step, rows, part: make("div", {}, make("p", { class: "xs t3 top8" }, step), ...rows) };
  });
  if (groups.length === 0) return [make("p", { class: "t2 sm" }, context.text("noAnswers"))];
  const sought = make("input", { class: "form-control", type: "search", placeholder: context.text("findAnswer"), "aria-label": context.text("findAnswer"), "data-test": "find-answer" });
  sought.addEventListener("input", () => {
    const words = sought.value.trim().toLowerCase();
    for (const { step, rows, part } of groups) {
      const whole = step.toLowerCase().includes(words);
      for (const row of rows) row.hidden = !whole && !(row.textContent ?? "").toLowerCase().includes(words);
      part.hidden = rows.every((row) => row.hidden);
    }
  });
  return [sought, make("div", { "data-test": "table-answers" }, ...groups.map(({ part }) => part))];
}
