import { FactTally } from '../../alerts/summary.ts';
import { type Absence, type AbsenceEnd, Runs } from '../../engine/absence.ts';
import type { Compiled } from '../../engine/compile.ts';
import type { Fact } from '../../events/fact.ts';
import type { AlertStore } from '../../store/alerts.ts';
import type { LiveStore } from '../../store/live.ts';
import { goneOf, silenceDraft } from '../judge.ts';
import type { Progress } from './progress.ts';
import type { SignTotal } from './read.ts';
import type { Reconciler } from './reconcile.ts';
import type { Relations } from './relations.ts';
import type { Requests } from './requests.ts';
import { EVERYWHERE } from './roles.ts';

/** Runs that are kept of one key; between them lie silences. */
const KEPT = 100;

interface Wait {
  readonly place: number;
  readonly key: string;
  readonly runs: Runs;
  /** When each source last brought a record; seconds. */
  readonly sources: Map<string, number>;
  /** Is it called silent now? */
  isSilent: boolean;
}

export interface WaitsDeps {
  readonly store: LiveStore;
  readonly alerts: AlertStore;
  readonly compiled: Compiled;
  readonly absence: Absence;
  readonly progress: Progress;
  readonly relations: Relations;
  readonly requests: Requests;
  readonly declared: readonly string[];
  /** Seconds: from when declared accounts are waited for. */
  readonly since: number;
}

/**
 * What rules of absence wait for. A key is silent when its sources have given everything until later than a window after its last record;
 * records count by when their transport took them. So nobody is called silent because we did not listen, read old logs, or lag.
 *
 * A source that is pushed to us knows no progress but the clock's, and then only since we listen without a pause.
 */
export class Waits {
  readonly #deps: WaitsDeps;
  readonly #waits = new Map<string, Wait>();
  /** Not stored yet. */
  readonly #unsaved = new Set<Wait>();

  constructor(deps: WaitsDeps) {
    this.#deps = deps;
  }

  restore(): void {
    this.#waits.clear();
    this.#unsaved.clear();
    const { compiled, absence, store, alerts, declared } = this.#deps;
    const places = new Map(compiled.absences.map(({ correlation }, place) => [correlation.meta.id, place]));
    for (const { rule, fold, runs, sources } of store.waits()) {
      const place = places.get(rule);
      if (place === undefined) continue;
      const wait = this.#waitFor(place, fold);
      wait.runs.list.push(...runs.map((run) => ({ ...run })));
      for (const [source, second] of Object.entries(sources)) wait.sources.set(source, second);
    }
    for (const place of places.values())
      if (absence.isByAccount(place)) for (const account of declared) this.#waitFor(place, account);
    for (const wait of this.#waits.values()) {
      const last = wait.runs.list.at(-1)?.to;
      wait.isSilent = alerts
        .rows(scopeOf(wait.key), this.#ruleOf(wait).meta.id, last ?? Number.NEGATIVE_INFINITY, this.#foldOf(wait))
        .some(({ resolution, opened }) => (resolution === null || resolution === 'manual') && opened > (last ?? 0));
    }
  }

  /** Records came. @param arrived milliseconds, when their transport took them @returns what is to be judged because of it */
  heard({ sign }: SignTotal, source: string, arrived: number, isTimed: boolean): Wait[] {
    const known = {
      'event.family': sign.family,
      'event.action': sign.action,
      'event.outcome': sign.outcome,
      'cosmosdb.account': sign.account,
    };
    const second = Math.floor(arrived / 1000);
    return this.#deps.absence.keysOf(known).flatMap(([place, key]) => {
      const wait = this.#waitFor(place, key);
      const { length } = wait.runs.list;
      if (!isTimed && !wait.isSilent) this.#bridge(wait, second);
      wait.runs.add(second);
      if (wait.runs.list.length > KEPT) wait.runs.list.shift();
      wait.sources.set(source, Math.max(wait.sources.get(source) ?? second, second));
      this.#unsaved.add(wait);
      return wait.runs.list.length !== length || length === 0 || wait.isSilent ? [wait] : [];
    });
  }

  /** Stores what came. */
  save(): void {
    for (const wait of this.#unsaved) {
      const { runs, key, sources } = wait;
      const rule = this.#ruleOf(wait).meta.id;
      this.#deps.store.setWait({ rule, fold: key, runs: runs.list, sources: Object.fromEntries(sources) });
    }
    this.#unsaved.clear();
  }

  /** What is waited for of an account. */
  of(account: string): Wait[] {
    const { compiled, absence } = this.#deps;
    return compiled.absences.flatMap((_, place) => {
      if (absence.isByAccount(place)) return this.#waits.get(textOf(place, account)) ?? [];
      return [...this.#waits.values()].filter(
        (wait) => wait.place === place && wait.key.includes(JSON.stringify(account)),
      );
    });
  }

  /** Those that have become silent since they were asked last. @param now milliseconds */
  overdue(now: number): Wait[] {
    return [...this.#waits.values()].filter((wait) => !wait.isSilent && this.#endOf(wait, now).isSilent);
  }

  judge(waits: Iterable<Wait>, now: number, reconciler: Reconciler): void {
    for (const wait of new Set(waits)) {
      const end = this.#endOf(wait, now);
      const { absence, alerts } = this.#deps;
      const silences = absence.silencesOf(wait.place, wait.key, wait.runs.list, this.#absenceEnd(end.second));
      const last = wait.runs.list.at(-1)?.to ?? this.#deps.since;
      wait.isSilent = silences.some(({ opened, ended }) => ended === null && opened > last);
      const fold = this.#foldOf(wait);
      const scope = scopeOf(wait.key);
      const ruleId = this.#ruleOf(wait).meta.id;
      const from = wait.runs.list.length < KEPT ? Number.NEGATIVE_INFINITY : wait.runs.list[0]!.from;
      if (silences.length === 0 && alerts.rows(scope, ruleId, from, fold).length === 0) continue;
      const drafts = this.#ruleOf(wait).alerts
        ? silences.map((silence) => silenceDraft(this.#deps.compiled, silence))
        : [];
      reconciler.add({ scope, ruleId, fold, from, known: Number.NEGATIVE_INFINITY, drafts });
    }
  }

  /** Sources without progress for longer than a window, and those that have it again. */
  judgeSources(now: number, reconciler: Reconciler): void {
    const { compiled, progress, alerts } = this.#deps;
    for (const { rule, correlation } of compiled.absences) {
      if (!compiled.rules[rule]!.alerts) continue;
      for (const { source, progress: at } of progress.telling(now)) {
        const told = Math.floor(at / 1000);
        const key = { 'source.name': source };
        const fold = JSON.stringify(key);
        const open = alerts
          .rows(EVERYWHERE, correlation.meta.id, Number.NEGATIVE_INFINITY, fold)
          .find((row) => row.resolution === null);
        const opened = open?.opened ?? told + correlation.window + 1;
        const isBack = open !== undefined && told + correlation.window + 1 > opened;
        const isLate = now - Math.max(at, progress.since) > correlation.window * 1000;
        if (open !== undefined ? !isBack : !isLate) continue;
        const last = Math.max(opened, Math.floor(now / 1000));
        const draft = silenceDraft(compiled, {
          rule,
          key,
          lastRecord: opened - correlation.window - 1,
          opened,
          last,
          ended: isBack ? 'logs_again' : null,
          touched: new FactTally(),
          touches: [],
        });
        reconciler.add(
          { scope: EVERYWHERE, ruleId: correlation.meta.id, fold, from: opened, known: opened, drafts: [draft] },
          this.#inhibited(source),
        );
      }
    }
  }

  /** What is not said of accounts while their source says nothing. */
  #inhibited(source: string): string {
    const carried = new Set(
      [...this.#waits.values()].flatMap(({ key, sources }) => (sources.has(source) ? [key] : [])),
    );
    const names = [...carried].map((key) => key.split('/').at(-1)!).sort();
    const some = names.length > 5 ? `${names.slice(0, 5).join(', ')} and others` : names.join(', ');
    return `${names.length} accounts whose logs it brings are not called silent meanwhile: ${some}`;
  }

  /** The clock of a key: as far as its sources have given everything; no further than where silence would begin, if it has not. */
  #endOf(
    { place, runs, sources, isSilent }: Wait,
    now: number,
  ): { readonly second: number; readonly isSilent: boolean } {
    const { progress, since, compiled } = this.#deps;
    const { window } = compiled.absences[place]!.correlation;
    const last = runs.list.at(-1)?.to ?? since;
    const known = [...sources].filter(([, second]) => second >= last - window).map(([source]) => source);
    // Which source would bring a declared account's first record nobody knows: it may be any.
    const carriers = known.length === 0 ? progress.sources() : known;
    const told = Math.floor(Math.min(now, ...carriers.map((one) => progress.of(one, now))) / 1000);
    const isPushed = carriers.length === 0 || carriers.some((source) => progress.isPushed(source, now));
    const from = isPushed ? Math.max(last, Math.floor(progress.since / 1000)) : last;
    const silent = isSilent || told - from > window;
    return { second: Math.max(last, silent ? told : Math.min(told, last + window)), isSilent: silent };
  }

  /** A pushed record after a pause of ours: whether there were others meanwhile nobody knows. */
  #bridge({ place, runs }: Wait, second: number): void {
    const since = Math.floor(this.#deps.progress.since / 1000);
    const { window } = this.#deps.compiled.absences[place]!.correlation;
    const last = runs.list.at(-1);
    if (last !== undefined && last.to < since && second - since <= window) last.to = Math.max(last.to, second);
  }

  #absenceEnd(end: number): AbsenceEnd {
    const { relations, requests, compiled, declared, since } = this.#deps;
    return {
      end,
      since,
      declared,
      deletions: (account) => goneOf(relations.lives(account)),
      touches: ({ touchedBy }, account): Fact[] => {
        const rule = compiled.rules.findIndex(({ meta }) => meta.id === touchedBy!.rule);
        const hits = [...relations.control(account).hits, ...requests.hits(account, Number.NEGATIVE_INFINITY, []).hits];
        return hits.filter((one) => one.hits.some((hit) => hit.rule === rule)).map(({ fact }) => fact);
      },
      newTally: () => new FactTally(),
    };
  }

  #waitFor(place: number, key: string): Wait {
    const text = textOf(place, key);
    const known = this.#waits.get(text);
    if (known !== undefined) return known;
    const { window } = this.#deps.compiled.absences[place]!.correlation;
    const made: Wait = { place, key, runs: new Runs(window), sources: new Map(), isSilent: false };
    this.#waits.set(text, made);
    return made;
  }

  #ruleOf({ place }: Wait) {
    return this.#deps.compiled.absences[place]!.correlation;
  }

  #foldOf(wait: Wait): string {
    return JSON.stringify(this.#deps.absence.keyFrom(wait.place, wait.key));
  }
}

function textOf(place: number, key: string): string {
  return `${place}|${key}`;
}

/** Keys of several fields are JSON. */
function scopeOf(key: string): string {
  return key.startsWith('/') ? key : EVERYWHERE;
}
