import { z } from 'zod';
import type { Kinds } from './load.ts';
import { SOURCE_KEYS } from './plugins.ts';
import { CORE } from './schema.ts';
import { TUNING_KEYS } from './tuning.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The newest draft that the YAML extensions of editors read whole. */
const DRAFT = 'http://json-schema.org/draft-07/schema#';

/** What a configuration may hold, for editors and for the reference. `config check` says more: names, secrets, cures. */
export function configSchema(kinds: Kinds): JsonSchema {
  const definitions: Record<string, unknown> = {};
  const core = schemaOf(CORE, 'config', definitions);
  const properties = core['properties'] as Record<string, JsonSchema>;
  const common = Object.fromEntries(
    Object.entries(SOURCE_KEYS).map(([key, of]) => [key, schemaOf(of, key, definitions)]),
  );
  const source = byType(kinds.sources, common, definitions);
  const receiver = byType(kinds.receivers, {}, definitions);
  return {
    $schema: DRAFT,
    title: 'Configuration of cosmowatch',
    description: 'All that is wrong, with places and cures, is told by: cosmowatch config check FILE',
    ...core,
    properties: {
      ...properties,
      sources: { ...properties['sources'], additionalProperties: source },
      receivers: { ...properties['receivers'], additionalProperties: { type: 'array', minItems: 1, items: receiver } },
      ...tuningKeys(properties, definitions),
    },
    definitions,
  };
}

function tuningKeys(
  properties: Readonly<Record<string, JsonSchema>>,
  definitions: Record<string, unknown>,
): Readonly<Record<string, JsonSchema>> {
  const rows = Object.entries(TUNING_KEYS).map(([key, of]): [string, JsonSchema] => [
    key,
    { ...properties[key], type: 'object', additionalProperties: schemaOf(of, key, definitions) },
  ]);
  return Object.fromEntries(rows);
}

/** A schema without what stands around one; definitions are collected, under names that begin with `name`. */
function schemaOf(schema: z.core.$ZodType, name: string, definitions: Record<string, unknown>): JsonSchema {
  const made = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const def = zodSchema._zod.def as z.core.$ZodTypes['_zod']['def'];
      // Secrets are the only values that are checked by their class.
      if (def.type === 'custom') Object.assign(jsonSchema, { type: 'string', pattern: '^(env|file):.+' });
      // Keys that a schema does not name are refused, whether it is strict or not.
      if (def.type === 'object') jsonSchema.additionalProperties ??= false;
    },
  });
  const renamed = JSON.stringify(made).replaceAll('"#/definitions/', `"#/definitions/${name}`);
  const { $schema: _, definitions: own = {}, ...rest } = JSON.parse(renamed) as Record<string, object>;
  for (const [key, one] of Object.entries(own)) definitions[`${name}${key}`] = one;
  return rest;
}

interface Kind {
  readonly type: string;
  readonly doc: string;
  readonly schema: z.core.$ZodType;
}

function byType(
  kinds: readonly Kind[],
  common: Readonly<Record<string, JsonSchema>>,
  definitions: Record<string, unknown>,
): JsonSchema {
  const types = kinds.map(({ type, doc }) => ({ const: type, description: doc }));
  return {
    type: 'object',
    required: ['type'],
    properties: { type: { description: 'Its kind', ...(types.length === 0 ? {} : { anyOf: types }) }, ...common },
    allOf: kinds.map((kind) => ({
      if: { properties: { type: { const: kind.type } }, required: ['type'] },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so
      then: withKeys(schemaOf(kind.schema, kind.type, definitions), { type: { const: kind.type }, ...common }),
    })),
  };
}

/** The same with keys that each of its members may have. */
function withKeys(schema: JsonSchema, keys: Readonly<Record<string, unknown>>): JsonSchema {
  const members = schema['anyOf'];
  if (Array.isArray(members)) return { ...schema, anyOf: members.map((one) => withKeys(one as JsonSchema, keys)) };
  return { ...schema, properties: { ...keys, ...(schema['properties'] as object) } };
}

/** The keys of one kind, without those that every source has. */
export function kindSchema(kind: Kind): JsonSchema {
  return schemaOf(kind.schema, kind.type, {});
}
