import { describe, expect, it } from 'vitest';
import type { Json } from '../lib/json.ts';
import { explainOf } from './explain.ts';
import { stepsOf } from './steps.ts';
import { impactOf } from './story.ts';
import {
  arm,
  armRow,
  BACKUP_VAULT,
  CARTS,
  continuous,
  created,
  diagnostics,
  endpoint,
  firewallRule,
  fourOf,
  HOUR,
  ipRules,
  KEY,
  keyed,
  lastOf,
  MONGO,
  ORDERS,
  onAccount,
  onKey,
  open,
  patch,
  put,
  read,
  request,
  toldBy,
  VAULT,
} from './words.test-support.ts';

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

  it.each(STEPS)('$rule: $name fits 80 columns but for ids and lists', ({ rule, records }) => {
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
