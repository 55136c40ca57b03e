/*
 * A second reading of the schemas, for tests only: as much of JSON Schema (draft 7) as they use. A keyword that it does not know throws, so that
 * nothing is passed over in silence.
 */

type Schema = Readonly<Record<string, unknown>>;

/** What is wrong with a value, one line a mistake; empty: it is valid. */
export function mistakesOf(root: Schema, value: unknown): string[] {
  return check(root, value, '', root);
}

const NOTES = ['$schema', 'definitions', 'title', 'description', 'examples', 'default'];

function check(schema: Schema, value: unknown, path: string, root: Schema): string[] {
  const found: string[] = [];
  for (const [keyword, given] of Object.entries(schema)) {
    if (NOTES.includes(keyword)) continue;
    const judge = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined;
    if (judge === undefined) throw new Error(`no keyword ${keyword} is known (${path})`);
    const wrong = judge({ given, value, path, root, schema });
    found.push(...(typeof wrong === 'boolean' ? (wrong ? [] : [`${path || 'it'}: ${keyword}`]) : wrong));
  }
  return found;
}

interface Question {
  readonly given: unknown;
  readonly value: unknown;
  readonly path: string;
  readonly root: Schema;
  readonly schema: Schema;
}

type Judge = (question: Question) => boolean | string[];

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const KEYWORDS: Readonly<Record<string, Judge>> = {
  $ref: ({ given, value, path, root }) => {
    const target = `${given}`
      .slice(2)
      .split('/')
      .reduce<unknown>((at, name) => (at as Schema)[name], root);
    return check(target as Schema, value, path, root);
  },
  type: ({ given, value }) =>
    [given].flat().some((type) => typeOf(value) === type || (type === 'integer' && Number.isInteger(value))),
  enum: ({ given, value }) => (given as unknown[]).includes(value),
  const: ({ given, value }) => given === value,
  pattern: ({ given, value }) => typeof value !== 'string' || new RegExp(given as string, 'u').test(value),
  minLength: ({ given, value }) => typeof value !== 'string' || value.length >= (given as number),
  maxLength: ({ given, value }) => typeof value !== 'string' || value.length <= (given as number),
  minimum: ({ given, value }) => typeof value !== 'number' || value >= (given as number),
  exclusiveMinimum: ({ given, value }) => typeof value !== 'number' || value > (given as number),
  maximum: ({ given, value }) => typeof value !== 'number' || value <= (given as number),
  minItems: ({ given, value }) => !Array.isArray(value) || value.length >= (given as number),
  maxItems: ({ given, value }) => !Array.isArray(value) || value.length <= (given as number),
  uniqueItems: ({ value }) =>
    !Array.isArray(value) || new Set(value.map((one) => JSON.stringify(one))).size === value.length,
  minProperties: ({ given, value }) => !isMap(value) || Object.keys(value).length >= (given as number),
  required: ({ given, value }) => !isMap(value) || (given as string[]).every((name) => Object.hasOwn(value, name)),
  anyOf: ({ given, value, path, root }) =>
    (given as Schema[]).some((one) => check(one, value, path, root).length === 0),
  allOf: ({ given, value, path, root }) => (given as Schema[]).flatMap((one) => check(one, value, path, root)),
  if: ({ given, value, path, root, schema }) =>
    check(given as Schema, value, path, root).length === 0 ? check(schema['then'] as Schema, value, path, root) : [],
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so; looked at where `if` is
  then: () => true,
  format: ({ given, value }) => typeof value !== 'string' || given !== 'uri' || URL.canParse(value),
  items: ({ given, value, path, root }) =>
    Array.isArray(value) ? value.flatMap((one, at) => check(given as Schema, one, `${path}[${at}]`, root)) : [],
  properties: ({ given, value, path, root }) =>
    isMap(value)
      ? Object.entries(given as Record<string, Schema>).flatMap(([name, one]) =>
          Object.hasOwn(value, name) ? check(one, value[name], `${path}.${name}`, root) : [],
        )
      : [],
  propertyNames: ({ given, value, path, root }) =>
    isMap(value) ? Object.keys(value).flatMap((name) => check(given as Schema, name, `${path}.${name}`, root)) : [],
  additionalProperties: ({ given, value, path, root, schema }) => {
    if (!isMap(value)) return [];
    const more = Object.keys(value).filter((name) => !Object.hasOwn((schema['properties'] ?? {}) as object, name));
    if (given === false) return more.map((name) => `${path}.${name}: not known`);
    return more.flatMap((name) => check(given as Schema, value[name], `${path}.${name}`, root));
  },
};

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}
