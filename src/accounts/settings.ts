import { isObject, type Json, type JsonObject } from '../lib/json.ts';
import { listContains } from './ranges.ts';
import { asBoolean, asNumber, asSet, asText, at, namedSet, sameValue, splitSet } from './values.ts';

/** What a setting belongs to. A cluster (for MongoDB, Cassandra) has an account's settings as far as it has them. */
export type Resource = 'account' | 'cluster' | 'vault' | 'backup_vault';

export type Direction = 'weakened' | 'strengthened' | 'neutral';

/** Values by property, as they stand beside the one that is compared. */
export type Values = ReadonlyMap<string, Json>;

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
  /** Never asked for equal values. `after` is the state after the whole write. */
  readonly direction: (before: Json, after: Json, state: Values) => Direction;
}

const inBody = (path: string, read: (value: Json | undefined) => Json | undefined) => (body: JsonObject) =>
  read(at(body, `properties.${path}`));

/** The further right in the list, the weaker. Unknown words compare as neutral. */
function ranked(...words: readonly string[]): Setting['direction'] {
  const rank = (value: Json) => words.findIndex((word) => word.toLowerCase() === String(value).toLowerCase());
  return (before, after) => {
    const [from, to] = [rank(before), rank(after)];
    if (from < 0 || to < 0 || from === to) return 'neutral';
    return to > from ? 'weakened' : 'strengthened';
  };
}

function numeric(weaker: 'up' | 'down'): Setting['direction'] {
  return (before, after) => (Number(after) > Number(before) === (weaker === 'up') ? 'weakened' : 'strengthened');
}

/** A set that lets in what it holds: something new = weaker. */
const allowList: Setting['direction'] = (before, after) => {
  const had = new Set(before as readonly string[]);
  return (after as readonly string[]).some((item) => !had.has(item)) ? 'weakened' : 'strengthened';
};

/** Address ranges: anything not let in before = weaker. An empty list lets everybody in, unless a virtual network filter shuts it. */
const addresses: Setting['direction'] = (before, after, state) => {
  const [from, to] = [before as readonly string[], after as readonly string[]];
  const isShut = state.get('isVirtualNetworkFilterEnabled') === true;
  if (to.length === 0) return isShut ? 'strengthened' : 'weakened';
  if (from.length === 0) return isShut ? 'weakened' : 'strengthened';
  if (!listContains(from, to)) return 'weakened';
  return listContains(to, from) ? 'neutral' : 'strengthened';
};

const neutral: Setting['direction'] = () => 'neutral';

/** A key's URI without version: a new version of the same key is no change. */
function keyUri(value: Json | undefined): Json | undefined {
  if (value === null || value === '') return '';
  const text = asText(value)?.toLowerCase().replace(/\/+$/, '');
  return text?.replace(/^(https?:\/\/[^/]+\/keys\/[^/]+)\/[^/]+$/, '$1');
}

function ipRules(body: JsonObject): Json | undefined {
  const rules = namedSet(at(body, 'properties.ipRules'), 'ipAddressOrRange');
  return (rules ?? splitSet(at(body, 'properties.ipRangeFilter'))) as Json | undefined;
}

/** Subnet ids in a text of unknown layout; an empty text is no subnet. */
function subnets(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string') return undefined;
  const ids = value.match(/\/subscriptions\/[^\s,;"'\]}]+/gi);
  if (ids !== null) return asSet(ids) as Json;
  return value.trim() === '' || value.trim() === '[]' ? [] : undefined;
}

const text = (value: Json | undefined): Json | undefined => asText(value);
const number = (value: Json | undefined): Json | undefined => asNumber(value);
const flag = (value: Json | undefined): Json | undefined => asBoolean(value);
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
    direction: (before) => (before === '' ? 'strengthened' : 'neutral'),
  },
  {
    property: 'defaultIdentity',
    topic: 'key',
    meaning: 'the identity that fetches the customer-managed key',
    body: inBody('defaultIdentity', text),
    direction: neutral,
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
    body: inBody(`${PERIODIC}.backupIntervalInMinutes`, number),
    column: (columns) => asNumber(columns['backupintervalinminutes']),
    direction: numeric('up'),
  },
  {
    property: `${PERIODIC}.backupRetentionIntervalInHours`,
    topic: 'backup',
    meaning: 'hours that a periodic backup is kept',
    body: inBody(`${PERIODIC}.backupRetentionIntervalInHours`, number),
    column: (columns) => asNumber(columns['backupretentionintervalinhours']),
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

const VAULT: readonly Omit<Setting, 'resource'>[] = [
  {
    property: 'accessPolicies',
    topic: 'key',
    meaning: 'object ids that have access to the vault',
    body: (body) => namedSet(at(body, 'properties.accessPolicies'), 'objectId') as Json | undefined,
    direction: allowList,
  },
  {
    property: 'networkAcls',
    topic: 'network',
    meaning: "the vault's firewall: default action, and whether trusted services pass",
    body: (body) => {
      const acls = at(body, 'properties.networkAcls');
      if (!isObject(acls)) return undefined;
      return {
        defaultAction: asText(at(acls, 'defaultAction')) ?? 'Allow',
        bypass: asText(at(acls, 'bypass')) ?? 'None',
      };
    },
    direction: neutral,
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
    body: inBody(`${SECURITY}.softDeleteSettings.retentionDurationInDays`, number),
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
 * The settings that the columns of a ControlPlaneRequests record name (lower-case names). A record in which no such column is filled
 * does not repeat the settings: its empty texts say nothing.
 */
export function columnsIn(columns: JsonObject): Map<string, Json> {
  const isFilled = SPEAKING.some(
    (name) => asText(columns[name] === undefined ? undefined : String(columns[name])) !== undefined,
  );
  return isFilled ? named(settingsOf('account'), (setting) => setting.column?.(columns)) : new Map();
}

/** Columns that Azure fills whenever it repeats an account's settings. */
const SPEAKING: readonly string[] = [
  'iprangefilter',
  'enablevirtualnetworkfilter',
  'virtualnetworkresourceentries',
  'defaultconsistencylevel',
  'enableautomaticfailover',
  'enableprivateendpointconnection',
  'backupintervalinminutes',
  'backupretentionintervalinhours',
  'backupstorageredundancy',
  ...LOGGING.map(({ property }) => `enable${property.split('.')[1]!.toLowerCase()}trace`),
];

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
  return settingOf(resource, property)?.direction(before, now, state) === 'strengthened';
}
