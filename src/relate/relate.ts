import { isPatch } from '../accounts/diff.ts';
import type { Event, Micros } from '../events/event.ts';
import type { Fact, Thing } from '../events/fact.ts';
import { foldId } from '../events/resource.ts';
import { compareText } from '../lib/compare.ts';
import { Sorter, type Spill } from '../lib/sorter.ts';
import type { Around } from './around.ts';
import { AroundWalk } from './aroundWalk.ts';
import { isKeyRead } from './caller.ts';
import { joinEndpoints } from './endpoints.ts';
import { factOf } from './fact.ts';
import type { Foreknown } from './foreknown.ts';
import { joinTellings } from './join.ts';
import { isKnownAt, type Life, livesOf } from './lifetimes.ts';
import { byGroup, groupKey, joinPhases } from './phases.ts';
import { Refusals } from './refusals.ts';
import type { Sightings } from './sightings.ts';
import { type Action, alone, byTime, isDone, type Telling } from './telling.ts';
import { AccountWalk, resourceOf, toldElsewhere } from './walk.ts';

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
    const known = this.#spellings.get(account);
    if (known === undefined || compareSpelling(spelling, known) < 0) this.#spellings.set(account, spelling);
  }

  /** Records to tellings. Reading keys neither changes nor depends on what is known, so its facts leave here. */
  #tell(emit: (fact: Fact) => void): void {
    for (const group of adjacent(this.#records.sorted(), groupKey)) {
      const { tellings, duplicates } = joinPhases(group);
      this.#duplicates += duplicates;
      for (const telling of tellings) {
        const { account, action } = telling.event;
        if (isKeyRead(action)) {
          this.#actions += 1;
          const isFallback = action === 'cosmosdb.keys.list_readonly' && this.#refusals.precede(telling.event);
          const fields = isFallback ? { 'cosmosdb.full_keys_refused': true } : {};
          emit(factOf(alone(telling), { account, fields }));
        } else if (account === null) this.#around.push(telling);
        else this.#own.add({ account, telling }, 2000);
      }
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
      // Nothing but a deletion ends a life, so most accounts need not be joined for this.
      if (tellings.some(({ event }) => event.action === 'cosmosdb.account.delete'))
        lives.set(account, livesOf(actionsOf(tellings), this.#firstSeen.get(account)!, canCreate));
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
      const walk = this.#walk(account, lives.get(account) ?? [], tellings, actions, around.list, concerned);
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
      emit(factOf(nobody.action, { name: nobody.name, account: null, change: nobody.change, fields: nobody.fields }));
    }
    return walks;
  }

  #walk(
    account: string,
    lives: readonly Life[],
    tellings: readonly Telling[],
    actions: readonly Action[],
    around: readonly Around[],
    concerned: Set<Around>,
  ): AccountWalk {
    const { foreknown, sightings } = this.#options;
    const walk = new AccountWalk(account, lives, sightings, foreknown.relationsOf(account));
    const known = foreknown.stateOf(account);
    let learnt = known.length === 0 ? Number.POSITIVE_INFINITY : 0;
    const learnUntil = (time: Micros): void => {
      for (; learnt < known.length && known[learnt]!.at <= time; learnt++) walk.learn(known[learnt]!);
    };
    for (const step of inOrder(actions, around)) {
      const action = 'action' in step ? step.action : step;
      learnUntil(action.time);
      if (!('action' in step)) walk.own(step, toldElsewhere(step, tellings));
      else if (walk.around(step)) concerned.add(step);
    }
    learnUntil(Number.POSITIVE_INFINITY);
    return walk;
  }
}

function actionsOf(tellings: readonly Telling[]): Action[] {
  return joinEndpoints(joinTellings(tellings));
}

/** Azure writes the group alone in capitals now and then. */
function compareSpelling(a: string, b: string): number {
  const shouts = (spelling: string): number => {
    const group = spelling.split('/')[4] ?? '';
    return group === group.toUpperCase() && group !== group.toLowerCase() ? 1 : 0;
  };
  return shouts(a) - shouts(b) || compareText(a, b);
}

function byAccount(a: OwnTelling, b: OwnTelling): number {
  return compareText(a.account, b.account) || byTime(a.telling, b.telling);
}

/** A deleted account comes back only by a creation: AccountCreate, or an ARM write that is not a PATCH. */
function canCreate(action: Action): boolean {
  return action.tellings.some(
    ({ family, event }) =>
      (family === 'ControlPlaneRequests' && event.operation.startsWith('accountcreate')) ||
      (family === 'ActivityLog' &&
        isDone(action) &&
        !isPatch(event.method, resourceOf(event.account ?? ''), event.body)),
  );
}

function* inOrder(actions: readonly Action[], around: readonly Around[]): Generator<Action | Around> {
  let next = 0;
  for (const action of actions) {
    for (; next < around.length && byTime(around[next]!.action, action) < 0; next++) yield around[next]!;
    yield action;
  }
  yield* around.slice(next);
}

function* adjacent<T>(items: Iterable<T>, keyOf: (item: T) => string): Generator<T[]> {
  let group: T[] = [];
  let key = '';
  for (const item of items) {
    const own = keyOf(item);
    if (group.length > 0 && own !== key) {
      yield group;
      group = [];
    }
    key = own;
    group.push(item);
  }
  if (group.length > 0) yield group;
}
