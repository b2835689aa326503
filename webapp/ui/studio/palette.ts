// What can be drawn: the kinds of step that the engine runs, in the owner's words. No more than these are offered by
// the palette, beside a step, and to change a step into.
import type { Bo, Moddle, Shape } from "./moddle";
import { Inserter } from "./inserting";
import { extension, properties, property } from "./moddle";

interface Factory {
  createShape(attributes: Record<string, unknown>): Shape;
}

interface Starter {
  start(event: Event, shape: Shape | Shape[], context?: unknown): void;
}

interface Entry {
  group: string;
  className?: string;
  title?: string;
  separator?: boolean;
  action?: Record<string, (event: Event, element?: Shape) => void>;
}

type Entries = Record<string, Entry>;

interface Registering {
  registerProvider(priority: number, provider: unknown): void;
  registerProvider(provider: unknown): void;
}

interface Menu {
  registerProvider(id: string, priority: number, provider: unknown): void;
}

interface Registry {
  filter(test: (element: Shape) => boolean): Shape[];
}

const LOW = 250; // after the providers of bpmn-js
const KINDS: [string, string, string, string, Record<string, unknown>?][] = [
  ["step", "bpmn:UserTask", "activity", "user-task"],
  ["automatic", "bpmn:ServiceTask", "activity", "service-task"],
  ["decision", "bpmn:BusinessRuleTask", "activity", "business-rule-task"],
  ["call", "bpmn:CallActivity", "activity", "call-activity"],
  ["choice", "bpmn:ExclusiveGateway", "gateway", "gateway-xor"],
  ["parallel", "bpmn:ParallelGateway", "gateway", "gateway-parallel"],
  ["milestone", "bpmn:IntermediateThrowEvent", "event", "intermediate-event-none"],
  ["wait", "bpmn:IntermediateCatchEvent", "event", "intermediate-event-catch-timer", { eventDefinitionType: "bpmn:TimerEventDefinition" }],
  ["message", "bpmn:IntermediateCatchEvent", "event", "intermediate-event-catch-message", { eventDefinitionType: "bpmn:MessageEventDefinition" }],
  ["begin", "bpmn:StartEvent", "event", "start-event-none"],
  ["end", "bpmn:EndEvent", "event", "end-event-none"],
];
const BESIDE = ["step", "choice", "automatic", "decision", "milestone", "end"];

// what the engine does not run is not offered to change into
const REFUSED = /link|compensation|cancel|transaction|ad-hoc|event-subprocess|script|complex|manual|instantiate|parallel-event|-task$|data|participant|signal-start|conditional-start|escalation-start|error-start/;
const TAKEN = /(user|service|rule|business-rule|receive|send)-task$/;

/** A module for bpmn-js with these words. */
export function kindsModule(texts: Record<string, string>): Record<string, unknown> {
  const title = (name: string): string => texts[name] ?? name;

  class Maker {
    static $inject = ["elementFactory", "bpmnFactory", "elementRegistry", "moddle"];
    constructor(
      private readonly factory: Factory,
      private readonly bpmn: { create(type: string, attributes?: Record<string, unknown>): Bo },
      private readonly registry: Registry,
      private readonly moddle: Moddle,
    ) {}

    /**
     * A new shape. A step of a person has a day's time; behind another step it is done by whoever does that one and
     * stands in the list of steps as that one does, elsewhere it begins with the role that most steps here have.
     */
    shape(type: string, options: Record<string, unknown> = {}, behind?: Bo): Shape {
      if (type !== "bpmn:UserTask") return this.factory.createShape({ type, ...options });
      const before = behind?.$type === type ? behind : undefined;
      const told = [["due", "P1D"], ["stepList", before ? property(before, "stepList") : ""]].filter(([, value]) => value);
      const kept = told.map(([name, value]) => this.moddle.create("zeebe:Property", { name, value }));
      const values = [this.moddle.create("zeebe:UserTask"), this.moddle.create("zeebe:Properties", { properties: kept })];
      const done = before && extension(before, "zeebe:AssignmentDefinition");
      const by = done ? { assignee: done.get("assignee"), candidateGroups: done.get("candidateGroups") } : { candidateGroups: this.usualRole() };
      const given = Object.fromEntries(Object.entries(by).filter(([, value]) => value));
      if (Object.keys(given).length > 0) values.push(this.moddle.create("zeebe:AssignmentDefinition", given));
      const businessObject = this.bpmn.create(type, { extensionElements: this.moddle.create("bpmn:ExtensionElements", { values }) });
      return this.factory.createShape({ type, businessObject, ...options });
    }

    private usualRole(): string {
      const counts = new Map<string, number>();
      for (const each of this.registry.filter((element) => element.type === "bpmn:UserTask")) {
        const role = String(extension(each.businessObject, "zeebe:AssignmentDefinition")?.get("candidateGroups") ?? "");
        if (role && properties(each.businessObject).length > 0) counts.set(role, (counts.get(role) ?? 0) + 1);
      }
      return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
    }
  }

  class Palette {
    static $inject = ["palette", "create", "spaceTool", "lassoTool", "handTool", "globalConnect", "kindMaker"];
    constructor(
      palette: Registering,
      private readonly create: Starter,
      private readonly space: { activateSelection(event: Event): void },
      private readonly lasso: { activateSelection(event: Event): void },
      private readonly hand: { activateHand(event: Event): void },
      private readonly connect: { start(event: Event): void },
      private readonly maker: Maker,
    ) {
      palette.registerProvider(this);
    }

    getPaletteEntries(): Entries {
      const tool = (name: string, icon: string, click: (event: Event) => void): Entry => ({ group: "tools", className: `bpmn-icon-${icon}`, title: title(name), action: { click } });
      const entries: Entries = {
        "hand-tool": tool("hand", "hand-tool", (event) => this.hand.activateHand(event)),
        "lasso-tool": tool("lasso", "lasso-tool", (event) => this.lasso.activateSelection(event)),
        "space-tool": tool("space", "space-tool", (event) => this.space.activateSelection(event)),
        "global-connect-tool": tool("connect", "connection-multi", (event) => this.connect.start(event)),
        "tool-separator": { group: "tools", separator: true },
      };
      for (const [name, type, group, icon, options] of KINDS) {
        const start = (event: Event): void => this.create.start(event, this.maker.shape(type, options));
        entries[`create.${name}`] = { group, className: `bpmn-icon-${icon}`, title: title(name), action: { dragstart: start, click: start } };
      }
      entries["create.part"] = { group: "activity", className: "bpmn-icon-subprocess-expanded", title: title("part"), action: { dragstart: (event) => this.part(event), click: (event) => this.part(event) } };
      return entries;
    }

    private part(event: Event): void {
      const part = this.maker.shape("bpmn:SubProcess", { x: 0, y: 0, isExpanded: true });
      const begin = this.maker.shape("bpmn:StartEvent", { x: 40, y: 82, parent: part });
      this.create.start(event, [part, begin], { hints: { autoSelect: [part] } });
    }
  }

  class Beside {
    static $inject = ["contextPad", "popupMenu", "create", "stepInserter", "kindMaker"];
    constructor(
      pad: Registering,
      menu: Menu,
      private readonly create: Starter,
      private readonly after: Inserter,
      private readonly maker: Maker,
    ) {
      pad.registerProvider(LOW, this);
      menu.registerProvider("bpmn-replace", LOW, { getPopupMenuEntries: () => (entries: Entries) => fewer(entries), getPopupMenuHeaderEntries: () => () => ({}) });
    }

    getContextPadEntries(element: Shape): (entries: Entries) => Entries {
      return (entries) => {
        const appends = Object.keys(entries).filter((name) => name.startsWith("append."));
        const kept = Object.fromEntries(Object.entries(entries).filter(([name]) => !name.startsWith("append.") || name === "append.text-annotation"));
        if (!appends.includes("append.append-task")) return Object.fromEntries(Object.entries(entries).filter(([name]) => !name.includes("compensation")));
        const own: Entries = {};
        for (const name of BESIDE) {
          const [, type, , icon, options] = KINDS.find(([each]) => each === name) ?? [];
          if (type && icon) own[`append.${name}`] = this.append(element, title(name), type, icon, options);
        }
        return { ...own, ...kept };
      };
    }

    private append(element: Shape, named: string, type: string, icon: string, options?: Record<string, unknown>): Entry {
      return {
        group: "model",
        className: `bpmn-icon-${icon}`,
        title: named,
        action: {
          click: () => this.after.put(element, this.maker.shape(type, options, element.businessObject)),
          dragstart: (event) => this.create.start(event, this.maker.shape(type, options, element.businessObject), { source: element }),
        },
      };
    }
  }

  return {
    __init__: ["paletteProvider", "besideProvider"],
    kindMaker: ["type", Maker],
    stepInserter: ["type", Inserter],
    paletteProvider: ["type", Palette],
    besideProvider: ["type", Beside],
  };
}

function fewer(entries: Entries): Entries {
  return Object.fromEntries(Object.entries(entries).filter(([id]) => TAKEN.test(id) || !REFUSED.test(id)));
}
