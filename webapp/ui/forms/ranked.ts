// Choices in order of importance: those chosen stand in front with their number. The order of the page is the order
// that is sent. With the keyboard: space chooses, the arrows left and right move a chosen one.
import { announceChange } from "./fields";

type Box = HTMLInputElement;

export function startRanked(root: HTMLElement): void {
  for (const chips of root.querySelectorAll<HTMLElement>("[data-ranked]")) {
    const most = Number(chips.dataset["most"] ?? 0);
    chips.addEventListener("change", (event) => {
      const box = event.target as Box;
      const chosen = chosenIn(chips);
      if (box.checked && chosen.length > most) box.checked = false;
      else place(chips, box, box.checked ? chosen.filter((each) => each !== box).length : chosen.length);
      renumber(chips);
      box.focus();
    });
    chips.addEventListener("keydown", (event) => {
      const box = event.target as Box;
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step || !box.checked) return;
      event.preventDefault();
      const at = chosenIn(chips).indexOf(box) + step;
      if (at < 0 || at >= chosenIn(chips).length) return;
      place(chips, box, at);
      renumber(chips);
      box.focus();
      announceChange(box);
    });
    renumber(chips);
  }
}

export function rankBy(chips: HTMLElement, values: string[]): void {
  const boxes = [...chips.querySelectorAll<Box>("input")];
  for (const box of boxes) box.checked = values.includes(box.value);
  [...values].forEach((value, at) => {
    const box = boxes.find((each) => each.value === value);
    if (box) place(chips, box, at);
  });
  renumber(chips);
}

const chosenIn = (chips: HTMLElement): Box[] => [...chips.querySelectorAll<Box>("input:checked")];

// Among the chosen ones at this place; one that is not chosen any more follows them.
function place(chips: HTMLElement, box: Box, at: number): void {
  const chip = box.closest("label");
  if (!chip) return;
  chip.remove();
  const others = [...chips.querySelectorAll<HTMLElement>("label")];
  chips.insertBefore(chip, others[at] ?? null);
}

function renumber(chips: HTMLElement): void {
  let number = 0;
  for (const box of chips.querySelectorAll<Box>("input")) {
    const mark = box.parentElement?.querySelector(".rank");
    if (mark) mark.textContent = box.checked ? String((number += 1)) : "";
  }
  chips.toggleAttribute("data-full", number >= Number(chips.dataset["most"] ?? 0));
}
