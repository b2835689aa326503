// An element with data-island="name" is brought to life by islands/name.ts, fetched on demand.
export interface Island {
  start(element: HTMLElement): void | Promise<void>;
}

const known = import.meta.glob<Island>("../islands/*.ts");
const started = new WeakSet<HTMLElement>();

/** Resolves when each island of this part stands or has failed. */
export async function startIslands(root: HTMLElement): Promise<void> {
  const starting: Promise<void>[] = [];
  const found = [...root.querySelectorAll<HTMLElement>("[data-island]")];
  if (root.matches("[data-island]")) found.push(root);
  for (const element of found) {
    const load = known[`../islands/${element.dataset["island"] ?? ""}.ts`];
    if (!load || started.has(element)) continue;
    started.add(element);
    starting.push(
      load()
        .then((island) => island.start(element))
        .then(() => element.setAttribute("data-ready", ""))
        .catch((error: unknown) => {
          console.error(error);
          element.dispatchEvent(new CustomEvent("island:failed", { bubbles: true }));
        }),
    );
  }
  await Promise.all(starting);
}
