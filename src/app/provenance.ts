import type { Event } from '../events/event.ts';
import { canonicalFields, isSensitive } from '../events/fields.ts';
import { normalise } from '../events/normalise.ts';
import { identity } from '../lib/hash.ts';
import { isObject, type Json, type JsonObject, parseObject } from '../lib/json.ts';
import { groupKey } from '../relate/phases.ts';

/**
 * Where in a record each field came from. Nothing of how the families read is repeated here: a value of the record is taken away, or
 * replaced by another, and the record is normalised again; the fields that are then different came from it. So the answer is what the
 * program does, also where a field has several places to come from and the first of them is blank.
 */

/** Names and indexes from the record down; also into a text that holds an object as JSON. */
export type Path = readonly (string | number)[];

export interface Origins {
  /** By canonical field, `record.id` or `event.id`: the places it came from. None: the log's kind alone decides it. */
  readonly byField: ReadonlyMap<string, readonly Path[]>;
  /** How many values the record holds, and how many of them were tried: the rest lies deepest. */
  readonly values: number;
  readonly tried: number;
}

/** What may be normalised again at most, in bytes, so that one huge record takes no minutes. A value costs as much as so many bytes. */
const WORK = 60_000_000;
const VALUE = 500;
/** Values that are tried whatever it costs. */
const LEAST = 12;
const MOST_VALUES = 5000;
/** Bytes from which on a member is first tried as a whole. */
const LARGE = 2000;

/**
 * A value is exchanged for each of these: a field that one leaves as it was (404 and no number both fail; without an account's id here
 * there is the same one elsewhere; without a known type of event it is another record) shows with another.
 */
const OTHERS: readonly Json[] = [
  'zz',
  'aaaaaaaa-0000-4000-8000-aaaaaaaaaaaa',
  '/subscriptions/s/resourcegroups/g/providers/microsoft.documentdb/databaseaccounts/a',
  'Microsoft.Resources.ResourceActionFailure',
  '200',
  '500',
  'Succeeded',
  'Failed',
  'app',
  'user',
  'ServicePrincipal',
  'primarymasterkey',
  '2020-02-02T02:02:02Z',
];

/** @param record as it came @param event what it was read as @param nowMs as it was read with */
export function originsOf(record: JsonObject, event: Event, nowMs: number, work: number = WORK): Origins {
  const trial: Trial = { event, before: valuesOf(event), nowMs };
  const light = lightened(record, trial);
  const { paths, values } = pathsIn(light);
  const cost = (JSON.stringify(light).length + values * VALUE) * ANYTHING.length;
  const tried = paths.slice(0, Math.max(LEAST, Math.floor(work / cost)));
  const byField = new Map<string, Path[]>([...trial.before.keys()].map((name) => [name, []]));
  for (const path of tried) {
    for (const name of changedBy(light, path, ANYTHING, trial)) byField.get(name)!.push(path);
  }
  const open = [...byField].filter(([, found]) => found.length === 0).map(([name]) => name);
  for (const [name, path] of sufficientFor(open, light, tried, trial)) byField.get(name)!.push(path);
  const all = light === record ? values : pathsIn(record).values;
  return {
    byField: new Map([...byField].map(([name, found]) => [name, withoutOuter(found)])),
    values: all,
    tried: all - values + tried.length,
  };
}

/** Everything of an event that is told: canonical fields, and the two ids. */
export function valuesOf(event: Event): ReadonlyMap<string, Json> {
  return new Map([
    ...Object.entries(canonicalFields(event)),
    ['record.id', event.recordId],
    ['event.id', identity(groupKey(event))],
  ]);
}

/** What a changed record is compared with. */
interface Trial {
  readonly event: Event;
  readonly before: ReadonlyMap<string, Json>;
  readonly nowMs: number;
}

/** What a value is exchanged for; undefined: it is taken away. */
type Exchange = (value: Json) => Json | undefined;
const ANYTHING: readonly Exchange[] = [undefined, ...OTHERS].map((other) => () => other);

function changedBy(record: JsonObject, path: Path, exchanges: readonly Exchange[], trial: Trial): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const exchange of exchanges) {
    const after = valuesAfter(altered(record, path, exchange), trial);
    if (after === null) continue;
    for (const [name, value] of trial.before) if (after.get(name) !== value) changed.add(name);
  }
  return changed;
}

/** The record without its large members (bodies of requests) that nothing comes from, tried with all values in them at once. */
function lightened(record: JsonObject, trial: Trial): JsonObject {
  const whole: Exchange[] = OTHERS.map((other) => (value) => allExchanged(value, other));
  let light = record;
  const visit = (path: Path, value: Json): void => {
    const inner = insideOf(path, value);
    for (const [name, member] of inner ?? []) {
      if (JSON.stringify(member).length < LARGE) continue;
      const own = [...path, name];
      const matters = [...ANYTHING, ...whole].some((exchange) => changedBy(light, own, [exchange], trial).size > 0);
      if (matters) visit(own, member);
      else light = altered(light, own, () => undefined);
    }
  };
  visit([], record);
  return light;
}

/**
 * Where fields come from that no single value decides, because several say the same: values that suffice, and without which, with the
 * others gone too, the field would be another. A field that stays the same even then comes from the kind of the log.
 */
function sufficientFor(
  names: readonly string[],
  record: JsonObject,
  paths: readonly Path[],
  trial: Trial,
): readonly (readonly [string, Path])[] {
  let least = record;
  // What lies deepest is given up first.
  for (const path of paths.toReversed()) {
    if (!has(least, path)) continue;
    const less = altered(least, path, () => undefined);
    const after = valuesAfter(less, trial);
    if (after !== null && names.every((name) => after.get(name) === trial.before.get(name))) least = less;
  }
  return paths
    .filter((path) => has(least, path))
    .flatMap((path) => {
      const changed = changedBy(least, path, ANYTHING, trial);
      return names.filter((name) => changed.has(name)).map((name) => [name, path] as const);
    });
}

/** Null: read as another kind of record, its fields cannot be compared; what was changed is a mark by which the kind is known. */
function valuesAfter(record: JsonObject, { event, nowMs }: Trial): ReadonlyMap<string, Json> | null {
  const read = normalise(record, event.position, { now: nowMs });
  const isSameKind =
    read.kind === 'event' && read.event.family === event.family && read.event.variant === event.variant;
  return isSameKind ? valuesOf(read.event) : null;
}

/** Is there a value in that place? Of a text that holds an object, in the object. */
function has(record: Json, path: Path): boolean {
  let value: Json | undefined = record;
  for (const step of path) {
    const inner: Json | null = typeof value === 'string' ? parseObject(value) : value!;
    if (typeof inner !== 'object' || inner === null) return false;
    value = (inner as Readonly<Record<string | number, Json>>)[step];
    if (value === undefined) return false;
  }
  return true;
}

function allExchanged(value: Json, other: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => allExchanged(item, other));
  const inner = isObject(value) ? value : typeof value === 'string' ? parseObject(value) : null;
  if (inner === null) return other;
  const exchanged = Object.fromEntries(Object.entries(inner).map(([name, one]) => [name, allExchanged(one, other)]));
  return isObject(value) ? exchanged : JSON.stringify(exchanged);
}

/** The record with another value in one place, or with none. */
export function altered(record: JsonObject, path: Path, exchange: Exchange): JsonObject {
  return change(record, path, 0, exchange) as JsonObject;
}

function change(inside: Json, path: Path, at: number, exchange: Exchange): Json {
  const step = path[at]!;
  const inner = (value: Json): Json | undefined =>
    at === path.length - 1 ? exchange(value) : change(value, path, at + 1, exchange);
  if (typeof inside === 'string') return JSON.stringify(change(parseObject(inside)!, path, at, exchange));
  if (Array.isArray(inside))
    return (inside as readonly Json[]).map((item, index) => (index === step ? (inner(item) ?? null) : item));
  const entries = Object.entries(inside as JsonObject).map(
    ([name, value]) => [name, name === step ? inner(value) : value] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as JsonObject;
}

/** The places of all values, those near the top first. A text that holds an object is a place, and so is each value in it. */
function pathsIn(record: JsonObject): { readonly paths: Path[]; readonly values: number } {
  const paths: Path[] = [];
  let values = 0;
  let level: (readonly [Path, Json])[] = [[[], record]];
  while (level.length > 0) {
    const next: (readonly [Path, Json])[] = [];
    for (const [path, value] of level) {
      const inner = insideOf(path, value);
      if (inner !== null) for (const [name, one] of inner) next.push([[...path, name], one]);
      if (typeof value === 'object' && value !== null) continue;
      values += 1;
      if (paths.length < MOST_VALUES) paths.push(path);
    }
    level = next;
  }
  return { paths, values };
}

/** What is sensitive is one value: even names in it may be somebody's data. */
function insideOf(path: Path, value: Json): (readonly [string | number, Json])[] | null {
  const name = path.at(-1);
  if (typeof name === 'string' && isSensitive(name)) return null;
  if (Array.isArray(value)) return [...(value as readonly Json[]).entries()];
  if (isObject(value)) return Object.entries(value);
  const parsed = typeof value === 'string' && value.trimStart().startsWith('{') ? parseObject(value) : null;
  return parsed === null ? null : Object.entries(parsed);
}

/** A text that holds an object is named only where no value in it is. */
function withoutOuter(paths: readonly Path[]): readonly Path[] {
  return paths.filter(
    (path) => !paths.some((other) => other.length > path.length && path.every((step, at) => other[at] === step)),
  );
}

/** `properties.statusCode`, `claims["http://schemas.microsoft.com/identity/claims/scope"]`, `list[2]`. */
export function pathText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[\w$-]+$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}
