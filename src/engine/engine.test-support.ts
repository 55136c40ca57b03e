import { type Micros, SECOND } from '../events/event.ts';
import type { Fact } from '../events/fact.ts';
import type { Correlation, Detection, LevelRule, Match, Piece, RuleMeta, Test } from '../ir/ir.ts';
import type { Json } from '../lib/json.ts';
import type { Compiled } from './compile.ts';
import { Engine, type EngineSink } from './engine.ts';
import type { Episode, Judged, Silence, Tally } from './ports.ts';

/** What a case says of a fact; the rest is filled in. `at` is in seconds from t = 0. */
export interface GivenFact extends Partial<Omit<Fact, 'time' | 'fields'>> {
  readonly at: number;
  readonly fields?: Readonly<Record<string, Json>>;
}

export function factOf({ at, fields = {}, ...given }: GivenFact): Fact {
  const time: Micros = Math.round(at * SECOND);
  const { id = `e${at}`, family = 'ActivityLog', action = 'test.act', outcome = 'success', account = 'a' } = given;
  return {
    id,
    time,
    family,
    action,
    outcome,
    account,
    actor: null,
    caller: null,
    candidates: [],
    sourceIp: null,
    userAgent: null,
    target: null,
    count: 1,
    change: null,
    thing: null,
    raw: {},
    evidence: [{ id: `r-${id}`, time, family, action, outcome, position: { source: 'test', line: 1, index: 0 } }],
    ...given,
    fields: {
      'event.action': action,
      'event.family': family,
      'event.outcome': outcome,
      'event.id': id,
      ...(account === null ? {} : { 'cosmosdb.account': account }),
      ...fields,
    },
  };
}

export function metaOf(name: string, changed: Partial<RuleMeta> = {}): RuleMeta {
  return {
    id: `id-${name}`,
    name,
    title: name,
    description: '',
    status: 'test',
    level: 'medium',
    impact: [],
    mitigation: [],
    falsePositives: [],
    attack: [],
    published: [],
    parameters: [],
    place: { file: `${name}.yml`, line: 1, column: 1 },
    ...changed,
  };
}

export function patternOf(text: string): Piece[] {
  return [...text.matchAll(/[*?]|[^*?]+/g)].map(([piece]) =>
    piece === '*' ? { wild: 'any' } : piece === '?' ? { wild: 'one' } : piece,
  );
}

export function textTest(pattern: string, cased = false): Test {
  return { kind: 'text', pattern: patternOf(pattern), cased };
}

export function field(name: string, test: string | Test): Match {
  return { kind: 'field', field: name, test: typeof test === 'string' ? textTest(test) : test };
}

/** A detection of one action, or of what `match` says. */
export function detectionOf(name: string, match: Match | string, changed: Partial<Detection> = {}): Detection {
  return {
    kind: 'detection',
    meta: metaOf(name),
    match: typeof match === 'string' ? field('event.action', match) : match,
    logsource: {},
    fold: null,
    levels: [],
    bound: [],
    alerts: true,
    ...changed,
  };
}

/** `rules` and the keys of aliases are names of the rules that it counts. */
export function correlationOf(
  name: string,
  rules: readonly string[],
  changed: Partial<Omit<Correlation, 'groupBy'>> & { readonly groupBy?: readonly string[] } = {},
): Correlation {
  const { groupBy = ['cosmosdb.account'], ...rest } = changed;
  return {
    kind: 'correlation',
    meta: metaOf(name),
    type: 'event_count',
    rules: rules.map((rule) => `id-${rule}`),
    groupBy: groupBy.map((field) => ({ name: field, fieldByRule: {} })),
    window: 60,
    conditions: [],
    expression: null,
    fields: [],
    percentile: null,
    levels: [],
    touchedBy: null,
    alerts: true,
    ...rest,
  };
}

export function levelOf(when: LevelRule['when'], level: LevelRule['level'], line = 7): LevelRule {
  return { when, level, place: { file: 'rule.yml', line, column: 3 } };
}

/** Keeps the ids of the facts that it is told of. */
export class IdTally implements Tally {
  readonly ids = new Set<string>();

  add(fact: Fact): void {
    this.ids.add(fact.id);
  }

  merge(other: Tally): void {
    for (const id of (other as IdTally).ids) this.ids.add(id);
  }
}

export interface Ran {
  readonly episodes: readonly Episode[];
  readonly hits: readonly { readonly rule: string; readonly id: string }[];
}

/** Facts in any order, judged and fed second by second. */
export function run(compiled: Compiled, facts: readonly Fact[], end: number, silences: readonly Silence[] = []): Ran {
  const episodes: Episode[] = [];
  const hits: { rule: string; id: string }[] = [];
  const sink: EngineSink = {
    newTally: () => new IdTally(),
    hit: (rule, _, fact) => hits.push({ rule: compiled.rules[rule]!.meta.name, id: fact.id }),
    episode: (episode) => episodes.push(episode),
  };
  const engine = new Engine(compiled, sink, silences);
  for (const [second, judged] of bySecond(compiled, facts)) engine.advance(second, judged);
  engine.finish(end);
  return { episodes, hits };
}

function bySecond(compiled: Compiled, facts: readonly Fact[]): [number, Judged[]][] {
  const judged = facts.map((fact) => ({ fact, hits: compiled.match(fact) }));
  const seconds = Map.groupBy(judged, ({ fact }) => Math.floor(fact.time / SECOND));
  return [...seconds].sort(([a], [b]) => a - b);
}

/** One line an episode, sorted: what alerts are compared by. */
export function told(compiled: Compiled, { episodes }: Ran): string[] {
  return episodes
    .map(({ rule, key, opened, last, ended, count, tally }) => {
      const ids = [...(tally as IdTally).ids].sort().join(' ');
      const values = Object.values(key).join(' ');
      return `${compiled.rules[rule]!.meta.name}(${values}) ${opened}-${last} ${count}${ended ? ' ended' : ''} [${ids}]`;
    })
    .sort();
}
