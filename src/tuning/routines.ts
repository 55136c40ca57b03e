import type { Raised } from '../alerts/alert.ts';
import { type Doing, type Habit, learn, noHabit } from './habit.ts';
import { isRecognised, markRoutine, type Occurrence, occurrenceOf } from './routine.ts';

interface Entry {
  readonly habit: Habit;
  /** Of the second in which it was done last: they are learnt when another second comes. */
  waiting: Doing[];
  /** Rule and account: what others do the same to. */
  readonly place: string;
}

/** So many patterns are remembered; what was done longest ago goes first. */
const MOST = 20_000;

/** What the earlier part of a scan teaches of its later part. Alerts are given in order of their opening, each once. */
export class Routines {
  readonly #entries = new Map<string, Entry>();
  readonly #recognised = new Map<string, Set<string>>();
  readonly #most: number;

  constructor(most = MOST) {
    this.#most = most;
  }

  /** With what tuning says of its level; and it is learnt. */
  mark(raised: Raised): Raised {
    const now = occurrenceOf(raised);
    if (now === null) return raised;
    const { id, ruleId, account } = now.pattern;
    const place = `${ruleId}|${account}`;
    const entry = this.#entries.get(id) ?? { habit: noHabit(), waiting: [], place };
    this.#settle(id, entry, now.opened);
    const recognised = this.#recognised.get(place);
    const others = (recognised?.size ?? 0) - (recognised?.has(id) === true ? 1 : 0);
    const habit = entry.habit.count === 0 ? null : entry.habit;
    const marks = markRoutine(raised.alert.level, now, { habit, others });
    entry.waiting.push(now);
    this.#keep(id, entry);
    return { ...raised, alert: { ...raised.alert, ...marks } };
  }

  #settle(id: string, entry: Entry, opened: Occurrence['opened']): void {
    const earlier = entry.waiting.filter((doing) => doing.opened < opened);
    if (earlier.length === 0) return;
    for (const doing of earlier) learn(entry.habit, doing);
    entry.waiting = entry.waiting.filter((doing) => doing.opened >= opened);
    if (!isRecognised(entry.habit)) return;
    const own = this.#recognised.get(entry.place);
    if (own === undefined) this.#recognised.set(entry.place, new Set([id]));
    else own.add(id);
  }

  /** The one that was done last stands last. */
  #keep(id: string, entry: Entry): void {
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    if (this.#entries.size <= this.#most) return;
    const [oldest, { place }] = this.#entries.entries().next().value!;
    this.#entries.delete(oldest);
    this.#recognised.get(place)?.delete(oldest);
  }
}
