import type { Json, JsonObject } from '../lib/json.ts';
import {
  addresses,
  allowList,
  type Compare,
  firewall,
  holders,
  keyInUse,
  letIn,
  numeric,
  other,
  ranked,
} from './compare.ts';
import { connections, ipRules, keyUri, positive, subnets, vaultFirewall } from './readers.ts';
import { asBoolean, asNumber, asSet, asText, at, namedSet, sameValue, splitSet, type Values } from './values.ts';

/** What a setting belongs to. A cluster (for MongoDB, Cassandra) has an account's settings as far as it has them. */
export type Resource = 'account' | 'cluster' | 'vault' | 'backup_vault';

/** One setting: where it stands in bodies and columns, and which way is weaker. */
export interface Setting {
  /** Path below `properties` of the ARM resource. */
  readonly property: string;
  readonly resource: Exclude<Resource, 'cluster'>;
  readonly topic: 'network' | 'key' | 'backup' | 'protection' | 'auth' | 'logging';
  readonly meaning: string;
  /** Its value in an ARM body, as it is compared; undefined: the body does not name it. */
  readonly body: (body: JsonObject) => Json | undefined;
  /** Its value in the columns of a ControlPlaneRequests record, by lower-case name. */
  readonly column?: (columns: JsonObject) => Json | undefined;
  readonly direction: Compare;
}

const inBody = (path: string, read: (value: Json | undefined) => Json | undefined) => (body: JsonObject) =>
  read(at(body, `properties.${path}`));

const text = (value: Json | undefined): Json | undefined => asText(value);
const flag = (value: Json | undefined): Json | undefined => asBoolean(value);
const days = (value: Json | undefined): Json | undefined => asNumber(value);
const set = (value: Json | undefined): Json | undefined => (Array.isArray(value) ? (asSet(value) as Json) : undefined);

const PERIODIC = 'backupPolicy.periodicModeProperties';

const ACCOUNT: readonly Omit<Setting, 'resource'>[] = [
  {
    property: 'ipRules',
    topic: 'network',
    meaning: 'addresses and ranges that may connect; 0.0.0.0 stands for all of Azure',
    body: ipRules,
    column: (columns) => splitSet(columns['iprangefilter']) as Json | undefined,
    direction: addresses,
  },
  {
    property: 'isVirtualNetworkFilterEnabled',
    topic: 'network',
    meaning: 'only listed subnets and addresses may connect',
    body: inBody('isVirtualNetworkFilterEnabled', flag),
    column: (columns) => asBoolean(columns['enablevirtualnetworkfilter']),
    direction: ranked('true', 'false'),
  },
  {
    property: 'virtualNetworkRules',
    topic: 'network',
    meaning: 'subnets that may connect',
    body: (body) => namedSet(at(body, 'properties.virtualNetworkRules'), 'id') as Json | undefined,
    column: (columns) => subnets(columns['virtualnetworkresourceentries']),
    direction: allowList,
  },
  {
    property: 'publicNetworkAccess',
    topic: 'network',
    meaning: 'whether the public endpoint answers',
    body: inBody('publicNetworkAccess', text),
    direction: ranked('Disabled', 'SecuredByPerimeter', 'Enabled'),
  },
  {
    property: 'networkAclBypass',
    topic: 'network',
    meaning: 'whether Azure services pass the firewall',
    body: inBody('networkAclBypass', text),
    direction: ranked('None', 'AzureServices'),
  },
  {
    property: 'networkAclBypassResourceIds',
    topic: 'network',
    meaning: 'resources that pass the firewall',
    body: inBody('networkAclBypassResourceIds', set),
    direction: allowList,
  },
  {
    property: 'privateEndpointConnections',
    topic: 'network',
    meaning: 'private endpoints that are connected, by name',
    body: (body) => connections(at(body, 'properties.privateEndpointConnections')),
    column: (columns) => connections(columns['privateendpointconnections']),
    direction: allowList,
  },
  // Rules are resources of their own below a cluster: relate puts them together.
  {
    property: 'firewallRules',
    topic: 'network',
    meaning:
      'addresses that the firewall rules of a cluster let in, as far as they were seen; 0.0.0.0 stands for all of Azure',
    body: () => undefined,
    direction: letIn,
  },
  {
    property: 'minimalTlsVersion',
    topic: 'network',
    meaning: 'oldest TLS version that may connect',
    body: inBody('minimalTlsVersion', text),
    direction: ranked('Tls13', 'Tls12', 'Tls11', 'Tls'),
  },
  {
    property: 'disableKeyBasedMetadataWriteAccess',
    topic: 'protection',
    meaning: 'account keys may not create or delete databases and containers',
    body: inBody('disableKeyBasedMetadataWriteAccess', flag),
    direction: ranked('true', 'false'),
  },
  {
    property: 'disableLocalAuth',
    topic: 'auth',
    meaning: 'account keys do not open data',
    body: inBody('disableLocalAuth', flag),
    direction: ranked('true', 'false'),
  },
  {
    property: 'keyVaultKeyUri',
    topic: 'key',
    meaning: 'the customer-managed key, without version',
    body: inBody('keyVaultKeyUri', keyUri),
    direction: keyInUse,
  },
  {
    property: 'defaultIdentity',
    topic: 'key',
    meaning: 'the identity that fetches the customer-managed key',
    body: inBody('defaultIdentity', text),
    direction: other,
  },
  {
    property: 'backupPolicy.type',
    topic: 'backup',
    meaning: 'continuous or periodic backup',
    body: inBody('backupPolicy.type', text),
    direction: ranked('Continuous', 'Periodic'),
  },
  {
    property: 'backupPolicy.continuousModeProperties.tier',
    topic: 'backup',
    meaning: 'how long continuous backup reaches back',
    body: inBody('backupPolicy.continuousModeProperties.tier', text),
    direction: ranked('Continuous35Days', 'Continuous30Days', 'Continuous7Days'),
  },
  {
    property: `${PERIODIC}.backupIntervalInMinutes`,
    topic: 'backup',
    meaning: 'minutes between two periodic backups',
    body: inBody(`${PERIODIC}.backupIntervalInMinutes`, positive),
    column: (columns) => positive(columns['backupintervalinminutes']),
    direction: numeric('up'),
  },
  {
    property: `${PERIODIC}.backupRetentionIntervalInHours`,
    topic: 'backup',
    meaning: 'hours that a periodic backup is kept',
    body: inBody(`${PERIODIC}.backupRetentionIntervalInHours`, positive),
    column: (columns) => positive(columns['backupretentionintervalinhours']),
    direction: numeric('down'),
  },
  {
    property: `${PERIODIC}.backupStorageRedundancy`,
    topic: 'backup',
    meaning: 'where copies of a periodic backup lie',
    body: inBody(`${PERIODIC}.backupStorageRedundancy`, text),
    column: (columns) => asText(columns['backupstorageredundancy']),
    direction: ranked('Geo', 'Zone', 'Local'),
  },
  // Preview 2026-04-01; the JSON names are unconfirmed.
  {
    property: 'softDeleteConfiguration.isSoftDeletionEnabled',
    topic: 'protection',
    meaning: 'a deleted account can be brought back (preview; the name is unconfirmed)',
    body: inBody('softDeleteConfiguration.isSoftDeletionEnabled', flag),
    direction: ranked('true', 'false'),
  },
];

/** DiagnosticLogUpdate tells which logs are on, by column. */
const LOGGING = (
  [
    ['DataPlaneRequests', 'enabledataplanerequeststrace'],
    ['ControlPlaneRequests', 'enablecontrolplanerequeststrace'],
    ['MongoRequests', 'enablemongorequeststrace'],
    ['CassandraRequests', 'enablecassandrarequeststrace'],
    ['GremlinRequests', 'enablegremlinrequeststrace'],
  ] as const
).map(
  ([category, column]): Omit<Setting, 'resource'> => ({
    property: `diagnosticLogs.${category}`,
    topic: 'logging',
    meaning: `whether ${category} is logged, as ControlPlaneRequests tells`,
    body: () => undefined,
    column: (columns) => asBoolean(columns[column]),
    direction: ranked('true', 'false'),
  }),
);

/** Of a vault it matters whether the accounts whose key it holds still reach the key: less access is the weaker. */
const VAULT: readonly Omit<Setting, 'resource'>[] = [
  {
    property: 'accessPolicies',
    topic: 'key',
    meaning: 'object ids that have access to the vault',
    body: (body) => namedSet(at(body, 'properties.accessPolicies'), 'objectId') as Json | undefined,
    direction: holders,
  },
  {
    property: 'networkAcls',
    topic: 'network',
    meaning: "the vault's firewall: default action, and whether trusted services pass",
    body: vaultFirewall,
    direction: firewall,
  },
  {
    property: 'enableSoftDelete',
    topic: 'protection',
    meaning: 'a deleted key or vault can be brought back',
    body: inBody('enableSoftDelete', flag),
    direction: ranked('true', 'false'),
  },
  {
    property: 'enablePurgeProtection',
    topic: 'protection',
    meaning: 'a deleted key or vault cannot be purged before its time',
    body: inBody('enablePurgeProtection', flag),
    direction: ranked('true', 'false'),
  },
];

const SECURITY = 'securitySettings';

const BACKUP_VAULT: readonly Omit<Setting, 'resource'>[] = [
  {
    property: `${SECURITY}.softDeleteSettings.state`,
    topic: 'backup',
    meaning: 'deleted backups can be brought back for a time',
    body: inBody(`${SECURITY}.softDeleteSettings.state`, text),
    direction: ranked('AlwaysOn', 'On', 'Off'),
  },
  {
    property: `${SECURITY}.softDeleteSettings.retentionDurationInDays`,
    topic: 'backup',
    meaning: 'days that a deleted backup can be brought back',
    body: inBody(`${SECURITY}.softDeleteSettings.retentionDurationInDays`, days),
    direction: numeric('down'),
  },
  {
    property: `${SECURITY}.immutabilitySettings.state`,
    topic: 'backup',
    meaning: 'backups cannot be deleted before their time',
    body: inBody(`${SECURITY}.immutabilitySettings.state`, text),
    direction: ranked('Locked', 'Unlocked', 'Disabled'),
  },
];

/** The one table of settings. A new setting is one row. */
export const SETTINGS: readonly Setting[] = [
  ...[...ACCOUNT, ...LOGGING].map((row): Setting => ({ ...row, resource: 'account' })),
  ...VAULT.map((row): Setting => ({ ...row, resource: 'vault' })),
  ...BACKUP_VAULT.map((row): Setting => ({ ...row, resource: 'backup_vault' })),
];

export function settingsOf(resource: Resource): readonly Setting[] {
  const owner = resource === 'cluster' ? 'account' : resource;
  return SETTINGS.filter((setting) => setting.resource === owner);
}

/** The settings that an ARM body names, as they are compared. */
export function settingsIn(resource: Resource, body: JsonObject): Map<string, Json> {
  return named(settingsOf(resource), (setting) => setting.body(body));
}

/**
 * The settings that the columns of a ControlPlaneRequests record name (lower-case names). An empty text is an empty list only where the
 * record repeats the account's settings: a row of a table has every column, also of a record that says nothing of them.
 */
export function columnsIn(columns: JsonObject): Map<string, Json> {
  const repeats = REPEATED.some((name) => isFilled(columns[name]));
  return named(settingsOf('account'), (setting) => {
    const value = setting.column?.(columns);
    return Array.isArray(value) && value.length === 0 && !repeats ? undefined : value;
  });
}

/** Columns that Azure fills whenever it repeats an account's settings. */
const REPEATED: readonly string[] = [
  'iprangefilter',
  'enablevirtualnetworkfilter',
  'virtualnetworkresourceentries',
  'defaultconsistencylevel',
  'enableautomaticfailover',
  'enableprivateendpointconnection',
  'backupintervalinminutes',
  'backupretentionintervalinhours',
  'backupstorageredundancy',
];

function isFilled(value: Json | undefined): boolean {
  return value !== undefined && value !== null && String(value).trim() !== '';
}

function named(settings: readonly Setting[], read: (setting: Setting) => Json | undefined): Map<string, Json> {
  const values = new Map<string, Json>();
  for (const setting of settings) {
    const value = read(setting);
    if (value !== undefined) values.set(setting.property, value);
  }
  return values;
}

export function settingOf(resource: Resource, property: string): Setting | undefined {
  return settingsOf(resource).find((setting) => setting.property === property);
}

/** Does a setting stand as before, or stricter? */
export function stands(resource: Resource, property: string, before: Json, now: Json, state: Values): boolean {
  if (sameValue(before, now)) return true;
  const direction = settingOf(resource, property)?.direction(before, now, state);
  return direction === 'strengthened' || direction === 'equal';
}
