import type { Alert } from '../../src/alerts/alert.ts';
import { rulesFor } from '../../src/app/rules.ts';
import { scanTexts } from '../../src/app/scan.ts';
import { LEVELS, type Level, levelRank } from '../../src/ir/ir.ts';
import { DAY } from '../../src/simulate/clock.ts';
import { recordOf, recordsOf, type SimulatedRecord } from '../../src/simulate/records.ts';
import { Rng } from '../../src/simulate/rng.ts';
import { type Tenancy, THEFT_KINDS, type Theft, type TheftKind, tenancyOf } from '../../src/simulate/tenancy.ts';
import { Aggregator } from '../../src/simulate/wire/aggregates.ts';
import { traceOf } from '../../src/simulate/wire/trace.ts';
import { idOf } from '../../src/simulate/world.ts';

/** How loud cosmowatch is in ordinary months, and whether it is louder where something was stolen. */

const START = Date.UTC(2026, 0, 5);
const MONTH = 30 * DAY;
const RULES = rulesFor([], [], new Map());
/** Of a theft in time: what was seen from there within so long. */
const THEFT_TAKES = 20 * 60_000;

export type ByLevel = Readonly<Record<Level, number>>;

/** One tenancy, judged. */
export interface Outcome {
  readonly seed: string;
  /** Alerts by level, of each month of 30 days, without those of the theft. */
  readonly months: readonly ByLevel[];
  /** Alerts of what is done again and again, and how many of them are told as routine. */
  readonly routine: { readonly all: number; readonly lowered: number; readonly loudest: Level | null };
  /** Null: nothing was stolen. `level`: of its loudest alert; null: it was not found. */
  readonly theft: { readonly kind: TheftKind; readonly level: Level | null } | null;
}

export function judgeTenancy(seed: string, days: number, theft: TheftKind | null): Outcome {
  const tenancy = tenancyOf({ seed, start: START, days, theft });
  const alerts = alertsOf(tenancy, seed);
  const [stolen, benign] = apart(alerts, tenancy.theft);
  const lowered = benign.filter(({ routine }) => routine !== null);
  const ofMonth = (month: number) =>
    benign.filter(({ firstSeen }) => Math.floor((Date.parse(firstSeen) - START) / MONTH) === month);
  return {
    seed,
    months: Array.from({ length: Math.floor((days * DAY) / MONTH) }, (_, month) => byLevel(ofMonth(month))),
    routine: {
      all: benign.filter(({ rule }) => rule !== 'cosmosdb_no_logs').length,
      lowered: lowered.length,
      loudest: loudestOf(lowered),
    },
    theft: tenancy.theft === null ? null : { kind: tenancy.theft.kind, level: loudestOf(stolen) },
  };
}

export function alertsOf(tenancy: Tenancy, seed: string): Alert[] {
  const records = recordsIn(tenancy, seed);
  const text = records.map(({ line }) => line).join('\n');
  const outcome = scanTexts([{ name: 'records', chunks: [Buffer.from(text)] }], RULES, {
    ...{ since: null, until: null, nowMs: START + 2 * 365 * DAY, expectAccounts: [] },
    ...{ minLevel: 'informational', skim: true },
  });
  return [...outcome.told].map(({ alert }) => alert);
}

/** Requests as sums of 5 minutes, as Microsoft advises to log them. */
export function recordsIn({ acts }: Tenancy, seed: string): SimulatedRecord[] {
  const rng = new Rng(`${seed}|wire`);
  const sums = new Aggregator('DataPlaneRequests5M');
  const records: SimulatedRecord[] = [];
  for (const act of acts) {
    if (act.kind === 'request') sums.add(act);
    else records.push(...recordsOf(act, 'export', rng));
  }
  const draw = () => ({ form: 'export' as const, trace: traceOf(rng) });
  for (const { account, ...written } of sums.due(Number.POSITIVE_INFINITY, draw))
    records.push(recordOf('DataPlaneRequests5M', idOf(account), written));
  return records;
}

/** What tells of the theft, and everything else. */
function apart(alerts: readonly Alert[], theft: Theft | null): [Alert[], Alert[]] {
  const isStolen = ({ actors, firstSeen }: Alert): boolean =>
    theft !== null &&
    actors.some(({ id }) => id === theft.actor) &&
    Math.abs(Date.parse(firstSeen) - theft.time) < THEFT_TAKES;
  const groups = Map.groupBy(alerts, isStolen);
  return [groups.get(true) ?? [], groups.get(false) ?? []];
}

function loudestOf(alerts: readonly Alert[]): Level | null {
  const ranks = alerts.map(({ level }) => levelRank(level));
  return ranks.length === 0 ? null : LEVELS[Math.max(...ranks)]!;
}

function byLevel(alerts: readonly Alert[]): ByLevel {
  const count = (level: Level) => alerts.filter((alert) => alert.level === level).length;
  return Object.fromEntries(LEVELS.map((level) => [level, count(level)])) as Record<Level, number>;
}

/** Is a theft louder than everything that was lowered? */
export function isLouder({ theft, routine }: Outcome): boolean {
  if (theft === null || theft.level === null) return false;
  return routine.loudest === null || levelRank(theft.level) > levelRank(routine.loudest);
}

/** Every kind of theft in turn. */
export function kindFor(number: number): TheftKind {
  return THEFT_KINDS[number % THEFT_KINDS.length]!;
}
