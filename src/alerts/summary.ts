import { fillActor } from '../events/actor.ts';
import { type Actor, type Evidence, type Labels, type Micros, type Position, tellsRequests } from '../events/event.ts';
import { CALLERS, type Caller, type Change, type Fact, factKey, type Thing } from '../events/fact.ts';
import { compareText } from '../lib/compare.ts';

/** How many actors, addresses and targets an alert lists; evidence and facts at each end; changes at each end. */
const LIST = 100;
const ENDS = 3;
const CHANGES = 50;

interface Timed<T> {
  readonly time: Micros;
  readonly id: string;
  readonly value: T;
}

/** The first so many different values by (time, id), whatever the order in which they come. */
class Firsts<T> {
  readonly #limit: number;
  /** The earlier of two values of one key, with what it lacks taken from the later one; itself where it lacks nothing. */
  readonly #fill: ((first: T, later: T) => T) | null;
  /** Most lists of most alerts stay empty or hold one value, and many alerts are open at a time: nothing is made in advance. */
  #byKey: Map<string, Timed<T>> | null = null;

  constructor(limit: number, fill: ((first: T, later: T) => T) | null = null) {
    this.#limit = limit;
    this.#fill = fill;
  }

  add(key: string, item: Timed<T>): void {
    this.#byKey ??= new Map();
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      const [first, later] = byTime(item, known) < 0 ? [item, known] : [known, item];
      const value = this.#fill?.(first.value, later.value) ?? first.value;
      if (first !== known || value !== known.value) this.#byKey.set(key, { ...first, value });
      return;
    }
    this.#byKey.set(key, item);
    // Kept a little beyond the limit, so that cutting costs little on the whole.
    if (this.#byKey.size > this.#limit * 2) this.#cut();
  }

  merge(other: Firsts<T>): void {
    for (const [key, item] of other.#byKey ?? []) this.add(key, item);
  }

  entries(): readonly (readonly [string, Timed<T>])[] {
    if (this.#byKey === null) return [];
    this.#cut();
    return [...this.#byKey];
  }

  restore(entries: readonly (readonly [string, Timed<T>])[]): void {
    for (const [key, item] of entries) this.add(key, item);
  }

  list(): T[] {
    if (this.#byKey === null) return [];
    this.#cut();
    return [...this.#byKey.values()].sort(byTime).map(({ value }) => value);
  }

  #cut(): void {
    const kept = [...(this.#byKey ?? [])].sort(([, a], [, b]) => byTime(a, b)).slice(0, this.#limit);
    this.#byKey = new Map(kept);
  }
}

/** The first and the last few by (time, id), none twice, whatever the order in which they come. */
class Ends<T> {
  readonly #limit: number;
  #first: Timed<T>[] = [];
  #last: Timed<T>[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(item: Timed<T>): void {
    if (this.#first.length < this.#limit || byTime(item, this.#first.at(-1)!) < 0) {
      if (insert(this.#first, item) && this.#first.length > this.#limit) this.#first.pop();
    }
    if (this.#last.length < this.#limit || byTime(item, this.#last[0]!) > 0) {
      if (insert(this.#last, item) && this.#last.length > this.#limit) this.#last.shift();
    }
  }

  merge(other: Ends<T>): void {
    for (const item of other.#first) this.add(item);
    for (const item of other.#last) this.add(item);
  }

  list(): T[] {
    return this.entries().map(({ value }) => value);
  }

  entries(): readonly Timed<T>[] {
    const both = [...this.#first];
    for (const item of this.#last) insert(both, item);
    return both;
  }
}

/** False: an equal one is there. */
function insert<T>(items: Timed<T>[], item: Timed<T>): boolean {
  const before = items.findLastIndex((other) => byTime(other, item) <= 0);
  if (before >= 0 && byTime(items[before]!, item) === 0) return false;
  items.splice(before + 1, 0, item);
  return true;
}

function byTime<T>(a: Timed<T>, b: Timed<T>): number {
  return a.time - b.time || compareText(a.id, b.id);
}

export interface Summary {
  readonly count: number;
  readonly actors: readonly Actor[];
  readonly caller: Caller | null;
  readonly candidates: readonly string[];
  readonly sourceIps: readonly string[];
  readonly targets: readonly string[];
  readonly userAgents: readonly string[];
  readonly changes: readonly { readonly time: Micros; readonly change: Change }[];
  readonly evidence: readonly (Evidence & { readonly position: Position })[];
  readonly facts: readonly Fact[];
  /** Of the source of the newest fact. */
  readonly labels: Labels;
  /** The one account that all facts concern; null: none, or several. */
  readonly account: string | null;
  /** Each thing with what it was before its first hit. */
  readonly things: readonly Thing[];
  /** Some thing cannot be as before again. */
  readonly isForGood: boolean;
  readonly unconfirmed: boolean;
  readonly callers: Callers;
}

/** Who did it, as far as all of it is known: what may be said of the whole alert. */
export interface Callers {
  /** Of all facts; an actor may use several. */
  readonly applications: readonly Application[];
  /** Does each fact have one, and are all of them listed? */
  readonly isWhole: { readonly actors: boolean; readonly applications: boolean; readonly addresses: boolean };
}

export interface Application {
  readonly id: string | null;
  readonly name: string | null;
}

/** A tally as plain data: what the service stores. */
export interface SavedTally {
  readonly count: number;
  readonly counted: { readonly id: string; readonly time: Micros };
  readonly account: string | null;
  readonly isForGood: boolean;
  readonly caller: Caller | null;
  readonly unconfirmed: boolean;
  readonly actors: readonly (readonly [string, Timed<Actor>])[];
  readonly candidates: readonly (readonly [string, Timed<string>])[];
  readonly ips: readonly (readonly [string, Timed<string>])[];
  readonly targets: readonly (readonly [string, Timed<string>])[];
  readonly agents: readonly (readonly [string, Timed<string>])[];
  readonly things: readonly (readonly [string, Timed<Thing>])[];
  readonly changes: readonly Timed<{ readonly time: Micros; readonly change: Change }>[];
  readonly evidence: readonly Timed<Evidence>[];
  readonly facts: readonly Timed<Fact>[];
  readonly request: Timed<Fact> | null;
  readonly newest: Newest | null;
  /** Left out in what was stored before it was kept. */
  readonly applications?: readonly (readonly [string, Timed<Application>])[];
  readonly gaps?: Gaps;
}

/** Some fact has no actor, application or address. */
interface Gaps {
  readonly actor: boolean;
  readonly application: boolean;
  readonly address: boolean;
}

const NO_GAPS: Gaps = { actor: false, application: false, address: false };
const ALL_GAPS: Gaps = { actor: true, application: true, address: true };

/** Of the newest fact: the labels of the source that it came from. */
interface Newest {
  readonly time: Micros;
  readonly id: string;
  readonly labels: Labels;
}

/**
 * What an alert says of its facts, in bounded memory however many they are. Facts are told once each, those of one action one after the
 * other: it counts once, whatever it concerns.
 */
export class FactTally {
  #count = 0;
  #counted: { readonly id: string; readonly time: Micros } | null = null;
  #account: string | null | undefined;
  #isForGood = false;
  #caller: Caller | null = null;
  #unconfirmed = false;
  readonly #actors = new Firsts<Actor>(LIST, fillActor);
  readonly #candidates = new Firsts<string>(LIST);
  readonly #ips = new Firsts<string>(LIST);
  readonly #applications = new Firsts<Application>(LIST);
  #gaps = NO_GAPS;
  readonly #targets = new Firsts<string>(LIST);
  readonly #agents = new Firsts<string>(LIST);
  readonly #things = new Firsts<Thing>(10_000);
  readonly #changes = new Ends<{ time: Micros; change: Change }>(CHANGES);
  readonly #evidence = new Ends<Evidence>(ENDS);
  readonly #facts = new Ends<Fact>(ENDS);
  /** Requests of one alert are alike but for their time: the first tells of all, if nothing else stood before it. */
  #request: Timed<Fact> | null = null;
  #newest: Newest | null = null;

  add(fact: Fact): void {
    const at = { time: fact.time, id: fact.id };
    const isFirst = this.#counted === null;
    if (this.#counted?.id !== fact.id || this.#counted.time !== fact.time) this.#count += fact.count;
    this.#counted = at;
    this.#account = this.#account === undefined || this.#account === fact.account ? fact.account : null;
    this.#unconfirmed ||= fact.outcome === 'accepted';
    this.#caller = weaker(this.#caller, fact.caller);
    if (fact.actor !== null) {
      const { id, name, appId } = fact.actor;
      // Not every form of a log tells the name: who has an id is known by it alone.
      this.#actors.add(id ?? `|${name}|${appId}`, { ...at, value: fact.actor });
    }
    this.#tellCaller(fact, at);
    for (const name of fact.candidates) this.#candidates.add(name, { ...at, value: name });
    if (fact.sourceIp !== null) this.#ips.add(fact.sourceIp, { ...at, value: fact.sourceIp });
    if (fact.target !== null) this.#targets.add(fact.target, { ...at, value: fact.target });
    if (fact.userAgent !== null) this.#agents.add(fact.userAgent, { ...at, value: fact.userAgent });
    if (fact.thing !== null) this.#things.add(fact.thing.id, { ...at, value: fact.thing });
    this.#isForGood ||= fact.thing?.ends === false;
    const own = { time: fact.time, id: factKey(fact) };
    if (fact.change !== null) this.#changes.add({ ...own, value: { time: fact.time, change: fact.change } });
    for (const evidence of fact.evidence) this.#evidence.add({ time: evidence.time, id: evidence.id, value: evidence });
    if (!tellsRequests(fact.family)) this.#facts.add({ ...own, value: withoutRaw(fact) });
    else if (isFirst || (this.#request !== null && byTime({ ...own, value: fact }, this.#request) < 0))
      this.#request = { ...own, value: withoutRaw(fact) };
    for (const evidence of fact.run?.more ?? [])
      this.#evidence.add({ time: evidence.time, id: evidence.id, value: evidence });
    this.#tellNewest({ ...own, labels: fact.labels ?? {} });
  }

  #tellCaller({ actor, sourceIp }: Fact, at: { readonly time: Micros; readonly id: string }): void {
    const id = actor?.appId ?? null;
    const name = actor?.appName ?? null;
    const hasProgram = id !== null || name !== null;
    if (hasProgram) this.#applications.add(`${id}|${name}`, { ...at, value: { id, name } });
    if (actor === null || !hasProgram || sourceIp === null)
      this.#fallShort({ actor: actor === null, application: !hasProgram, address: sourceIp === null });
  }

  #fallShort(other: Gaps): void {
    const { actor, application, address } = this.#gaps;
    this.#gaps = {
      actor: actor || other.actor,
      application: application || other.application,
      address: address || other.address,
    };
  }

  #tellNewest(other: Newest | null): void {
    if (other === null) return;
    const order = this.#newest === null ? 1 : other.time - this.#newest.time || compareText(other.id, this.#newest.id);
    if (order > 0) this.#newest = other;
  }

  /** Merges what comes later than all that is here. Of requests only the first of all is told. */
  follow(other: FactTally): void {
    const request = other.#request;
    if (this.#counted === null) this.#request = request;
    other.#request = null;
    this.merge(other);
    other.#request = request;
  }

  merge(other: FactTally): void {
    if (other.#counted === null) return;
    this.#count += other.#count;
    this.#account = this.#counted === null || this.#account === other.#account ? (other.#account ?? null) : null;
    this.#counted ??= other.#counted;
    this.#isForGood ||= other.#isForGood;
    this.#unconfirmed ||= other.#unconfirmed;
    this.#caller = weaker(this.#caller, other.#caller);
    this.#actors.merge(other.#actors);
    this.#candidates.merge(other.#candidates);
    this.#ips.merge(other.#ips);
    this.#applications.merge(other.#applications);
    this.#fallShort(other.#gaps);
    this.#targets.merge(other.#targets);
    this.#agents.merge(other.#agents);
    this.#things.merge(other.#things);
    this.#changes.merge(other.#changes);
    this.#evidence.merge(other.#evidence);
    this.#facts.merge(other.#facts);
    if (other.#request !== null) this.#facts.add(other.#request);
    this.#tellNewest(other.#newest);
  }

  save(): SavedTally {
    if (this.#counted === null) throw new Error('a tally of nothing is not kept');
    return {
      count: this.#count,
      counted: this.#counted,
      account: this.#account ?? null,
      isForGood: this.#isForGood,
      caller: this.#caller,
      unconfirmed: this.#unconfirmed,
      actors: this.#actors.entries(),
      candidates: this.#candidates.entries(),
      ips: this.#ips.entries(),
      targets: this.#targets.entries(),
      agents: this.#agents.entries(),
      things: this.#things.entries(),
      changes: this.#changes.entries(),
      evidence: this.#evidence.entries(),
      facts: this.#facts.entries(),
      request: this.#request,
      newest: this.#newest,
      applications: this.#applications.entries(),
      gaps: this.#gaps,
    };
  }

  static restore(saved: SavedTally): FactTally {
    const tally = new FactTally();
    tally.#count = saved.count;
    tally.#counted = saved.counted;
    tally.#account = saved.account;
    tally.#isForGood = saved.isForGood;
    tally.#caller = saved.caller;
    tally.#unconfirmed = saved.unconfirmed;
    tally.#actors.restore(saved.actors);
    tally.#candidates.restore(saved.candidates);
    tally.#ips.restore(saved.ips);
    tally.#targets.restore(saved.targets);
    tally.#agents.restore(saved.agents);
    tally.#things.restore(saved.things);
    for (const change of saved.changes) tally.#changes.add(change);
    for (const evidence of saved.evidence) tally.#evidence.add(evidence);
    for (const fact of saved.facts) tally.#facts.add(fact);
    tally.#request = saved.request;
    tally.#newest = saved.newest;
    tally.#applications.restore(saved.applications ?? []);
    tally.#gaps = saved.gaps ?? ALL_GAPS;
    return tally;
  }

  summary(): Summary {
    const facts = new Ends<Fact>(ENDS);
    facts.merge(this.#facts);
    if (this.#request !== null) facts.add(this.#request);
    return {
      count: this.#count,
      actors: this.#actors.list(),
      caller: this.#caller,
      candidates: this.#candidates.list().sort(),
      sourceIps: this.#ips.list(),
      targets: this.#targets.list(),
      userAgents: this.#agents.list(),
      changes: this.#changes.list(),
      evidence: this.#evidence.list(),
      facts: facts.list(),
      labels: this.#newest?.labels ?? {},
      account: this.#account ?? null,
      things: this.#things.list(),
      isForGood: this.#isForGood,
      unconfirmed: this.#unconfirmed,
      callers: this.#callers(),
    };
  }

  /** A full list may have left somebody out. */
  #callers(): Callers {
    const applications = this.#applications.list();
    const isWhole = (hasGap: boolean, list: readonly unknown[]): boolean => !hasGap && list.length < LIST;
    return {
      applications,
      isWhole: {
        actors: isWhole(this.#gaps.actor, this.#actors.list()),
        applications: isWhole(this.#gaps.application, applications),
        addresses: isWhole(this.#gaps.address, this.#ips.list()),
      },
    };
  }
}

/** An alert's caller is the weakest of its actions'. */
function weaker(a: Caller | null, b: Caller | null): Caller | null {
  if (a === null || b === null) return a ?? b;
  return CALLERS.indexOf(a) >= CALLERS.indexOf(b) ? a : b;
}

/** Of a run only its first request. */
function withoutRaw({ run, ...fact }: Fact): Fact {
  return run === undefined ? { ...fact, raw: {} } : { ...fact, count: 1, raw: {} };
}
