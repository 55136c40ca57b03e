import { describe, expect, it } from 'vitest';
import { PORTAL_ADDRESSES } from '../events/portal.ts';
import type { Json } from '../lib/json.ts';
import { explainOf } from './explain.ts';
import { stepsOf } from './steps.ts';
import { impactOf, storyOf } from './story.ts';
import {
  arm,
  armRow,
  BACKUP_VAULT,
  CARTS,
  created,
  diagnostics,
  ipRules,
  KEY,
  lock,
  MONGO,
  mongoDelete,
  ORDERS,
  onAccount,
  onKey,
  patch,
  put,
  read,
  request,
  toldBy,
  VAULT,
} from './words.test-support.ts';

const HOUR = 3600;
const BY = 'by ann@contoso.example from 198.51.100.23; confirmed';

/** The reason without who did it and that it is confirmed, which are the same in every case. */
function shortReason(reason: string): string {
  return reason.replace(` ${BY}`, '');
}

interface Sentence {
  readonly name: string;
  readonly rule: string;
  readonly records: readonly Json[];
  readonly reason: string;
  readonly what?: string;
}

const continuous = (days: number) => ({
  backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: `Continuous${days}Days` } },
});
const periodic = (minutes: number, hours = 24, place = 'Geo') => ({
  backupPolicy: {
    type: 'Periodic',
    periodicModeProperties: {
      backupIntervalInMinutes: minutes,
      backupRetentionIntervalInHours: hours,
      backupStorageRedundancy: place,
    },
  },
});
const keyed = (at: number, key = KEY) => put(at, { keyVaultKeyUri: key });
const open = ipRules('192.0.2.1', '0.0.0.0');
const endpoint = (at: number, name: string, verb: string) =>
  arm(
    at,
    `${ORDERS}/privateEndpointConnections/${name}`,
    `Microsoft.DocumentDB/databaseAccounts/privateEndpointConnections/${verb}`,
  );
const firewallRule = (at: number, verb: string) =>
  arm(at, `${MONGO}/firewallRules/any`, `Microsoft.DocumentDB/mongoClusters/firewallRules/${verb}`);
const fourOf = (path: (name: string) => string, kind: string) =>
  [0, 1, 2, 3].map((n) => created(n * 10, path(`C${n}`), kind));

const SENTENCES: readonly Sentence[] = [
  {
    name: 'the account deleted after its backup was weakened: the worst, and what else',
    rule: 'backup_deleted',
    records: [put(0, continuous(30)), put(1000, continuous(7)), onAccount(2000, 'delete')],
    what: 'account deleted',
    reason:
      'The account orders-prod was deleted at 00:33:20 UTC; 1 other change at 00:16:40 UTC (backups kept 7 days, was 30 days).',
  },
  {
    name: 'continuous to periodic backup',
    rule: 'backup_deleted',
    records: [put(0, continuous(30)), put(1000, { backupPolicy: { type: 'Periodic' } })],
    reason: 'Backups of orders-prod are taken periodically instead of continuously since 00:16:40 UTC.',
  },
  {
    name: 'an interval of a day',
    rule: 'backup_deleted',
    records: [put(0, periodic(240)), put(1000, periodic(1440))],
    what: 'backups made every day, was every 4 hours',
    reason: 'Backups of orders-prod are made every day instead of every 4 hours since 00:16:40 UTC.',
  },
  {
    name: 'where copies lie',
    rule: 'backup_deleted',
    records: [put(0, periodic(240)), put(1000, periodic(240, 24, 'Local'))],
    reason:
      'Backups of orders-prod are stored in one data center (Local) instead of in two regions (Geo) since 00:16:40 UTC.',
  },
  {
    name: 'a backup policy that was put back',
    rule: 'backup_deleted',
    records: [put(0, continuous(30)), put(1000, continuous(7)), put(2000, continuous(30))],
    what: 'backups kept 7 days, was 30 days, put back',
    reason:
      'Backups of orders-prod were kept 7 days instead of 30 days from 00:16:40 UTC on; since then it was put back as it was, or stricter.',
  },
  {
    name: 'a lock that was set again',
    rule: 'deletion_protection_disabled',
    records: [lock(0, 'write', 'CanNotDelete'), lock(1000, 'delete'), lock(1300, 'write', 'CanNotDelete')],
    what: 'delete lock removed, put back',
    reason:
      'The lock keep (CanNotDelete) that protected orders-prod was removed at 00:16:40 UTC; since then it was put back as it was, or stricter.',
  },
  {
    name: 'two locks are two things',
    rule: 'deletion_protection_disabled',
    records: [lock(0, 'delete'), lock(10, 'delete', undefined, 'other')],
    reason:
      'The lock other that protected orders-prod was removed at 00:00:10 UTC; 1 other change at 00:00:00 UTC (lock keep removed).',
  },
  {
    name: 'a key that was switched on again',
    rule: 'customer_managed_key_changed',
    records: [keyed(0), onKey(9000, 'KeyUpdate', { enabled: false }), onKey(9100, 'KeyUpdate', { enabled: true })],
    what: 'encryption key disabled, put back',
    reason:
      'The key cmk in the vault kv-shop, which encrypts orders-prod, was disabled at 02:30:00 UTC; since then it was put back as it was, or stricter.',
  },
  {
    name: 'nobody makes a key expire',
    rule: 'customer_managed_key_changed',
    records: [keyed(0), onKey(9000, 'KeyExpiredEventGridNotification')],
    reason: 'The key cmk in the vault kv-shop, which encrypts orders-prod, expired at 02:30:00 UTC; confirmed.',
  },
  {
    name: 'a vault that was deleted: its key is known',
    rule: 'customer_managed_key_changed',
    records: [keyed(0), arm(9000, VAULT, 'Microsoft.KeyVault/vaults/delete')],
    reason: 'The key cmk in the vault kv-shop, which encrypts orders-prod, was deleted with its vault at 02:30:00 UTC.',
  },
  {
    name: 'a key that is set with nothing known before',
    rule: 'customer_managed_key_changed',
    records: [patch(0, { keyVaultKeyUri: KEY })],
    what: 'encryption key set',
    reason: `orders-prod is encrypted with ${KEY} since 00:00:00 UTC; what it was before is not known.`,
  },
  {
    name: 'logs that are delivered again',
    rule: 'logging_changed',
    records: [
      diagnostics(0, ['DataPlaneRequests', 'MongoRequests'], { workspaceId: '/subscriptions/s/w' }),
      diagnostics(1000, ['MongoRequests'], { workspaceId: '/subscriptions/s/w' }),
      diagnostics(2000, ['DataPlaneRequests', 'MongoRequests'], { workspaceId: '/subscriptions/s/w' }),
    ],
    what: 'DataPlaneRequests log switched off, put back',
    reason:
      'The log DataPlaneRequests of orders-prod was switched off (to-security: on -> off) at 00:16:40 UTC; since then it was put back as it was, or stricter.',
  },
  {
    name: 'open since, where nothing is known before',
    rule: 'network_access_changed',
    records: [patch(0, ipRules('0.0.0.0'))],
    what: 'open to all Azure customers',
    reason:
      'Network access to orders-prod is open to all Azure customers (IP rules: 0.0.0.0) since 00:00:00 UTC; what it was before is not known.',
  },
  {
    name: 'ranges, where nothing is known before',
    rule: 'network_access_changed',
    records: [patch(0, ipRules('192.0.2.1'))],
    what: 'open to 1 range',
    reason:
      'Network access to orders-prod is open to 192.0.2.1 (IP rules: 192.0.2.1) since 00:00:00 UTC; what it was before is not known.',
  },
  {
    name: 'TLS, where nothing is known before, is not allowed again',
    rule: 'network_access_changed',
    records: [patch(0, { minimalTlsVersion: 'Tls' })],
    what: 'TLS 1.0 and newer accepted',
    reason:
      'orders-prod accepts TLS 1.0 and newer (minimalTlsVersion: Tls) since 00:00:00 UTC; what it was before is not known.',
  },
  {
    name: 'TLS, known before',
    rule: 'network_access_changed',
    records: [put(0, { minimalTlsVersion: 'Tls12' }), patch(1000, { minimalTlsVersion: 'Tls11' })],
    what: 'TLS 1.1 allowed again',
    reason: 'orders-prod was made to accept TLS 1.1 again (minimalTlsVersion: Tls12 -> Tls11) at 00:16:40 UTC.',
  },
  {
    name: 'public access, where nothing is known before',
    rule: 'network_access_changed',
    records: [patch(0, { publicNetworkAccess: 'Enabled' })],
    what: 'public access on',
    reason:
      'Public access to orders-prod is on (publicNetworkAccess: Enabled) since 00:00:00 UTC; what it was before is not known.',
  },
  {
    name: 'opened to all of Azure, then public access switched off: closed',
    rule: 'network_access_changed',
    records: [put(0, ipRules('192.0.2.1')), put(1000, open), patch(1500, { publicNetworkAccess: 'Disabled' })],
    what: 'closed again',
    reason:
      'Network access to orders-prod, open to all Azure customers since 00:16:40 UTC, was closed again (publicNetworkAccess: Disabled) at 00:25:00 UTC.',
  },
  {
    name: "the portal's addresses",
    rule: 'network_access_changed',
    records: [put(0, ipRules('192.0.2.1')), put(1000, ipRules('192.0.2.1', ...PORTAL_ADDRESSES))],
    what: 'open to the Azure portal',
    reason:
      'Network access to orders-prod was opened to the Azure portal (its four fixed addresses added to its IP rules) at 00:16:40 UTC.',
  },
  {
    name: "three of the portal's addresses are ranges",
    rule: 'network_access_changed',
    records: [put(0, ipRules('192.0.2.1')), put(1000, ipRules('192.0.2.1', ...PORTAL_ADDRESSES.slice(1)))],
    what: 'open to 3 more ranges',
    reason:
      'Network access to orders-prod was opened to 13.91.105.215, 4.210.172.107 and 40.91.218.243 (13.91.105.215, 4.210.172.107 and 40.91.218.243 added to its IP rules) at 00:16:40 UTC.',
  },
  {
    name: 'narrowed is not put back',
    rule: 'network_access_changed',
    records: [put(0, ipRules('192.0.2.1', '192.0.2.2')), put(1000, ipRules('192.0.2.1'))],
    what: 'network access narrowed',
    reason: 'Network access to orders-prod was narrowed (ipRules: 192.0.2.1, 192.0.2.2 -> 192.0.2.1) at 00:16:40 UTC.',
  },
  {
    name: 'two private endpoints',
    rule: 'network_access_changed',
    records: [endpoint(0, 'pe1', 'write'), endpoint(10, 'pe2', 'write')],
    reason:
      'The private endpoint pe2 of orders-prod was written at 00:00:10 UTC; 1 other change at 00:00:00 UTC (private endpoint pe1 written).',
  },
  {
    name: 'one firewall rule twice is one thing',
    rule: 'network_access_changed',
    records: [firewallRule(0, 'write'), firewallRule(100, 'write')],
    reason: 'The firewall rule any of docs was written by 2 changes from 00:00:00 to 00:01:40 UTC.',
  },
  {
    name: 'a firewall rule written and deleted',
    rule: 'network_access_changed',
    records: [firewallRule(0, 'write'), firewallRule(100, 'delete')],
    what: 'firewall rule written',
    reason:
      'The firewall rule any of docs was written at 00:00:00 UTC; 1 other change at 00:01:40 UTC (firewall rule any deleted).',
  },
  {
    name: 'the read-only keys after the full ones were refused',
    rule: 'access_keys_viewed',
    records: [onAccount(0, 'listKeys/action', { status: 'Failure' }), onAccount(2, 'readonlykeys/action')],
    reason:
      'The read-only keys of orders-prod were read at 00:00:02 UTC by ann@contoso.example from 198.51.100.23, for the first time in these logs, after reading the full keys was refused; confirmed.',
  },
  {
    name: 'the read-only keys long after a refusal',
    rule: 'access_keys_viewed',
    records: [onAccount(0, 'listKeys/action', { status: 'Failure' }), onAccount(61, 'readonlykeys/action')],
    reason:
      'The read-only keys of orders-prod were read at 00:01:01 UTC by ann@contoso.example from 198.51.100.23, for the first time in these logs; confirmed.',
  },
  {
    name: 'an item without names',
    rule: 'item_deleted',
    records: [request(0, { databaseName: '', collectionName: '' })],
    reason:
      'An item of orders-prod was deleted at 00:00:00 UTC with the primary key from 203.0.113.77 (a key names no person); confirmed; this log does not say which.',
  },
  {
    name: 'items without names',
    rule: 'item_deleted',
    records: [0, 1, 2].map((at) => request(at, { databaseName: '', collectionName: '' })),
    what: '3 items deleted',
    reason:
      '3 items of orders-prod were deleted from 00:00:00 to 00:00:02 UTC with the primary key from 203.0.113.77 (a key names no person); confirmed; this log does not say which.',
  },
  {
    name: 'a sum is about so many, and may name nobody',
    rule: 'item_deleted',
    records: [request(900, { requestCount: '150', keyType: '' }, 'DataPlaneRequests15M')],
    what: 'about 150 items deleted',
    reason:
      'About 150 items were deleted from Shop/Carts of orders-prod at 00:15:00 UTC from 203.0.113.77, by the 15-minute totals; confirmed; caller not known, because this log names none.',
  },
  {
    name: 'a log that names nobody',
    rule: 'item_deleted',
    records: [mongoDelete(0)],
    reason:
      '1 item was deleted from Shop/Carts of orders-prod at 00:00:00 UTC; confirmed; caller not known, because this log names none.',
  },
  {
    name: 'containers of one database, as they are spelled',
    rule: 'multiple_tables_created',
    records: fourOf((name) => `sqlDatabases/Shop/containers/${name}`, 'sqlDatabases/containers'),
    what: '4 containers created in 1 min',
    reason:
      '4 containers were created in orders-prod (database Shop: C0, C1 and 2 more) from 00:00:00 to 00:00:30 UTC.',
  },
  {
    name: 'containers of two databases',
    rule: 'multiple_tables_created',
    records: [0, 1, 2, 3].map((n) =>
      created(n, `mongodbDatabases/D${n % 2}/collections/C${n}`, 'mongodbDatabases/collections'),
    ),
    what: '4 collections created in 1 min',
    reason: '4 collections were created in orders-prod (D0/C0, D0/C2 and 2 more) from 00:00:00 to 00:00:03 UTC.',
  },
  {
    name: 'containers of several APIs',
    rule: 'multiple_tables_created',
    records: [
      created(0, 'mongodbDatabases/shop/collections/a', 'mongodbDatabases/collections'),
      created(1, 'cassandraKeyspaces/shop/tables/b', 'cassandraKeyspaces/tables'),
      created(2, 'gremlinDatabases/shop/graphs/c', 'gremlinDatabases/graphs'),
      created(3, 'tables/d', 'tables'),
    ],
    what: '4 containers created in 1 min',
    reason: '4 containers were created in orders-prod (d, shop/a and 2 more) from 00:00:00 to 00:00:03 UTC.',
  },
  {
    name: 'silence that the deletion of the account ended',
    rule: 'no_logs',
    records: [read(0), onAccount(7 * HOUR, 'delete'), read(10 * HOUR, CARTS)],
    what: 'no logs for 7 hours',
    reason: 'No logs of orders-prod arrived after 00:00:00 UTC for 7 h; the account was deleted at 07:00:00 UTC.',
  },
  {
    name: 'silence that ended',
    rule: 'no_logs',
    records: [read(0), read(5 * HOUR), read(6 * HOUR, CARTS)],
    reason: 'No logs of orders-prod arrived after 00:00:00 UTC for 5 h; logs again since 05:00:00 UTC.',
  },
];

/** The last alert of a rule: what made the state known may be one of its own. */
function lastOf(rule: string, records: readonly Json[]) {
  return toldBy(`cosmosdb_${rule}`, records).at(-1)!;
}

describe('what a scan says', () => {
  it.each(SENTENCES)('$rule: $name', ({ rule, records, reason, what }) => {
    const { alert, raised } = lastOf(rule, records);
    expect(shortReason(alert.reason)).toBe(reason);
    if (what !== undefined) expect(storyOf(raised).what).toBe(what);
  });
});

interface Steps {
  readonly name: string;
  readonly rule: string;
  readonly records: readonly Json[];
  /** In this order, each in a text, a command or a note. */
  readonly has: readonly string[];
  readonly lacks?: readonly string[];
  readonly impact?: string;
  readonly attack?: readonly string[];
}

const instance = (at: number, verb: string) =>
  arm(
    at,
    `${BACKUP_VAULT}/backupInstances/orders-prod-1f2e`,
    `Microsoft.DataProtection/backupVaults/backupInstances/${verb}`,
  );
const policies = (at: number, ...ids: readonly string[]) =>
  arm(at, VAULT, 'Microsoft.KeyVault/vaults/write', {
    body: { properties: { accessPolicies: ids.map((objectId) => ({ objectId })) } },
  });
const vaultFirewall = (at: number, bypass: string) =>
  arm(at, VAULT, 'Microsoft.KeyVault/vaults/write', {
    body: { properties: { networkAcls: { defaultAction: 'Deny', bypass } } },
  });
const HUB = '/subscriptions/s/resourceGroups/r/providers/Microsoft.EventHub/namespaces/n/authorizationRules/send';
const WORKSPACE = '/subscriptions/s/resourceGroups/r/providers/Microsoft.OperationalInsights/workspaces/w';

const STEPS: readonly Steps[] = [
  {
    name: 'a deleted account is restored',
    rule: 'backup_deleted',
    records: [onAccount(600, 'delete')],
    has: [
      "az cosmosdb restorable-database-account list --subscription '00000000-0000-0000-0000-0000000000aa' --account-name 'orders-prod'",
      "--restore-timestamp '2026-11-24T00:09:00Z' -g 'Rg-Shop' --location REGION",
      'put in one of the account for REGION',
    ],
    lacks: ['Put the protection back', 'az cosmosdb show'],
    impact: 'The data is gone with the account.',
  },
  {
    name: 'vaulted backup that was switched off',
    rule: 'backup_deleted',
    records: [onAccount(0, 'disableLongTermProtection/action')],
    has: ['which vault it was is not in this log', 'az cosmosdb show'],
    lacks: ['az cosmosdb update', 'backup-instance'],
    impact: 'No new backups are made there',
  },
  {
    name: 'a backup instance that was deleted is brought back first',
    rule: 'backup_deleted',
    records: [read(0), instance(10, 'delete')],
    has: [
      "deleted-backup-instance undelete --subscription '00000000-0000-0000-0000-0000000000aa' -g 'rg-backup' --vault-name 'bv'",
      'resume-protection',
    ],
    lacks: ['az cosmosdb update'],
  },
  {
    name: 'a backup instance whose protection was stopped',
    rule: 'backup_deleted',
    records: [read(0), instance(10, 'stopProtection/action')],
    has: ['resume-protection'],
    lacks: ['undelete'],
  },
  {
    name: 'a backup vault that was deleted',
    rule: 'backup_deleted',
    records: [read(0), instance(10, 'write'), arm(20, BACKUP_VAULT, 'Microsoft.DataProtection/backupVaults/delete')],
    has: ['Make a backup vault again'],
    lacks: ['az cosmosdb update', 'resume-protection'],
  },
  {
    name: 'a backup policy',
    rule: 'backup_deleted',
    records: [put(0, continuous(30)), put(1000, continuous(7))],
    has: ["--continuous-tier 'Continuous30Days'"],
    lacks: ['restore', 'resume-protection'],
    impact: 'Restore points beyond the new limit are gone',
  },
  ...(
    [
      [
        'mongodbDatabases',
        'collections',
        "mongodb collection list --subscription '00000000-0000-0000-0000-0000000000aa' -g 'Rg-Shop' -a 'orders-prod' -d 'Shop'",
      ],
      [
        'cassandraKeyspaces',
        'tables',
        "cassandra table list --subscription '00000000-0000-0000-0000-0000000000aa' -g 'Rg-Shop' -a 'orders-prod' -k 'Shop'",
      ],
      [
        'gremlinDatabases',
        'graphs',
        "gremlin graph list --subscription '00000000-0000-0000-0000-0000000000aa' -g 'Rg-Shop' -a 'orders-prod' -d 'Shop'",
      ],
      [
        'sqlDatabases',
        'containers',
        "sql container list --subscription '00000000-0000-0000-0000-0000000000aa' -g 'Rg-Shop' -a 'orders-prod' -d 'Shop'",
      ],
    ] as const
  ).map(([databases, containers, command]) => ({
    name: `containers below ${databases}`,
    rule: 'multiple_tables_created',
    records: fourOf((name) => `${databases}/Shop/${containers}/${name}`, `${databases}/${containers}`),
    has: [`az cosmosdb ${command}`],
  })),
  {
    name: 'tables have no database',
    rule: 'multiple_tables_created',
    records: fourOf((name) => `tables/${name}`, 'tables'),
    has: ["az cosmosdb table list --subscription '00000000-0000-0000-0000-0000000000aa' -g 'Rg-Shop' -a 'orders-prod'"],
    lacks: ["-d '", 'the database is not in the logs'],
  },
  {
    name: 'a caller with an identity used no key',
    rule: 'item_deleted',
    records: [
      request(0, { keyType: '', aadPrincipalId: '30000000-0000-0000-0000-000000000001', region: 'West Europe' }),
    ],
    has: ['az cosmosdb sql role assignment list', "--location 'westeurope'"],
    lacks: ['regenerate', 'REGION'],
  },
  {
    name: 'the key that was used',
    rule: 'item_deleted',
    records: [request(0, { keyType: 'SecondaryMasterKey' })],
    has: ['--key-kind secondary'],
    lacks: ['role assignment', 'this log does not say'],
  },
  {
    name: 'a sum bears the time of its end',
    rule: 'item_deleted',
    records: [request(1800, { requestCount: '5', keyType: '' }, 'DataPlaneRequests15M')],
    has: ['this log does not say', "--restore-timestamp '2026-11-24T00:14:00Z'"],
    lacks: ['role assignment'],
  },
  {
    name: 'clusters have no account keys',
    rule: 'connection_string_viewed',
    records: [arm(0, MONGO, 'Microsoft.DocumentDB/mongoClusters/listConnectionStrings/action')],
    has: [
      "mongocluster firewall rule list --subscription '00000000-0000-0000-0000-0000000000aa' -g 'Rg-Shop' --cluster-name 'docs'",
    ],
    lacks: ['regenerate', 'disableLocalAuth'],
    impact: 'The connection strings say where the cluster is',
  },
  {
    name: 'a key that was switched off',
    rule: 'customer_managed_key_changed',
    records: [keyed(0), onKey(9000, 'KeyUpdate', { enabled: false })],
    has: ["set-attributes --vault-name 'kv-shop' --name 'cmk' --enabled true", '/microsoft.keyvault/vaults/kv-shop'],
    lacks: ['recover', 'set-policy'],
    attack: ['T1485'],
  },
  {
    name: 'a plain change of the key',
    rule: 'customer_managed_key_changed',
    records: [keyed(0), keyed(9000, `${KEY}2`)],
    has: ['Ask ann@contoso.example'],
    lacks: ['set-attributes', 'recover', 'keyvault'],
    attack: [],
  },
  {
    name: 'a vault that was deleted',
    rule: 'customer_managed_key_changed',
    records: [keyed(0), arm(9000, VAULT, 'Microsoft.KeyVault/vaults/delete')],
    has: ["az keyvault recover --name 'kv-shop'", '/microsoft.keyvault/vaults/kv-shop'],
    lacks: ['no key is named'],
  },
  {
    name: 'access that a policy gave',
    rule: 'customer_managed_key_changed',
    records: [keyed(0), policies(100, 'a1', 'b2'), policies(9000, 'a1')],
    has: ["az keyvault set-policy --name 'kv-shop' --object-id 'b2'"],
    lacks: ['role assignment', 'set-attributes'],
  },
  {
    name: 'access that a role gave',
    rule: 'customer_managed_key_changed',
    records: [
      keyed(0),
      arm(
        100,
        `${VAULT}/providers/Microsoft.Authorization/roleAssignments/r`,
        'Microsoft.Authorization/roleAssignments/write',
        { body: { properties: { principalId: 'b2' } } },
      ),
      arm(
        9000,
        `${VAULT}/providers/Microsoft.Authorization/roleAssignments/r`,
        'Microsoft.Authorization/roleAssignments/delete',
      ),
    ],
    has: [
      "az role assignment create --assignee 'b2' --role 'Key Vault Crypto Service Encryption User' --scope",
      "/vaults/kv-shop'",
    ],
    lacks: ['set-policy'],
  },
  {
    name: 'the firewall of the vault',
    rule: 'customer_managed_key_changed',
    records: [keyed(0), vaultFirewall(100, 'AzureServices'), vaultFirewall(9000, 'None')],
    has: ["az keyvault update --name 'kv-shop' --bypass AzureServices"],
    lacks: ['set-policy'],
  },
  {
    name: 'a private endpoint is no range',
    rule: 'network_access_changed',
    records: [endpoint(0, 'pe1', 'write')],
    has: ["private-endpoint-connection reject --id '", '/orders-prod/privateEndpointConnections/pe1'],
    lacks: ['ranges you need', 'az cosmosdb update'],
  },
  {
    name: 'a firewall rule of a cluster',
    rule: 'network_access_changed',
    records: [firewallRule(0, 'write')],
    has: [
      "mongocluster firewall rule delete --subscription '00000000-0000-0000-0000-0000000000aa' -g 'Rg-Shop' --cluster-name 'docs' --rule-name 'any'",
    ],
    lacks: ['ranges you need', 'regenerate'],
  },
  {
    name: 'a private endpoint that was deleted',
    rule: 'network_access_changed',
    records: [endpoint(0, 'pe1', 'delete')],
    has: ['az network private-endpoint-connection list --id'],
    lacks: ['reject', 'regenerate'],
    impact: 'Applications may no longer reach the account',
  },
  {
    name: 'an old version of TLS',
    rule: 'network_access_changed',
    records: [patch(0, { minimalTlsVersion: 'Tls' })],
    has: ['properties.minimalTlsVersion=Tls12'],
    lacks: ['ranges you need'],
    impact: 'Old versions of TLS',
  },
  {
    name: 'what az cosmosdb has for accounts is not offered for a cluster',
    rule: 'backup_deleted',
    records: [arm(0, MONGO, 'Microsoft.DocumentDB/mongoClusters/delete')],
    has: ['az cosmosdb has this for accounts only, and this is a cluster; use the portal'],
    lacks: ['restorable-database-account', 'az cosmosdb restore'],
  },
  {
    name: 'ranges that were there before',
    rule: 'network_access_changed',
    records: [put(0, ipRules('192.0.2.1')), put(1000, open)],
    has: ["--ip-range-filter '192.0.2.1'"],
  },
  {
    name: 'all that was delivered before is switched on again, to all places',
    rule: 'logging_changed',
    records: [
      diagnostics(0, ['MongoRequests', 'QueryRuntimeStatistics'], {
        workspaceId: WORKSPACE,
        eventHubName: 'hub',
        eventHubAuthorizationRuleId: HUB,
      }),
      diagnostics(1000, null),
    ],
    has: [
      `--event-hub 'hub' --event-hub-rule '${HUB.toLowerCase()}' --workspace '${WORKSPACE.toLowerCase()}'`,
      '[{"category":"MongoRequests","enabled":true},{"category":"QueryRuntimeStatistics","enabled":true}]',
    ],
    lacks: ['DataPlaneRequests15M'],
  },
  {
    name: 'keys that may change structure',
    rule: 'deletion_protection_disabled',
    records: [
      put(0, { disableKeyBasedMetadataWriteAccess: true }),
      put(1000, { disableKeyBasedMetadataWriteAccess: false }),
    ],
    has: ['Forbid it to account keys again.'],
    lacks: ['az lock create', 'Bind account keys too'],
    impact: 'Whoever holds an account key',
  },
  {
    name: 'an account that is gone has no logging to set up',
    rule: 'no_logs',
    records: [read(0), onAccount(7 * HOUR, 'delete'), read(10 * HOUR, CARTS)],
    has: ['The account is gone', 'az monitor activity-log list'],
    lacks: ['diagnostic-settings'],
  },
];

describe('what to do', () => {
  it.each(STEPS)('$rule: $name', ({ rule, records, has, lacks = [], impact, attack }) => {
    const one = lastOf(rule, records);
    const text = stepsOf(one.raised)
      .map((step) => [step.text, step.command, step.note].filter(Boolean).join('\n'))
      .join('\n');
    let from = 0;
    for (const part of has) {
      expect(text.slice(from)).toContain(part);
      from = text.indexOf(part, from) + part.length;
    }
    for (const part of lacks) expect(text).not.toContain(part);
    if (impact !== undefined) expect(impactOf(one.raised)).toContain(impact);
    if (attack !== undefined) expect(one.alert.attack.map(({ technique }) => technique)).toEqual(attack);
  });

  it.each([...SENTENCES, ...STEPS])('$rule: $name fits 80 columns but for ids and lists', ({ rule, records }) => {
    const text = explainOf(lastOf(rule, records), { width: 80, colour: false, unicode: false, localOffset: null });
    const wide = text.split('\n').filter((line) => line.length > 80 && !/^ {7}'[^']*'(?: \\)?$/.test(line));
    expect(wide).toEqual([]);
  });
});

describe('the spelling of the logs', () => {
  const rest = `${ORDERS.replace('orders-prod', 'Orders-Prod')}`;
  const keys = 'Microsoft.DocumentDB/databaseAccounts/listKeys/action';
  it.each([
    [
      'of the export, whose ids are in capitals',
      [onAccount(0, 'listKeys/action')],
      'orders-prod',
      "-g 'Rg-Shop' -n 'orders-prod'",
    ],
    ['of a name with capitals', [arm(0, rest, keys)], 'Orders-Prod', "-g 'Rg-Shop' -n 'Orders-Prod'"],
    [
      'that another record tells',
      [armRow(0, rest, keys), created(9, 'tables/t', 'tables', rest)],
      'Orders-Prod',
      "-g 'Rg-Shop' -n 'Orders-Prod'",
    ],
    ['that no record tells', [armRow(0, rest, keys)], 'orders-prod', "-g 'rg-shop' -n 'orders-prod'"],
    [
      'of which one shouts the group',
      [arm(0, rest, keys), created(9, 'tables/t', 'tables', rest.replace('Rg-Shop', 'RG-SHOP'))],
      'Orders-Prod',
      "-g 'Rg-Shop'",
    ],
  ])('%s', (_, records, name, command) => {
    for (const order of [records, records.toReversed()]) {
      const [one] = toldBy('cosmosdb_access_keys_viewed', order);
      expect(one!.alert.account).toBe(ORDERS.toLowerCase());
      expect(one!.alert.reason).toContain(` of ${name} were read`);
      expect(stepsOf(one!.raised).map((step) => step.command)).toContainEqual(expect.stringContaining(command));
    }
  });
});
