// A picture made in the browser, to take away: an SVG text as a file, or painted on a canvas as PNG.
const SHARPNESS = 2;

export type Form = "svg" | "png";

/** Something on the page that can be taken away as a picture answers this event with its SVG text. */
export interface Wanted {
  svg?: string;
}

export const WANTED = "picture:wanted";

export async function savePicture(svg: string, name: string, form: Form): Promise<void> {
  const blob = form === "svg" ? new Blob([svg], { type: "image/svg+xml" }) : await paint(svg);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${name}.${form}`;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** The value of a token of the style, such as --accent, as it is on the page now. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0) ?? 32};`);
}

async function paint(svg: string): Promise<Blob> {
  const image = new Image();
  // the content security policy allows data:, not blob:
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * SHARPNESS;
  canvas.height = image.naturalHeight * SHARPNESS;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the canvas gave no picture"))), "image/png");
  });
}
