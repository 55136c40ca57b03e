import type { Past } from './past.ts';
import { iso, peopleAndChanges } from './shown.ts';
import { type Fact, isDone, type NaiveAlert, secondOf } from './types.ts';

const WINDOW = 4 * 3600;
const DAY = 24 * 3600;

const TOUCHES = ['diagnostic_setting.write', 'diagnostic_setting.delete', 'diagnostic_log.update', 'event_hub.delete'];

/** No resource-log record of an account for more than four hours, from its first record (or the oldest of the input, if declared) on. */
export function absences(past: Past, facts: readonly Fact[], end: number, declared: readonly string[]): NaiveAlert[] {
  const first = Math.min(...past.recs.map(({ at }) => secondOf(at)));
  return past.accounts.flatMap((account) =>
    lives(past, account).flatMap((life) => {
      const logs = past.recs.filter((rec) => rec.family !== 'ActivityLog' && rec.account === account);
      const seen = logs.map(({ at }) => secondOf(at)).filter((at) => at >= life.from && at < life.to);
      const isWaitedFor = declared.includes(account) && life.from === Number.NEGATIVE_INFINITY;
      const stops = [...new Set([...(isWaitedFor ? [first] : []), ...seen])].sort((a, b) => a - b);
      if (stops.length === 0) return [];
      const last = { at: Math.min(life.to, end), isOngoing: life.to > end };
      return silences([...stops.map((at) => ({ at, isOngoing: false })), last]).map((silence) =>
        alertOf(account, silence, facts),
      );
    }),
  );
}

/** Seconds in which an account is known: from its (re)creation to its deletion. */
function lives(past: Past, account: string): { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  let from: number | null = Number.NEGATIVE_INFINITY;
  for (const { at, kind } of past.actions) {
    if (kind === 'account.delete' && from !== null && past.deletions(account).some((one) => one.at === at)) {
      found.push({ from, to: secondOf(at) });
      from = null;
    } else if (from === null && past.births(account).some((one) => one.at === at)) from = secondOf(at);
  }
  if (from !== null) found.push({ from, to: Number.POSITIVE_INFINITY });
  return found;
}

interface Silence {
  readonly last: number;
  readonly until: number;
  readonly isOngoing: boolean;
}

function silences(stops: readonly { readonly at: number; readonly isOngoing: boolean }[]): Silence[] {
  return stops.slice(1).flatMap(({ at, isOngoing }, index) => {
    const last = stops[index]!.at;
    return at - last > WINDOW ? [{ last, until: at, isOngoing }] : [];
  });
}

function alertOf(account: string, { last, until, isOngoing }: Silence, facts: readonly Fact[]): NaiveAlert {
  const firstSeen = last + WINDOW + 1;
  const touched = facts.filter(
    (fact) =>
      fact.account === account &&
      TOUCHES.includes(fact.action) &&
      isDone(fact.outcome) &&
      secondOf(fact.at) >= last - DAY &&
      secondOf(fact.at) <= firstSeen,
  );
  return {
    rule: 'cosmosdb_no_logs',
    account,
    key: { 'cosmosdb.account': account },
    firstSeen: iso(firstSeen),
    lastSeen: iso(until),
    count: 0,
    level: touched.length > 0 ? 'high' : 'medium',
    status: isOngoing ? 'open' : 'resolved',
    ...peopleAndChanges(touched),
  };
}
