import type { Raised } from '../../alerts/alert.ts';
import { isoOf } from '../../alerts/raise.ts';
import { SECOND } from '../../events/event.ts';
import type { Change, Fact } from '../../events/fact.ts';
import { sentence, spanOf, whenOf } from '../phrases.ts';
import { listText, plural, timeText } from '../text.ts';

/** An alert in words: what the headline says behind the account's name, how often what, and the sentence. */
export interface Story {
  /** `access keys viewed`; lower case, no full stop. */
  readonly what: string;
  /** `1 read`, `2 changes`, `1,204 items`. */
  readonly amount: string;
  readonly reason: string;
}

export type Tell = (raised: Raised) => Story;

/** What a change of unknown origin adds to a sentence. */
export function unknownBefore(change: Change | null | undefined): string[] {
  return change?.effect === 'unknown_before' ? ['what it was before is not known'] : [];
}

/** The fact that says the worst of an alert: the latest of those of the highest rank. */
export function worst<T>(facts: readonly T[], rank: (fact: T) => number): T | undefined {
  let best: T | undefined;
  for (const fact of facts) if (best === undefined || rank(fact) >= rank(best)) best = fact;
  return best;
}

/** It ended because everything stands as before, or stricter. */
export function isPutBack({ alert }: Raised): boolean {
  return alert.status === 'resolved' && alert.resolution === 'ended';
}

/** One of the changes that an alert counts, in words. */
export interface ChangeWords {
  /** For the headline. */
  readonly what: string;
  /** With the name of the thing that changed, where others may have changed beside it; else `what`. */
  readonly named?: string;
  /** Begins the sentence: `The account orders-prod was deleted`. */
  readonly text: string;
  /** `state`: it is so since then; `act`: it was done then. */
  readonly tense: 'act' | 'state';
  readonly more?: readonly string[];
}

/** A change with its time: of a setting, or of something around the account. */
export type Told = Pick<Fact, 'time' | 'action' | 'change'>;

/** The worst of an alert's changes, told; the others are counted, and named where that is short. */
export function changeStory<T extends Told>(
  raised: Raised,
  told: readonly T[],
  rank: (one: T) => number,
  words: (one: T) => ChangeWords,
): Story {
  const one = worst(told, rank)!;
  const { what, text, tense, more = [] } = words(one);
  // What was made stricter needs no putting back.
  const isBack = isPutBack(raised) && one.change?.effect !== 'strengthened';
  const others = told.filter((other) => other !== one);
  const isAlike = others.every((other) => likeness(other, words) === likeness(one, words));
  const asOne = isAlike && tense === 'act';
  const time = timeText(isoAt(one.time), raised.alert.firstSeen);
  const when = asOne ? whenOf(raised, 'change') : tense === 'act' ? `at ${time}` : stateSince(raised, time);
  const clauses = [
    ...more,
    ...(asOne ? [] : othersText(raised, others, words(one), words)),
    ...(isBack ? ['since then it was put back as it was, or stricter'] : []),
  ];
  return {
    what: isBack ? `${what}, put back` : what,
    amount: plural(raised.alert.count, 'change'),
    reason: sentence(raised, text, when, clauses),
  };
}

/** Changes of one kind and thing are told by their number: only their values differ. */
function likeness<T extends Told>(one: T, words: (one: T) => ChangeWords): string {
  const { what, named = '' } = words(one);
  return one.change === null ? `${one.action}|${named || what}` : `${one.action}|${one.change.property}|${named}`;
}

function stateSince(raised: Raised, time: string): string {
  return isPutBack(raised) ? `from ${time} on` : `since ${time}`;
}

function othersText<T extends Told>(
  { alert }: Raised,
  others: readonly T[],
  own: ChangeWords,
  words: (one: T) => ChangeWords,
): string[] {
  const count = alert.count - 1;
  if (count <= 0 || others.length === 0) return [];
  const times = others.map(({ time }) => time);
  const span = { firstSeen: isoAt(Math.min(...times)), lastSeen: isoAt(Math.max(...times)) };
  const when = span.firstSeen === span.lastSeen ? `at ${timeText(span.firstSeen, alert.firstSeen)}` : spanOf(span);
  const names = new Set(others.map((other) => words(other)).map(({ named, what }) => named ?? what));
  names.delete(own.named ?? own.what);
  const list = names.size === 0 ? '' : ` (${listText([...names], 2)})`;
  return [`${plural(count, 'other change')} ${when}${list}`];
}

/** @param micros since 1970 */
export function isoAt(micros: number): string {
  return isoOf(Math.floor(micros / SECOND));
}
