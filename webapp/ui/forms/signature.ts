// A signature drawn with a finger, a pen or the mouse. It is sent a moment after the pen was lifted, as a PNG.
import { announceChange } from "./fields";
import { namesIn, show, upload } from "./files";

const PAUSE = 500;
const PEN = "#10204a";
const PAPER = "#ffffff";

export function startSignatures(root: HTMLElement, form: HTMLFormElement): void {
  for (const part of root.querySelectorAll<HTMLElement>("[data-signature]")) startOne(part, form);
}

function startOne(part: HTMLElement, form: HTMLFormElement): void {
  const canvas = part.querySelector("canvas");
  const pen = canvas?.getContext("2d");
  const pad = part.querySelector<HTMLElement>("[data-pad]");
  const onPaper = part.querySelector<HTMLInputElement>("[data-paper]");
  if (!canvas || !pen || !pad || !onPaper) return;
  let timer = 0;
  let strokes = 0;

  const wipe = (): void => {
    window.clearTimeout(timer);
    pen.fillStyle = PAPER;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pad.toggleAttribute("data-signed", false);
    strokes += 1; // what is on its way belongs to an earlier drawing
  };
  const forget = (): void => {
    for (const item of part.querySelectorAll("[data-file-list] > li")) item.remove();
  };
  const send = async (): Promise<void> => {
    const drawn = strokes;
    const image = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
    const stored = image && (await upload(part, form, image, part.dataset["name"] ?? "signature.png"));
    if (!stored || drawn !== strokes) return;
    forget();
    show(part, stored, false);
    announceChange(part);
  };
  const point = (event: PointerEvent): [number, number] => {
    const frame = canvas.getBoundingClientRect();
    return [((event.clientX - frame.left) / frame.width) * canvas.width, ((event.clientY - frame.top) / frame.height) * canvas.height];
  };

  wipe();
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    window.clearTimeout(timer);
    canvas.setPointerCapture(event.pointerId);
    onPaper.checked = false;
    strokes += 1;
    pad.toggleAttribute("data-signed", true);
    Object.assign(pen, { strokeStyle: PEN, lineWidth: event.pointerType === "pen" ? 4 : 5, lineCap: "round", lineJoin: "round" });
    pen.beginPath();
    pen.moveTo(...point(event));
    pen.lineTo(...point(event));
    pen.stroke();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...point(event));
    pen.stroke();
  });
  for (const ending of ["pointerup", "pointercancel"] as const) {
    canvas.addEventListener(ending, () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => void send(), PAUSE);
    });
  }
  part.querySelector("[data-clear]")?.addEventListener("click", () => {
    wipe();
    forget();
    onPaper.checked = false;
    pad.hidden = false;
    announceChange(part);
  });
  onPaper.addEventListener("change", () => {
    if (onPaper.checked) {
      wipe();
      forget();
    }
    pad.hidden = onPaper.checked || namesIn(part).length > 0;
    announceChange(part);
  });
  part.addEventListener("click", (event) => {
    if ((event.target as HTMLElement).closest("[data-remove-file]")) pad.hidden = false;
  });
}
