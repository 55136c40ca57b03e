import { isAbsence, type Rule } from '../../ir/ir.ts';
import type { WeekFacts } from '../../notify/week.ts';
import type { Db } from '../../store/db.ts';
import type { Overview } from '../../store/overview.ts';
import { storedWeek } from '../../store/week.ts';
import { ruleSet } from '../ask.ts';
import type { ConfigRules } from '../configRules.ts';
import { familiesFor } from '../coverage.ts';

export interface WeekDeps {
  readonly db: Db;
  readonly overview: Overview;
  readonly rules: ConfigRules;
  readonly sources: readonly { readonly name: string; readonly state: string }[];
}

const EVERYTHING = { subscriptions: null, labels: {} };

/** @param from, to milliseconds */
export function weekFacts({ db, overview, rules, sources }: WeekDeps, from: number, to: number): WeekFacts {
  const stored = storedWeek(db, from, to);
  const accounts = overview.accounts();
  const active = rules.rules.filter(({ alerts }) => alerts);
  return {
    from,
    to,
    sources: sources.map(({ name, state }) => ({
      name,
      isRunning: state === 'running',
      progress: overview.progress(name),
    })),
    ...stored,
    accounts: { known: accounts.length, heard: accounts.filter(({ lastSeen }) => (lastSeen ?? 0) >= from).length },
    rules: { active: active.length, disabled: rules.disabled.length, blind: blindIn(active, rules.rules, stored.logs) },
    open: overview.alerts(EVERYTHING).open,
  };
}

/** Rules that find nothing in these logs. Silence is what a rule of absence is for. */
function blindIn(active: readonly Rule[], all: readonly Rule[], logs: readonly string[]): string[] {
  const set = ruleSet(all);
  const came = new Set(logs.map((log) => log.toLowerCase()));
  return active
    .filter((rule) => !isAbsence(rule) && !familiesFor(rule, set).some((family) => came.has(family.toLowerCase())))
    .map(({ meta }) => meta.name);
}
