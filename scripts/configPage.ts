import type { JsonSchema } from '../src/config/jsonSchema.ts';
import { page, table } from './reference.ts';

/* docs/configuration.md, made of the schema of a configuration: every key with its default and its meaning. */

interface KindDoc {
  readonly type: string;
  readonly doc: string;
  readonly schema: JsonSchema;
}

export function configPage(schema: JsonSchema, sources: readonly KindDoc[], receivers: readonly KindDoc[]): string {
  const properties = propertiesOf(schema);
  const routes = properties['routes']!;
  const apart = ['sources', 'receivers', 'routes', ...TUNING];
  const sourceKeys = Object.entries(properties).filter(([key]) => !apart.includes(key));
  return page('Configuration', [
    'One YAML file: `cosmowatch serve --config cosmowatch.yml`. `cosmowatch init` writes one, `cosmowatch config check cosmowatch.yml` tells every mistake in it with its place and the cure, and `schemas/config.schema.json` (also `cosmowatch config schema`) lets editors complete it: begin the file with `# yaml-language-server: $schema=PATH`. A configuration with a mistake is refused whole; when one that is running is changed for a bad one, the old one stays. Without any, logs are taken over HTTP on this machine.',
    EXAMPLE,
    '## How values are written',
    table(
      ['what', 'how'],
      [
        [
          'a secret',
          '`env:NAME`, a variable of the environment, or `file:PATH`, a file with nothing else in it. None may stand in the file itself; a file that every user may read is warned of',
        ],
        ['a path', 'relative ones begin at the folder of the configuration'],
        ['a length of time', 'a whole number and s, m, h or d: `15m`'],
        ['a size', 'a whole number and kB, MB, GB, TB (powers of 1000) or KiB, MiB, GiB, TiB (of 1024): `20GB`'],
        ['a name of a source, receiver or list', 'letters, digits, `_`, `-` and `.`, beginning with a letter'],
        ['a key without a value', 'as good as left out'],
      ],
    ),
    'YAML is read as 1.2: `yes` and `no` are texts. Tags, merge keys (`<<`) and a second document are refused.',
    '## Keys',
    keys(Object.fromEntries(sourceKeys), requiredOf(schema)),
    '## Sources',
    `${text(properties['sources'])}. Each has a \`type\`, and of every type:`,
    keys(commonKeys(properties['sources']!), []),
    ...sources.flatMap((kind) => kindParts(kind)),
    '## Receivers',
    `${text(properties['receivers'])}. A name stands for a list: all of it is told. With one name and no \`routes\`, it is told of everything.`,
    ...receivers.flatMap((kind) => kindParts(kind)),
    '## Routes',
    `${text(routes)}. A tree: an alert goes down it as far as a route matches, and is told to the receiver there. What a route leaves out it has from the one around it.`,
    keys(withTexts(propertiesOf(routes)), requiredOf(routes)),
    '## Exceptions, silences, calendars',
    '[tuning.md](tuning.md) says what they do, with examples. One with a mistake is refused alone: the others and the rest of the file are in force.',
    ...TUNING.flatMap((name) => tuningParts(name, properties[name]!)),
  ]);
}

const TUNING = ['exceptions', 'silences', 'calendars'] as const;

function tuningParts(name: string, schema: JsonSchema): string[] {
  const each = schema['additionalProperties'] as JsonSchema;
  return [`### \`${name}\``, `${text(schema)}. Each has:`, keys(propertiesOf(each), requiredOf(each))];
}

const EXAMPLE = `\`\`\`yaml
listen: 127.0.0.1:7070
data: /var/lib/cosmowatch
external_url: https://cosmowatch.contoso.example

sources:
  pushed:
    type: http
    labels: {application: shop, environment: production}

lists:
  admins: [ann@contoso.example]

rules:
  folders: [rules]
  disable:
    - rule: cosmosdb_access_keys_viewed
      reason: the release pipeline reads them hourly
\`\`\``;

/** What the keys of a route mean. */
const ROUTES: Readonly<Record<string, string>> = {
  receiver: 'Who is told; without it, whom the route around tells; `null`: nobody',
  match: 'What an alert must be: everything named, of each list one. `*` stands for any letters',
  group_wait: 'How long the first message waits for what may still be learnt',
  repeat: 'After how long an open alert that nobody acknowledged is told again; without it, never',
  continue: 'Ask the next route too',
  routes: 'Asked first, in order; the first that matches takes the alert. Each has the same keys but `flood`',
  flood: 'More alerts than this in a minute, for one receiver, become one message; 0: never',
};

function withTexts(properties: Readonly<Record<string, JsonSchema>>): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, one]) => [key, { description: ROUTES[key], ...one }]),
  );
}

function kindParts({ type, doc, schema }: KindDoc): string[] {
  const members = (schema['anyOf'] as readonly JsonSchema[] | undefined) ?? [schema];
  const tables = members.map((one) => keys(without(propertiesOf(one), ['type', 'labels']), requiredOf(one)));
  const said = `${doc.replace(/\.$/, '')}.`;
  return [
    `### \`${type}\``,
    tables.length > 1 ? `${said} One of ${tables.length} ways:` : said,
    ...tables.filter(Boolean),
  ];
}

/** Keys of sources of every type. */
function commonKeys(sources: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return without(propertiesOf(sources['additionalProperties'] as JsonSchema), ['type']);
}

function keys(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): string {
  const rows = rowsOf(properties, required, '');
  return rows.length === 0 ? '' : table(['key', 'takes', 'default', 'meaning'], rows);
}

function rowsOf(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
  before: string,
): string[][] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const name = `${before}${key}`;
    const items = (schema['items'] ?? {}) as JsonSchema;
    const below = Object.keys(propertiesOf(items)).length > 0 ? items : schema;
    const row = [`\`${name}\``, takes(schema), defaultOf(schema, required.includes(key)), text(schema)];
    const inner = rowsOf(propertiesOf(below), requiredOf(below), `${name}${below === items ? '[]' : ''}.`);
    return [row, ...inner];
  });
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map',
  null: '`null`',
};

function takes(schema: JsonSchema): string {
  const { type, pattern, items, anyOf, additionalProperties } = schema;
  const words = schema['enum'] as readonly unknown[] | undefined;
  if (words !== undefined) return words.map((word) => `\`${word}\``).join(', ');
  if (schema['const'] !== undefined) return `\`${schema['const']}\``;
  if (Array.isArray(anyOf)) return [...new Set(anyOf.map((one) => takes(one as JsonSchema)))].join(', or ');
  if (pattern === '^(env|file):.+') return 'a secret';
  if (typeof pattern === 'string' && pattern.includes('[smhd]')) return 'a length of time';
  if (typeof pattern === 'string' && pattern.endsWith('iB)$')) return 'a size';
  if (schema['$ref'] !== undefined || schema['allOf'] !== undefined) return 'the same again';
  if (type === 'array') return `a list: ${takes((items ?? {}) as JsonSchema)}`;
  if (type === 'object' && typeof additionalProperties === 'object')
    return `a map: ${takes(additionalProperties as JsonSchema)}`;
  if (schema['format'] === 'uri') return 'a URL';
  return KINDS[String(type)] ?? 'see there';
}

function defaultOf(schema: JsonSchema, isRequired: boolean): string {
  if (isRequired) return 'none: needed';
  const value = schema['default'];
  if (value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0))
    return '';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function text(schema: JsonSchema | undefined): string {
  return String(schema?.['description'] ?? '').replace(/\.$/, '');
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
}

function requiredOf(schema: JsonSchema): readonly string[] {
  return (schema['required'] ?? []) as readonly string[];
}

function without(properties: Readonly<Record<string, JsonSchema>>, names: readonly string[]) {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !names.includes(key)));
}
