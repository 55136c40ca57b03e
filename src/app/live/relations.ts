import type { Compiled } from '../../engine/compile.ts';
import { type Event, type Micros, tellsRequests } from '../../events/event.ts';
import { type Fact, factKey, type Thing } from '../../events/fact.ts';
import type { Json } from '../../lib/json.ts';
import { actionsOf, betterSpelling, livesIn, nobodysFact, tell, walkAccount } from '../../relate/account.ts';
import type { Around } from '../../relate/around.ts';
import { AroundWalk } from '../../relate/aroundWalk.ts';
import { containerId } from '../../relate/containers.ts';
import type { Foreknown } from '../../relate/foreknown.ts';
import { joinTellings } from '../../relate/join.ts';
import { isKnownAt, type Life } from '../../relate/lifetimes.ts';
import { byGroup, groupKey } from '../../relate/phases.ts';
import { namePrograms } from '../../relate/programs.ts';
import { Refusals } from '../../relate/refusals.ts';
import { requestSource } from '../../relate/request.ts';
import { tellersKey } from '../../relate/sightings.ts';
import { type Action, byTime, type Telling } from '../../relate/telling.ts';
import type { AccountWalk } from '../../relate/walk.ts';
import type { LiveStore } from '../../store/live.ts';
import { compareHits, distinct, type KeptHit } from '../hits.ts';
import { hitOf } from '../intake.ts';
import { withProgram } from '../judge.ts';
import { Tellers } from '../tellers.ts';
import type { LiveClients } from './clients.ts';
import { EVERYWHERE, type Roles } from './roles.ts';
import type { Seen } from './seen.ts';

/** What the control plane tells of one account. */
export interface Control {
  /** In order, each fact once, of the logs that count. */
  readonly hits: readonly KeptHit[];
  /** When actions began that failed: why something is not told any more. */
  readonly failed: ReadonlySet<Micros>;
  readonly walk: AccountWalk | null;
  readonly spelled: string | null;
}

/** What is known of every account, in memory and in the store. */
interface Known {
  first: Micros;
  readonly families: Set<string>;
  lives: readonly Life[];
  /** Keys of what around it concerns it. */
  concerns: readonly string[];
  /** Hits that are not judged with the account: of no account, or of rules that tell no accounts apart. */
  exports: readonly KeptHit[];
}

/** The records of one account, related as far as nothing else matters for it. */
interface Own {
  /** By what the records of one action share. */
  readonly groups: ReadonlyMap<string, Group>;
  readonly tellings: readonly Telling[];
  readonly actions: readonly Action[];
  readonly facts: readonly Fact[];
  readonly spelled: string | null;
  /** Containers by id, and when each was last written by ARM or another log that does not say whether it made it. */
  readonly writes: ReadonlyMap<string, Micros>;
  readonly size: number;
}

interface Group {
  readonly events: readonly Event[];
  readonly tellings: readonly Telling[];
  readonly facts: readonly Fact[];
}

const NOTHING: Own = {
  groups: new Map(),
  tellings: [],
  actions: [],
  facts: [],
  spelled: null,
  writes: new Map(),
  size: 1,
};

const SEPARATOR = '\u001f';

/** Events of accounts that are kept in memory between batches. */
const KEPT = 20_000;

/**
 * Control-plane events to hits, account by account. They are few, so an account that something new is told of is related whole again: what
 * comes late, takes back or joins is no case of its own.
 */
export class Relations {
  readonly #store: LiveStore;
  readonly #seen: Seen;
  readonly #foreknown: Foreknown;
  readonly #compiled: Compiled;
  readonly #roles: Roles;
  readonly #clients: Pick<LiveClients, 'facts'>;
  readonly #known = new Map<string, Known>();
  readonly #own = new Map<string, Own>();
  readonly #controls = new Map<string, Control>();
  #around: { readonly walk: AroundWalk; readonly facts: readonly Fact[]; readonly moments: readonly Micros[] } | null =
    null;
  readonly #matched = new WeakMap<Fact, KeptHit | null>();
  #concernedBy: Map<string, number> | null = null;
  #size = 0;

  constructor(
    store: LiveStore,
    seen: Seen,
    foreknown: Foreknown,
    compiled: Compiled,
    roles: Roles,
    clients: Pick<LiveClients, 'facts'>,
  ) {
    this.#clients = clients;
    this.#store = store;
    this.#seen = seen;
    this.#foreknown = foreknown;
    this.#compiled = compiled;
    this.#roles = roles;
  }

  restore(): void {
    this.#known.clear();
    this.#forget();
    for (const { account, first, families, concerns, exports } of this.#store.accounts()) {
      const known = { ...this.#newKnown(account, first ?? Number.POSITIVE_INFINITY), families: new Set(families) };
      this.#known.set(account, { ...known, concerns, exports: exports as unknown as KeptHit[] });
    }
    for (const account of this.#foreknown.accounts)
      if (!this.#known.has(account)) this.#known.set(account, this.#newKnown(account, Number.POSITIVE_INFINITY));
    // The others live from their first record on; reading all events of all accounts takes too long.
    for (const account of this.#store.deletedAccounts()) {
      const known = this.#known.get(account);
      if (known !== undefined) known.lives = this.#livesOf(account, known);
    }
  }

  accounts(): string[] {
    return [...this.#known.keys()];
  }

  lives(account: string): readonly Life[] {
    return this.#known.get(account)?.lives ?? [];
  }

  /** The logs that an account was seen to write. */
  seenBy(account: string): ReadonlySet<string> | undefined {
    return this.#known.get(account)?.families;
  }

  /** Whether it was used before decides of a container's write whether it is a creation: was one written later than this? */
  dependsOnUse(account: string, container: string, time: Micros): boolean {
    return (this.#ownOf(account).writes.get(container) ?? Number.NEGATIVE_INFINITY) > time;
  }

  /** Does it tell of requests in one of these quarters of an hour? Then it matters which log counts there. */
  dependsOnTellers(account: string, quarters: readonly number[]): boolean {
    return this.#ownOf(account).tellings.some(
      ({ event: { family, time } }) =>
        tellsRequests(family) && quarters.includes(tellersKey(time, requestSource({ family })!)),
    );
  }

  /** For how many other accounts the same actions around them matter. */
  othersConcerned(facts: readonly Fact[]): number {
    if (this.#concernedBy === null) {
      this.#concernedBy = new Map();
      for (const { concerns } of this.#known.values())
        for (const id of new Set(concerns.map((key) => key.split(SEPARATOR, 1)[0]!)))
          this.#concernedBy.set(id, (this.#concernedBy.get(id) ?? 0) + 1);
    }
    return Math.max(0, ...facts.map(({ id }) => (this.#concernedBy!.get(id) ?? 1) - 1));
  }

  /** A record names an account. @param first its time; infinite: a record that makes no account known */
  saw(account: string, family: string, first: Micros, changed: Set<string>): void {
    const known = this.#known.get(account) ?? this.#newKnown(account, Number.POSITIVE_INFINITY);
    const isNew = !this.#known.has(account);
    if (!isNew && known.families.has(family) && first >= known.first) return;
    if (isNew && !Number.isFinite(first)) return;
    this.#known.set(account, known);
    known.families.add(family);
    if (first < known.first) {
      known.first = first;
      changed.add(account);
    }
    this.#save(account);
  }

  /**
   * Takes in new events, which the store has, and accounts that are known from earlier on. Returns the accounts whose facts may differ.
   * @param changed accounts that are known from earlier on
   */
  take(events: readonly Event[], changed: ReadonlySet<string>): Set<string> {
    const touched = new Set<string>(changed);
    for (const [account, own] of Map.groupBy(events, (event) => event.account)) {
      if (account === null) continue;
      touched.add(account);
      this.#extend(account, own);
    }
    const isAround = events.some(({ account }) => account === null);
    let isMoved = false;
    for (const account of touched) {
      const known = this.#known.get(account)!;
      const before = known.lives;
      known.lives = this.#livesOf(account, known);
      const { moments } = this.#aroundNow();
      isMoved ||= moments.some((time) => isKnownAt(before, time) !== isKnownAt(known.lives, time));
    }
    if (!isAround && !isMoved) return touched;
    this.#around = null;
    this.#controls.clear();
    return new Set(this.#known.keys());
  }

  /** @returns whether what it tells is judged elsewhere has changed */
  refresh(account: string): boolean {
    const known = this.#known.get(account);
    if (known === undefined) return false;
    this.#controls.delete(account);
    const before = JSON.stringify([known.concerns, known.exports]);
    this.control(account);
    if (before === JSON.stringify([known.concerns, known.exports])) return false;
    this.#save(account);
    return true;
  }

  /** What is judged for no account by itself may differ. */
  refreshEverywhere(): void {
    this.#controls.delete(EVERYWHERE);
  }

  control(account: string): Control {
    const found = this.#controls.get(account);
    if (found !== undefined) return found;
    if (this.#controls.size > 1000) this.#controls.clear();
    const made = account === EVERYWHERE ? this.#everywhere() : this.#controlOf(account);
    this.#controls.set(account, made);
    return made;
  }

  /** Does a thing stand now as before or stricter? */
  stands(thing: Thing): boolean {
    const account = thing.id.split('|')[1] ?? '';
    const { walk } = this.#aroundNow();
    if (walk.stands(thing)) return true;
    return this.#known.has(account) && (this.control(account).walk?.stands(thing, walk.locks()) ?? false);
  }

  #newKnown(account: string, first: Micros): Known {
    const since = this.#foreknown.accounts.has(account) ? Number.NEGATIVE_INFINITY : first;
    return {
      first,
      families: new Set(),
      lives: [{ from: since, to: Number.POSITIVE_INFINITY }],
      concerns: [],
      exports: [],
    };
  }

  #livesOf(account: string, { first }: Known): readonly Life[] {
    const since = this.#foreknown.accounts.has(account) ? Number.NEGATIVE_INFINITY : first;
    return livesIn(this.#ownOf(account).tellings, since);
  }

  #save(account: string): void {
    const { first, families, concerns, exports } = this.#known.get(account)!;
    const row = {
      account,
      first: Number.isFinite(first) ? first : null,
      families: [...families].sort(),
      concerns,
      exports: exports as unknown as Json[],
    };
    this.#store.setAccount(row);
  }

  #forget(): void {
    this.#own.clear();
    this.#controls.clear();
    this.#around = null;
    this.#concernedBy = null;
    this.#size = 0;
  }

  /** What is in memory of an account learns of new events; what is not is read from the store when it is asked for. */
  #extend(account: string, events: readonly Event[]): void {
    const known = this.#own.get(account);
    if (known === undefined) return;
    this.#drop(account);
    this.#keep(account, extended(known, events));
  }

  #keep(account: string, own: Own): void {
    this.#own.set(account, own);
    this.#size += own.size;
    for (const [oldest] of this.#own) {
      if (this.#size <= KEPT || oldest === account) break;
      this.#drop(oldest);
    }
  }

  #drop(account: string): void {
    this.#size -= this.#own.get(account)?.size ?? 0;
    this.#own.delete(account);
    this.#controls.delete(account);
  }

  #ownOf(account: string): Own {
    const found = this.#own.get(account);
    if (found !== undefined) {
      this.#own.delete(account);
      this.#own.set(account, found);
      return found;
    }
    const own = extended(NOTHING, this.#store.events(account));
    this.#keep(account, own);
    return own;
  }

  #aroundNow() {
    this.#around ??= this.#walkAround();
    return this.#around;
  }

  #walkAround() {
    const { tellings, facts } = toldBy(this.#store.events(null));
    const actions = joinTellings(tellings);
    const knownAt = (time: Micros): string[] =>
      [...this.#known].filter(([, { lives }]) => isKnownAt(lives, time)).map(([account]) => account);
    const walk = new AroundWalk(this.#foreknown, knownAt);
    for (const action of actions) walk.step(action);
    walk.end();
    const moments = actions
      .filter(({ tellings: [first] }) => first!.event.action.startsWith('azure.backup_'))
      .map(({ time }) => time);
    return { walk, facts, moments };
  }

  #controlOf(account: string): Control {
    const known = this.#known.get(account);
    const own = this.#ownOf(account);
    const { walk: around } = this.#aroundNow();
    const concerned = new Set<Around>();
    const records = {
      account,
      lives: known?.lives ?? [],
      tellings: own.tellings,
      actions: own.actions,
      around: around.list,
    };
    const walk = walkAccount(records, { foreknown: this.#foreknown, sightings: this.#seen }, concerned);
    const facts = [...own.facts, ...walk.take(), ...this.#clients.facts(account)];
    const all = this.#hitsOf(facts);
    if (known !== undefined) {
      const concerns = [...concerned].map(keyOf).sort();
      if (JSON.stringify(concerns) !== JSON.stringify(known.concerns)) this.#concernedBy = null;
      known.concerns = concerns;
      known.exports = all.flatMap((hit) => this.#exported(hit));
    }
    const hits = all.filter(({ fact }) => fact.account !== null);
    return { hits, failed: failedOf(facts), walk, spelled: own.spelled };
  }

  /** What concerns no account, and what accounts tell rules that do not tell them apart. */
  #everywhere(): Control {
    const { walk, facts } = this.#aroundNow();
    const concerned = new Set([...this.#known.values()].flatMap(({ concerns }) => concerns));
    const nobodys = walk.list.filter((around) => !concerned.has(keyOf(around))).map(nobodysFact);
    const hits = [
      ...this.#hitsOf([...facts, ...nobodys]),
      ...[...this.#known.values()].flatMap(({ exports }) => exports),
    ];
    return {
      hits: distinct(hits.sort(compareHits)),
      failed: failedOf([...facts, ...nobodys]),
      walk: null,
      spelled: null,
    };
  }

  #hitsOf(facts: readonly Fact[]): KeptHit[] {
    const hits = facts.flatMap((fact) => this.#hitOf(fact) ?? []).sort(compareHits);
    const tellers = new Tellers(this.#seen, hits);
    return [
      ...namePrograms(
        distinct(hits).filter((hit) => tellers.gives(hit)),
        withProgram,
      ),
    ];
  }

  /** Facts of key reads are kept with their account, and matched once. */
  #hitOf(fact: Fact): KeptHit | null {
    const known = this.#matched.get(fact);
    if (known !== undefined) return known;
    const hit = hitOf(fact, this.#compiled);
    this.#matched.set(fact, hit);
    return hit;
  }

  #exported(hit: KeptHit): KeptHit[] {
    if (hit.fact.account === null) return [hit];
    const hits = hit.hits.filter(({ rule }) => {
      const { isLocal, fold, isCountedEverywhere } = this.#roles.of[rule]!;
      return isCountedEverywhere || (fold !== null && !isLocal);
    });
    return hits.length === 0 ? [] : [{ ...hit, hits }];
  }
}

function failedOf(facts: readonly Fact[]): Set<Micros> {
  return new Set(facts.flatMap(({ outcome, time }) => (outcome === 'failure' ? [time] : [])));
}

function keyOf(around: Around): string {
  return factKey(nobodysFact(around));
}

function toldBy(events: readonly Event[]): { readonly tellings: Telling[]; readonly facts: Fact[] } {
  const refusals = new Refusals();
  for (const event of events) refusals.saw(event);
  const { tellings, facts } = groupOf(events, refusals);
  return { tellings: [...tellings].sort(byTime), facts: [...facts] };
}

function groupOf(events: readonly Event[], refusals: Refusals): Group {
  const tellings: Telling[] = [];
  const facts: Fact[] = [];
  for (const told of tell([...events].sort(byGroup), refusals)) {
    if (told.kind === 'telling') tellings.push(told.telling);
    else if (told.kind === 'fact') facts.push(told.fact);
  }
  return { events, tellings, facts };
}

/** An account of which more is told: only the actions that the new records are part of are read again. */
function extended(own: Own, events: readonly Event[]): Own {
  // Somebody was refused the full keys: what they read instead is told otherwise.
  const isRefusal = events.some(({ action, outcome }) => action === 'cosmosdb.keys.list' && outcome === 'failure');
  const refusals = new Refusals();
  const groups = new Map(own.groups);
  for (const [key, added] of Map.groupBy(events, groupKey)) {
    const known = groups.get(key);
    groups.set(key, { events: [...(known?.events ?? []), ...added], tellings: [], facts: [] });
  }
  for (const { events: all } of groups.values()) for (const event of all) refusals.saw(event);
  const fresh = isRefusal ? groups.keys() : new Set(events.map(groupKey));
  for (const key of fresh) groups.set(key, groupOf(groups.get(key)!.events, refusals));
  const all = [...groups.values()];
  const tellings = all.flatMap((group) => group.tellings).sort(byTime);
  return {
    groups,
    tellings,
    actions: actionsOf(tellings),
    facts: all.flatMap((group) => group.facts),
    spelled: spelledBy(events, own.spelled),
    writes: writesIn(tellings),
    size: own.size + events.length,
  };
}

function spelledBy(events: readonly Event[], known: string | null): string | null {
  let spelled = known;
  for (const { accountSpelled } of events)
    if (accountSpelled !== null) spelled = betterSpelling(spelled ?? accountSpelled, accountSpelled);
  return spelled;
}

function writesIn(tellings: readonly Telling[]): Map<string, Micros> {
  const writes = new Map<string, Micros>();
  for (const { event, time } of tellings) {
    const id = event.action === 'cosmosdb.container.write' ? containerId(event) : null;
    if (id !== null) writes.set(id, Math.max(writes.get(id) ?? time, time));
  }
  return writes;
}
