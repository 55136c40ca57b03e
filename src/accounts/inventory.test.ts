import { describe, expect, it } from 'vitest';
import type { Json } from '../lib/json.ts';
import { readInventory } from './inventory.ts';

const SUB = '/subscriptions/00000000-0000-0000-0000-0000000000aa';
const GROUP = `${SUB}/resourceGroups/rg-shop/providers`;
const ORDERS = `${GROUP}/Microsoft.DocumentDB/databaseAccounts/Orders`;
const ID = ORDERS.toLowerCase();

const account: Json = {
  id: ORDERS,
  type: 'Microsoft.DocumentDB/databaseAccounts',
  properties: { ipRules: [{ ipAddressOrRange: '203.0.113.7' }], disableLocalAuth: true },
};

function settings(documents: Json[], id = ID): Record<string, Json> {
  return Object.fromEntries(readInventory(documents).accounts.get(id) ?? []);
}

describe('settings of accounts', () => {
  const expected = { ipRules: ['203.0.113.7'], disableLocalAuth: true };
  it.each<[name: string, documents: Json[]]>([
    ['an answer to GET', [account]],
    ['a page', [{ value: [account], nextLink: 'https://management.azure.com/next' }]],
    ['a list, as the command line prints it', [[account]]],
    ['a page of Resource Graph', [{ count: 1, data: [account] }]],
    [
      'flat, as `az cosmosdb show` prints it',
      [{ id: ORDERS, ipRules: [{ ipAddressOrRange: '203.0.113.7' }], disableLocalAuth: true }],
    ],
    [
      'two documents that complete each other; the later wins',
      [
        { id: ORDERS, properties: { disableLocalAuth: false, ipRules: [{ ipAddressOrRange: '203.0.113.7' }] } },
        { id: ID, properties: { disableLocalAuth: true } },
      ],
    ],
  ])('%s', (_, documents) => {
    expect(settings(documents)).toEqual(expected);
  });

  it('what a document does not name is unknown, and the account is known all the same', () => {
    expect(readInventory([{ id: ORDERS }]).accounts.get(ID)).toEqual(new Map());
  });

  it('a cluster for MongoDB', () => {
    const id = `${GROUP}/Microsoft.DocumentDB/mongoClusters/docs`;
    expect(settings([{ id, properties: { publicNetworkAccess: 'Disabled' } }], id.toLowerCase())).toEqual({
      publicNetworkAccess: 'Disabled',
    });
  });
});

describe('what stands around accounts', () => {
  it('locks of every scope', () => {
    const lock = (scope: string, level: string): Json => ({
      id: `${scope}/providers/Microsoft.Authorization/locks/keep`,
      properties: { level },
    });
    const { locks } = readInventory([{ value: [lock(SUB, 'ReadOnly'), lock(ORDERS, 'CanNotDelete')] }]);
    expect(locks.map(({ scope, level }) => [scope, level])).toEqual([
      [SUB, 'ReadOnly'],
      [ID, 'CanNotDelete'],
    ]);
  });

  it('diagnostic settings of accounts, by name; not those of other resources', () => {
    const setting = (scope: string, categoryGroup: string): Json => ({
      id: `${scope}/providers/Microsoft.Insights/diagnosticSettings/To-Security`,
      properties: { workspaceId: '/W', logs: [{ categoryGroup, enabled: true }] },
    });
    const { deliveries } = readInventory([
      { value: [setting(ORDERS, 'audit'), setting(`${GROUP}/Microsoft.Logic/workflows/flow`, 'allLogs')] },
    ]);
    expect([...deliveries.keys()]).toEqual([ID]);
    expect(deliveries.get(ID)?.get('to-security')).toMatchObject({ destinations: ['/w'] });
  });

  it('key vaults by name, backup vaults by id', () => {
    const backup = `${GROUP}/Microsoft.DataProtection/backupVaults/bv-shop`;
    const { vaults } = readInventory([
      { id: `${GROUP}/Microsoft.KeyVault/vaults/KV-Shop`, properties: { accessPolicies: [{ objectId: 'AA' }] } },
      { id: backup, properties: { securitySettings: { softDeleteSettings: { state: 'On' } } } },
    ]);
    expect(vaults.get('kv-shop')).toEqual(new Map([['accessPolicies', ['aa']]]));
    expect(vaults.get(backup.toLowerCase())).toEqual(new Map([['securitySettings.softDeleteSettings.state', 'On']]));
  });

  it('backup instances, with the vault that holds them and what they protect', () => {
    const vault = `${GROUP}/Microsoft.DataProtection/backupVaults/bv-shop`;
    const { instances } = readInventory([
      { id: `${vault}/backupInstances/orders-1`, properties: { dataSourceInfo: { resourceID: ORDERS } } },
      { id: `${vault}/backupInstances/orders-2`, properties: {} },
    ]);
    expect([...instances.values()]).toEqual([
      { vault: vault.toLowerCase(), dataSource: ID },
      { vault: vault.toLowerCase(), dataSource: null },
    ]);
  });
});

describe('who holds a role', () => {
  const id = `${GROUP}/Microsoft.KeyVault/vaults/kv-shop/providers/Microsoft.Authorization/roleAssignments/r1`;
  it.each<[string, Json]>([
    ['as ARM answers', { value: [{ id, properties: { principalId: 'AA', roleDefinitionId: 'r' } }] }],
    ['as az role assignment list prints', [{ id, principalId: 'AA', principalName: 'mi-orders' }]],
  ])('%s', (_, document) => {
    expect([...readInventory([document]).assignments]).toEqual([[id.toLowerCase(), 'aa']]);
  });
});

describe('what is none of these is told', () => {
  it.each<[name: string, document: Json, ignored: string[]]>([
    [
      'another resource',
      { id: `${GROUP}/Microsoft.Compute/disks/d`, type: 'Microsoft.Compute/disks' },
      ['Microsoft.Compute/disks'],
    ],
    ['a child of an account', { id: `${ORDERS}/sqlDatabases/shop`, type: 'T' }, ['T']],
    ['no id', { name: 'orders' }, ['a document without id']],
    ['an id of the wrong type', { id: 7 }, ['a document without id']],
    ['no object', 'orders', ['a document that is no JSON object']],
    ['null in a page', { value: [null, account] }, ['a document that is no JSON object']],
    ['an empty page', { value: [] }, []],
  ])('%s', (_, document, ignored) => {
    expect(readInventory([document]).ignored).toEqual(ignored);
  });
});
