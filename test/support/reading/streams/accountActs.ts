import fc from 'fast-check';
import { account, alone, arm, control, mostly, toldBy } from './parts.ts';
import type { Act } from './telling.ts';

/** What happens to an account itself: its settings, its deletion and creation, its keys. */

const DB = 'DocumentDB/databaseAccounts';

const ranges = fc.constantFrom(
  ['203.0.113.0/24'],
  ['203.0.113.0/24', '192.0.2.7'],
  ['192.0.2.7'],
  ['203.0.113.0/24', '0.0.0.0'],
  ['0.0.0.0/0'],
  [],
);

const networkSettings = fc.record(
  {
    ipRules: ranges.map((all) => all.map((ipAddressOrRange) => ({ ipAddressOrRange }))),
    isVirtualNetworkFilterEnabled: fc.boolean(),
    publicNetworkAccess: fc.constantFrom('Enabled', 'Disabled'),
    networkAclBypass: fc.constantFrom('None', 'AzureServices'),
    minimalTlsVersion: fc.constantFrom('Tls12', 'Tls11'),
  },
  { requiredKeys: [] },
);

const keySettings = fc.record({
  keyVaultKeyUri: mostly([
    'https://kv-shop.vault.azure.net/keys/cmk',
    'https://KV-SHOP.vault.azure.net/keys/cmk/v1/',
    'https://kv-shop.vault.azure.net/keys/other',
    'https://kv-far.vault.azure.net/keys/cmk',
  ]),
});

const backupSettings = fc.record({
  backupPolicy: fc.oneof(
    fc.record({
      type: fc.constant('Periodic'),
      periodicModeProperties: fc.record(
        {
          backupIntervalInMinutes: fc.constantFrom(240, 1440),
          backupRetentionIntervalInHours: fc.constantFrom(720, 24),
          backupStorageRedundancy: fc.constantFrom('Geo', 'Local'),
        },
        { requiredKeys: [] },
      ),
    }),
    fc.record({
      type: fc.constant('Continuous'),
      continuousModeProperties: fc.record({ tier: fc.constantFrom('Continuous30Days', 'Continuous7Days') }),
    }),
  ),
});

const protectionSettings = fc.record({ disableKeyBasedMetadataWriteAccess: fc.boolean() });

interface Properties {
  readonly [name: string]: unknown;
}

/** A PATCH or a PUT, with the offer type that tells them apart where the method is not told, or without. */
function accountWrite(settings: fc.Arbitrary<Properties>): fc.Arbitrary<Act> {
  return fc
    .tuple(account, settings, fc.constantFrom('PATCH', 'PUT', 'PUT without', 'PATCH with'))
    .chain(([on, properties, how]) => {
      const offer = how === 'PUT' || how === 'PATCH with' ? { databaseAccountOfferType: 'Standard' } : {};
      const body = { properties: { ...properties, ...offer } };
      const arms = arm(`${DB}/write`, on, { method: how.startsWith('PATCH') ? 'PATCH' : 'PUT', body });
      return toldBy(arms, control('AccountUpdate', on, { columns: columnsOf(properties) }));
    });
}

/** The columns of an AccountUpdate that tells the same. */
function columnsOf(properties: Properties): Record<string, string> {
  const {
    ipRules,
    isVirtualNetworkFilterEnabled: filter,
    backupPolicy,
  } = properties as {
    ipRules?: { ipAddressOrRange: string }[];
    isVirtualNetworkFilterEnabled?: boolean;
    backupPolicy?: { periodicModeProperties?: Record<string, string | number> };
  };
  const periodic = Object.entries(backupPolicy?.periodicModeProperties ?? {});
  return {
    ...(ipRules && ipRules.length > 0 ? { ipRangeFilter: ipRules.map((rule) => rule.ipAddressOrRange).join(',') } : {}),
    ...(filter === undefined ? {} : { enableVirtualNetworkFilter: filter ? 'True' : 'False' }),
    ...Object.fromEntries(periodic.map(([name, value]) => [name, String(value)])),
  };
}

export const networkWrite = accountWrite(networkSettings);
export const keyWrite = accountWrite(keySettings);
export const backupWrite = accountWrite(backupSettings);
export const protectionWrite = accountWrite(protectionSettings);

export const accountDelete = account.chain((on) => toldBy(arm(`${DB}/delete`, on), control('AccountDelete', on)));
export const accountCreate = account.chain((on) =>
  toldBy(
    arm(`${DB}/write`, on, { method: 'PUT', body: { properties: { databaseAccountOfferType: 'Standard' } } }),
    control('AccountCreate', on),
  ),
);
export const failover = account.chain((on) => alone(arm(`${DB}/failoverPriorityChange/action`, on)));

export const keysViewed = fc
  .tuple(account, fc.constantFrom('listKeys', 'readonlykeys', 'listConnectionStrings'))
  .chain(([on, read]) => alone(arm(`${DB}/${read}/action`, on)));
