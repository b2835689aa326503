// What a widget of the panel knows: its field, the element, the book, and how to change what it shows.
import type { Book, Field } from "../book";
import type { Answer } from "../answers";
import type { Shape, Tools } from "../moddle";

export interface Context {
  element: Shape;
  field: Field;
  book: Book;
  tools: Tools;
  sprite: string;
  readonly language: string;
  text(name: string): string;
  value(language?: string): string;
  set(value: string, language?: string): void;
  answers(): Answer[];
  milestones(): string[];
  elements(): Shape[];
  /** Draw the panel anew: other fields belong to what was chosen. */
  refresh(): void;
  openForm(key: string): void;
  newForm(): void;
  openTable(key: string): void;
  /** A new table that looks at these answers; it is chosen for this step and opened. */
  newTable(name: string, answers: Answer[]): void;
}

export type Widget = (context: Context, id: string) => HTMLElement;
