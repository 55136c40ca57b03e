import type { JsonObject } from '../lib/json.ts';
import { unwrapped } from './carriers.ts';
import type { Event, Micros, Position, Variant } from './event.ts';
import type { LogFamily } from './families/family.ts';
import { FAMILIES } from './families/index.ts';
import { opened } from './open.ts';
import { get, object, text } from './read.ts';
import { redact } from './redact.ts';
import { parseTime } from './time.ts';

export type Normalised =
  | { readonly kind: 'event'; readonly event: Event }
  /** A record of something else: another Azure service, or (`isLog: false`) no log at all. `what` is what it calls itself. */
  | { readonly kind: 'unknown'; readonly what: string; readonly isLog: boolean }
  | { readonly kind: 'invalid'; readonly reason: InvalidTime; readonly detail: string };

export type InvalidTime = 'no_time' | 'bad_time' | 'future_time' | 'past_time';

const DAY_MS = 86_400_000;
/** Before Cosmos DB's predecessor was announced: no such record is real. */
const FIRST_MS = Date.UTC(2010, 0, 1);

/** Is it a record of a known family? Looks only; never throws. */
export function isKnown(value: JsonObject): boolean {
  return recognise(unwrapped(value)) !== null;
}

/**
 * One record as an event. The form is seen from the record; whatever cannot be read is absent, and only a missing or impossible time
 * makes a record invalid: one from the far future would end every window. Never throws.
 * @param options.now wall clock in ms since 1970; used for nothing but that
 */
export function normalise(written: JsonObject, position: Position, options: { readonly now: number }): Normalised {
  const value = unwrapped(written);
  const found = recognise(value);
  if (found === null) return { kind: 'unknown', what: whatIs(value), isLog: isLog(value) };
  const { family, variant } = found;
  const stamp = family.time(value);
  if (stamp === null) return { kind: 'invalid', reason: 'no_time', detail: 'the record has no time' };
  const time = readTime(stamp, options.now);
  if (typeof time !== 'number') return { kind: 'invalid', ...time };
  const record = opened(value);
  return {
    kind: 'event',
    event: family.normalise(redact(record), { variant, time, position, command: commandOf(record) }),
  };
}

/** The time of a record, or why it cannot be one. @param now wall clock in ms since 1970 */
export function readTime(
  written: string,
  now: number,
): Micros | { readonly reason: InvalidTime; readonly detail: string } {
  const time = parseTime(written);
  if (time === null) return { reason: 'bad_time', detail: written.slice(0, 60) };
  if (time / 1000 > now + DAY_MS) return { reason: 'future_time', detail: written };
  if (time / 1000 < FIRST_MS) return { reason: 'past_time', detail: written };
  return time;
}

/** The times that a record can have, in microseconds, both inclusive. @param now wall clock in ms since 1970 */
export function validTimes(now: number): readonly [from: Micros, to: Micros] {
  return [FIRST_MS * 1000, (now + DAY_MS) * 1000];
}

function recognise(value: JsonObject): { readonly family: LogFamily; readonly variant: Variant } | null {
  for (const family of FAMILIES) {
    const variant = family.recognise(value);
    if (variant !== null) return { family, variant };
  }
  return null;
}

/** The text of a command is sensitive, but only it tells some deletions: it is read once, before it is dropped. */
function commandOf(record: JsonObject): string | null {
  return text(object(record, 'properties'), 'piiCommandText') ?? text(record, 'piiCommandText');
}

/** What an unknown record calls itself. */
function whatIs(value: JsonObject): string {
  const category = text(value, 'category', 'Type', 'eventType');
  if (category !== null) return category.slice(0, 60);
  return get(value, 'operationName') === undefined ? 'no log record' : 'a record without category';
}

const TIMES = ['time', 'TimeGenerated', 'eventTimestamp', 'eventTime', 'timestamp', 'createdDateTime'];
const SUBJECTS = [
  'category',
  'operationName',
  'operationNameValue',
  'Type',
  'eventType',
  'resourceId',
  'activityDisplayName',
];

/** Whatever log of Azure it is, its records say when, and what or where. */
function isLog(value: JsonObject): boolean {
  const has = (name: string): boolean => get(value, name) !== undefined;
  return TIMES.some(has) && SUBJECTS.some(has);
}
