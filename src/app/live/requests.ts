import { foldKey } from '../../alerts/fold.ts';
import { addToRuns, type HitRun, joinRuns, restoreRun, type SavedRun, saveRun } from '../../alerts/runs.ts';
import type { Event } from '../../events/event.ts';
import type { Fact } from '../../events/fact.ts';
import type { Rule } from '../../ir/ir.ts';
import { identity } from '../../lib/hash.ts';
import type { JsonObject } from '../../lib/json.ts';
import { isToldTwice, type RequestSource, tellersKey, tellersOf } from '../../relate/sightings.ts';
import type { LiveStore, TallyKey, TallyRow } from '../../store/live.ts';
import type { RecordStore } from '../../store/records.ts';
import { type KeptHit, secondOf } from '../hits.ts';
import { EVERYWHERE, type Role, type Roles } from './roles.ts';
import type { Seen } from './seen.ts';

/** Fold groups whose requests changed: by scope, then rule and fold key, from which second on. */
export class Groups {
  readonly #byScope = new Map<string, Map<string, { rule: string; fold: string; from: number }>>();

  touch(scope: string, rule: string, fold: string, from: number): void {
    const own = this.#byScope.get(scope) ?? new Map<string, { rule: string; fold: string; from: number }>();
    this.#byScope.set(scope, own);
    const key = `${rule}\u001f${fold}`;
    const known = own.get(key);
    if (known === undefined) own.set(key, { rule, fold, from });
    else known.from = Math.min(known.from, from);
  }

  of(scope: string): { readonly rule: string; readonly fold: string; readonly from: number }[] {
    return [...(this.#byScope.get(scope)?.values() ?? [])];
  }

  scopes(): Iterable<string> {
    return this.#byScope.keys();
  }
}

/** What a batch's requests touched. */
export interface TouchedRequests {
  readonly groups: Groups;
  /** Scopes with new single hits, from which second on. */
  readonly hits: Map<string, number>;
}

export interface RequestsDeps {
  readonly store: LiveStore;
  readonly records: RecordStore;
  readonly seen: Seen;
  readonly roles: Roles;
  readonly rules: readonly Rule[];
}

interface OpenTally {
  readonly key: TallyKey;
  readonly runs: HitRun[];
}

/** Single hits as they are kept: rules by their ids, because their places change. */
interface SavedHit {
  readonly fact: Fact;
  readonly source: RequestSource | null;
  readonly hits: readonly { readonly rule: string; readonly selections: readonly number[] }[];
}

/**
 * Hits of requests, which are too many to be kept one by one: a tally for each rule, fold key, log and quarter of an hour. Tallies merge in
 * any order, and which log counts is decided when alerts are made of them, because a better one may tell the same later.
 */
export class Requests {
  readonly #store: LiveStore;
  readonly #records: RecordStore;
  readonly #seen: Seen;
  readonly #roles: Roles;
  /** By place: what the numbers of selections mean. They are forgotten when a rule asks for others. */
  readonly #shapes: readonly string[];

  constructor({ store, records, seen, roles, rules }: RequestsDeps) {
    this.#store = store;
    this.#records = records;
    this.#seen = seen;
    this.#roles = roles;
    this.#shapes = rules.map(shapeOf);
  }

  /** Keeps hits that were not told before. @param records of them, by their ids @param now milliseconds */
  add(hits: readonly KeptHit[], records: ReadonlyMap<string, Event>, now: number, touched: TouchedRequests): void {
    const shown = new Map<string, Event[]>();
    const open = new Map<string, OpenTally>();
    const counts = new Map<string, { account: string; quarter: number; source: string; act: string; count: number }>();
    for (const hit of hits) {
      const { fact } = hit;
      const source = hit.source!;
      if (!this.#store.rememberId(`${fact.id}|${fact.account}|${fact.action}`, now)) continue;
      const account = fact.account ?? '';
      const quarter = tellersKey(fact.time, source);
      const act = actOf(fact);
      const key = JSON.stringify([account, quarter, source, act]);
      const known = counts.get(key);
      if (known === undefined) counts.set(key, { account, quarter, source, act, count: fact.count });
      else known.count += fact.count;
      for (const { rule, selections } of hit.hits) this.#tally(open, hit, rule, selections, touched);
      const event = records.get(fact.evidence[0]!.id);
      if (event !== undefined) for (const { rule } of hit.hits) append(shown, this.#groupOf(hit, rule), event);
      this.#keep(hit, now, touched);
    }
    for (const { account, quarter, source, act, count } of counts.values()) {
      this.#store.addCount(account, quarter, source, act, count);
      if (isToldTwice(this.#seen.seenAt(account, quarter))) this.touchQuarter(account, quarter, touched.groups);
    }
    for (const tally of open.values()) this.#save(tally, now);
    for (const [group, events] of shown) this.#records.add(group, events);
  }

  /** Another log than before may count in a quarter of an hour. */
  touchQuarter(account: string, quarter: number, groups: Groups): void {
    for (const { scope, rule, fold, since } of this.#store.talliedIn(account, quarter))
      groups.touch(scope, rule, fold, since);
  }

  /**
   * The runs of a group that may be in one alert with something at or after a second, and the second at which they begin: nothing before
   * it is connected. Runs of logs that do not count are left out.
   * @param others seconds of hits that are not requests, in order
   */
  runs(
    scope: string,
    rule: Role,
    fold: string,
    from: number,
    others: readonly number[],
  ): { readonly runs: HitRun[]; readonly since: number } {
    const reach = new Reach(from, others, rule.fold!.gap);
    const found: HitRun[] = [];
    for (const row of this.#store.talliesOf(scope, rule.id, fold)) {
      if (!reach.to(row.since, row.until)) break;
      if (this.#counts(row)) found.push(...this.#restore(row));
    }
    return { runs: found.sort((a, b) => a.from - b.from), since: reach.end() };
  }

  /**
   * Single hits of a scope, of the logs that count, in no particular order: those that may be in one window with something at or after a
   * second, and the second at which they begin.
   * @param others as in `runs`
   */
  hits(scope: string, from: number, others: readonly number[]): { readonly hits: KeptHit[]; readonly since: number } {
    const reach = new Reach(from, others, this.#roles.window);
    const found: KeptHit[] = [];
    for (const { second, data } of this.#store.hits(scope === EVERYWHERE ? null : scope)) {
      if (!reach.to(second, second)) break;
      const hit = this.#hitOf(JSON.parse(data) as SavedHit);
      if (hit !== null) found.push(hit);
    }
    return { hits: found, since: reach.end() };
  }

  /** Up to which second single hits of a scope are forgotten; null: none is. */
  forgottenUntil(scope: string): number | null {
    return this.#store.prunedUntil(scope);
  }

  /** Up to which second what a rule's requests told in a scope is gone; null: nothing is. */
  talliesForgotten(scope: string, rule: string): number | null {
    return this.#store.talliesForgotten(scope, rule);
  }

  #hitOf({ fact, source, hits }: SavedHit): KeptHit | null {
    const known = hits.flatMap(({ rule, selections }) => {
      const place = this.#roles.placeOf.get(rule);
      return place === undefined ? [] : [{ rule: place, selections }];
    });
    const gives = this.#gives(fact.account ?? '', tellersKey(fact.time, source!), source!, actOf(fact));
    return known.length > 0 && gives ? { fact, source, hits: known } : null;
  }

  /** Brings quarters of an hour that nothing changes any more together, so that a busy group stays small. */
  seal(heard: number, limit: number): void {
    for (const { scope, rule, fold } of this.#store.unsealed(heard, limit)) {
      const role = this.#roles.of[this.#roles.placeOf.get(rule) ?? -1];
      const rows = [...this.#store.talliesOf(scope, rule, fold)].filter(
        (row) => row.source === '' || row.heard < heard,
      );
      for (const row of rows) this.#store.removeTally(row);
      const parts = rows
        .filter((row) => this.#counts(row))
        .flatMap((row) => this.#restore(row))
        .sort((a, b) => a.from - b.from);
      for (const run of joinRuns(parts, role?.fold?.gap ?? 3600)) {
        const key = { scope, rule, fold, account: '', source: '', act: '', quarter: run.from };
        this.#save({ key, runs: [run] }, heard - 1);
      }
    }
  }

  #tally(
    open: Map<string, OpenTally>,
    { fact, source }: KeptHit,
    place: number,
    selections: readonly number[],
    touched: TouchedRequests,
  ): void {
    const role = this.#roles.of[place]!;
    if (role.fold === null) return;
    const scope = role.isLocal ? (fact.account ?? EVERYWHERE) : EVERYWHERE;
    const fold = JSON.stringify(foldKey(role.fold.by, fact));
    const key: TallyKey = {
      scope,
      rule: role.id,
      fold,
      account: fact.account ?? '',
      source: source!,
      act: actOf(fact),
      quarter: tellersKey(fact.time, source!),
    };
    const text = JSON.stringify(key);
    let own = open.get(text);
    if (own === undefined) {
      const row = this.#store.tally(key);
      own = { key, runs: row === null ? [] : this.#restore(row) };
      open.set(text, own);
    }
    const second = secondOf(fact.time);
    addToRuns(own.runs, second, { fact, selections }, role.fold.gap);
    touched.groups.touch(scope, role.id, fold, second);
  }

  /** What of records is bounded together: as alerts are made of them. */
  #groupOf({ fact, source }: KeptHit, place: number): string {
    const { id, fold } = this.#roles.of[place]!;
    const key = fold === null ? [fact.account, fact.actor?.id ?? null, fact.sourceIp] : foldKey(fold.by, fact);
    return JSON.stringify([id, key, fact.account, source, tellersKey(fact.time, source!)]);
  }

  #keep(hit: KeptHit, now: number, { hits: touched }: TouchedRequests): void {
    const roles = hit.hits.map(({ rule }) => this.#roles.of[rule]!);
    const isLocal = roles.some(({ isCounted }) => isCounted) && hit.fact.account !== null;
    const isGlobal = roles.some(({ isCountedEverywhere }) => isCountedEverywhere);
    if (!isLocal && !isGlobal) return;
    const second = secondOf(hit.fact.time);
    const saved: SavedHit = {
      fact: hit.fact,
      source: hit.source,
      hits: hit.hits
        .map(({ rule, selections }) => ({ role: this.#roles.of[rule]!, selections }))
        .filter(({ role }) => role.isCounted || role.isCountedEverywhere)
        .map(({ role, selections }) => ({ rule: role.id, selections })),
    };
    const account = hit.fact.account ?? '';
    this.#store.addHit({ account, second, isGlobal, data: JSON.stringify(saved) }, now);
    for (const scope of [...(isLocal ? [account] : []), ...(isGlobal ? [EVERYWHERE] : [])])
      touched.set(scope, Math.min(touched.get(scope) ?? second, second));
  }

  #save({ key, runs }: OpenTally, heard: number): void {
    const since = Math.min(...runs.map(({ from }) => from));
    const until = Math.max(...runs.map(({ to }) => to));
    const shape = this.#shapes[this.#roles.placeOf.get(key.rule) ?? -1] ?? '';
    this.#store.setTally(key, { since, until, heard, data: JSON.stringify({ shape, runs: runs.map(saveRun) }) });
  }

  #restore({ rule, data }: TallyRow): HitRun[] {
    const { shape, runs } = JSON.parse(data) as { shape: string; runs: SavedRun[] };
    const isSame = shape === this.#shapes[this.#roles.placeOf.get(rule) ?? -1];
    return runs.map((run) => restoreRun(isSame ? run : { ...run, selections: [[]] }));
  }

  #counts({ account, quarter, source, act }: TallyKey): boolean {
    return source === '' || this.#gives(account, quarter, source as RequestSource, act);
  }

  /** Does this log's telling count? As `Tellers` says of single hits. */
  #gives(account: string, quarter: number, source: RequestSource, act: string): boolean {
    if (account === '') return true;
    const { request, aggregate } = tellersOf(this.#seen.seenAt(account, quarter));
    if (source !== request && source !== aggregate) return false;
    if (request === null || aggregate === null) return true;
    const count = (one: RequestSource): number => this.#store.count(account, quarter, one, act);
    return source === (count(aggregate) > count(request) ? aggregate : request);
  }
}

/** How far back things are connected: newest first, while neighbours lie at most a gap apart. */
class Reach {
  readonly #others: readonly number[];
  readonly #gap: number;
  #since: number;
  #at: number;

  /** @param others seconds that are there anyway, in order */
  constructor(from: number, others: readonly number[], gap: number) {
    this.#others = others;
    this.#gap = gap;
    this.#since = from;
    this.#at = others.length - 1;
  }

  /** False: what lies there is not connected, and nor is anything before it. */
  to(since: number, until: number): boolean {
    this.end();
    if (until < this.#since - this.#gap) return false;
    this.#since = Math.min(this.#since, since);
    return true;
  }

  /** The second at which what is connected begins. */
  end(): number {
    for (; this.#at >= 0 && this.#others[this.#at]! >= this.#since - this.#gap; this.#at--)
      this.#since = Math.min(this.#since, this.#others[this.#at]!);
    return this.#since;
  }
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function actOf({ action, outcome }: Fact): string {
  return `${action}|${outcome === 'success'}`;
}

function shapeOf(rule: Rule): string {
  if (rule.kind === 'correlation') return '';
  const asked = { levels: rule.levels.map(({ when }) => when), bound: rule.bound };
  return identity(JSON.stringify(asked as unknown as JsonObject)).slice(0, 8);
}
