// A button beside a field that copies what stands in it. Without a secure connection the browser copies the selection.
export function start(element: HTMLElement): void {
  const field = element.querySelector<HTMLInputElement>("[data-copied]");
  const button = element.querySelector<HTMLButtonElement>("[data-copies]");
  const words = button?.querySelector("span");
  if (!field || !button || !words) return;
  button.addEventListener("click", () => {
    void copy(field).then((done) => {
      if (done) words.textContent = button.dataset["done"] ?? "";
    });
  });
}

async function copy(field: HTMLInputElement): Promise<boolean> {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}
