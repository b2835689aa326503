// The list of steps on a case follows the order of the file: what is new stands there behind what it follows.
import type { Bo, Shape } from "./moddle";

interface Events {
  on(events: string, heard: (event: { context: { shape?: Shape; connection?: Shape; source?: Shape; target?: Shape } }) => void): void;
}

class Listing {
  static $inject = ["eventBus"];
  private readonly fresh = new WeakSet<Bo>();

  constructor(events: Events) {
    events.on("commandStack.shape.create.executed", ({ context }) => {
      if (context.shape) this.fresh.add(context.shape.businessObject);
    });
    for (const connected of ["connection.create", "connection.reconnect"]) events.on(`commandStack.${connected}.postExecuted`, ({ context }) => this.follow(context.connection));
  }

  private follow(connection: Shape | undefined): void {
    const { source, target } = (connection ?? {}) as { source?: Shape; target?: Shape };
    const [before, made] = [source?.businessObject, target?.businessObject];
    if (!before || !made || !this.fresh.has(made) || before.$parent !== made.$parent) return;
    const beside = made.$parent?.get("flowElements") as Bo[] | undefined;
    if (!beside?.includes(before) || !beside.includes(made)) return;
    this.fresh.delete(made); // where several ways meet, the first one counts
    beside.splice(beside.indexOf(made), 1);
    beside.splice(beside.indexOf(before) + 1, 0, made);
  }
}

export const listingModule = { __init__: ["listing"], listing: ["type", Listing] };
