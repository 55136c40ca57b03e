import type { Raised } from '../alerts/alert.ts';
import { isObject, type Json } from '../lib/json.ts';
import { apiOf } from './stories/data.ts';

/*
 * What stands in a command for a word in braces. A name goes into a command only if nothing but a name can be in it: it comes from a log.
 */

const SAFE_NAME = /^[A-Za-z0-9][A-Za-z0-9._()-]{0,89}$/;
const SAFE_ID = /^\/[A-Za-z0-9._()/-]{1,500}$/;
const SAFE_VALUE = /^[A-Za-z0-9][A-Za-z0-9:.,/_-]{0,200}$/;

/** null: it is not known, or could be more than a name. */
type Filler = (raised: Raised) => string | null;

function quoted(value: string | null | undefined, pattern: RegExp = SAFE_NAME): string | null {
  return value !== null && value !== undefined && pattern.test(value) ? `'${value}'` : null;
}

function joined(...parts: readonly (string | null)[]): string | null {
  return parts.includes(null) ? null : parts.join(' ');
}

/** The account's id as the logs spell it, else in lower case. */
function idOf({ alert, detail }: Raised): string {
  return detail.spelled ?? alert.account ?? '';
}

function part(id: string, name: string): string | null {
  const parts = id.split('/');
  const at = parts.findIndex((one) => one.toLowerCase() === name);
  return at < 0 ? null : (parts[at + 1] ?? null);
}

const sub: Filler = (raised) => quoted(part(idOf(raised), 'subscriptions'));
const rg: Filler = (raised) => quoted(part(idOf(raised), 'resourcegroups'));
/** The commands of `az cosmosdb` are for accounts alone. */
const account: Filler = (raised) => quoted(part(idOf(raised), 'databaseaccounts'));
const cluster: Filler = (raised) => quoted(part(idOf(raised), 'mongoclusters'));

function inGroup(raised: Raised, option: string, name: string | null): string | null {
  return joined('--subscription', sub(raised), '-g', rg(raised), option, name);
}

function field({ detail }: Raised, name: string): string | null {
  const value = detail.facts.findLast((fact) => fact.fields[name] !== undefined)?.fields[name];
  return value === undefined ? null : `${value}`;
}

function shifted(iso: string, seconds: number): string {
  return `'${new Date(Date.parse(iso) + seconds * 1000).toISOString().slice(0, 19)}Z'`;
}

const YEAR = 365 * 86_400;
const BACKUP_VAULTS = 'microsoft.dataprotection/backupvaults';

export const FILLERS: Readonly<Record<string, Filler>> = {
  sub,
  rg,
  account,
  account_restored: (raised) => {
    const name = part(idOf(raised), 'databaseaccounts');
    return quoted(name === null ? null : `${name}-restored`);
  },
  cluster,
  target: (raised) => inGroup(raised, '-n', account(raised)),
  id: (raised) => quoted(idOf(raised), SAFE_ID),
  since: ({ alert }) => shifted(alert.firstSeen, -3600),
  before_first: (raised) => shifted(raised.alert.firstSeen, -60 - summedBefore(raised)),
  before_deletion: beforeDeletion,
  in_a_year: ({ alert }) => shifted(alert.lastSeen, YEAR),
  database: (raised) => quoted(field(raised, 'cosmosdb.database')),
  list_containers: listContainers,
  region: (raised) => quoted(field(raised, 'cosmosdb.region')?.toLowerCase().replaceAll(' ', '')),
  key_kind: ({ alert }) => (alert.actors[0]?.id?.startsWith('secondary_key') ? 'secondary' : 'primary'),
  key: (raised) => quoted(field(raised, 'azure.key.name')),
  vault: (raised) => quoted(field(raised, 'azure.key_vault.name')),
  vault_id: (raised) => quoted(vaultIn(raised), SAFE_ID),
  principal: (raised) => quoted(field(raised, 'azure.principal.id')),
  lock: (raised) => quoted(field(raised, 'azure.lock.name')),
  lock_level: (raised) => quoted(`${beforeOf(raised, 'lock') ?? 'CanNotDelete'}`),
  lock_target: lockTarget,
  endpoint_id: (raised) => below(raised, 'privateEndpointConnections', field(raised, 'cosmosdb.private_endpoint.name')),
  firewall_rule: (raised) => quoted(firewallRule(raised)),
  setting: (raised) => quoted(field(raised, 'azure.diagnostic_setting.name') ?? 'to-security'),
  destination: destinationsBefore,
  logs_before: logsBefore,
  network_before: networkBefore,
  backup_before: backupBefore,
  vault_sub: (raised) => quoted(targetPart(raised, BACKUP_VAULTS, 'subscriptions')),
  vault_rg: (raised) => quoted(targetPart(raised, BACKUP_VAULTS, 'resourcegroups')),
  backup_vault: (raised) => quoted(field(raised, 'azure.backup_vault.name')),
  backup_vault_before: backupVaultBefore,
  instance: (raised) => quoted(field(raised, 'azure.backup_instance.name')),
};

const NO_ACCOUNT = (raised: Raised): string =>
  part(idOf(raised), 'databaseaccounts') === null && raised.alert.account !== null
    ? 'az cosmosdb has this for accounts only, and this is a cluster; use the portal'
    : 'the name has unusual characters; use the portal';

/** Why there is no command, by the word that nothing could be filled in for. */
export const REASONS: Readonly<Record<string, string | ((raised: Raised) => string)>> = {
  target: NO_ACCOUNT,
  account: NO_ACCOUNT,
  network_before: (raised) =>
    raised.detail.changes.some(({ change }) => change.property === 'ipRules')
      ? 'it is stricter now, or what it was before is not known; set the ranges you need'
      : 'it is stricter now, or what it was before is not known; use the portal',
  backup_before: 'it is stricter now, or what it was before is not known; use the portal',
  destination: 'where its logs went is not known; use the portal',
  list_containers: (raised) =>
    apiOf(raised) === null && apisIn(raised) > 1
      ? 'they are of several APIs; use the portal'
      : 'the database is not in the logs; use the portal',
  database: 'the database is not in the logs; use the portal',
  instance: 'no backup instance is named in the logs',
  backup_vault: 'no backup vault is named in the logs',
  vault_rg: 'no backup vault is named in the logs',
  vault_sub: 'no backup vault is named in the logs',
  backup_vault_before: 'how long deleted backups were kept is set in the portal',
  before_deletion: 'when it was deleted is not known',
  vault: 'no key vault is named in the logs',
  vault_id: 'the id of the key vault is not in the logs',
  key: 'no key is named in the logs',
  principal: 'whose access it was is not in the logs; use the portal',
  endpoint_id: 'no private endpoint is named in the logs; use the portal',
  firewall_rule: 'no firewall rule is named in the logs; use the portal',
  cluster: 'not a cluster for MongoDB; use the portal',
};

/** What a reader can fill in: the command is worth printing without it. In capitals it is no value by mistake. */
export const GAPS: Readonly<Record<string, { readonly word: string; readonly note: string }>> = {
  region: { word: 'REGION', note: 'the region is not in the logs: put in one of the account for REGION' },
};

function apisIn({ detail }: Raised): number {
  return new Set(detail.facts.map(({ fields }) => fields['cosmosdb.api'])).size;
}

/** A sum bears the time of its end. */
function summedBefore({ detail }: Raised): number {
  const minutes = detail.facts.map(({ family }) => /(\d+)M$/.exec(family)?.[1] ?? '0');
  return Math.max(0, ...minutes.map(Number)) * 60;
}

/** The last minute in which the account was whole. */
function beforeDeletion({ detail }: Raised): string | null {
  const deletion = detail.facts.findLast(({ action }) => action === 'cosmosdb.account.delete');
  return deletion === undefined ? null : shifted(new Date(deletion.time / 1000).toISOString(), -60);
}

/** How each API's containers are listed; what is behind it says the database. */
const LISTS: Readonly<Record<string, readonly [list: string, database: string | null]>> = {
  sql: ['sql container list', '-d'],
  mongodb: ['mongodb collection list', '-d'],
  cassandra: ['cassandra table list', '-k'],
  gremlin: ['gremlin graph list', '-d'],
  table: ['table list', null],
};

/** A log that tells no API is mostly that of an account for NoSQL. */
function listContainers(raised: Raised): string | null {
  const api = apiOf(raised);
  if (api === null && apisIn(raised) > 1) return null;
  const [list, option] = LISTS[`${api ?? 'sql'}`] ?? LISTS['sql']!;
  const where = inGroup(raised, '-a', account(raised));
  if (option === null) return joined(list, where);
  return joined(list, where, option, quoted(field(raised, 'cosmosdb.database')));
}

/** A name in the id of what was acted on, where that is of a kind. */
function targetPart({ detail }: Raised, kind: string, name: string): string | null {
  for (const { target } of detail.facts.toReversed()) {
    if (target?.toLowerCase().includes(`/${kind}/`)) return part(target, name);
  }
  return null;
}

function vaultIn({ detail }: Raised): string | null {
  for (const { target } of detail.facts.toReversed()) {
    const vault = /^.*\/providers\/microsoft\.keyvault\/(?:vaults|managedhsms)\/[^/]+/i.exec(target ?? '')?.[0];
    if (vault !== undefined) return vault;
  }
  return null;
}

function firewallRule(raised: Raised): string | null {
  return targetPart(raised, 'firewallrules', 'firewallrules');
}

function below(raised: Raised, kind: string, name: string | null): string | null {
  return quoted(name !== null && SAFE_NAME.test(name) ? `${idOf(raised)}/${kind}/${name}` : null, SAFE_ID);
}

const KINDS = ['databaseAccounts', 'mongoClusters', 'cassandraClusters'] as const;

function lockTarget(raised: Raised): string | null {
  const scope = field(raised, 'azure.lock.scope') ?? raised.alert.account ?? '';
  const group = /\/resourcegroups\/([^/]+)$/.exec(scope)?.[1];
  if (group !== undefined) return joined('--subscription', sub(raised), '-g', quoted(group));
  if (/^\/subscriptions\/[^/]+$/.test(scope)) return joined('--subscription', sub(raised));
  const kind = KINDS.find((one) => part(idOf(raised), one.toLowerCase()) !== null);
  if (kind === undefined) return null;
  const name = quoted(part(idOf(raised), kind.toLowerCase()));
  return joined(inGroup(raised, '--resource-name', name), `--resource-type Microsoft.DocumentDB/${kind}`);
}

/** What a setting was before the alert first weakened it. What was made stricter is not undone: an empty list would open the account. */
function beforeWeakened({ detail }: Raised, property: string): Json | undefined {
  return detail.changes.find(({ change }) => change.property === property && change.effect === 'weakened')?.change
    .before;
}

/** What a setting was before the alert's first change of it. */
function beforeOf({ detail }: Raised, property: string): Json | undefined {
  return detail.changes.find(({ change }) => change.property === property)?.change.before;
}

/** What the diagnostic setting of the alert delivered before; null: not known. */
function deliveredBefore(raised: Raised, part: 'categories' | 'destinations'): readonly string[] | null {
  const setting = field(raised, 'azure.diagnostic_setting.name');
  const before = beforeOf(raised, `diagnosticSettings/${setting}`);
  const list = before !== undefined && isObject(before) ? before[part] : undefined;
  return Array.isArray(list) ? list.map((one: Json) => `${one}`) : null;
}

const PLACES: readonly (readonly [provider: string, option: string])[] = [
  ['/providers/microsoft.operationalinsights/workspaces/', '--workspace'],
  ['/providers/microsoft.storage/storageaccounts/', '--storage-account'],
];

/** All that the setting delivered to: whoever writes a setting writes it whole. */
function destinationsBefore(raised: Raised): string | null {
  const places = deliveredBefore(raised, 'destinations') ?? [];
  if (places.length === 0) return null;
  return joined(...places.map(destinationOption));
}

function destinationOption(place: string): string | null {
  const known = PLACES.find(([provider]) => place.includes(provider));
  if (known !== undefined) return joined(known[1], quoted(place, SAFE_ID));
  const hub = /^(.*)\/eventhubs\/([^/]+)$/.exec(place);
  if (hub) return joined('--event-hub', quoted(hub[2]), '--event-hub-rule', quoted(hub[1], SAFE_ID));
  return place.includes('/authorizationrules/') ? joined('--event-hub-rule', quoted(place, SAFE_ID)) : null;
}

/** What the rules need most, where it is not known what was delivered. */
const LEAST: readonly string[] = ['ControlPlaneRequests', 'DataPlaneRequests15M'];

function logsBefore(raised: Raised): string | null {
  const categories = deliveredBefore(raised, 'categories') ?? LEAST;
  if (!categories.every((category) => SAFE_NAME.test(category))) return null;
  return `'${JSON.stringify(categories.map((category) => ({ category, enabled: true })))}'`;
}

function networkBefore(raised: Raised): string | null {
  const options: (string | null)[] = [];
  const rules = beforeWeakened(raised, 'ipRules');
  if (Array.isArray(rules))
    options.push(joined('--ip-range-filter', rules.length === 0 ? "''" : quoted(rules.join(','), SAFE_VALUE)));
  const filter = beforeWeakened(raised, 'isVirtualNetworkFilterEnabled');
  if (typeof filter === 'boolean') options.push(`--enable-virtual-network ${filter}`);
  for (const [property, option] of [
    ['publicNetworkAccess', '--public-network-access'],
    ['networkAclBypass', '--network-acl-bypass'],
  ] as const) {
    const value = beforeWeakened(raised, property);
    if (typeof value === 'string') options.push(joined(option, quoted(value)));
  }
  return options.length === 0 ? null : joined(...options);
}

function backupBefore(raised: Raised): string | null {
  const tier = beforeWeakened(raised, 'backupPolicy.continuousModeProperties.tier');
  const type = beforeWeakened(raised, 'backupPolicy.type');
  if (typeof tier === 'string') return joined('--backup-policy-type Continuous --continuous-tier', quoted(tier));
  if (`${type}`.toLowerCase() === 'continuous') return '--backup-policy-type Continuous';
  const periodic = 'backupPolicy.periodicModeProperties';
  const options = [
    ['--backup-interval', beforeWeakened(raised, `${periodic}.backupIntervalInMinutes`)],
    ['--backup-retention', beforeWeakened(raised, `${periodic}.backupRetentionIntervalInHours`)],
    ['--backup-redundancy', beforeWeakened(raised, `${periodic}.backupStorageRedundancy`)],
  ] as const;
  const known = options.filter(([, value]) => value !== undefined && value !== null);
  return known.length === 0 ? null : joined(...known.flatMap(([name, value]) => [name, quoted(`${value}`)]));
}

function backupVaultBefore(raised: Raised): string | null {
  const options = [
    ['--soft-delete-state', beforeWeakened(raised, 'securitySettings.softDeleteSettings.state')],
    ['--immutability-state', beforeWeakened(raised, 'securitySettings.immutabilitySettings.state')],
  ] as const;
  const known = options.filter(([, value]) => typeof value === 'string');
  return known.length === 0 ? null : joined(...known.flatMap(([name, value]) => [name, quoted(`${value}`)]));
}
