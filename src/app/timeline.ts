import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { CALLERS } from '../events/fact.ts';
import { LEVELS } from '../ir/ir.ts';
import { parseDuration } from '../lib/duration.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';

/** t = 0 of every timeline, in seconds since 1970: 2026-01-05T00:00:00Z, a Monday. */
export const TIMELINE_START = 1_767_571_200;

const Variables = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
type Variables = z.infer<typeof Variables>;

/** Texts of it are offsets: what editors check, before `transform` reads the number. */
const OFFSET = /^(0|[1-9][0-9]{0,8}[smhd])$/;

const Seconds = z
  .union([z.string().regex(OFFSET, 'no offset: write 0, 90s, 15m, 4h or 2d'), z.literal(0)], {
    error: 'no offset: write 0, 90s, 15m, 4h or 2d',
  })
  .transform((value) => (value === 0 || value === '0' ? 0 : parseDuration(value)!));

/** One record: when, which template, with which variables; `repeat` times, `every` so often. */
const Entry = z
  .object({
    at: Seconds.describe('When, from t = 0: 0, 90s, 15m, 4h, 2d'),
    repeat: z.number().int().positive().default(1).describe('How many times'),
    every: Seconds.default(0).describe('How far apart, with repeat'),
  })
  .catchall(Variables.describe('The name of a template, and the words in braces that differ from the defaults'))
  .transform((entry, context) => {
    const { at, repeat, every, ...rest } = entry as { at: number; repeat: number; every: number } & Record<
      string,
      Variables
    >;
    const templates = Object.keys(rest);
    if (templates.length === 1) return { at, repeat, every, template: templates[0]!, variables: rest[templates[0]!]! };
    context.addIssue(
      `a record names one template, this one ${templates.length === 0 ? 'names none' : `${templates.length}`}`,
    );
    return z.NEVER;
  });

const Expected = z.strictObject({
  at: Seconds.describe('When the alert begins, from t = 0'),
  until: Seconds.optional().describe('When what it tells was last seen'),
  account: z.string().optional().describe('Name of the account'),
  level: z.enum(LEVELS).optional(),
  count: z.number().optional().describe('How many actions, or distinct values, it counts'),
  status: z.enum(['open', 'resolved']).optional(),
  caller: z.enum(CALLERS).nullable().optional().describe('How the caller is known; null where nobody had to be found'),
  actors: z.array(z.string()).optional().describe('Names, else ids, in their order'),
  changes: z.array(z.string()).optional().describe('"property effect exposure" of each changed setting'),
});
export type Expected = z.infer<typeof Expected>;

const Templates = z
  .record(z.string(), z.record(z.string(), z.json()))
  .describe('Records by name, as Azure writes them. {word} is a variable; {time} and {n} are given');
const Defaults = Variables.describe('Values of the words in braces, where a record gives none');

/** What stands beside a rule. The texts are what editors show. */
export const Timeline = z.strictObject({
  rule: z.string().describe('Name or id of the rule whose alerts are compared'),
  from: z.string().optional().describe('A file beside this one with more templates and defaults'),
  templates: Templates.optional(),
  defaults: Defaults.optional(),
  cases: z.array(
    z.strictObject({
      name: z.string().describe('What is the case, as a sentence'),
      records: z.array(Entry).min(1),
      declared: z.array(z.string()).optional().describe('Ids of accounts whose silence counts from t = 0'),
      inventory: z.array(z.record(z.string(), z.json())).optional().describe('ARM documents as known at t = 0'),
      until: Seconds.optional().describe('The end of the clock; else the last record'),
      alerts: z.array(Expected).describe('All alerts of the rule, in their order; [] if there must be none'),
    }),
  ),
});
export type Timeline = z.infer<typeof Timeline>;
export type Case = Timeline['cases'][number];

/** A file that only holds templates for others. */
export const Shared = z.strictObject({ templates: Templates, defaults: Defaults.optional() });

/**
 * A timeline, with the templates of the file it names, or what is wrong with it: one line a mistake, `LINE:COLUMN: what`, so that the name
 * of the file may stand before it.
 */
export function readTimeline(text: string, shared: (file: string) => string | null): Timeline | readonly string[] {
  const parsed = parse(text, Timeline);
  if ('mistakes' in parsed) return parsed.mistakes;
  const { from } = parsed.value;
  if (from === undefined) return withKnownTemplates(parsed.value, parsed.placeOf);
  const sharedText = shared(from);
  if (sharedText === null) return [`${parsed.placeOf(['from'])}: there is no file ${from} beside it`];
  const base = parse(sharedText, Shared);
  if ('mistakes' in base) return base.mistakes.map((mistake) => `${parsed.placeOf(['from'])}: in ${from}:${mistake}`);
  const whole = {
    ...parsed.value,
    templates: { ...base.value.templates, ...parsed.value.templates },
    defaults: { ...base.value.defaults, ...parsed.value.defaults },
  };
  return withKnownTemplates(whole, parsed.placeOf);
}

/** The lines on which the cases of a timeline begin. */
export function caseLines(text: string): number[] {
  const parsed = parse(text, Timeline);
  if ('mistakes' in parsed) return [];
  return parsed.value.cases.map((_, at) => Number.parseInt(parsed.placeOf(['cases', at]), 10));
}

function withKnownTemplates(timeline: Timeline, placeOf: PlaceOf): Timeline | readonly string[] {
  const known = Object.keys(timeline.templates ?? {});
  const mistakes = timeline.cases.flatMap(({ records }, at) =>
    records.flatMap(({ template }, nth) => {
      if (known.includes(template)) return [];
      const near = nearest(template, known);
      const hint = near === null ? `there are ${known.join(', ') || 'none'}` : `did you mean ${near}?`;
      return [`${placeOf(['cases', at, 'records', nth], template)}: no template is called ${template}; ${hint}`];
    }),
  );
  return mistakes.length > 0 ? mistakes : timeline;
}

/** `LINE:COLUMN` of what stands at a path, or of the nearest thing around it; with `key`, of a key of the map that stands there. */
type PlaceOf = (path: readonly PropertyKey[], key?: string) => string;

function parse<T>(
  text: string,
  schema: z.ZodType<T>,
): { readonly value: T; readonly placeOf: PlaceOf } | { readonly mistakes: readonly string[] } {
  const lines = new LineCounter();
  const options = { maxAliasCount: 100, version: '1.2', lineCounter: lines, prettyErrors: false } as const;
  const document = parseDocument(text, options);
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${Math.max(1, line)}:${Math.max(1, col)}`;
  };
  if (document.errors.length > 0)
    return {
      mistakes: document.errors.map(({ pos, message }) => `${at(pos[0])}: not YAML: ${message.split('\n')[0]}`),
    };
  const placeOf: PlaceOf = (path, key) => {
    const map = key === undefined ? null : path.length === 0 ? document.contents : document.getIn(path, true);
    const own = isMap(map) ? map.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.key : null;
    if (isNode(own) && own.range) return at(own.range[0]);
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return at(node.range[0]);
    }
    return '1:1';
  };
  const result = schema.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (result.success) return { value: result.data, placeOf };
  return { mistakes: result.error.issues.flatMap((issue) => mistakesOf(issue, placeOf)) };
}

/** Every key that a timeline has somewhere, for suggestions. */
const KEYS = [Timeline, Timeline.shape.cases.element, Expected].flatMap(({ shape }) => Object.keys(shape));

function mistakesOf(issue: z.core.$ZodIssue, placeOf: PlaceOf): string[] {
  const { path, message } = issue;
  const where = path.join('.') || 'the file';
  if (issue.code !== 'unrecognized_keys') return [`${placeOf(path)}: ${where}: ${message}`];
  return issue.keys.map((key) => {
    const near = nearest(key, KEYS);
    return `${placeOf(path, key)}: ${where} has no "${key}"${near === null ? '' : `; did you mean "${near}"?`}`;
  });
}

/**
 * The records of a case as lines of JSON, in the order of the file. `{n}` in a template is the record's number, so that ids differ.
 * @param start when t = 0 is, in seconds since 1970
 */
export function recordsOf(timeline: Timeline, one: Case, start = TIMELINE_START): string[] {
  const lines: string[] = [];
  for (const { at, repeat, every, template, variables } of one.records) {
    const body = timeline.templates?.[template];
    if (body === undefined) throw new Error(`case "${one.name}": no template is called ${template}`);
    for (let time = 0; time < repeat; time++) {
      const offset = at + time * every;
      const all = { n: lines.length, time: isoOf(offset, start), ...timeline.defaults, ...variables };
      lines.push(JSON.stringify(filled(body as Json, all, [])));
    }
  }
  return lines;
}

export function isoOf(offset: number, start = TIMELINE_START): string {
  return new Date((start + offset) * 1000).toISOString().replace('.000Z', 'Z');
}

const WHOLE = /^\{([a-z_]+)\}$/i;

/** Texts with `{variables}`; a text that is one variable takes its type. A missing variable leaves its field out. */
function filled(value: Json, variables: Variables, path: readonly string[]): Json {
  if (typeof value === 'string') return fillText(value, variables, path);
  if (Array.isArray(value)) return value.map((item) => filled(item, variables, path));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as JsonObject)
    .map(([name, inner]) => [name, filled(inner, variables, path)] as const)
    .filter(([, inner]) => inner !== MISSING);
  return Object.fromEntries(entries);
}

const MISSING = '\u0000missing';

function fillText(text: string, variables: Variables, path: readonly string[]): Json {
  const whole = WHOLE.exec(text)?.[1];
  if (whole !== undefined && !path.includes(whole)) {
    const value = variables[whole];
    if (value === undefined) return MISSING;
    return typeof value === 'string' ? fillText(value, variables, [...path, whole]) : value;
  }
  return text.replace(/\{([a-z_]+)\}/gi, (all, name: string) => {
    const value = variables[name];
    if (value === undefined || path.includes(name)) return all;
    return typeof value === 'string' ? String(fillText(value, variables, [...path, name])) : String(value);
  });
}
