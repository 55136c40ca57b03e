import { foldKey } from '../../alerts/fold.ts';
import type { Draft } from '../../alerts/raise.ts';
import type { HitRun, SingleHit } from '../../alerts/runs.ts';
import { joinRuns } from '../../alerts/runs.ts';
import { FactTally } from '../../alerts/summary.ts';
import type { Compiled } from '../../engine/compile.ts';
import { courseOf } from '../../engine/course.ts';
import { Engine } from '../../engine/engine.ts';
import type { Episode, Silence } from '../../engine/ports.ts';
import type { Correlation } from '../../ir/ir.ts';
import type { AlertStore } from '../../store/alerts.ts';
import { compareHits, distinct, type KeptHit, secondOf } from '../hits.ts';
import { draftOf } from '../judge.ts';
import type { Reconciler } from './reconcile.ts';
import type { Relations } from './relations.ts';
import type { Requests } from './requests.ts';
import { EVERYWHERE, type Role, type Roles } from './roles.ts';

/** What is to be judged of a scope. */
export interface Task {
  readonly scope: string;
  /** What the control plane tells of it may have changed: everything is judged that it is part of. */
  readonly isRelated: boolean;
  /** Fold groups whose requests changed. */
  readonly groups: readonly { readonly rule: string; readonly fold: string; readonly from: number }[];
  /** From which second on single hits came or others count, or time passed; null: none did. */
  readonly counted: number | null;
}

export interface JudgeDeps {
  readonly compiled: Compiled;
  readonly roles: Roles;
  readonly relations: Relations;
  readonly requests: Requests;
  readonly alerts: AlertStore;
}

const ALWAYS = Number.NEGATIVE_INFINITY;

/** Hits of a scope to alerts: the same functions as a scan, over what is stored. */
export class Judge {
  readonly #deps: JudgeDeps;

  constructor(deps: JudgeDeps) {
    this.#deps = deps;
  }

  /**
   * @param end the clock stands here; seconds
   * @returns the second at which time alone may change something; null: never
   */
  judge(task: Task, end: number, reconciler: Reconciler): number | null {
    this.#folds(task, reconciler);
    const from = task.isRelated ? ALWAYS : task.counted;
    return from === null ? null : this.#correlations(task.scope, from, end, reconciler);
  }

  /** Does anything of a scope depend on more than folds? */
  hasCorrelations(scope: string): boolean {
    return this.#placesIn(scope).length > 0;
  }

  #folds({ scope, isRelated, groups }: Task, reconciler: Reconciler): void {
    const { roles, alerts } = this.#deps;
    if (groups.length === 0 && !isRelated) return;
    const control = this.#foldedHits(scope);
    const from = new Map<string, Map<string, number>>();
    const touch = (rule: string, fold: string, second: number): void => {
      const own = from.get(rule) ?? new Map<string, number>();
      from.set(rule, own);
      own.set(fold, Math.min(own.get(fold) ?? second, second));
    };
    for (const { rule, fold, from: second } of groups) touch(rule, fold, second);
    if (isRelated) {
      for (const [rule, folds] of control) for (const fold of folds.keys()) touch(rule, fold, ALWAYS);
      for (const { id, fold } of roles.of) {
        if (fold === null) continue;
        for (const key of alerts.controlFolds(scope, id)) touch(id, key, ALWAYS);
      }
    }
    for (const [rule, folds] of from) {
      const role = roles.of[roles.placeOf.get(rule) ?? -1];
      if (role === undefined || role.fold === null) continue;
      for (const [fold, second] of folds)
        this.#fold(scope, role, fold, second, control.get(rule)?.get(fold) ?? [], reconciler);
    }
  }

  /** One rule and key, from a second on, and as far back as anything reaches that is connected. */
  #fold(
    scope: string,
    role: Role,
    fold: string,
    from: number,
    hits: readonly SingleHit[],
    reconciler: Reconciler,
  ): void {
    const { requests, alerts, compiled, roles } = this.#deps;
    const { gap } = role.fold!;
    const seconds = hits.map((hit) => hit.from);
    let since = from;
    let runs: readonly HitRun[] = [];
    for (;;) {
      const found = requests.runs(scope, role, fold, since, seconds);
      runs = found.runs;
      since = Math.min(found.since, ...alerts.rows(scope, role.id, found.since, fold).map(({ opened }) => opened));
      if (since === found.since) break;
    }
    const parts = [...hits.filter((hit) => hit.from >= since), ...runs].sort((a, b) => a.from - b.from);
    const rule = compiled.rules[roles.placeOf.get(role.id)!]!;
    const drafts = joinRuns(parts, gap).map(
      (run): Draft => ({
        rule,
        key: JSON.parse(fold) as Draft['key'],
        opened: run.from,
        last: run.to,
        tally: run.tally,
        selections: [...run.selections.values()],
        count: null,
        ended: null,
        values: [],
        silence: null,
      }),
    );
    const forgotten = requests.talliesForgotten(scope, role.id);
    const known = forgotten === null ? ALWAYS : forgotten + 1;
    reconciler.add({ scope, ruleId: role.id, fold, from: since, known, drafts });
  }

  /** Hits of the control plane by rule and fold key, in order. */
  #foldedHits(scope: string): Map<string, Map<string, SingleHit[]>> {
    const { roles, relations } = this.#deps;
    const byRule = new Map<string, Map<string, SingleHit[]>>();
    for (const { fact, hits } of relations.control(scope).hits) {
      for (const { rule, selections } of hits) {
        const role = roles.of[rule]!;
        const isHere = scope === EVERYWHERE ? fact.account === null || !role.isLocal : role.isLocal;
        if (role.fold === null || !isHere) continue;
        const fold = JSON.stringify(foldKey(role.fold.by, fact));
        const folds = byRule.get(role.id) ?? new Map<string, SingleHit[]>();
        byRule.set(role.id, folds);
        const hit = { from: secondOf(fact.time), fact, selections };
        const own = folds.get(fold);
        if (own === undefined) folds.set(fold, [hit]);
        else own.push(hit);
      }
    }
    return byRule;
  }

  /** Correlations, those that raise nothing too: they may have raised something before. */
  #placesIn(scope: string): readonly number[] {
    return scope === EVERYWHERE ? this.#deps.roles.everywhere : this.#deps.roles.local;
  }

  /** What time alone may change of a scope: what is open goes on or ends. */
  openSince(scope: string, end: number): number {
    const { compiled, alerts } = this.#deps;
    const opened = this.#placesIn(scope).map((place) => alerts.openSince(scope, compiled.rules[place]!.meta.id) ?? end);
    return Math.min(end, ...opened);
  }

  /** Rules that count, from a second on, and as far back as any window reaches that is connected. */
  #correlations(scope: string, from: number, end: number, reconciler: Reconciler): number | null {
    const { compiled, roles, requests } = this.#deps;
    const places = this.#placesIn(scope);
    if (places.length === 0) return null;
    const isRising = places.every((place) => courseOf(compiled.rules[place] as Correlation) === 'rising');
    const { hits, since } = this.#countedHits(scope, isRising ? from : ALWAYS);
    const drafts = new Map(places.map((place) => [place, [] as Draft[]]));
    const dues: number[] = [];
    const episode = (one: Episode): void => {
      drafts.get(one.rule)?.push(draftOf(compiled, one));
      if (!one.ended) dues.push(one.last + windowOf(compiled, one.rule) + 1);
    };
    const sink = { newTally: () => new FactTally(), hit: () => {}, episode };
    const engine = new Engine(compiled, sink, compiled.countsSilence ? this.#silences(scope) : []);
    for (const [second, own] of Map.groupBy(hits, ({ fact }) => secondOf(fact.time))) engine.advance(second, own);
    engine.finish(Math.max(end, secondOf(hits.at(-1)?.fact.time ?? 0)));
    if (hits.length > 0 && !isRising) dues.push(end + 1);
    const forgotten = requests.forgottenUntil(scope);
    for (const [place, own] of drafts) {
      const known = forgotten === null ? ALWAYS : forgotten + roles.window + 1;
      reconciler.add({ scope, ruleId: compiled.rules[place]!.meta.id, fold: null, from: since, known, drafts: own });
    }
    return dues.length === 0 ? null : Math.min(...dues);
  }

  /** In order, each fact once; with the second from which on they are all that there is. */
  #countedHits(scope: string, from: number): { readonly hits: readonly KeptHit[]; readonly since: number } {
    const { roles, relations, requests, alerts, compiled } = this.#deps;
    const counted = (hit: KeptHit): KeptHit[] => {
      const hits = hit.hits.filter(({ rule }) => {
        const { isCounted, isCountedEverywhere } = roles.of[rule]!;
        return scope === EVERYWHERE ? isCountedEverywhere : isCounted;
      });
      return hits.length === 0 ? [] : [{ ...hit, hits }];
    };
    const control = relations.control(scope).hits.flatMap(counted);
    const seconds = control.map(({ fact }) => secondOf(fact.time));
    for (let since = from; ; ) {
      const found = requests.hits(scope, since, seconds);
      const rows = this.#placesIn(scope).flatMap((place) =>
        alerts.rows(scope, compiled.rules[place]!.meta.id, found.since),
      );
      since = Math.min(found.since, ...rows.map(({ opened }) => opened - roles.window));
      if (since < found.since) continue;
      const hits = [...control.filter(({ fact }) => secondOf(fact.time) >= since), ...found.hits.flatMap(counted)];
      return { hits: distinct(hits.sort(compareHits)), since };
    }
  }

  /** Silences that are told, for correlations that count them. */
  #silences(scope: string): Silence[] {
    const { compiled, alerts } = this.#deps;
    return compiled.absences.flatMap(({ rule, correlation }) =>
      alerts
        .rows(scope, correlation.meta.id, ALWAYS)
        .filter(({ resolution }) => resolution === null || resolution === 'ended' || resolution === 'manual')
        .map(({ fold, opened, last }) => ({
          rule,
          key: JSON.parse(fold) as Silence['key'],
          lastRecord: null,
          opened,
          last,
          ended: null,
          touched: new FactTally(),
          touches: [],
        })),
    );
  }
}

function windowOf({ rules }: Compiled, place: number): number {
  return (rules[place] as Correlation).window;
}
