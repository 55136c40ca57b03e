import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { Alert } from '../alerts/alert.ts';
import { parseDuration } from '../lib/duration.ts';
import type { Json, JsonObject } from '../lib/json.ts';

/** t = 0 of every timeline, in seconds since 1970: 2026-01-05T00:00:00Z, a Monday. */
export const TIMELINE_START = 1_767_571_200;

const Variables = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
type Variables = z.infer<typeof Variables>;

const Seconds = z.union([z.string(), z.number()]).transform((value, context) => {
  if (value === 0 || value === '0') return 0;
  const seconds = typeof value === 'string' ? parseDuration(value) : null;
  if (seconds !== null) return seconds;
  context.addIssue(`${value} is no offset: write 0, 90s, 15m, 4h or 2d`);
  return z.NEVER;
});

/** One record: when, which template, with which variables; `repeat` times, `every` so often. */
const Entry = z
  .object({ at: Seconds, repeat: z.number().int().positive().default(1), every: Seconds.default(0) })
  .catchall(Variables)
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
  at: Seconds,
  until: Seconds.optional(),
  account: z.string().optional(),
  level: z.string().optional(),
  count: z.number().optional(),
  status: z.string().optional(),
  caller: z.string().nullable().optional(),
  actors: z.array(z.string()).optional(),
  changes: z.array(z.string()).optional(),
});
type Expected = z.infer<typeof Expected>;

const Timeline = z.strictObject({
  rule: z.string(),
  from: z.string().optional(),
  templates: z.record(z.string(), z.record(z.string(), z.json())).optional(),
  defaults: Variables.optional(),
  cases: z.array(
    z.strictObject({
      name: z.string(),
      records: z.array(Entry).min(1),
      /** Names of accounts that are declared, so that their silence counts from t = 0. */
      declared: z.array(z.string()).optional(),
      inventory: z.array(z.record(z.string(), z.json())).optional(),
      until: Seconds.optional(),
      alerts: z.array(Expected),
    }),
  ),
});
export type Timeline = z.infer<typeof Timeline>;
export type Case = Timeline['cases'][number];

const Shared = z.strictObject({
  templates: z.record(z.string(), z.record(z.string(), z.json())),
  defaults: Variables.optional(),
});

/** A timeline, with the templates of the file it names, or what is wrong with it, one line a mistake. */
export function readTimeline(text: string, shared: (file: string) => string | null): Timeline | readonly string[] {
  const parsed = parse(text, Timeline);
  if ('mistakes' in parsed) return parsed.mistakes;
  const { from } = parsed.value;
  if (from === undefined) return parsed.value;
  const sharedText = shared(from);
  if (sharedText === null) return [`from: no such file: ${from}`];
  const base = parse(sharedText, Shared);
  if ('mistakes' in base) return base.mistakes.map((mistake) => `${from}: ${mistake}`);
  return {
    ...parsed.value,
    templates: { ...base.value.templates, ...parsed.value.templates },
    defaults: { ...base.value.defaults, ...parsed.value.defaults },
  };
}

function parse<T>(
  text: string,
  schema: z.ZodType<T>,
): { readonly value: T } | { readonly mistakes: readonly string[] } {
  const document = parseDocument(text, { maxAliasCount: 100, version: '1.2' } as never);
  if (document.errors.length > 0) return { mistakes: document.errors.map((error) => error.message.split('\n')[0]!) };
  const result = schema.safeParse(document.toJS());
  if (result.success) return { value: result.data };
  return { mistakes: result.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`) };
}

/** The records of a case as lines of JSON, in the order of the file. `{n}` in a template is the record's number, so that ids differ. */
export function recordsOf(timeline: Timeline, one: Case): string[] {
  const lines: string[] = [];
  for (const { at, repeat, every, template, variables } of one.records) {
    const body = timeline.templates?.[template];
    if (body === undefined) throw new Error(`case "${one.name}": no template is called ${template}`);
    for (let time = 0; time < repeat; time++) {
      const offset = at + time * every;
      const all = { n: lines.length, time: isoOf(offset), ...timeline.defaults, ...variables };
      lines.push(JSON.stringify(filled(body as Json, all, [])));
    }
  }
  return lines;
}

export function isoOf(offset: number): string {
  return new Date((TIMELINE_START + offset) * 1000).toISOString().replace('.000Z', 'Z');
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

/** What an alert was expected to be and is not, in a reader's words; empty if they agree. */
export function differences(expected: readonly Expected[], alerts: readonly Alert[]): string[] {
  const found: string[] = [];
  for (let at = 0; at < Math.max(expected.length, alerts.length); at++) {
    const [want, got] = [expected[at], alerts[at]];
    if (want === undefined) found.push(`an alert that was not expected: ${shown(got!)}`);
    else if (got === undefined) found.push(`no alert at ${want.at} s`);
    else found.push(...compare(want, got).map((text) => `alert ${at + 1}: ${text}`));
  }
  return found;
}

function compare(want: Expected, got: Alert): string[] {
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['at', isoOf(want.at), got.firstSeen],
    ['until', want.until === undefined ? undefined : isoOf(want.until), got.lastSeen],
    ['account', want.account, got.account?.split('/').at(-1)],
    ['level', want.level, got.level],
    ['count', want.count, got.count],
    ['status', want.status, got.status],
    ['caller', want.caller, got.caller],
    ['actors', want.actors, got.actors.map((actor) => actor.name ?? actor.id)],
    ['changes', want.changes, got.changes.map((change) => `${change.property} ${change.effect} ${change.exposure}`)],
  ];
  return pairs
    .filter(([, wanted, is]) => wanted !== undefined && JSON.stringify(wanted) !== JSON.stringify(is))
    .map(([name, wanted, is]) => `${name} is ${JSON.stringify(is)}, expected ${JSON.stringify(wanted)}`);
}

function shown(alert: Alert): string {
  return `${alert.firstSeen} ${alert.level} ${alert.account?.split('/').at(-1) ?? ''} count ${alert.count}`;
}
