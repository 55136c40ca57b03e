import { ACCOUNTS, type Account, KEY_URI } from './world.ts';

/** What an account is set to; a PUT sends the whole of it, and the account's log repeats a part. */
export interface Settings {
  readonly ipRules: readonly string[];
  readonly subnets: readonly string[];
  readonly publicNetworkAccess: 'Enabled' | 'Disabled';
  readonly minimalTlsVersion: 'Tls11' | 'Tls12';
  readonly networkAclBypass: 'None' | 'AzureServices';
  /** Account keys may not create or delete containers. */
  readonly keysAreHeld: boolean;
  readonly backup: Continuous | Periodic;
  readonly keyUri: string | null;
}

interface Continuous {
  readonly tier: 'Continuous30Days' | 'Continuous7Days';
}

interface Periodic {
  readonly intervalMinutes: number;
  readonly retentionHours: number;
  readonly redundancy: 'Geo' | 'Zone' | 'Local';
}

const USUAL: Settings = {
  ipRules: ['203.0.113.0/24'],
  subnets: [],
  publicNetworkAccess: 'Enabled',
  minimalTlsVersion: 'Tls12',
  networkAclBypass: 'None',
  keysAreHeld: false,
  backup: { tier: 'Continuous30Days' },
  keyUri: null,
};

/** As the tenant's code says it should be: what Terraform sends every night. */
export function settingsOf(account: Account): Settings {
  switch (account) {
    case ACCOUNTS.orders:
      return { ...USUAL, keysAreHeld: true };
    case ACCOUNTS.carts:
      return { ...USUAL, backup: { intervalMinutes: 240, retentionHours: 720, redundancy: 'Geo' } };
    case ACCOUNTS.catalog:
      return { ...USUAL, keyUri: KEY_URI };
    default:
      return USUAL;
  }
}

/** The `properties` of an ARM body that sets all of it. */
export function propertiesOf(settings: Settings): object {
  return {
    databaseAccountOfferType: 'Standard',
    ipRules: settings.ipRules.map((range) => ({ ipAddressOrRange: range })),
    isVirtualNetworkFilterEnabled: settings.subnets.length > 0,
    virtualNetworkRules: settings.subnets.map((id) => ({ id, ignoreMissingVNetServiceEndpoint: false })),
    publicNetworkAccess: settings.publicNetworkAccess,
    networkAclBypass: settings.networkAclBypass,
    minimalTlsVersion: settings.minimalTlsVersion,
    disableKeyBasedMetadataWriteAccess: settings.keysAreHeld,
    backupPolicy: backupPolicyOf(settings.backup),
    ...(settings.keyUri === null ? {} : { keyVaultKeyUri: settings.keyUri }),
  };
}

export function backupPolicyOf(backup: Settings['backup']): object {
  if ('tier' in backup) return { type: 'Continuous', continuousModeProperties: { tier: backup.tier } };
  return {
    type: 'Periodic',
    periodicModeProperties: {
      backupIntervalInMinutes: backup.intervalMinutes,
      backupRetentionIntervalInHours: backup.retentionHours,
      backupStorageRedundancy: backup.redundancy,
    },
  };
}

/** What AccountUpdate records repeat: everything that its log has a column for, changed or not. */
export function columnsOf(settings: Settings): Record<string, string> {
  const { backup } = settings;
  return {
    defaultConsistencyLevel: 'Session',
    enableAutomaticFailover: 'true',
    enableMultipleWriteLocations: 'false',
    ipRangeFilter: settings.ipRules.join(','),
    enableVirtualNetworkFilter: `${settings.subnets.length > 0}`,
    virtualNetworkResourceEntries: settings.subnets.join(','),
    ...('tier' in backup
      ? {}
      : {
          backupIntervalInMinutes: `${backup.intervalMinutes}`,
          backupRetentionIntervalInHours: `${backup.retentionHours}`,
          backupStorageRedundancy: backup.redundancy,
        }),
  };
}

/**
 * How many of the changes between two states each rule must tell, by the rule's short name.
 * @param bodies false: what was sent is not told, so only what has a column in the account's own log
 */
export function changesBetween(before: Settings, after: Settings, bodies = true): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const note = (rule: string, isTold: boolean) => {
    if (isTold) found.set(rule, (found.get(rule) ?? 0) + 1);
  };
  const differs = (name: keyof Settings) => JSON.stringify(before[name]) !== JSON.stringify(after[name]);
  note('network_access_changed', sorted(before.ipRules) !== sorted(after.ipRules));
  note('network_access_changed', sorted(before.subnets) !== sorted(after.subnets));
  note('network_access_changed', before.subnets.length > 0 !== after.subnets.length > 0);
  // The tier of continuous backup has no column.
  const isInColumns = !('tier' in before.backup || 'tier' in after.backup);
  for (const isWeaker of bodies || isInColumns ? backupLosses(before.backup, after.backup) : [])
    note('backup_deleted', isWeaker);
  if (!bodies) return found;
  for (const name of ['publicNetworkAccess', 'minimalTlsVersion', 'networkAclBypass'] as const)
    note('network_access_changed', differs(name));
  note('deletion_protection_disabled', before.keysAreHeld && !after.keysAreHeld);
  note('customer_managed_key_changed', differs('keyUri'));
  return found;
}

function sorted(list: readonly string[]): string {
  return [...list].sort().join(' ');
}

/** The kind of backup never changes here: Azure allows no way back from continuous. */
function backupLosses(before: Settings['backup'], after: Settings['backup']): boolean[] {
  if ('tier' in before || 'tier' in after)
    return ['tier' in before && before.tier === 'Continuous30Days' && 'tier' in after && after.tier !== before.tier];
  const rank = { Geo: 2, Zone: 1, Local: 0 };
  return [
    after.intervalMinutes > before.intervalMinutes,
    after.retentionHours < before.retentionHours,
    rank[after.redundancy] < rank[before.redundancy],
  ];
}
