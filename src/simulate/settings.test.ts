import { describe, expect, it } from 'vitest';
import { changesBetween, columnsOf, propertiesOf, type Settings, settingsOf } from './settings.ts';
import { ACCOUNTS, ALL_ACCOUNTS, FOREIGN_KEY_URI, SUBNET_ID } from './world.ts';

const orders = settingsOf(ACCOUNTS.orders);
const carts = settingsOf(ACCOUNTS.carts);
const catalog = settingsOf(ACCOUNTS.catalog);
const sevenDays: Settings = { ...orders, backup: { tier: 'Continuous7Days' } };

const CHANGES: readonly (readonly [string, Settings, Settings, object])[] = [
  ['nothing', orders, { ...orders }, {}],
  ['the same ranges in another order', { ...orders, ipRules: ['a', 'b'] }, { ...orders, ipRules: ['b', 'a'] }, {}],
  ['a range more', orders, { ...orders, ipRules: [...orders.ipRules, '0.0.0.0'] }, { network_access_changed: 1 }],
  ['a subnet, and with it the filter', orders, { ...orders, subnets: [SUBNET_ID] }, { network_access_changed: 2 }],
  ['the filter goes with the subnet', { ...orders, subnets: [SUBNET_ID] }, orders, { network_access_changed: 2 }],
  [
    'three network settings at once',
    orders,
    { ...orders, publicNetworkAccess: 'Disabled', minimalTlsVersion: 'Tls11', networkAclBypass: 'AzureServices' },
    { network_access_changed: 3 },
  ],
  ['keys let go', orders, { ...orders, keysAreHeld: false }, { deletion_protection_disabled: 1 }],
  ['keys held', { ...orders, keysAreHeld: false }, orders, {}],
  ['30 days to 7', orders, sevenDays, { backup_deleted: 1 }],
  ['7 days to 30', sevenDays, orders, {}],
  [
    'periodic: rarer, shorter and fewer places',
    carts,
    { ...carts, backup: { intervalMinutes: 1440, retentionHours: 8, redundancy: 'Local' } },
    { backup_deleted: 3 },
  ],
  [
    'periodic: oftener and longer',
    carts,
    { ...carts, backup: { intervalMinutes: 60, retentionHours: 730, redundancy: 'Geo' } },
    {},
  ],
  ['another key', catalog, { ...catalog, keyUri: FOREIGN_KEY_URI }, { customer_managed_key_changed: 1 }],
];

describe('what rules must tell of a change', () => {
  it.each(CHANGES)('%s', (_, before, after, expected) => {
    expect(Object.fromEntries(changesBetween(before, after))).toEqual(expected);
  });
});

describe.each(ALL_ACCOUNTS.map((account) => [account.name, settingsOf(account)] as const))('%s', (_, settings) => {
  it('its body is one that makes an account', () => {
    expect(propertiesOf(settings)).toMatchObject({ databaseAccountOfferType: 'Standard' });
  });

  it('its log has texts only', () => {
    expect(Object.values(columnsOf(settings)).filter((value) => typeof value !== 'string')).toEqual([]);
  });
});
