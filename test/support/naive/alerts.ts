import { type Naive, type NFact, naiveFacts } from './facts.ts';

/** Naive alerts: the ten rules by hand, from naive facts. */

export interface NAlert {
  readonly rule: string;
  readonly account: string | null;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly count: number;
  readonly actors: readonly (string | null)[];
  readonly caller: string | null;
  readonly changes: readonly string[];
  readonly status: string;
  readonly level: string;
}

const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'];
const HOUR = 3600;

interface Folded {
  readonly rule: string;
  readonly hits: (fact: NFact) => boolean;
  readonly by: (fact: NFact) => unknown[];
  readonly level: (fact: NFact) => string;
}

const done = (fact: NFact) => fact.outcome === 1 || fact.outcome === 3;
const NETWORK = ['ipRules', 'isVirtualNetworkFilterEnabled', 'publicNetworkAccess'];

const FOLDED: readonly Folded[] = [
  {
    rule: 'cosmosdb_access_keys_viewed',
    hits: (fact) => (fact.action === 'listkeys' || fact.action === 'readonlykeys') && fact.outcome === 3,
    by: (fact) => [fact.account, fact.actor?.id, fact.ip, fact.actor?.app],
    level: () => 'medium',
  },
  {
    rule: 'cosmosdb_connection_string_viewed',
    hits: (fact) => fact.action === 'listconnectionstrings' && fact.outcome === 3,
    by: (fact) => [fact.account, fact.actor?.id, fact.ip, fact.actor?.app],
    level: () => 'medium',
  },
  {
    rule: 'cosmosdb_item_deleted',
    hits: (fact) => fact.action === 'item deleted' && fact.outcome === 3,
    by: (fact) => [fact.account, fact.container, fact.actor?.id, fact.ip],
    level: () => 'low',
  },
  {
    rule: 'cosmosdb_deletion_protection_disabled',
    hits: (fact) =>
      done(fact) &&
      (fact.action === 'lock deleted' ||
        (fact.action === 'lock written' && fact.change?.effect === 'weakened') ||
        (fact.change?.property === 'disableKeyBasedMetadataWriteAccess' && fact.change.effect === 'weakened')),
    by: (fact) => [fact.account],
    level: () => 'high',
  },
  {
    rule: 'cosmosdb_backup_deleted',
    hits: (fact) =>
      done(fact) &&
      (fact.action === 'account deleted' ||
        ((fact.change?.property.startsWith('backupPolicy.') ?? false) && fact.change?.effect === 'weakened')),
    by: (fact) => [fact.account],
    level: (fact) => (fact.action === 'account deleted' ? 'critical' : 'high'),
  },
  {
    rule: 'cosmosdb_customer_managed_key_changed',
    hits: (fact) => done(fact) && (fact.action === 'key lost' || fact.change?.property === 'keyVaultKeyUri'),
    by: (fact) => [fact.account],
    level: (fact) => (fact.action === 'key lost' || fact.moved ? 'high' : 'medium'),
  },
  {
    rule: 'cosmosdb_network_access_changed',
    hits: (fact) => done(fact) && NETWORK.includes(fact.change?.property ?? ''),
    by: (fact) => [fact.account],
    level: ({ change }) => {
      const isOpening = change!.effect === 'weakened' || change!.effect === 'unknown_before';
      if (isOpening && change!.exposure === 'internet') return 'critical';
      if (isOpening && change!.exposure === 'azure') return 'high';
      if (isOpening && change!.property === 'publicNetworkAccess' && change!.after === 'Enabled') return 'high';
      return isOpening ? 'medium' : 'low';
    },
  },
];

export function naiveAlerts(raws: readonly object[]): NAlert[] {
  const naive = naiveFacts(raws);
  const alerts = [...FOLDED.flatMap((rule) => fold(rule, naive)), ...tables(naive), ...silences(naive)];
  const text = (alert: NAlert) => JSON.stringify([alert.firstSeen, alert.rule, alert.account, alert]);
  return alerts.sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

const second = (fact: NFact) => Math.floor(fact.time / 1e6);
const byTime = (a: NFact, b: NFact) => a.time - b.time || (a.id < b.id ? -1 : 1);
const WEAK = ['exact', 'likely', 'unknown'];

function weakest(facts: readonly NFact[]): string | null {
  const callers = facts.map((fact) => fact.caller).filter((caller) => caller !== null);
  return callers.sort((a, b) => WEAK.indexOf(b) - WEAK.indexOf(a))[0] ?? null;
}

function actorsOf(facts: readonly NFact[]): (string | null)[] {
  return [...new Set(facts.flatMap((fact) => (fact.actor === null ? [] : [fact.actor.id])))].sort();
}

function fold(rule: Folded, { facts, end }: Naive): NAlert[] {
  const hits = facts.filter(rule.hits);
  const keys = [...new Set(hits.map((fact) => JSON.stringify(rule.by(fact))))];
  return keys.flatMap((key) => {
    const runs: NFact[][] = [];
    for (const fact of hits.filter((one) => JSON.stringify(rule.by(one)) === key).sort(byTime)) {
      const run = runs.at(-1);
      if (run !== undefined && second(fact) - second(run.at(-1)!) <= HOUR) run.push(fact);
      else runs.push([fact]);
    }
    return runs.map((run): NAlert => {
      const levels = run.map(rule.level);
      if (rule.rule === 'cosmosdb_item_deleted' && run.length >= 100) levels.push('medium');
      return {
        rule: rule.rule,
        account: run[0]!.account,
        firstSeen: second(run[0]!),
        lastSeen: second(run.at(-1)!),
        count: run.length,
        actors: actorsOf(run),
        caller: weakest(run),
        changes: run.flatMap(({ change }) => (change === null ? [] : [changeText(change)])),
        status: ended(run, end) ? 'resolved' : 'open',
        level: levels.sort((a, b) => LEVELS.indexOf(b) - LEVELS.indexOf(a))[0]!,
      };
    });
  });
}

export function changeText(change: {
  property: string;
  before: unknown;
  after: unknown;
  effect: string;
  exposure: unknown;
}): string {
  return JSON.stringify([change.property, change.before ?? null, change.after, change.effect, change.exposure]);
}

function ended(run: readonly NFact[], end: Naive['end']): boolean {
  const things = run.flatMap((fact) => (fact.thing === null ? [] : [fact.thing]));
  if (things.length === 0 || things.includes('never')) return false;
  const first = new Map<string, (end: Naive['end']) => boolean>();
  for (const thing of things) if (thing !== 'never' && !first.has(thing.id)) first.set(thing.id, thing.stands);
  return [...first.values()].every((stands) => stands(end));
}

const WINDOW = 900;

function tables({ facts, recs }: Naive): NAlert[] {
  const end = Math.floor(Math.max(...recs.map((rec) => rec.time)) / 1e6);
  const created = facts.filter((fact) => fact.action === 'container created' && done(fact)).sort(byTime);
  const accounts = [...new Set(created.map((fact) => fact.account))];
  return accounts.flatMap((account) => {
    const own = created.filter((fact) => fact.account === account);
    const inside = (from: number, to: number) => own.filter((fact) => second(fact) >= from && second(fact) <= to);
    const holds = (at: number) => new Set(inside(at - WINDOW, at).map((fact) => fact.container)).size > 3;
    const observed = [...new Set(own.map(second))].sort((a, b) => a - b);
    const spans: { first: number; last: number; before: number }[] = [];
    let previous: { at: number; held: boolean } | null = null;
    for (const at of observed) {
      const held = holds(at);
      if (held && previous?.held && at - previous.at <= WINDOW) spans.at(-1)!.last = at;
      else if (held) spans.push({ first: at, last: at, before: 0 });
      previous = { at, held };
    }
    return spans.map(({ first, last }, index): NAlert => {
      const all = inside(first - WINDOW, last);
      const isLast = index === spans.length - 1 && last === observed.at(-1);
      return {
        rule: 'cosmosdb_multiple_tables_created',
        account,
        firstSeen: first,
        lastSeen: last,
        count: new Set(all.map((fact) => fact.container)).size,
        actors: actorsOf(all),
        caller: weakest(all),
        changes: [],
        status: isLast && holds(end) ? 'open' : 'resolved',
        level: 'medium',
      };
    });
  });
}

const FOUR = 4 * HOUR;

function silences({ recs, deaths }: Naive): NAlert[] {
  const end = Math.floor(Math.max(...recs.map((rec) => rec.time)) / 1e6);
  const logs = recs.filter((rec) => rec.family === 'control' || rec.family === 'data');
  const accounts = [...new Set(logs.map((rec) => rec.account!))];
  return accounts.flatMap((account) => {
    const seconds = [...new Set(logs.filter((rec) => rec.account === account).map((rec) => rec.second))].sort(
      (a, b) => a - b,
    );
    const dead = (deaths.get(account) ?? []).map(({ from, to }) => ({
      from: Math.floor(from / 1e6),
      to: Math.floor(to / 1e6),
    }));
    return seconds.flatMap((at, index): NAlert[] => {
      const next = seconds[index + 1];
      if (dead.some((span) => span.from < at && at < span.to)) return [];
      const death = dead.find((span) => span.from >= at && span.from <= (next ?? end));
      const until = death?.from ?? next ?? end;
      if (until - at <= FOUR) return [];
      return [
        {
          rule: 'cosmosdb_no_logs',
          account,
          firstSeen: at + FOUR + 1,
          lastSeen: until,
          count: 0,
          actors: [],
          caller: null,
          changes: [],
          status: death === undefined && next === undefined ? 'open' : 'resolved',
          level: 'medium',
        },
      ];
    });
  });
}
