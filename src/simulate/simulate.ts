import type { Act } from './acts.ts';
import { SCENARIOS } from './attacks.ts';
import type { Variant } from './forms.ts';
import { type Blackout, DAY, HOUR, requestsOf, routineOf } from './life.ts';
import { recordsOf, type SimulatedRecord } from './records.ts';
import { Rng } from './rng.ts';
import { type Truth, TruthKeeper } from './truth.ts';
import { idOf } from './world.ts';

export interface SimulateOptions {
  readonly scenario: string;
  readonly seed: string;
  readonly days: number;
  /** Milliseconds since 1970: midnight of the first day. */
  readonly start: number;
  readonly recordsPerDay: number;
  readonly variant: Variant;
}

export interface Simulation {
  /** In order of time, made hour by hour. To be iterated once. */
  readonly records: Iterable<SimulatedRecord>;
  /** What must be found: complete when `records` has been iterated to its end. */
  readonly truth: () => readonly Truth[];
}

export const DEMO_DAY = Date.UTC(2026, 10, 24);

/** A made-up tenant's life: the attack of the scenario lies on the first day. */
export function simulate(options: SimulateOptions): Simulation {
  const plan = SCENARIOS[options.scenario];
  if (plan === undefined) throw new Error(`no scenario is called ${options.scenario}`);
  const attack = plan(options.start);
  const keeper = new TruthKeeper();
  const silences = new SilenceWatch(attack.blackouts);
  const records = function* (): Generator<SimulatedRecord> {
    const life = new Rng(`${options.seed}|life`);
    const wire = new Rng(`${options.seed}|wire`);
    let waiting: SimulatedRecord[] = [];
    for (let hour = 0; hour < options.days * 24; hour++) {
      const from = options.start + hour * HOUR;
      for (const act of actsOf(options, attack.acts, attack.blackouts, hour, from, life)) {
        keeper.add(act);
        waiting.push(...recordsOf(act, options.variant, wire));
      }
      const isLast = hour === options.days * 24 - 1;
      // Records of an act that takes a while may lie in the next hour.
      const [due, later] = split(waiting, isLast ? Number.POSITIVE_INFINITY : from + HOUR);
      waiting = later;
      for (const record of due) {
        silences.see(record);
        yield record;
      }
    }
    for (const truth of silences.truths()) keeper.addSilence(truth);
  };
  return { records: records(), truth: () => keeper.list() };
}

function actsOf(
  options: SimulateOptions,
  attack: readonly Act[],
  blackouts: readonly Blackout[],
  hour: number,
  from: number,
  rng: Rng,
): Act[] {
  const isIn = (act: Act) => act.time >= from && act.time < from + HOUR;
  const day = Math.floor(hour / 24);
  const acts = [
    ...requestsOf(from, hour % 24, options.recordsPerDay, blackouts, rng),
    ...routineOf(options.start + day * DAY, day).filter(isIn),
    ...attack.filter(isIn),
  ];
  return acts
    .map((act, at) => ({ act, at }))
    .sort((a, b) => a.act.time - b.act.time || a.at - b.at)
    .map(({ act }) => act);
}

function split(records: readonly SimulatedRecord[], until: number): [SimulatedRecord[], SimulatedRecord[]] {
  const due = records.filter((record) => record.time < until).map((record, at) => ({ record, at }));
  due.sort((a, b) => a.record.time - b.record.time || a.at - b.at);
  return [due.map(({ record }) => record), records.filter((record) => record.time >= until)];
}

const RESOURCE_LOGS: ReadonlySet<string> = new Set(['control', 'data', 'mongo']);
const FOUR_HOURS = 4 * HOUR;

/** Works out the silences that blackouts leave, from the records that were really written. */
class SilenceWatch {
  readonly #last = new Map<string, number>();
  readonly #found: Truth[] = [];
  readonly #watched: ReadonlySet<string>;

  constructor(blackouts: readonly Blackout[]) {
    this.#watched = new Set(blackouts.map(({ account }) => idOf(account).toLowerCase()));
  }

  see(record: SimulatedRecord): void {
    if (!RESOURCE_LOGS.has(record.stream) || !this.#watched.has(record.resource)) return;
    const second = Math.floor(record.time / 1000) * 1000;
    const last = this.#last.get(record.resource);
    if (last !== undefined && second - last > FOUR_HOURS) this.#add(record.resource, last);
    this.#last.set(record.resource, second);
  }

  truths(): readonly Truth[] {
    return this.#found;
  }

  #add(account: string, last: number): void {
    const firstSeen = `${new Date(last + FOUR_HOURS + 1000).toISOString().slice(0, 19)}Z`;
    this.#found.push({ rule: 'cosmosdb_no_logs', account, firstSeen, count: 0, actors: [] });
  }
}
