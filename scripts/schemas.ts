import { z } from 'zod';
import { KINDS } from '../src/app/configFile.ts';
import { Shared, Timeline } from '../src/app/timeline.ts';
import { configSchema } from '../src/config/jsonSchema.ts';
import { FIELDS } from '../src/events/fields.ts';
import { ACTIONS } from '../src/events/vocabulary.ts';
import { LEVELS } from '../src/ir/ir.ts';
import { RELATIONS, STATUSES } from '../src/sigma/attributes.ts';
import { TYPES } from '../src/sigma/correlation.ts';
import { LIST_MODIFIERS, MODIFIERS } from '../src/sigma/modifiers.ts';
import { RULE_ATTRIBUTES } from '../src/sigma/ruleAttributes.ts';

/*
 * Schemas for editors: what completes and what is underlined while somebody writes. They let through what `rules lint` judges better (whether
 * a name is defined, whether a modifier fits its value) and refuse what can never be right.
 */

type Schema = Readonly<Record<string, unknown>>;

/** The newest draft that the YAML extensions of editors read whole. */
const DRAFT = 'http://json-schema.org/draft-07/schema#';

/** Every schema by its file name in `schemas/`. */
export function makeSchemas(): ReadonlyMap<string, string> {
  return new Map([
    ['config.schema.json', textOf(configSchema(KINDS))],
    ['rule.schema.json', textOf(ruleSchema())],
    ['timeline.schema.json', textOf(timelineSchema())],
  ]);
}

function textOf(schema: Schema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function timelineSchema(): Schema {
  const { $schema: _, ...timeline } = z.toJSONSchema(z.union([Timeline, Shared]), { io: 'input', target: 'draft-7' });
  return {
    $schema: DRAFT,
    title: 'Timeline of a rule',
    description: 'Records at offsets from t = 0, and the alerts that are expected. Run it with: cosmowatch rules test',
    ...timeline,
  };
}

const TEXT: Schema = { type: 'string', minLength: 1 };
const DAY: Schema = {
  type: 'string',
  pattern: '^[0-9]{4}[-/](0?[1-9]|1[012])[-/](0?[1-9]|[12][0-9]|3[01])',
};
const DURATION: Schema = { type: 'string', pattern: '^[1-9][0-9]{0,8}[smhdw]$', examples: ['15m', '4h'] };
const UUID: Schema = { type: 'string', pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' };
const SCALAR: Schema = { type: ['string', 'number', 'boolean', 'null'] };

const VALUE: Schema = { anyOf: [SCALAR, { type: 'array', items: SCALAR }] };

function listOf(items: Schema, more: Schema = {}): Schema {
  return { type: 'array', items, ...more };
}

/** A key without a value (`falsepositives:`) is as good as none. */
function optional(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}

function oneOrMore(items: Schema): Schema {
  return { anyOf: [items, listOf(items, { minItems: 1 })] };
}

function object(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: 'object', properties, required, additionalProperties: false };
}

function word(words: readonly string[]): Schema {
  return { enum: words };
}

function ruleSchema(): Schema {
  const shapes = attributeShapes();
  const properties = Object.fromEntries(
    Object.entries(RULE_ATTRIBUTES).map(([name, description]) => [
      name,
      { description, ...shapes[name as keyof typeof RULE_ATTRIBUTES] },
    ]),
  );
  return {
    $schema: DRAFT,
    title: 'Sigma rule',
    description: 'A detection, a correlation, or a filter. Everything that is wrong is told by: cosmowatch rules lint',
    type: 'object',
    properties,
    anyOf: [['title', 'detection'], ['title', 'correlation'], ['title', 'filter'], ['action']].map((required) => ({
      required,
    })),
    definitions: { selection: selection(), items: items() },
  };
}

function attributeShapes(): Readonly<Record<keyof typeof RULE_ATTRIBUTES, Schema>> {
  const technique = {
    tactic: { pattern: '^TA[0-9]{4}$', ...TEXT },
    technique: { pattern: '^T[0-9]{4}(\\.[0-9]{3})?$', ...TEXT },
  };
  const bound = {
    when: { description: 'Selections; told if one of them holds of a hit of the alert', ...oneOrMore(TEXT) },
    unless: { description: 'Selections; not told if one of them holds of a hit of the alert', ...oneOrMore(TEXT) },
  };
  return {
    title: { ...TEXT, maxLength: 256 },
    id: { ...UUID },
    name: { ...TEXT, maxLength: 256 },
    related: optional(
      listOf({ type: 'object', properties: { id: UUID, type: word(RELATIONS) }, required: ['id', 'type'] }),
    ),
    taxonomy: optional(TEXT),
    status: optional(word(STATUSES)),
    description: optional({ ...TEXT, maxLength: 65_535 }),
    license: optional(TEXT),
    author: optional(TEXT),
    references: optional(listOf(TEXT, { uniqueItems: true })),
    date: optional(DAY),
    modified: optional(DAY),
    logsource: logsource(),
    detection: detection(['condition']),
    correlation: correlation(),
    filter: filter(),
    fields: optional(listOf(TEXT, { uniqueItems: true })),
    falsepositives: optional(listOf(TEXT)),
    level: optional(word(LEVELS)),
    tags: optional(listOf({ type: 'string', pattern: '^[a-z0-9_-]+\\.[a-z0-9._-]+$' }, { uniqueItems: true })),
    scope: optional(listOf(TEXT)),
    generate: { type: 'boolean' },
    action: word(['global', 'reset', 'repeat']),
    impact: { anyOf: [TEXT, listOf(object({ text: TEXT, ...bound }, ['text']))] },
    mitigation: listOf({ anyOf: [TEXT, object({ text: TEXT, command: TEXT, ...bound }, ['text'])] }),
    published_mapping: listOf(object(technique)),
    attack_mapping: listOf(object({ ...technique, ...bound })),
    fold: object({ by: oneOrMore(fieldName()), gap: DURATION }, ['by']),
    levels: listOf(
      object({ when: { anyOf: [TEXT, object({ count: bounds() }, ['count'])] }, level: word(LEVELS) }, [
        'when',
        'level',
      ]),
    ),
    parameters: { type: 'object', additionalProperties: parameter() },
    touched_by: object({ rule: TEXT, within: DURATION }, ['rule', 'within']),
    routine: { type: 'boolean' },
    alerts: { type: 'boolean' },
  };
}

function parameter(): Schema {
  return object(
    {
      sets: { ...TEXT, examples: ['correlation.condition.gt'] },
      default: { type: 'number' },
      min: { type: 'number' },
      description: TEXT,
    },
    ['sets', 'default'],
  );
}

function logsource(): Schema {
  return {
    type: 'object',
    properties: {
      product: { ...TEXT, examples: ['azure'] },
      service: { ...TEXT, examples: ['cosmosdb', 'activitylogs', 'keyvault'] },
      category: TEXT,
      definition: TEXT,
    },
    anyOf: ['product', 'service', 'category'].map((name) => ({ required: [name] })),
  };
}

/** Field names are offered, none is refused: every raw field of a record has its own. */
function fieldName(): Schema {
  return { anyOf: [{ enum: FIELDS.map(({ name }) => name) }, TEXT] };
}

function detection(required: readonly string[]): Schema {
  return {
    type: 'object',
    properties: {
      condition: { description: 'Names of selections, joined by and, or, not, 1 of, all of', ...oneOrMore(TEXT) },
      timeframe: { description: 'Old, and without meaning: a time belongs to a correlation', type: 'string' },
    },
    additionalProperties: { $ref: '#/definitions/selection' },
    required,
    minProperties: 2,
  };
}

function filter(): Schema {
  const base = detection(['condition']);
  const rules = {
    description: 'Names or ids of the rules; any for all of the log source',
    anyOf: [TEXT, listOf(TEXT)],
  };
  return { ...base, properties: { ...(base['properties'] as object), rules } };
}

/** A map joined by AND, a list joined by OR, or keywords. */
function selection(): Schema {
  const item = { $ref: '#/definitions/items' };
  return {
    anyOf: [item, listOf({ anyOf: [item, SCALAR] }, { minItems: 1 }), { type: ['string', 'number', 'boolean'] }],
  };
}

function items(): Schema {
  const modifiers = [...MODIFIERS.keys(), ...LIST_MODIFIERS];
  const known = FIELDS.map(({ name, meaning }) => [name, { description: meaning, ...valuesFor(name) }] as const);
  return {
    type: 'object',
    minProperties: 1,
    properties: Object.fromEntries(known),
    // A name, then modifiers that exist. A keyword list has modifiers only: "|all".
    propertyNames: { pattern: `^[^|]*(\\|(${modifiers.join('|')}))*$` },
    additionalProperties: VALUE,
  };
}

function valuesFor(field: string): Schema {
  if (field !== 'event.action') return VALUE;
  const action = { anyOf: [{ enum: ACTIONS }, SCALAR] };
  return { anyOf: [action, listOf(action)] };
}

function bounds(): Schema {
  const comparisons = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'];
  return object(Object.fromEntries(comparisons.map((name) => [name, { type: 'number' }])));
}

function correlation(): Schema {
  const span = { description: 'The window: 15m, 4h. It slides, and both its ends belong to it', ...DURATION };
  return {
    ...object(
      {
        type: { description: 'What is measured', ...word(TYPES) },
        rules: { description: 'Names or ids of rules, also of other correlations', ...oneOrMore(TEXT) },
        'group-by': { description: 'Fields by which events are counted apart', ...oneOrMore(fieldName()) },
        timespan: span,
        timeframe: span,
        aliases: {
          description: 'A name for group-by, with the field that it means in each rule',
          type: 'object',
          additionalProperties: { type: 'object', additionalProperties: fieldName() },
        },
        condition: { description: 'How many are too many: {gte: 5}', anyOf: [measured(), TEXT] },
        generate: { description: RULE_ATTRIBUTES.generate, type: 'boolean' },
        window: { type: 'string' },
      },
      ['type'],
    ),
    anyOf: [{ required: ['timespan'] }, { required: ['timeframe'] }],
  };
}

function measured(): Schema {
  const base = bounds();
  const more = {
    field: { description: 'The field whose values count; several make a tuple', ...oneOrMore(fieldName()) },
    percentile: { type: 'number' },
  };
  return { ...base, properties: { ...(base['properties'] as object), ...more } };
}
