// The parts of bpmn-js that the studio touches, and reading and writing what stands in extension elements.
// Every write makes a new object in place of the old one, so that undo has the old one back.
export interface Bo {
  $type: string;
  id: string;
  name?: string;
  $parent?: Bo;
  $instanceOf(type: string): boolean;
  get(name: string): unknown;
  [name: string]: unknown;
}

export interface Shape {
  id: string;
  type: string;
  businessObject: Bo;
  di?: Bo;
  labelTarget?: Shape;
  waypoints?: { x: number; y: number }[];
  x: number;
  y: number;
  width: number;
  height: number;
  parent?: Shape;
}

export interface Moddle {
  create(type: string, attributes?: Record<string, unknown>): Bo;
  registry: { typeMap: Record<string, { name: string } | undefined> };
  getType(type: string): { $descriptor: { propertiesByName: Record<string, { default?: unknown } | undefined> } };
}

export interface Modeling {
  updateProperties(element: Shape, properties: Record<string, unknown>): void;
  updateModdleProperties(element: Shape, of: Bo, properties: Record<string, unknown>): void;
}

export interface Tools {
  moddle: Moddle;
  modeling: Modeling;
}

const EXTENSIONS = "bpmn:ExtensionElements";

/** The extension of this type, such as zeebe:FormDefinition. */
export function extension(of: Bo, type: string): Bo | undefined {
  const holder = of["extensionElements"] as Bo | undefined;
  return ((holder?.get("values") as Bo[] | undefined) ?? []).find((each) => each.$type === type);
}

/** The extension elements with this one in place of the one of its type; `undefined` takes it out. */
export function withExtension(tools: Tools, of: Bo, type: string, made: Bo | undefined): Bo | undefined {
  const holder = of["extensionElements"] as Bo | undefined;
  const values = [...((holder?.get("values") as Bo[] | undefined) ?? [])];
  const at = values.findIndex((each) => each.$type === type);
  if (made && at >= 0) values[at] = made;
  else if (made) values.push(made);
  else if (at >= 0) values.splice(at, 1);
  if (values.length === 0) return undefined;
  const fresh = tools.moddle.create(EXTENSIONS, { values });
  fresh.$parent = of;
  for (const each of values) each.$parent = fresh;
  return fresh;
}

/** Write one extension of an element; empty attributes are left out, and an extension without any is taken out. */
export function setExtension(tools: Tools, element: Shape, type: string, attributes: Record<string, unknown>): void {
  const of = element.businessObject;
  const old = extension(of, type);
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries({ ...plain(old), ...attributes })) if (value !== "" && value !== undefined) kept[name] = value;
  const made = Object.keys(kept).length > 0 ? tools.moddle.create(type, kept) : undefined;
  tools.modeling.updateProperties(element, { extensionElements: withExtension(tools, of, type, made) });
}

export function properties(of: Bo): [string, string][] {
  const found = (extension(of, "zeebe:Properties")?.get("properties") as Bo[] | undefined) ?? [];
  return found.map((each) => [String(each["name"] ?? ""), String(each["value"] ?? "")]);
}

export function property(of: Bo, name: string): string {
  return properties(of).find(([known]) => known === name)?.[1] ?? "";
}

/** Write properties; an empty value takes the property out. */
export function setProperties(tools: Tools, element: Shape, changed: Record<string, string>): void {
  const of = element.businessObject;
  const pairs = properties(of).filter(([name]) => changed[name] !== "");
  for (const pair of pairs) pair[1] = changed[pair[0]] ?? pair[1];
  for (const [name, value] of Object.entries(changed)) if (value !== "" && !pairs.some(([known]) => known === name)) pairs.push([name, value]);
  const items = pairs.map(([name, value]) => tools.moddle.create("zeebe:Property", { name, value }));
  const made = items.length > 0 ? tools.moddle.create("zeebe:Properties", { properties: items }) : undefined;
  for (const item of items) if (made) item.$parent = made;
  tools.modeling.updateProperties(element, { extensionElements: withExtension(tools, of, "zeebe:Properties", made) });
}

/** Attributes of an extension that a new one must keep, foreign ones included. */
function plain(of: Bo | undefined): Record<string, unknown> {
  if (!of) return {};
  const foreign = (of["$attrs"] ?? {}) as Record<string, unknown>;
  const own = Object.fromEntries(Object.entries(of).filter(([name]) => !name.startsWith("$")));
  return { ...own, ...foreign };
}

export function eventDefinition(of: Bo): Bo | undefined {
  return ((of["eventDefinitions"] as Bo[] | undefined) ?? [])[0];
}

/** The file that holds the element. */
export function definitions(of: Bo): Bo {
  let at = of;
  while (at.$parent) at = at.$parent;
  return at;
}
