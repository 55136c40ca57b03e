import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../lib/json.ts';
import { columnsIn, type Resource, SETTINGS, settingOf, settingsIn, stands } from './settings.ts';
import type { Values } from './values.ts';

const PERIODIC = 'backupPolicy.periodicModeProperties';
const SECURITY = 'securitySettings';
const SUBNET = '/subscriptions/s/resourcegroups/g/providers/microsoft.network/virtualnetworks/v/subnets/apps';

interface Case {
  readonly property: string;
  readonly resource?: Resource;
  readonly strong: Json;
  readonly weak: Json;
  readonly state?: Record<string, Json>;
}

/** From the strong to the weak value is weakened, the other way strengthened. */
const CASES: readonly Case[] = [
  { property: 'ipRules', strong: ['203.0.113.7'], weak: ['198.51.100.0/24', '203.0.113.7'] },
  { property: 'ipRules', strong: ['10.1.0.0/16'], weak: ['10.0.0.0/8'] },
  { property: 'ipRules', strong: ['203.0.113.7'], weak: ['0.0.0.0', '203.0.113.7'] },
  { property: 'ipRules', strong: ['0.0.0.0'], weak: ['0.0.0.0/0'] },
  { property: 'ipRules', strong: ['203.0.113.7'], weak: [] },
  { property: 'ipRules', strong: [], weak: ['203.0.113.7'], state: { isVirtualNetworkFilterEnabled: true } },
  { property: 'ipRules', strong: [], weak: ['203.0.113.7'], state: { publicNetworkAccess: 'Disabled' } },
  { property: 'isVirtualNetworkFilterEnabled', strong: true, weak: false },
  { property: 'virtualNetworkRules', strong: [], weak: [SUBNET] },
  { property: 'publicNetworkAccess', strong: 'Disabled', weak: 'Enabled' },
  { property: 'publicNetworkAccess', strong: 'SecuredByPerimeter', weak: 'Enabled' },
  { property: 'publicNetworkAccess', strong: 'Disabled', weak: 'SecuredByPerimeter' },
  { property: 'networkAclBypass', strong: 'None', weak: 'AzureServices' },
  { property: 'networkAclBypassResourceIds', strong: [], weak: ['/subscriptions/s'] },
  { property: 'privateEndpointConnections', strong: [], weak: ['pe1'] },
  { property: 'firewallRules', strong: [], weak: ['192.0.2.7'] },
  { property: 'firewallRules', strong: ['192.0.2.7-192.0.2.8'], weak: ['192.0.2.0-192.0.2.9'] },
  { property: 'firewallRules', strong: ['192.0.2.0/24'], weak: ['0.0.0.0', '192.0.2.0/24'] },
  { property: 'minimalTlsVersion', strong: 'Tls12', weak: 'Tls11' },
  { property: 'minimalTlsVersion', strong: 'tls11', weak: 'TLS' },
  { property: 'disableKeyBasedMetadataWriteAccess', strong: true, weak: false },
  { property: 'disableLocalAuth', strong: true, weak: false },
  { property: 'keyVaultKeyUri', strong: 'https://kv-shop.vault.azure.net/keys/cmk', weak: '' },
  { property: 'backupPolicy.type', strong: 'Continuous', weak: 'Periodic' },
  {
    property: 'backupPolicy.continuousModeProperties.tier',
    strong: 'Continuous30Days',
    weak: 'Continuous7Days',
  },
  { property: `${PERIODIC}.backupIntervalInMinutes`, strong: 60, weak: 240 },
  { property: `${PERIODIC}.backupRetentionIntervalInHours`, strong: 720, weak: 8 },
  { property: `${PERIODIC}.backupStorageRedundancy`, strong: 'Geo', weak: 'Zone' },
  { property: `${PERIODIC}.backupStorageRedundancy`, strong: 'Zone', weak: 'Local' },
  { property: 'softDeleteConfiguration.isSoftDeletionEnabled', strong: true, weak: false },
  { property: 'diagnosticLogs.DataPlaneRequests', strong: true, weak: false },
  { property: 'diagnosticLogs.ControlPlaneRequests', strong: true, weak: false },
  { property: 'diagnosticLogs.MongoRequests', strong: true, weak: false },
  { property: 'diagnosticLogs.CassandraRequests', strong: true, weak: false },
  { property: 'diagnosticLogs.GremlinRequests', strong: true, weak: false },
  // A vault's accounts need their access: losing it is the weaker.
  { resource: 'vault', property: 'accessPolicies', strong: ['account', 'other'], weak: ['other'] },
  {
    resource: 'vault',
    property: 'networkAcls',
    strong: { defaultAction: 'Allow', bypass: 'None' },
    weak: { defaultAction: 'Deny', bypass: 'None' },
  },
  { resource: 'vault', property: 'enableSoftDelete', strong: true, weak: false },
  { resource: 'vault', property: 'enablePurgeProtection', strong: true, weak: false },
  { resource: 'backup_vault', property: `${SECURITY}.softDeleteSettings.state`, strong: 'AlwaysOn', weak: 'On' },
  { resource: 'backup_vault', property: `${SECURITY}.softDeleteSettings.state`, strong: 'ON', weak: 'off' },
  {
    resource: 'backup_vault',
    property: `${SECURITY}.softDeleteSettings.retentionDurationInDays`,
    strong: 30,
    weak: 14,
  },
  { resource: 'backup_vault', property: `${SECURITY}.immutabilitySettings.state`, strong: 'Locked', weak: 'Disabled' },
];

const NEITHER_WAY = new Set(['defaultIdentity']);

const values = (state: Record<string, Json> = {}): Values => new Map(Object.entries(state));

describe('which way is weaker', () => {
  it.each(CASES)(
    '$property: $strong is stronger than $weak',
    ({ property, resource = 'account', strong, weak, state }) => {
      const { direction } = settingOf(resource, property)!;
      expect(direction(strong, weak, values(state))).toBe('weakened');
      expect(direction(weak, strong, values(state))).toBe('strengthened');
      expect(stands(resource, property, strong, weak, values(state))).toBe(false);
      expect(stands(resource, property, weak, strong, values(state))).toBe(true);
      expect(stands(resource, property, weak, weak, values(state))).toBe(true);
    },
  );

  it('every setting has a case in both directions', () => {
    const tried = new Set(CASES.map(({ resource = 'account', property }) => `${resource} ${property}`));
    const untried = SETTINGS.filter(({ property }) => !NEITHER_WAY.has(property));
    expect(untried.map(({ resource, property }) => `${resource} ${property}`).filter((one) => !tried.has(one))).toEqual(
      [],
    );
  });

  const both: [name: string, property: string, a: Json, b: Json, Resource?][] = [
    ['ranges replaced by others', 'ipRules', ['198.51.100.0/24'], ['203.0.113.0/24']],
    ['subnets replaced by others', 'virtualNetworkRules', [`${SUBNET}1`], [`${SUBNET}2`]],
    ['access given to somebody else', 'accessPolicies', ['account'], ['other'], 'vault'],
  ];
  it.each(both)('%s: weaker both ways', (_, property, a, b, resource = 'account') => {
    const { direction } = settingOf(resource, property)!;
    expect([direction(a, b, values()), direction(b, a, values())]).toEqual(['weakened', 'weakened']);
  });

  const neither: [name: string, property: string, a: Json, b: Json, isSame: boolean, Resource?][] = [
    ['the same ranges cut otherwise', 'ipRules', ['10.0.0.0/8'], ['10.0.0.0/9', '10.128.0.0/9'], true],
    ['everybody by no list, and by a range', 'ipRules', [], ['0.0.0.0/0'], true],
    ['another key', 'keyVaultKeyUri', 'https://a.vault.azure.net/keys/k', 'https://b.vault.azure.net/keys/k', false],
    ['another identity', 'defaultIdentity', 'FirstPartyIdentity', 'SystemAssignedIdentity', false],
    ['a word that is not known', 'minimalTlsVersion', 'Tls12', 'Tls99', false],
    [
      'a firewall that still lets services in',
      'networkAcls',
      { defaultAction: 'Allow', bypass: 'None' },
      { defaultAction: 'Deny', bypass: 'AzureServices' },
      true,
      'vault',
    ],
  ];
  it.each(neither)('%s: neither way', (_, property, a, b, isSame, resource = 'account') => {
    const { direction } = settingOf(resource, property)!;
    const expected = isSame ? 'equal' : 'other';
    expect([direction(a, b, values()), direction(b, a, values())]).toEqual([expected, expected]);
    expect(stands(resource, property, a, b, values())).toBe(isSame);
  });
});

describe('what an ARM body names', () => {
  const cases: { name: string; properties: JsonObject; resource?: Resource; expected: Record<string, Json> }[] = [
    { name: 'nothing', properties: {}, expected: {} },
    {
      name: 'IP rules: sorted, lower case, each once',
      properties: {
        ipRules: [
          { ipAddressOrRange: '203.0.113.7' },
          { ipAddressOrRange: '2001:DB8::/32' },
          { ipAddressOrRange: ' 203.0.113.7 ' },
        ],
      },
      expected: { ipRules: ['2001:db8::/32', '203.0.113.7'] },
    },
    { name: 'an empty list of IP rules', properties: { ipRules: [] }, expected: { ipRules: [] } },
    {
      name: 'the comma list of older API versions',
      properties: { ipRangeFilter: '203.0.113.7, 198.51.100.0/24,' },
      expected: { ipRules: ['198.51.100.0/24', '203.0.113.7'] },
    },
    { name: 'null names nothing', properties: { ipRules: null, publicNetworkAccess: null }, expected: {} },
    {
      name: 'names in any case',
      properties: { PUBLICNETWORKACCESS: 'Disabled' },
      expected: { publicNetworkAccess: 'Disabled' },
    },
    {
      name: 'booleans as text',
      properties: { disableLocalAuth: 'True', isVirtualNetworkFilterEnabled: false },
      expected: { disableLocalAuth: true, isVirtualNetworkFilterEnabled: false },
    },
    {
      name: 'subnets by id',
      properties: { virtualNetworkRules: [{ id: SUBNET.toUpperCase(), ignoreMissingVNetServiceEndpoint: true }] },
      expected: { virtualNetworkRules: [SUBNET] },
    },
    {
      name: 'a key without version, casing and closing slash',
      properties: { keyVaultKeyUri: 'HTTPS://KV-Shop.vault.azure.net/keys/CMK/0123456789abcdef/' },
      expected: { keyVaultKeyUri: 'https://kv-shop.vault.azure.net/keys/cmk' },
    },
    {
      name: 'private endpoints by name',
      properties: { privateEndpointConnections: [{ id: `${SUBNET}/privateEndpointConnections/PE1`, name: 'x' }] },
      expected: { privateEndpointConnections: ['pe1'] },
    },
    { name: 'no key', properties: { keyVaultKeyUri: '' }, expected: { keyVaultKeyUri: '' } },
    {
      name: 'a periodic policy, numbers as text',
      properties: {
        backupPolicy: {
          type: 'Periodic',
          periodicModeProperties: { backupIntervalInMinutes: '240', backupRetentionIntervalInHours: 8 },
        },
      },
      expected: {
        'backupPolicy.type': 'Periodic',
        [`${PERIODIC}.backupIntervalInMinutes`]: 240,
        [`${PERIODIC}.backupRetentionIntervalInHours`]: 8,
      },
    },
    {
      name: "a vault's policies and firewall",
      resource: 'vault',
      properties: { accessPolicies: [{ objectId: 'AA' }, { objectId: 'bb' }], networkAcls: { defaultAction: 'Deny' } },
      expected: { accessPolicies: ['aa', 'bb'], networkAcls: { defaultAction: 'Deny', bypass: 'None' } },
    },
    {
      name: 'what belongs to another resource is not read',
      resource: 'backup_vault',
      properties: { ipRules: [], securitySettings: { softDeleteSettings: { state: 'Off' } } },
      expected: { [`${SECURITY}.softDeleteSettings.state`]: 'Off' },
    },
    {
      name: 'values of the wrong type',
      properties: { ipRules: 'all', disableLocalAuth: 'maybe', minimalTlsVersion: 12 },
      expected: {},
    },
  ];
  it.each(cases)('$name', ({ properties, resource = 'account', expected }) => {
    expect(Object.fromEntries(settingsIn(resource, { properties }))).toEqual(expected);
  });

  it('a body without properties names nothing', () => {
    expect(settingsIn('account', { tags: {} }).size).toBe(0);
    expect(settingsIn('account', { properties: 'text' }).size).toBe(0);
  });
});

describe('what the columns of ControlPlaneRequests name', () => {
  const cases: { name: string; columns: JsonObject; expected: Record<string, Json> }[] = [
    {
      name: 'network and backup',
      columns: {
        iprangefilter: '203.0.113.0/24,198.51.100.1',
        enablevirtualnetworkfilter: 'True',
        virtualnetworkresourceentries: `[{"id":"${SUBNET.toUpperCase()}"}]`,
        backupintervalinminutes: '240',
        backupretentionintervalinhours: '8',
        backupstorageredundancy: 'Geo',
      },
      expected: {
        ipRules: ['198.51.100.1', '203.0.113.0/24'],
        isVirtualNetworkFilterEnabled: true,
        virtualNetworkRules: [SUBNET],
        [`${PERIODIC}.backupIntervalInMinutes`]: 240,
        [`${PERIODIC}.backupRetentionIntervalInHours`]: 8,
        [`${PERIODIC}.backupStorageRedundancy`]: 'Geo',
      },
    },
    {
      name: 'an empty text is an empty list where the settings are repeated',
      columns: { iprangefilter: '', defaultconsistencylevel: 'Session' },
      expected: { ipRules: [] },
    },
    {
      name: 'and says nothing where they are not',
      columns: { iprangefilter: '', virtualnetworkresourceentries: ' ' },
      expected: {},
    },
    {
      name: 'which logs are on; the empty texts beside them say nothing',
      columns: {
        enabledataplanerequeststrace: 'false',
        enablemongorequeststrace: 'true',
        iprangefilter: '',
        cors: null,
      },
      expected: { 'diagnosticLogs.DataPlaneRequests': false, 'diagnosticLogs.MongoRequests': true },
    },
    {
      name: 'the zeros of an account without periodic backup say nothing',
      columns: { backupintervalinminutes: '0', backupretentionintervalinhours: '0' },
      expected: {},
    },
  ];
  it.each(cases)('$name', ({ columns, expected }) => {
    expect(Object.fromEntries(columnsIn(columns))).toEqual(expected);
  });
});
