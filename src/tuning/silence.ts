import { list, type Match, matching } from '../alerts/match.ts';
import { type Weekly, within } from './calendar.ts';
import type { Coverable } from './exception.ts';
import { CONFIGURED, isReached, type Maker } from './reach.ts';
import { type CalendarSpec, type SilenceSpec, timeOf } from './spec.ts';

/*
 * A silence postpones: while it lasts, people are not told of the alerts that it matches, and what is still open when it ends they are told then.
 * A calendar is a silence of the alerts about missing logs: an account is not expected to write any then, and has the rule's time after it
 * to write again.
 */

/** Milliseconds since 1970. */
type Millis = number;

export interface Silence {
  /** Its name. */
  readonly id: string;
  readonly maker: Maker;
  readonly kind: 'silence' | 'calendar';
  readonly owner: string;
  readonly reason: string;
  readonly match: Match;
  readonly from: Millis;
  readonly until: Millis;
  /** Null: all the time. */
  readonly weekly: readonly Weekly[] | null;
}

/** @param spec one that was checked */
export function silenceOf(id: string, spec: SilenceSpec, maker: Maker = CONFIGURED): Silence {
  const { match, from, until, weekly, owner, reason } = spec;
  return {
    id,
    maker,
    kind: 'silence',
    owner,
    reason,
    match,
    from: from === undefined ? Number.NEGATIVE_INFINITY : timeOf(from)!,
    until: until === undefined ? Number.POSITIVE_INFINITY : timeOf(until)!,
    weekly: weekly ?? null,
  };
}

/** @param spec one that was checked */
export function calendarOf(id: string, { account, weekly, owner, reason }: CalendarSpec): Silence {
  const always = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
  return {
    id,
    maker: CONFIGURED,
    kind: 'calendar',
    owner,
    reason,
    match: { account: list(account) },
    weekly,
    ...always,
  };
}

/** Up to when it keeps people from being told of the alert; null: it does not now. @param now milliseconds */
export function silentUntil(silence: Silence, stored: Coverable, now: Millis): Millis | null {
  if (!isReached(silence.maker.reach, stored) || !matching(silence.match, stored).matched) return null;
  return silence.kind === 'calendar' ? quietUntil(silence, stored, now) : lastsUntil(silence, now);
}

/** Up to when it goes on; null: it does not now. */
export function lastsUntil({ from, until, weekly }: Silence, now: Millis): Millis | null {
  if (now < from || now >= until) return null;
  const end = weekly === null ? Number.POSITIVE_INFINITY : within(weekly, now);
  return end === null ? null : Math.min(until, end);
}

function quietUntil({ weekly }: Silence, { detail: { silence } }: Coverable, now: Millis): Millis | null {
  if (silence === null) return null;
  const grace = silence.hours * 3_600_000;
  const end = within(weekly ?? [], now) ?? within(weekly ?? [], now - grace);
  return end === null ? null : end + grace;
}
