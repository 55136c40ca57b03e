import { isWithdrawn } from '../alerts/lifecycle.ts';
import { byOpening } from '../alerts/raise.ts';
import { LEVELS, type Level, type Rule } from '../ir/ir.ts';
import type { Clock } from '../lib/clock.ts';
import { VERSION } from '../lib/version.ts';
import type { ScanContext, ToldAlert, ToldAlerts } from '../report/context.ts';
import type { SimulatedRecord } from '../simulate/records.ts';
import { DEMO_DAY, simulate } from '../simulate/simulate.ts';
import type { Truth } from '../simulate/truth.ts';
import type { Batch } from '../sources/source.ts';
import { Db } from '../store/db.ts';
import { Overview } from '../store/overview.ts';
import { withoutClientRules } from './clientRules.ts';
import { Live } from './live/live.ts';
import { rulesFor } from './rules.ts';

export interface DemoOptions {
  readonly seed: string;
  readonly recordsPerDay: number;
}

export interface DemoProgress {
  /** Share of the day that is read, 0 to 1. */
  readonly share: number;
  /** Milliseconds since 1970, of the record just read. */
  readonly at: number;
  readonly records: number;
}

export interface DemoOutcome {
  readonly told: ToldAlerts;
  readonly context: ScanContext;
  readonly truth: readonly Truth[];
  readonly rules: readonly Rule[];
}

const DAY = 86_400_000;
const MINUTE = 60_000;
const TURN = 20 * MINUTE;

/** Where the demo's records come from, as a service calls it. */
const SOURCE = { name: 'demo', labels: {} };

/**
 * Plays one day of the made-up tenant as a service would live it: records are made, written as JSON, and come in minute by minute; each
 * minute is read, judged and stored, and time passes. Only the store is in memory, and nobody is told.
 */
export async function playDemo(
  options: DemoOptions,
  clock: Clock,
  onProgress: (progress: DemoProgress) => void,
  signal: AbortSignal,
): Promise<DemoOutcome> {
  const started = clock.now();
  // A day is too short to know who is new.
  const rules = withoutClientRules(rulesFor([], [], new Map()));
  const simulation = simulate({ scenario: 'theft', variant: 'export', days: 1, start: DEMO_DAY, ...options });
  const db = new Db(':memory:');
  let now = DEMO_DAY;
  const live = new Live({ rules, db, now: () => now, declared: [], inventories: [] });
  let [records, bytes, last] = [0, 0, DEMO_DAY];
  for (const { lines, at } of minutesOf(simulation.records)) {
    now = at;
    const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const read = live.read(SOURCE, batchOf(text, at));
    db.transaction(() => live.commit([read]));
    db.transaction(() => live.tick());
    records += lines.length;
    bytes += text.length;
    if (lines.length > 0) last = at;
    onProgress({ share: Math.min(1, (at - DEMO_DAY) / DAY), at, records });
    // Lets Ctrl-C and the terminal have their turn.
    if (at % TURN === 0) await clock.sleep(0);
    if (signal.aborted) break;
  }
  const accounts = new Overview(db).accountIds();
  const told = toldBy(live);
  db.close();
  const seconds = (clock.now() - started) / 1000;
  return {
    told,
    context: contextOf({ records, bytes, seconds, accounts, last, rules }),
    truth: simulation.truth(),
    rules,
  };
}

/** The records of each minute, and when it is over. Minutes without one pass too. */
function* minutesOf(
  records: Iterable<SimulatedRecord>,
): Generator<{ readonly lines: readonly string[]; readonly at: number }> {
  let [lines, end]: [string[], number] = [[], DEMO_DAY + MINUTE];
  for (const { line, time } of records) {
    for (; time >= end; end += MINUTE) {
      yield { lines, at: end };
      lines = [];
    }
    lines.push(line);
  }
  for (; end <= DEMO_DAY + DAY; end += MINUTE) {
    yield { lines, at: end };
    lines = [];
  }
}

function batchOf(bytes: Uint8Array, at: number): Batch {
  return { bytes: [bytes], name: 'demo', partition: '', position: null, arrived: at, progress: at, speaksFor: null };
}

const PAGE = 500;

/** What is told in the end, oldest first; what was taken back is not. */
function toldBy(live: Live): ToldAlerts {
  const all: ToldAlert[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = live.alerts({ limit: PAGE, subscriptions: null, ...(cursor === undefined ? {} : { cursor }) });
    for (const { alert, detail } of page.items) {
      if (!isWithdrawn(alert)) all.push({ alert, raised: { alert, detail } });
    }
    cursor = page.next;
  }
  all.sort((a, b) => byOpening(a.raised, b.raised));
  const counts = Object.fromEntries(
    LEVELS.map((level) => [level, all.filter(({ alert }) => alert.level === level).length]),
  ) as Record<Level, number>;
  const worst = LEVELS.toReversed().find((level) => counts[level] > 0);
  return {
    length: all.length,
    counts,
    found: counts,
    worst: all.find(({ alert }) => alert.level === worst)?.alert.id ?? null,
    [Symbol.iterator]: () => all.values(),
  };
}

interface Day {
  readonly records: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly accounts: readonly string[];
  /** Milliseconds since 1970. */
  readonly last: number;
  readonly rules: readonly Rule[];
}

function contextOf({ records, bytes, seconds, accounts, last, rules }: Day): ScanContext {
  return {
    records,
    events: records,
    bytes,
    seconds,
    rules: rules.filter(({ alerts }) => alerts).length,
    period: { from: DEMO_DAY * 1000, to: last * 1000 },
    accounts,
    leftOut: [],
    skipped: [],
    blindSpots: [],
    strict: false,
    next: null,
    version: VERSION,
  };
}
