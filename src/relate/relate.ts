import type { Event, Micros } from '../events/event.ts';
import type { Fact, Thing } from '../events/fact.ts';
import { foldId } from '../events/resource.ts';
import { compareText } from '../lib/compare.ts';
import { Sorter, type Spill } from '../lib/sorter.ts';
import { actionsOf, adjacent, betterSpelling, livesIn, nobodysFact, tell, walkAccount } from './account.ts';
import type { Around } from './around.ts';
import { AroundWalk } from './aroundWalk.ts';
import type { Foreknown } from './foreknown.ts';
import { joinTellings } from './join.ts';
import { isKnownAt, type Life } from './lifetimes.ts';
import { byGroup } from './phases.ts';
import { Refusals } from './refusals.ts';
import type { Sightings } from './sightings.ts';
import { type Action, byTime, type Telling } from './telling.ts';
import type { AccountWalk } from './walk.ts';

export interface RelateOptions {
  /** A new place to spill to, for each of the two sorts. */
  readonly spill: () => Spill;
  /** Bytes of records that may wait in memory. */
  readonly budget: number;
  readonly sightings: Sightings;
  readonly foreknown: Foreknown;
}

/** What relate knows when it is done. */
export interface Related {
  readonly actions: number;
  readonly duplicates: number;
  /** When each account was known, by lower-case ARM id. */
  readonly lives: ReadonlyMap<string, readonly Life[]>;
  /** How accounts are spelled, by lower-case ARM id, where a record tells. */
  readonly spellings: ReadonlyMap<string, string>;
  /** Does the thing stand, at the end of the clock, as before or stricter? */
  readonly stands: (thing: Thing) => boolean;
}

interface OwnTelling {
  readonly account: string;
  readonly telling: Telling;
}

/**
 * Control-plane records to facts. A pure function of the set of records: they are sorted twice (by action, then by account and time)
 * and walked, so neither their order nor their number matters to the result or to the memory.
 */
export class Relate {
  readonly #options: RelateOptions;
  readonly #records: Sorter<Event>;
  readonly #own: Sorter<OwnTelling>;
  readonly #firstSeen = new Map<string, Micros>();
  readonly #spellings = new Map<string, string>();
  readonly #refusals = new Refusals();
  #around: Telling[] = [];
  #actions = 0;
  #duplicates = 0;

  constructor(options: RelateOptions) {
    this.#options = options;
    const json = { encode: JSON.stringify, decode: JSON.parse, budget: options.budget };
    this.#records = new Sorter({ ...json, compare: byGroup, spill: options.spill() });
    this.#own = new Sorter({ ...json, compare: byAccount, spill: options.spill() });
  }

  /** @param bytes size of the record as it came */
  add(event: Event, bytes: number): void {
    if (event.account !== null) this.#saw(event.account, event.time);
    if (event.accountSpelled !== null) this.#spelled(event.accountSpelled);
    this.#refusals.saw(event);
    this.#records.add(event, bytes);
  }

  /** Facts come in no particular order. */
  run(emit: (fact: Fact) => void): Related {
    try {
      this.#tell(emit);
      const lives = this.#lives();
      const around = this.#walkAround(lives);
      const walks = this.#walkAccounts(lives, around, emit);
      const stands = (thing: Thing): boolean => {
        const account = thing.id.split('|')[1] ?? '';
        return around.stands(thing) || (walks.get(account)?.stands(thing, around.locks()) ?? false);
      };
      return { actions: this.#actions, duplicates: this.#duplicates, lives, spellings: this.#spellings, stands };
    } finally {
      this.#records.close();
      this.#own.close();
    }
  }

  #saw(account: string, time: Micros): void {
    const first = this.#firstSeen.get(account);
    if (first === undefined || time < first) this.#firstSeen.set(account, time);
  }

  /** Records may spell one account in several ways: which is kept does not depend on their order. */
  #spelled(spelling: string): void {
    const account = foldId(spelling);
    this.#spellings.set(account, betterSpelling(this.#spellings.get(account) ?? spelling, spelling));
  }

  #tell(emit: (fact: Fact) => void): void {
    for (const told of tell(this.#records.sorted(), this.#refusals)) {
      if (told.kind === 'duplicates') this.#duplicates += told.count;
      else if (told.kind === 'fact') {
        this.#actions += 1;
        emit(told.fact);
      } else if (told.telling.event.account === null) this.#around.push(told.telling);
      else this.#own.add({ account: told.telling.event.account, telling: told.telling }, 2000);
    }
    this.#records.close();
  }

  *#accounts(): Generator<{ account: string; tellings: Telling[] }> {
    for (const group of adjacent(this.#own.sorted(), (own) => own.account)) {
      yield { account: group[0]!.account, tellings: group.map((own) => own.telling) };
    }
  }

  #lives(): Map<string, readonly Life[]> {
    const { foreknown, sightings } = this.#options;
    for (const [account, time] of sightings.firstSeen()) this.#saw(account, time);
    for (const account of foreknown.accounts) this.#saw(account, Number.NEGATIVE_INFINITY);
    const lives = new Map<string, readonly Life[]>();
    for (const { account, tellings } of this.#accounts()) {
      lives.set(account, livesIn(tellings, this.#firstSeen.get(account)!));
    }
    for (const [account, from] of this.#firstSeen) {
      if (!lives.has(account)) lives.set(account, [{ from, to: Number.POSITIVE_INFINITY }]);
    }
    return lives;
  }

  #walkAround(lives: ReadonlyMap<string, readonly Life[]>): AroundWalk {
    const actions = joinTellings(this.#around.sort(byTime));
    this.#around = [];
    this.#actions += actions.length;
    const knownAt = (time: Micros): string[] =>
      [...lives].filter(([, life]) => isKnownAt(life, time)).map(([account]) => account);
    const walk = new AroundWalk(this.#options.foreknown, knownAt);
    for (const action of actions) walk.step(action);
    walk.end();
    return walk;
  }

  #walkAccounts(
    lives: ReadonlyMap<string, readonly Life[]>,
    around: AroundWalk,
    emit: (fact: Fact) => void,
  ): Map<string, AccountWalk> {
    const walks = new Map<string, AccountWalk>();
    const concerned = new Set<Around>();
    const visit = (account: string, tellings: readonly Telling[], actions: readonly Action[]): void => {
      const own = { account, lives: lives.get(account) ?? [], tellings, actions, around: around.list };
      const walk = walkAccount(own, this.#options, concerned);
      for (const fact of walk.take()) emit(fact);
      walks.set(account, walk);
    };
    for (const { account, tellings } of this.#accounts()) {
      const actions = actionsOf(tellings);
      this.#actions += actions.length;
      visit(account, tellings, actions);
    }
    for (const account of [...lives.keys()].sort(compareText)) if (!walks.has(account)) visit(account, [], []);
    for (const nobody of around.list) {
      if (concerned.has(nobody)) continue;
      emit(nobodysFact(nobody));
    }
    return walks;
  }
}

function byAccount(a: OwnTelling, b: OwnTelling): number {
  return compareText(a.account, b.account) || byTime(a.telling, b.telling);
}
