import { absences } from './absence.ts';
import { naiveFacts, naivePast } from './facts.ts';
import { compare } from './merge.ts';
import type { Past } from './past.ts';
import { iso, peopleAndChanges } from './shown.ts';
import { isStanding } from './standing.ts';
import { type Fact, isDone, type NaiveAlert, type NaiveInput, secondOf } from './types.ts';

/** The whole specification, read a second time. */
export function naiveAlerts(input: NaiveInput): NaiveAlert[] {
  const past = naivePast(input);
  if (past.recs.length === 0) return [];
  const facts = naiveFacts(past);
  const end = Math.max(...past.recs.map(({ at }) => secondOf(at)));
  const alerts = [
    ...RULES.flatMap((rule) => folded(rule, past, facts, input.manyDeletions)),
    ...manyContainers(facts, end),
    ...absences(past, facts, end, input.declared),
  ];
  return alerts.toSorted((a, b) => compare(JSON.stringify(a), JSON.stringify(b)));
}

interface Rule {
  readonly name: string;
  /** Level of a hit; null: no hit. */
  readonly level: (fact: Fact) => string | null;
  readonly key: (fact: Fact) => { readonly [field: string]: string | null };
  readonly isState: boolean;
}

const HOUR = 3600;
const LEVELS = ['low', 'medium', 'high', 'critical'];

const byAccount = ({ account }: Fact) => ({ 'cosmosdb.account': account });
const byCaller = ({ account, who, ip }: Fact) => ({
  'cosmosdb.account': account,
  'actor.id': who?.id ?? null,
  'source.ip': ip,
  'actor.app_id': who?.app ?? null,
});
const byContainer = ({ account, container, who, ip }: Fact) => ({
  'cosmosdb.account': account,
  'cosmosdb.container_id': container,
  'actor.id': who?.id ?? null,
  'source.ip': ip,
});

const RULES: readonly Rule[] = [
  { name: 'cosmosdb_backup_deleted', level: backup, key: byAccount, isState: true },
  { name: 'cosmosdb_deletion_protection_disabled', level: protection, key: byAccount, isState: true },
  { name: 'cosmosdb_customer_managed_key_changed', level: key, key: byAccount, isState: true },
  { name: 'cosmosdb_network_access_changed', level: network, key: byAccount, isState: true },
  { name: 'cosmosdb_logging_changed', level: logging, key: byAccount, isState: true },
  {
    name: 'cosmosdb_item_deleted',
    level: ({ action, outcome }) => (action === 'item.delete' && outcome === 'success' ? 'low' : null),
    key: byContainer,
    isState: false,
  },
  {
    name: 'cosmosdb_connection_string_viewed',
    level: ({ action, outcome }) => (action === 'connection_strings.list' && outcome === 'success' ? 'medium' : null),
    key: byCaller,
    isState: false,
  },
  {
    name: 'cosmosdb_access_keys_viewed',
    level: ({ action, outcome }) => (/^keys\.list/.test(action) && outcome === 'success' ? 'medium' : null),
    key: byCaller,
    isState: false,
  },
];

function backup({ action, outcome, change }: Fact): string | null {
  if (!isDone(outcome)) return null;
  if (action === 'account.delete') return 'critical';
  const isAct = [
    'long_term_protection.disable',
    'backup_instance.delete',
    'backup_instance.stop_protection',
    'backup_vault.delete',
  ].includes(action);
  const isPolicy = action === 'account.setting_changed' && change!.property.startsWith('backupPolicy.');
  const isWeaker = change?.effect === 'weakened';
  return isAct || (isWeaker && (isPolicy || action === 'backup_vault.write')) ? 'high' : null;
}

function protection({ action, outcome, change }: Fact): string | null {
  if (!isDone(outcome)) return null;
  if (action === 'lock.delete') return 'high';
  const isWeaker = change?.effect === 'weakened';
  return isWeaker && (action === 'lock.write' || change.property === 'disableKeyBasedMetadataWriteAccess')
    ? 'high'
    : null;
}

function key({ action, outcome, change, moved }: Fact): string | null {
  if (!isDone(outcome)) return null;
  if (/^key\.(disable|delete|purge|expire)$|^key_vault\.delete$/.test(action)) return 'high';
  return change?.property === 'keyVaultKeyUri' ? (moved ? 'high' : 'medium') : null;
}

const NETWORK = [
  'ipRules',
  'isVirtualNetworkFilterEnabled',
  'virtualNetworkRules',
  'publicNetworkAccess',
  'networkAclBypass',
  'minimalTlsVersion',
];

/** Low: narrower; medium: ranges; high: all of Azure, or public access on; critical: any address. */
function network({ action, outcome, change }: Fact): string | null {
  if (!isDone(outcome)) return null;
  if (action.startsWith('private_endpoint.')) return 'medium';
  if (change === null || !NETWORK.includes(change.property)) return null;
  if (change.effect === 'strengthened' || change.effect === 'neutral') return 'low';
  const isReach = NETWORK.slice(0, 4).includes(change.property);
  if (isReach && change.exposure === 'internet') return 'critical';
  if (isReach && change.exposure === 'azure') return 'high';
  return change.property === 'publicNetworkAccess' && change.after === 'Enabled' ? 'high' : 'medium';
}

function logging({ action, outcome, change }: Fact): string | null {
  if (!isDone(outcome) || !action.startsWith('diagnostic_setting.')) return null;
  return change?.effect === 'weakened' || change?.effect === 'unknown_before' ? 'high' : null;
}

/** Hits of one key are one alert while neighbours are at most an hour apart. */
function folded(rule: Rule, past: Past, facts: readonly Fact[], many: number): NaiveAlert[] {
  const hits = facts.filter((fact) => rule.level(fact) !== null).toSorted((a, b) => a.at - b.at);
  const groups = Object.values(Object.groupBy(hits, (hit) => JSON.stringify(rule.key(hit))));
  return groups
    .flatMap((group) => runs(group!, HOUR))
    .map((run) => {
      const count = countOf(run);
      const levels = run.map((hit) => LEVELS.indexOf(rule.level(hit)!));
      const level = rule.name === 'cosmosdb_item_deleted' && count >= many ? 'medium' : LEVELS[Math.max(...levels)]!;
      return {
        rule: rule.name,
        account: run[0]!.account,
        key: rule.key(run[0]!),
        firstSeen: iso(secondOf(run[0]!.at)),
        lastSeen: iso(secondOf(run.at(-1)!.at)),
        count,
        level,
        status: rule.isState && isEnded(past, run) ? 'resolved' : 'open',
        ...peopleAndChanges(run),
      };
    });
}

function runs(sorted: readonly Fact[], gap: number): Fact[][] {
  const found: Fact[][] = [];
  for (const hit of sorted) {
    const open = found.at(-1);
    if (open !== undefined && secondOf(hit.at) - secondOf(open.at(-1)!.at) <= gap) open.push(hit);
    else found.push([hit]);
  }
  return found;
}

/** Requests of distinct events. */
function countOf(hits: readonly Fact[]): number {
  const distinct = new Map(hits.map((hit) => [hit.id, hit.count]));
  let sum = 0;
  for (const count of distinct.values()) sum += count;
  return sum;
}

/** Each thing that the alert names stands as before its first hit, or stricter; one that was ever unknown before: never. */
function isEnded(past: Past, run: readonly Fact[]): boolean {
  if (run.some(({ thing }) => thing === null || thing.isForEver)) return false;
  const byThing = Object.values(Object.groupBy(run, ({ thing }) => `${thing!.kind} ${thing!.name}`));
  return byThing.every((hits) => isStanding(past, hits![0]!));
}

const WINDOW = 900;
const MANY = 3;

/** Clause 3: more than 3 distinct containers within 15 min, looked at in every second in which one was created. */
function manyContainers(facts: readonly Fact[], end: number): NaiveAlert[] {
  const made = facts.filter(({ action, outcome }) => action === 'container.create' && isDone(outcome));
  return Object.values(Object.groupBy(made, ({ account }) => account)).flatMap((group) => {
    const within = (from: number, to: number) =>
      group!.filter(({ at }) => secondOf(at) >= from && secondOf(at) <= to).toSorted((a, b) => a.at - b.at);
    const distinct = (some: readonly Fact[]) => new Set(some.map(({ container }) => container)).size;
    const holds = (second: number) => distinct(within(second - WINDOW, second)) > MANY;
    const alerts: { from: number; to: number }[] = [];
    let previous: number | null = null;
    for (const second of [...new Set(group!.map(({ at }) => secondOf(at)))].sort((a, b) => a - b)) {
      const isOpen = previous !== null && second - previous <= WINDOW && holds(previous);
      if (holds(second) && isOpen) alerts.at(-1)!.to = second;
      else if (holds(second)) alerts.push({ from: second, to: second });
      previous = second;
    }
    return alerts.map(({ from, to }) => {
      const counted = within(from - WINDOW, to);
      return {
        rule: 'cosmosdb_multiple_tables_created',
        account: group![0]!.account,
        key: byAccount(group![0]!),
        firstSeen: iso(from),
        lastSeen: iso(to),
        count: distinct(counted),
        level: 'medium',
        status: to === previous && holds(end) ? ('open' as const) : ('resolved' as const),
        ...peopleAndChanges(counted),
      };
    });
  });
}
