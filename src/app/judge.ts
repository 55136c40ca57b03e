import type { Raised } from '../alerts/alert.ts';
import { Folder } from '../alerts/fold.ts';
import { raise } from '../alerts/raise.ts';
import { FactTally } from '../alerts/summary.ts';
import type { Absence, Gone } from '../engine/absence.ts';
import type { Compiled } from '../engine/compile.ts';
import { Engine } from '../engine/engine.ts';
import type { Episode, Silence } from '../engine/ports.ts';
import { type Micros, SECOND } from '../events/event.ts';
import type { Fact } from '../events/fact.ts';
import type { Detection, LevelRule } from '../ir/ir.ts';
import type { Life } from '../relate/lifetimes.ts';
import { namePrograms } from '../relate/programs.ts';
import type { Related } from '../relate/relate.ts';
import { changesStructure } from '../relate/request.ts';
import type { Sightings } from '../relate/sightings.ts';
import { type KeptHit, sameFact, secondOf } from './hits.ts';
import { Tellers } from './tellers.ts';

export interface JudgeInput {
  readonly compiled: Compiled;
  readonly absence: Absence;
  /** In order; may be iterated more than once. */
  readonly hits: () => Iterable<KeptHit>;
  readonly related: Related;
  readonly sightings: Sightings;
  readonly declared: readonly string[];
  /** Of the records: the oldest, and the end of the clock. */
  readonly first: Micros;
  readonly end: Micros;
  /** From when on declared accounts are waited for; null: from the oldest record on. */
  readonly since: Micros | null;
  readonly keep: (raised: Raised) => void;
}

export interface Judgement {
  readonly duplicates: number;
  /** Requests that are facts, less those that relate counts: each counted once, whatever logs tell it. */
  readonly requests: number;
}

/** Facts that rules matched, to alerts. The clock moves once, from the oldest fact to the end. */
export function judge(input: JudgeInput): Judgement {
  const { compiled, related } = input;
  const detections = new Map(
    compiled.rules.flatMap((rule, index) => (rule.kind === 'detection' ? [[index, rule] as [number, Detection]] : [])),
  );
  const keep = (draft: Parameters<typeof raise>[0]) => input.keep(raise(draft, related.stands));
  const folder = new Folder(detections, (folded) =>
    keep({ ...folded, rule: compiled.rules[folded.rule]!, count: null, ended: null, values: [], silence: null }),
  );
  const touches = new Touches(compiled);
  const sink = {
    newTally: () => new FactTally(),
    hit: (rule: number, selections: readonly number[], fact: Fact) => folder.hit(rule, selections, fact),
    episode: (episode: Episode) => keep(draftOf(compiled, episode)),
  };
  const engine = new Engine(compiled, sink, compiled.countsSilence ? silences(input, touches) : []);
  const counts = feed(input, engine, touches);
  engine.finish(secondOf(input.end));
  folder.finish();
  for (const silence of silences(input, touches)) {
    if (compiled.rules[silence.rule]!.alerts) keep(silenceDraft(compiled, silence));
  }
  return counts;
}

function feed(input: JudgeInput, engine: Engine, touches: Touches): { duplicates: number; requests: number } {
  let [duplicates, requests] = [0, 0];
  let [second, batch]: [number, KeptHit[]] = [Number.NEGATIVE_INFINITY, []];
  const flush = () => {
    if (batch.length > 0) engine.advance(second, batch);
    batch = [];
  };
  let before: KeptHit | null = null;
  const tellers = new Tellers(input.sightings, input.hits());
  const distinct = function* (): Generator<KeptHit> {
    for (const hit of input.hits()) {
      const isCopy = before !== null && sameFact(before, hit);
      before = hit;
      if (isCopy) duplicates += 1;
      else if (tellers.gives(hit)) {
        // Relate counted those that change the structure.
        if (hit.source !== null && hit.fact.account !== null && !changesStructure(hit.fact))
          requests += hit.fact.run === undefined ? 1 : hit.fact.count;
        yield hit;
      }
    }
  };
  for (const hit of namePrograms(distinct(), withProgram)) {
    touches.add(hit);
    const own = secondOf(hit.fact.time);
    if (own !== second) flush();
    second = own;
    batch.push(hit);
  }
  flush();
  return { duplicates, requests };
}

/** A hit whose program was found by what else was done. */
export function withProgram(hit: KeptHit, appName: string): KeptHit {
  const { fact } = hit;
  if (fact.actor === null) return hit;
  return {
    ...hit,
    fact: { ...fact, actor: { ...fact.actor, appName }, fields: { ...fact.fields, 'actor.app_name': appName } },
  };
}

/** Hits of the rules that say who may have caused a silence, by rule and account. */
class Touches {
  readonly #rules: ReadonlySet<string>;
  readonly #compiled: Compiled;
  readonly #byKey = new Map<string, Fact[]>();

  constructor(compiled: Compiled) {
    this.#compiled = compiled;
    this.#rules = new Set(
      compiled.absences.flatMap(({ correlation }) => (correlation.touchedBy ? [correlation.touchedBy.rule] : [])),
    );
  }

  add({ fact, hits }: KeptHit): void {
    for (const { rule } of hits) {
      const id = this.#compiled.rules[rule]!.meta.id;
      if (!this.#rules.has(id) || fact.account === null) continue;
      const key = `${id}|${fact.account}`;
      const facts = this.#byKey.get(key);
      if (facts) facts.push(fact);
      else this.#byKey.set(key, [fact]);
    }
  }

  of(rule: string, account: string): readonly Fact[] {
    return this.#byKey.get(`${rule}|${account}`) ?? [];
  }
}

/** When an account is gone, in order of time. */
export function goneOf(lives: readonly Life[]): Gone[] {
  const seconds = (time: Micros): number => (Number.isFinite(time) ? secondOf(time) : time);
  return lives.flatMap((life, index) =>
    Number.isFinite(life.to)
      ? [{ from: seconds(life.to), to: seconds(lives[index + 1]?.from ?? Number.POSITIVE_INFINITY) }]
      : [],
  );
}

function silences(input: JudgeInput, touches: Touches): Silence[] {
  return input.absence.finish({
    end: secondOf(input.end),
    since: secondOf(input.since ?? input.first),
    declared: input.declared,
    deletions: (account) => goneOf(input.related.lives.get(account) ?? []),
    touches: ({ touchedBy }, account) => touches.of(touchedBy!.rule, account),
    newTally: () => new FactTally(),
  });
}

export function draftOf(
  compiled: Compiled,
  { rule, key, opened, last, ended, count, rules, tally, values }: Episode,
): Parameters<typeof raise>[0] {
  return {
    rule: compiled.rules[rule]!,
    key,
    opened,
    last,
    tally: tally as FactTally,
    selections: [selectionsOf(compiled.rules[rule]!.levels, rules)],
    count,
    ended,
    values,
    silence: null,
  };
}

/** Which entries of a correlation's levels hold because of the rules that are part of it. */
function selectionsOf(levels: readonly LevelRule[], rules: ReadonlySet<number>): number[] {
  return levels.flatMap(({ when }, at) => (when.kind === 'rule' && rules.has(when.index) ? [at] : []));
}

export function silenceDraft(compiled: Compiled, silence: Silence): Parameters<typeof raise>[0] {
  const rule = compiled.rules[silence.rule]!;
  const window = rule.kind === 'correlation' ? rule.window : 0;
  return {
    rule,
    key: silence.key,
    opened: silence.opened,
    last: silence.last,
    tally: silence.touched as FactTally,
    selections: [],
    count: 0,
    ended: silence.ended !== null,
    values: [],
    silence: {
      last: silence.lastRecord === null ? null : silence.lastRecord * SECOND,
      hours: window / 3600,
      ended: silence.ended,
      touched: silence.touches,
    },
  };
}
