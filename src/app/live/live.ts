import type { Inventory } from '../../accounts/inventory.ts';
import type { Raised } from '../../alerts/alert.ts';
import { type ActDetail, type AlertAction, act, type Refusal, tellAgain } from '../../alerts/lifecycle.ts';
import type { AlertNews, StoredAlert } from '../../alerts/stored.ts';
import { Absence } from '../../engine/absence.ts';
import { Compiled } from '../../engine/compile.ts';
import type { Event, Micros } from '../../events/event.ts';
import type { Rule } from '../../ir/ir.ts';
import { turn } from '../../lib/clock.ts';
import { identity } from '../../lib/hash.ts';
import type { Json } from '../../lib/json.ts';
import { foreknow } from '../../relate/foreknown.ts';
import type { Batch } from '../../sources/source.ts';
import { type AlertFilter, type AlertPage, AlertStore } from '../../store/alerts.ts';
import { ClientStore } from '../../store/clients.ts';
import type { Db } from '../../store/db.ts';
import { LiveStore } from '../../store/live.ts';
import { RecordStore } from '../../store/records.ts';
import { ROUTINE_SETTINGS } from '../../tuning/routine.ts';
import { Blinded } from '../blinded.ts';
import { secondOf } from '../hits.ts';
import { LiveClients } from './clients.ts';
import { Judge, type Task } from './judge.ts';
import { Progress } from './progress.ts';
import { BatchReader, type ReadBatch, type SourceInfo } from './read.ts';
import { Reconciler, type Surroundings } from './reconcile.ts';
import { Relations } from './relations.ts';
import { Groups, Requests, type TouchedRequests } from './requests.ts';
import { EVERYWHERE, Roles } from './roles.ts';
import { Seen } from './seen.ts';
import { LiveStories } from './stories.ts';
import { LiveTuning, type TuningSettings } from './tuning.ts';
import { Waits } from './waits.ts';

/** Milliseconds since 1970. */
type Millis = number;

/** What is known of accounts without any record. */
export interface KnownBefore {
  /** Lower-case ARM ids of accounts whose silence is an alert even if they were never seen. */
  readonly declared: readonly string[];
  readonly inventories: readonly { readonly inventory: Inventory; readonly at: Micros | null }[];
}

export interface LiveDeps extends KnownBefore {
  readonly rules: readonly Rule[];
  readonly db: Db;
  readonly now: () => Millis;
  /** Are key figures taken of all requests? Default: no. */
  readonly figures?: boolean;
  /** Default: every source is trusted, and no network known. */
  readonly tuning?: TuningSettings;
}

const TRUSTING: TuningSettings = { ...ROUTINE_SETTINGS, isTrusted: () => true, networkOf: () => null };

/** How long a source may deliver again what it delivered before. */
const REDELIVERY: Millis = 48 * 3_600_000;
/** How often what is old is let go. */
const HOUSEKEEPING: Millis = 3_600_000;

/** What one commit may have changed. */
interface Touched extends TouchedRequests {
  readonly events: Event[];
  /** Accounts that are known from earlier on. */
  readonly earlier: Set<string>;
  /** Accounts whose facts depend on requests that came. */
  readonly related: Set<string>;
  readonly waits: ReturnType<Waits['of']>;
}

/** Everything that depends on the rules. */
interface Parts {
  readonly roles: Roles;
  readonly relations: Relations;
  readonly requests: Requests;
  readonly waits: Waits;
  readonly judge: Judge;
  readonly reader: BatchReader;
  readonly blinded: Blinded;
}

/**
 * Detection while records come. Facts and alerts are the same functions of the same records as in a scan; the store holds what they need,
 * and a batch applies them again to the accounts that it touches. What differs from the stored alerts is the news.
 *
 * Memory is only a copy of the store, so it can be dropped at any time: after a transaction that failed it must be (`restore`).
 */
export class Live {
  readonly #deps: LiveDeps;
  readonly #store: LiveStore;
  readonly #alerts: AlertStore;
  readonly #seen: Seen;
  readonly #progress: Progress;
  readonly #clients: LiveClients;
  readonly #stories: LiveStories;
  readonly #tuning: LiveTuning;
  #rules: readonly Rule[];
  #known: KnownBefore;
  #parts: Parts;
  #generation = 0;
  /** Of the newest record; microseconds. */
  #newest: Micros = 0;
  #isUnjudged = false;
  #cleaned: Millis = Number.NEGATIVE_INFINITY;

  constructor(deps: LiveDeps) {
    this.#deps = deps;
    this.#rules = deps.rules;
    this.#known = { declared: deps.declared, inventories: deps.inventories };
    this.#store = new LiveStore(deps.db);
    this.#alerts = new AlertStore(deps.db);
    this.#stories = new LiveStories(this.#alerts);
    this.#seen = new Seen(this.#store);
    this.#progress = new Progress(this.#store, deps.now());
    this.#clients = new LiveClients(new ClientStore(deps.db));
    this.#tuning = new LiveTuning(deps.db, deps.tuning ?? TRUSTING);
    if (this.#store.meta('since') === null) this.#store.setMeta('since', `${Math.floor(deps.now() / 1000)}`);
    this.#parts = this.#partsFor(deps.rules);
    this.restore();
  }

  /** Decodes and normalises. Changes nothing. */
  read(source: SourceInfo, batch: Batch): ReadBatch {
    return this.#parts.reader.read(source, batch, this.#deps.now());
  }

  /** The same, while others have their turn now and then; one batch at a time. */
  readSlowly(source: SourceInfo, batch: Batch): Promise<ReadBatch> {
    return this.#parts.reader.readSlowly(source, batch, this.#deps.now(), turn);
  }

  /** Inside a transaction: everything that the batches change. @returns what people may want to hear */
  commit(batches: readonly ReadBatch[]): readonly AlertNews[] {
    const now = this.#deps.now();
    this.#progress.beat(now);
    const reconciler = this.#reconciler(now);
    this.#judgeAllIfNew(now, reconciler);
    const touched: Touched = {
      groups: new Groups(),
      hits: new Map(),
      events: [],
      earlier: new Set(),
      related: new Set(),
      waits: [],
    };
    for (const one of batches) this.#take(this.#current(one), now, touched);
    this.#parts.waits.save();
    this.#judgeTouched(touched, now, reconciler);
    return this.#stories.mark(reconciler.finish(), now);
  }

  /** Inside a transaction, every quarter of a minute: what only time tells. */
  tick(): readonly AlertNews[] {
    const now = this.#deps.now();
    this.#progress.beat(now);
    const reconciler = this.#reconciler(now);
    this.#judgeAllIfNew(now, reconciler);
    const { waits } = this.#parts;
    const overdue = waits.overdue(now);
    waits.judge(overdue, now, reconciler);
    waits.judgeSources(now, reconciler);
    const end = this.#end(now);
    for (const scope of this.#store.due(end)) {
      const counted = this.#parts.judge.openSince(scope, end);
      this.#judge({ scope, isRelated: false, groups: [], counted }, end, reconciler);
    }
    this.#clean(now, end);
    return this.#stories.mark(reconciler.finish(), now);
  }

  /** After a transaction that failed: memory is read again from the store. */
  restore(): void {
    this.#seen.restore();
    this.#progress.restore();
    this.#clients.restore();
    this.#newest = Number(this.#store.meta('newest') ?? 0);
    this.#isUnjudged = this.#store.meta('rules') !== this.#fingerprint();
    this.#parts.relations.restore();
    this.#parts.waits.restore();
  }

  /** Inside a transaction: other rules, or accounts known otherwise, judged at once over what is stored. */
  reload(rules: readonly Rule[], known = this.#known): readonly AlertNews[] {
    this.#rules = rules;
    this.#known = known;
    this.#generation += 1;
    this.#parts = this.#partsFor(rules);
    this.restore();
    const now = this.#deps.now();
    const reconciler = this.#reconciler(now);
    this.#judgeAllIfNew(now, reconciler);
    return this.#stories.mark(reconciler.finish(), now);
  }

  /** Other settings of tuning, from the next alert on. */
  tune(settings: TuningSettings): void {
    this.#tuning.use(settings);
  }

  /** Inside a transaction: what a person does with an alert. */
  act(id: string, action: AlertAction, by: string, detail: ActDetail = {}): AlertNews | Refusal {
    const stored = this.#alerts.get(id);
    const row = this.#alerts.row(id);
    if (stored === null || row === null) return { kind: 'refused', why: 'there is no such alert' };
    const news = act(stored, action, { by, at: this.#deps.now(), detail });
    if (news.kind !== 'refused') {
      this.#alerts.save(news.stored, row);
      if (news.stored.verdict === 'true') this.#tuning.unlearn(id);
    }
    return news;
  }

  /** Inside a transaction: an alert that is there is told late. */
  tellAgain(id: string, kind: 'opened' | 'amended', why: string): AlertNews {
    const news = tellAgain(this.#alerts.get(id)!, kind, why, this.#deps.now());
    this.#alerts.save(news.stored, this.#alerts.row(id)!);
    return news;
  }

  alert(id: string): StoredAlert | null {
    return this.#alerts.get(id);
  }

  alerts(filter: AlertFilter): AlertPage {
    return this.#alerts.list(filter);
  }

  /** The logs that an account was seen to write. */
  logs(account: string): ReadonlySet<string> {
    return this.#parts.relations.seenBy(account) ?? new Set();
  }

  /** How an account stands, as far as logs and inventories tell; empty: nothing is known. */
  settings(account: string): ReadonlyMap<string, Json> {
    const { relations } = this.#parts;
    return relations.seenBy(account) === undefined
      ? new Map()
      : (relations.control(account).walk?.settings ?? new Map());
  }

  /** Every alert that somebody may see, newest first. */
  *every(seen: Pick<AlertFilter, 'subscriptions' | 'labels'>): Generator<StoredAlert> {
    let cursor: string | null = null;
    do {
      const page: AlertPage = this.#alerts.list({ ...seen, limit: 200, ...(cursor === null ? {} : { cursor }) });
      yield* page.items;
      cursor = page.next;
    } while (cursor !== null);
  }

  /** Where each partition of a source stands, as committed. */
  positions(source: string): ReadonlyMap<string, string> {
    return this.#progress.positions(source);
  }

  #partsFor(rules: readonly Rule[]): Parts {
    const { now, figures = false } = this.#deps;
    const { inventories, declared } = this.#known;
    const compiled = new Compiled(rules);
    const roles = new Roles(compiled);
    const [store, alerts, seen, progress] = [this.#store, this.#alerts, this.#seen, this.#progress];
    const relations = new Relations(store, seen, foreknow(inventories, declared), compiled, roles, this.#clients);
    const requests = new Requests({ store, records: new RecordStore(this.#deps.db), seen, roles, rules });
    const absence = new Absence(compiled);
    const since = Number(store.meta('since'));
    return {
      roles,
      relations,
      requests,
      waits: new Waits({ store, alerts, compiled, absence, progress, relations, requests, declared, since }),
      judge: new Judge({ compiled, roles, relations, requests, alerts }),
      reader: new BatchReader(compiled, this.#generation, now(), figures),
      blinded: new Blinded(rules, { get: (account) => relations.seenBy(account) }),
    };
  }

  /** A batch that was read with rules that are no more is read again. */
  #current(read: ReadBatch): ReadBatch {
    if (read.generation === this.#generation) return read;
    const { isCut = false } = read;
    return { ...this.read(read.source, read.batch), isCut };
  }

  #take(
    { source: { name, isPassing = false }, batch, signs, events, hits, records, clients, isCut = false }: ReadBatch,
    now: Millis,
    touched: Touched,
  ): void {
    const { relations, requests, waits } = this.#parts;
    if (!isPassing && !isCut) this.#progress.heard(name, batch.partition, batch, now);
    const arrived = batch.arrived ?? now;
    for (const total of signs) {
      const { account, family, source } = total.sign;
      if (account !== null)
        relations.saw(account, family, source === null ? Number.POSITIVE_INFINITY : total.first, touched.earlier);
      this.#newest = Math.max(this.#newest, total.last);
      if (!isPassing) touched.waits.push(...waits.heard(total, name, arrived, batch.arrived !== null));
      if (account !== null && source !== null) this.#tellRelations(account, total, touched);
    }
    for (const event of events) {
      if (event.account !== null) relations.saw(event.account, event.family, event.time, touched.earlier);
      if (!this.#store.addEvent(event, name, now)) continue;
      touched.events.push(event);
      if (!isPassing) this.#tuning.saw(event, name);
    }
    for (const client of clients) if (this.#clients.add(client)) touched.related.add(client.account);
    requests.add(hits, records, now, touched);
  }

  /** Requests decide which log counts in a quarter of an hour, and whether a container was there before. */
  #tellRelations(account: string, total: ReadBatch['signs'][number], touched: Touched): void {
    const { relations, requests } = this.#parts;
    const quarters = this.#seen.add(total);
    for (const quarter of quarters) requests.touchQuarter(account, quarter, touched.groups);
    if (quarters.length > 0 && this.#parts.judge.hasCorrelations(account))
      touched.hits.set(
        account,
        Math.min(touched.hits.get(account) ?? Number.POSITIVE_INFINITY, ...quarters.map((quarter) => quarter * 900)),
      );
    const { containerId } = total.sign;
    const isUsedBefore =
      containerId !== null &&
      total.uses.length > 0 &&
      relations.dependsOnUse(account, containerId, Math.min(...total.uses));
    if (isUsedBefore || (quarters.length > 0 && relations.dependsOnTellers(account, quarters)))
      touched.related.add(account);
  }

  #judgeTouched(touched: Touched, now: Millis, reconciler: Reconciler): void {
    const { relations, waits } = this.#parts;
    this.#store.setMeta('newest', `${this.#newest}`);
    const isAround = touched.events.some(({ account }) => account === null);
    const related = new Set([...relations.take(touched.events, touched.earlier), ...touched.related]);
    let isElsewhere = isAround;
    for (const account of related) isElsewhere = relations.refresh(account) || isElsewhere;
    if (isElsewhere) {
      relations.refreshEverywhere();
      related.add(EVERYWHERE);
    }
    const scopes = new Set([...related, ...touched.groups.scopes(), ...touched.hits.keys()]);
    const end = this.#end(now);
    for (const scope of [...scopes].sort()) {
      const task = { scope, isRelated: related.has(scope), groups: touched.groups.of(scope) };
      this.#judge({ ...task, counted: touched.hits.get(scope) ?? null }, end, reconciler);
    }
    waits.judge([...touched.waits, ...[...related].flatMap((account) => waits.of(account))], now, reconciler);
  }

  #judge(task: Task, end: number, reconciler: Reconciler): void {
    const due = this.#parts.judge.judge(task, end, reconciler);
    if (task.isRelated || task.counted !== null) this.#store.setDue(task.scope, due);
  }

  /** The clock of rules: as far as every source has given everything, and no less than the newest record. Seconds. */
  #end(now: Millis): number {
    return Math.max(secondOf(this.#newest), Math.floor(this.#progress.least(now) / 1000));
  }

  /** Rules, inventories or declared accounts are others than when all was judged last. */
  #judgeAllIfNew(now: Millis, reconciler: Reconciler): void {
    if (!this.#isUnjudged) return;
    const { relations, waits } = this.#parts;
    this.#alerts.setRules(this.#rules.map(({ meta }) => meta));
    for (const account of relations.accounts()) relations.refresh(account);
    relations.refreshEverywhere();
    const end = this.#end(now);
    for (const scope of [EVERYWHERE, ...relations.accounts().sort()])
      this.#judge({ scope, isRelated: true, groups: [], counted: null }, end, reconciler);
    waits.judge(
      relations.accounts().flatMap((account) => waits.of(account)),
      now,
      reconciler,
    );
    this.#store.setMeta('rules', this.#fingerprint());
    this.#isUnjudged = false;
  }

  #fingerprint(): string {
    const { declared, inventories } = this.#known;
    const known = inventories.map(({ inventory, at }) => [at, ...Object.values(inventory).map((part) => [...part])]);
    return identity(JSON.stringify([this.#rules, declared, known]));
  }

  #reconciler(now: Millis): Reconciler {
    const { relations, blinded } = this.#parts;
    const around: Surroundings = {
      stands: (thing) => relations.stands(thing),
      complete: (raised: Raised) => ({
        spelled: raised.alert.account === null ? null : relations.control(raised.alert.account).spelled,
        otherAccounts: relations.othersConcerned(raised.detail.facts),
        blinded: blinded.by(raised),
      }),
      whyGone: ({ alert, detail }) => {
        const { failed } = relations.control(alert.account ?? EVERYWHERE);
        return detail.facts.some(({ time }) => failed.has(time))
          ? 'it failed after all'
          : 'with what came later, it is told otherwise';
      },
    };
    return new Reconciler(this.#alerts, around, this.#tuning, now);
  }

  /** Behind the clock of rules, so that what time ends has been ended. */
  #clean(now: Millis, end: number): void {
    if (now - this.#cleaned < HOUSEKEEPING) return;
    this.#cleaned = now;
    const before = now - REDELIVERY;
    this.#store.prune({ arrived: before, second: Math.min(Math.floor(before / 1000), end) - this.#parts.roles.window });
    this.#parts.requests.seal(before, 1000);
    this.#tuning.prune(Math.floor(now / 1000));
  }
}
