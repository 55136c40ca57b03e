import { isObject, type JsonObject, parseObject } from '../lib/json.ts';
import type { Event, Position, Variant } from './event.ts';
import type { LogFamily } from './families/family.ts';
import { FAMILIES } from './families/index.ts';
import { get, text } from './read.ts';
import { redact } from './redact.ts';
import { parseTime } from './time.ts';

export type Normalised =
  | { readonly kind: 'event'; readonly event: Event }
  /** A record of something else: another Azure service, or no log at all. */
  | { readonly kind: 'unknown'; readonly what: string }
  | {
      readonly kind: 'invalid';
      readonly reason: 'no_time' | 'bad_time' | 'future_time' | 'past_time';
      readonly detail: string;
    };

const DAY_MS = 86_400_000;
/** Before Cosmos DB's predecessor was announced: no such record is real. */
const FIRST_MS = Date.UTC(2010, 0, 1);

/** Is it a record of a known family? Looks only; never throws. */
export function isKnown(value: JsonObject): boolean {
  return recognise(value) !== null;
}

/**
 * One record as an event. The form is seen from the record; whatever cannot be read is absent, and only a missing or impossible time
 * makes a record invalid: one from the far future would end every window.
 */
export function normalise(value: JsonObject, position: Position, options: { readonly now: number }): Normalised {
  const found = recognise(value);
  if (found === null) return { kind: 'unknown', what: whatIs(value) };
  const written = found.family.time(value);
  if (written === null) return { kind: 'invalid', reason: 'no_time', detail: 'the record has no time' };
  const time = parseTime(written);
  if (time === null) return { kind: 'invalid', reason: 'bad_time', detail: written };
  if (time / 1000 > options.now + DAY_MS) return { kind: 'invalid', reason: 'future_time', detail: written };
  if (time / 1000 < FIRST_MS) return { kind: 'invalid', reason: 'past_time', detail: written };
  const clean = redact(opened(value));
  return { kind: 'event', event: found.family.normalise(clean, { variant: found.variant, time, position }) };
}

function recognise(value: JsonObject): { readonly family: LogFamily; readonly variant: Variant } | null {
  for (const family of FAMILIES) {
    const variant = family.recognise(value);
    if (variant !== null) return { family, variant };
  }
  return null;
}

/** `properties` may come as a text that holds JSON. */
function opened(value: JsonObject): JsonObject {
  const key = Object.keys(value).find((name) => name.toLowerCase() === 'properties');
  const inner = key === undefined ? undefined : value[key];
  if (isObject(inner)) return key === 'properties' ? value : { ...value, properties: inner };
  if (typeof inner !== 'string') return value;
  const parsed = parseObject(inner);
  return parsed === null ? value : { ...value, properties: parsed };
}

/** What an unknown record calls itself. */
function whatIs(value: JsonObject): string {
  const category = text(value, 'category', 'Type', 'eventType');
  if (category !== null) return category.slice(0, 60);
  return get(value, 'operationName') === undefined ? 'no log record' : 'a record without category';
}
