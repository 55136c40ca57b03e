/*
 * What is known of something that is done again and again: when, from where, with what. It only grows by `learn`, one occurrence after the
 * other, and is bounded however many there are. What was there on 3 days is *usual*; what came once is remembered, and teaches nothing yet.
 */

/** Seconds since 1970. */
type Second = number;

/** One time that it was done. */
export interface Doing {
  readonly opened: Second;
  /** `''`: not known. Never empty. */
  readonly addresses: readonly string[];
  /** The same. */
  readonly applications: readonly string[];
  readonly count: number;
}

/** An address or an application, as far as it matters when it was there. */
interface Trait {
  count: number;
  last: Second;
  /** Different days since 1970, the first so many as make it usual. */
  readonly days: number[];
  /** Bit n: it was there in hour n of a day, UTC. */
  hours: number;
}

export interface Habit {
  count: number;
  first: Second;
  last: Second;
  /** The first so many different days as make it a routine. */
  readonly days: number[];
  /** The most of one occurrence. */
  most: number;
  readonly addresses: Map<string, Trait>;
  readonly applications: Map<string, Trait>;
}

const DAY = 86_400;
const ENOUGH_DAYS = 3;
/** So many addresses and applications are remembered; what was there longest ago goes first. */
const TRAITS = 64;
/** What was not there for so long is new again. */
const REMEMBERED = 90 * DAY;

export function noHabit(): Habit {
  return {
    ...{ count: 0, first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY, days: [], most: 0 },
    ...{ addresses: new Map(), applications: new Map() },
  };
}

/** Times are learnt in order. */
export function learn(habit: Habit, { opened, addresses, applications, count }: Doing): void {
  habit.count += 1;
  habit.first = Math.min(habit.first, opened);
  habit.last = Math.max(habit.last, opened);
  habit.most = Math.max(habit.most, count);
  addDay(habit.days, opened);
  for (const address of addresses) notice(habit.addresses, address, opened);
  for (const application of applications) notice(habit.applications, application, opened);
}

function notice(traits: Map<string, Trait>, value: string, opened: Second): void {
  const known = traits.get(value);
  const isStale = known === undefined || opened - known.last > REMEMBERED;
  const trait: Trait = isStale ? { count: 0, last: opened, days: [], hours: 0 } : known;
  trait.count += 1;
  trait.last = Math.max(trait.last, opened);
  trait.hours |= 1 << Math.floor((((opened % DAY) + DAY) % DAY) / 3600);
  addDay(trait.days, opened);
  // The newest stand last.
  traits.delete(value);
  traits.set(value, trait);
  if (traits.size > TRAITS) traits.delete(traits.keys().next().value!);
}

function addDay(days: number[], second: Second): void {
  const day = Math.floor(second / DAY);
  if (days.length < ENOUGH_DAYS && !days.includes(day)) days.push(day);
}

export function isUsual(traits: Habit['addresses'], value: string): boolean {
  return (traits.get(value)?.days.length ?? 0) >= ENOUGH_DAYS;
}

export function usualOf(traits: Habit['addresses']): string[] {
  return [...traits.keys()].filter((value) => isUsual(traits, value)).sort();
}

/** Hours of a day in which it was done from where it usually is: who comes from elsewhere teaches no hours. */
export function usualHours({ addresses }: Habit): ReadonlySet<number> {
  let hours = 0;
  for (const [address, trait] of addresses) if (isUsual(addresses, address)) hours |= trait.hours;
  return new Set(Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => (hours & (1 << hour)) !== 0));
}
