// What the server says about the panel: webapp/studio/panel/book.py and catalogue.py.
export interface Choice {
  value: string;
  name: string;
}

export interface Field {
  label: string;
  widget: string;
  to: string;
  name: string;
  hint: string;
  choices: Choice[];
  source: string;
  translated: boolean;
}

export interface Group {
  title: string;
  fields: Field[];
  shut: boolean;
}

export interface FormField {
  key: string;
  name: string;
  type: string;
  choices: Choice[];
  personal: boolean;
  many: boolean;
}

export interface Operation {
  name: string;
  /** May the department of this drawing use it? */
  allowed: boolean;
  parameters: { name: string; title: string; type: string; required: boolean }[];
}

export interface Decision {
  name: string;
  /** The file that holds it. */
  file: string;
  inputs: { name: string; label: string }[];
  /** One without a name: the answer is a single value. */
  outputs: { name: string; label: string; values: string[] }[];
}

export interface Step {
  id: string;
  name: string;
  form: string | null;
  calls: string | null;
}

export interface Catalogue {
  forms: Record<string, { name: string; fields: FormField[] }>;
  roles: Choice[];
  operations: Record<string, Operation>;
  decisions: Record<string, Decision>;
  processes: Record<string, { name: string; steps: Step[] }>;
  calendars: Choice[];
  messages: string[];
}

export interface Book {
  kinds: Record<string, Group[]>;
  texts: Record<string, string>;
  languages: { code: string; name: string }[];
  base: string;
  catalogue: Catalogue;
  key: string;
}
