import type { Act } from './acts.ts';
import { SCENARIOS } from './attacks.ts';
import { DAY, MINUTE } from './clock.ts';
import { formsOf, type Variant } from './forms.ts';
import { type Blackout, requestsOf, routineOf } from './life.ts';
import { recordOf, recordsOf, type SimulatedRecord } from './records.ts';
import { Rng } from './rng.ts';
import { SilenceWatch } from './silence.ts';
import type { Attack } from './story.ts';
import { aggregateOf, type Detail, hasRequests, tellingOf } from './telling.ts';
import { type Truth, TruthKeeper } from './truth.ts';
import { Aggregator } from './wire/aggregates.ts';
import { apiLogOf } from './wire/apiLogs.ts';
import { traceOf } from './wire/trace.ts';
import { type Account, ALL_ACCOUNTS, idOf } from './world.ts';

export interface SimulateOptions {
  readonly scenario: string;
  readonly seed: string;
  readonly days: number;
  /** Milliseconds since 1970: midnight of the first day. */
  readonly start: number;
  /** Requests to the data; what else happens in a day is the same small number of acts. */
  readonly recordsPerDay: number;
  readonly variant: Variant;
  /** Default: request by request. */
  readonly detail?: Detail;
}

export interface Simulation {
  /** In order of time, made minute by minute, so any number of days needs the same memory. To be iterated once. */
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
  const keeper = new TruthKeeper(tellingOf(options.variant, options.detail ?? 'requests'));
  const silences = new SilenceWatch();
  return {
    records: recordsIn(options, attack, keeper, silences),
    truth: () => keeper.list(silences.end()),
  };
}

function* recordsIn(
  options: SimulateOptions,
  attack: Attack,
  keeper: TruthKeeper,
  silences: SilenceWatch,
): Generator<SimulatedRecord> {
  const writer = new Writer(options);
  const gone = [...(attack.deletions ?? [])].sort((a, b) => a.at - b.at);
  let waiting: SimulatedRecord[] = [];
  for (const { acts, until } of minutesOf(options, attack)) {
    for (; gone.length > 0 && gone[0]!.at < until; gone.shift()) {
      keeper.forget(gone[0]!.account);
      silences.forget(idOf(gone[0]!.account).toLowerCase(), gone[0]!.at);
    }
    for (const act of acts) {
      keeper.add(act);
      waiting.push(...writer.write(act));
    }
    waiting.push(...writer.due(until));
    // Records of an act that takes a while lie in a later minute.
    const [due, later] = split(waiting, until);
    waiting = later;
    for (const record of due) {
      silences.see(record);
      yield record;
    }
  }
}

/** Acts to records: at once, or summed up until their minutes are over. */
class Writer {
  readonly #variant: Variant;
  readonly #byRequest: boolean;
  readonly #family: ReturnType<typeof aggregateOf>;
  readonly #sums: Aggregator | null;
  readonly #rng: Rng;

  constructor({ variant, seed, detail = 'requests' }: SimulateOptions) {
    this.#variant = variant;
    this.#byRequest = hasRequests(detail);
    this.#family = aggregateOf(detail);
    this.#sums = this.#family === null ? null : new Aggregator(this.#family);
    this.#rng = new Rng(`${seed}|wire`);
  }

  write(act: Act): SimulatedRecord[] {
    const isSummedUp = this.#sums !== null && act.kind === 'request' && apiLogOf(act.account) === null;
    if (isSummedUp) this.#sums.add(act);
    return isSummedUp && !this.#byRequest ? [] : recordsOf(act, this.#variant, this.#rng);
  }

  *due(until: number): Generator<SimulatedRecord> {
    if (this.#sums === null) return;
    const family = this.#family!;
    const draw = () => ({
      form: this.#variant === 'mixed' ? this.#rng.pick(formsOf(family)) : this.#variant,
      trace: traceOf(this.#rng),
    });
    for (const { account, ...written } of this.#sums.due(until, draw)) yield recordOf(family, idOf(account), written);
  }
}

interface Minute {
  /** In order of time. */
  readonly acts: readonly Act[];
  /** Records before this moment are complete. */
  readonly until: number;
}

function* minutesOf(options: SimulateOptions, attack: Attack): Generator<Minute> {
  const rng = new Rng(`${options.seed}|life`);
  const deletions = attack.deletions ?? [];
  const accounts = [...ALL_ACCOUNTS, ...(attack.accounts ?? [])];
  const blackouts: Blackout[] = [
    ...(attack.blackouts ?? []),
    ...deletions.map(({ account, at }) => ({ account, from: at, to: Number.POSITIVE_INFINITY })),
  ];
  const end = options.start + options.days * DAY;
  for (let day = 0; day < options.days; day++) {
    const start = options.start + day * DAY;
    const routine = routineOf(start, day).filter(
      (act) => !deletions.some(({ account, at }) => act.time >= at && concerns(act, account)),
    );
    const special = [...routine, ...attack.acts];
    for (let from = start; from < start + DAY; from += MINUTE) {
      const isIn = (act: Act) => act.time >= from && act.time < from + MINUTE;
      const acts = [...requestsOf(from, options.recordsPerDay, accounts, blackouts, rng), ...special.filter(isIn)];
      const until = from + MINUTE;
      yield { acts: acts.sort((a, b) => a.time - b.time), until: until === end ? Number.POSITIVE_INFINITY : until };
    }
  }
}

function concerns(act: Act, account: Account): boolean {
  if (act.kind !== 'arm') return (act.kind === 'request' || act.kind === 'statistic') && act.account === account;
  return `${act.resource}/`.startsWith(`${idOf(account)}/`);
}

/** What is due, in order of time, and what is not yet. Sorting is stable, so records of one moment keep their order. */
function split(records: readonly SimulatedRecord[], until: number): [SimulatedRecord[], SimulatedRecord[]] {
  const due = records.filter((record) => record.time < until).sort((a, b) => a.time - b.time);
  return [due, records.filter((record) => record.time >= until)];
}
