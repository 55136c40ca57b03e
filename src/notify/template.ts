import type { Json } from '../lib/json.ts';

/** A user's template, read: pieces of text, and paths to fill in. */
export interface Template {
  readonly pieces: readonly Piece[];
}

type Piece = string | { readonly path: readonly string[]; readonly isInText: boolean };

/** Reads a template: JSON with `{{ path }}` in it. There is no logic. @throws Error what is wrong with it, for people */
export function parseTemplate(text: string, roots: readonly string[]): Template {
  const pieces: Piece[] = [];
  let isInText = false;
  let at = 0;
  for (const found of text.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)) {
    const before = text.slice(at, found.index);
    isInText = isTextAfter(before, isInText);
    const path = found[1]!.split('.');
    if (!roots.includes(path[0]!)) throw new Error(`{{ ${found[1]} }} is not known; known are ${roots.join(', ')}`);
    pieces.push(before, { path, isInText });
    at = found.index + found[0].length;
  }
  pieces.push(text.slice(at));
  const template = { pieces };
  mustBeJson(template);
  return template;
}

/** Does a JSON text stand within quotes at its end? */
function isTextAfter(json: string, before: boolean): boolean {
  let isInText = before;
  for (let at = 0; at < json.length; at++) {
    if (json[at] === '\\') at++;
    else if (json[at] === '"') isInText = !isInText;
  }
  return isInText;
}

function mustBeJson(template: Template): void {
  try {
    JSON.parse(fillTemplate(template, {}));
  } catch {
    throw new Error('it is no JSON once its places are filled in');
  }
}

/**
 * The template with its places filled in: always JSON. Within quotes a value is written as text with everything escaped that ends one, elsewhere as
 * the JSON that it is. What a path does not find is null, and nothing within quotes. Values are never read as templates.
 */
export function fillTemplate({ pieces }: Template, view: Readonly<Record<string, Json>>): string {
  return pieces
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      const value = valueAt(view, piece.path);
      return piece.isInText ? inText(value) : JSON.stringify(value);
    })
    .join('');
}

function inText(value: Json): string {
  if (value === null) return '';
  return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1);
}

function valueAt(view: Json, path: readonly string[]): Json {
  let value: Json = view;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
    value = (value as Readonly<Record<string, Json>>)[name]!;
  }
  return value;
}
