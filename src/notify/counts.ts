import type { AlertNews } from '../alerts/stored.ts';
import { compareText } from '../lib/compare.ts';
import { LEVELS, type Level } from './levels.ts';

export interface Counted {
  readonly name: string;
  readonly count: number;
}

/** How many alerts a flood holds of each; the most first. */
export interface FloodCounts {
  readonly rules: readonly Counted[];
  /** Lower-case ARM ids; alerts of no account are not in it. */
  readonly accounts: readonly Counted[];
  readonly levels: readonly Counted[];
  readonly alerts: number;
}

/** Null: of none. */
export function highestOf(levels: readonly string[]): Level | null {
  return LEVELS.find((level) => levels.includes(level)) ?? null;
}

/** Each alert counts once, however often there was news of it. */
export function countsOf(news: readonly AlertNews[]): FloodCounts {
  const alerts = [...new Map(news.map(({ stored }) => [stored.alert.id, stored.alert])).values()];
  return {
    rules: counted(alerts.map(({ rule }) => rule)),
    accounts: counted(alerts.flatMap(({ account }) => account ?? [])),
    levels: counted(alerts.map(({ level }) => level)),
    alerts: alerts.length,
  };
}

function counted(names: readonly string[]): Counted[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || compareText(a.name, b.name));
}
