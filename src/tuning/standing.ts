import type { AlertNews, StoredAlert } from '../alerts/stored.ts';
import { type Coverable, coverage, type Exception } from './exception.ts';
import { type Silence, silentUntil } from './silence.ts';

/*
 * The standing decisions: who is told of an alert is a function of the alert as it is now, of the exceptions and silences that there are, and of
 * the clock. People are told of what is open, not excepted, not inhibited and not silent now. What they were not told, they are owed: it is told, once,
 * when nothing keeps it back any more and it is still open.
 */

/** Milliseconds since 1970. */
type Millis = number;

export interface Tuning {
  readonly exceptions: readonly Exception[];
  readonly silences: readonly Silence[];
}

export const NO_TUNING: Tuning = { exceptions: [], silences: [] };

/** One that keeps an alert back. */
export interface Keeper {
  readonly id: string;
  /** When it is to be asked again; null: not before something changes. */
  readonly until: Millis | null;
  /** For people: what it is, and why it keeps this one back. */
  readonly why: string;
}

export interface Standing {
  readonly exception: Keeper | null;
  readonly silence: Keeper | null;
}

export function standingOf(stored: Coverable, { exceptions, silences }: Tuning, now: Millis): Standing {
  return { exception: exceptionOn(stored, exceptions, now), silence: silenceOn(stored, silences, now) };
}

/** The one that lasts longest; of those, the first by name: whatever the order in which they were made. */
function exceptionOn(stored: Coverable, exceptions: readonly Exception[], now: Millis): Keeper | null {
  const keepers = exceptions.flatMap((one) => {
    const found = coverage(one, stored, now);
    if (!found.covers) return [];
    return [{ id: one.id, until: found.until, why: `${one.id}: ${one.reason} (${one.owner}); ${found.why}` }];
  });
  return longest(keepers);
}

function silenceOn(stored: Coverable, silences: readonly Silence[], now: Millis): Keeper | null {
  const keepers = silences.flatMap((one) => {
    const until = silentUntil(one, stored, now);
    if (until === null) return [];
    const what = one.kind === 'calendar' ? 'no logs are expected: ' : '';
    const end = Number.isFinite(until) ? `until ${new Date(until).toISOString().slice(0, 16)}Z` : 'for good';
    const why = `${what}${one.id}: ${one.reason} (${one.owner}), ${end}`;
    return [{ id: one.id, until: Number.isFinite(until) ? until : null, why }];
  });
  return longest(keepers);
}

function longest(keepers: readonly Keeper[]): Keeper | null {
  const end = ({ until }: Keeper): number => until ?? Number.POSITIVE_INFINITY;
  return [...keepers].sort((a, b) => end(b) - end(a) || (a.id < b.id ? -1 : 1))[0] ?? null;
}

/** When an alert is to be asked again though nothing of it changes; null: never. */
export function dueOf({ exception, silence }: Standing): Millis | null {
  const times = [exception?.until, silence?.until].filter((time) => time != null);
  return times.length === 0 ? null : Math.min(...times);
}

/** What people are to be told of an alert, when nothing keeps it back any more. */
export type Owed = 'opened' | 'amended' | null;

export interface Told {
  /** Null: nothing now. */
  readonly news: AlertNews | null;
  readonly owed: Owed;
}

export interface Before {
  readonly owed: Owed;
  /** Were people told of the alert before? */
  readonly wasTold: boolean;
}

/** What of the news people are told while something keeps the alert back: to somebody who knows of it, that it is taken care of. */
export function keepBack(news: AlertNews, { owed, wasTold }: Before): Told {
  switch (news.kind) {
    case 'opened':
    case 'amended':
    case 'reopened':
      return { news: null, owed: wasTold ? 'amended' : 'opened' };
    case 'acknowledged':
    case 'resolved':
      return { news: wasTold ? news : null, owed: null };
    case 'grown':
    case 'assigned':
    case 'commented':
    case 'judged':
      return { news, owed };
  }
}

/** The same when nothing does. */
export function letGo(news: AlertNews, { owed }: Before): Told {
  const { kind, stored, why } = news;
  if (owed === null) return { news, owed: null };
  const { status } = stored.alert;
  // Of what somebody saw to before anybody was told, nobody is told.
  if (owed === 'opened' && status !== 'open') return { news: null, owed: null };
  if (status === 'resolved') return { news, owed: null };
  return { news: { kind: owed, stored, why: kind === 'opened' ? why : `not kept back any more: ${why}` }, owed: null };
}

/** Is there something of which it is said that a stronger alert says it? */
export function inhibitorOf({ alert }: Pick<StoredAlert, 'alert'>): string | null {
  return alert.inhibitedBy;
}
