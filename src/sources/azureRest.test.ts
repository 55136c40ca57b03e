import { describe, expect, it } from 'vitest';
import { ArmServer } from '../../test/support/armServer.ts';
import { UserError } from '../lib/errors.ts';
import { armInventory } from './armInventory.ts';
import { AzureRest, isReadable } from './azureRest.ts';

const SUBSCRIPTION = '00000000-0000-0000-0000-0000000000aa';
const ACCOUNT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg shop/providers/Microsoft.DocumentDB/databaseAccounts/orders`;
const never = new AbortController().signal;

function restOf(endpoint: string): AzureRest {
  const credential = async () => ({ getToken: async () => ({ token: 'token', expiresOnTimestamp: 1e15 }) });
  return new AzureRest({ endpoint, scope: 'scope', credential, now: () => 0 });
}

describe('what may be read', () => {
  const below = `/subscriptions/${SUBSCRIPTION}/providers`;
  const account = ACCOUNT.replace(' ', '%20');
  it.each<[string, boolean]>([
    [`${below}/microsoft.insights/eventtypes/management/values`, true],
    [`${below}/Microsoft.DocumentDB/databaseAccounts`, true],
    [`${below}/Microsoft.Authorization/locks`, true],
    [`${account}/providers/Microsoft.Insights/diagnosticSettings`, true],
    [`/v1/workspaces/${SUBSCRIPTION}/query`, true],
    [`${account}/listKeys`, false],
    [`${account}/readonlykeys`, false],
    [`${account}/listConnectionStrings`, false],
    [`${account}/regenerateKey`, false],
    [account, false],
    [`${account}/providers/Microsoft.Insights/diagnosticSettings/a`, false],
    [`${account}%2flistKeys/providers/Microsoft.Insights/diagnosticSettings`, false],
    [`${below}/Microsoft.KeyVault/vaults/v/secrets`, false],
    [`${below}/Microsoft.Storage/storageAccounts`, false],
    ['/subscriptions', false],
    ['/', false],
  ])('%s: %s', (path, wanted) => {
    expect(isReadable(path)).toBe(wanted);
  });

  it.each([
    ['a question', `${ACCOUNT}/listKeys`],
    ['another host', `https://example.org/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/locks`],
    [
      'a way around',
      `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/locks/../../Microsoft.Storage/x`,
    ],
  ])('nothing else is sent: %s', async (_, path) => {
    const server = await ArmServer.start();
    await expect(restOf(server.endpoint).get(path, 'Reader', never)).rejects.toThrow('what is never read');
    expect(server.requests).toEqual([]);
    await server.stop();
  });

  it('no token goes over a network without encryption', () => {
    expect(() => restOf('http://management.azure.com')).toThrow(UserError);
  });
});

describe('the present state', () => {
  it('is read in pages, and what a role does not cover is named', async () => {
    const server = await ArmServer.start();
    server.pageSize = 1;
    const below = `/subscriptions/${SUBSCRIPTION}/providers`;
    const other = ACCOUNT.replace('orders', 'carts');
    const lists: Readonly<Record<string, readonly unknown[]>> = {
      [`${below}/Microsoft.DocumentDB/databaseAccounts`]: [{ id: ACCOUNT }, { id: other }],
      [`${ACCOUNT}/providers/Microsoft.Insights/diagnosticSettings`]: [{ id: 'setting', properties: {} }],
      [`${below}/Microsoft.Authorization/locks`]: [{ id: 'lock' }],
      [`${below}/Microsoft.DataProtection/backupVaults`]: [
        { id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.DataProtection/backupVaults/v` },
      ],
    };
    for (const [path, list] of Object.entries(lists)) server.lists.set(path.toLowerCase(), list);
    server.fault = (path) => (path.includes('KeyVault') ? { status: 403 } : null);
    const found = await armInventory(restOf(server.endpoint).get, [SUBSCRIPTION], never);
    expect(found.documents.map(({ id }) => String(id).split('/').at(-1))).toEqual([
      'orders',
      'carts',
      'setting',
      'lock',
      'v',
    ]);
    expect(found.unread).toEqual([expect.stringMatching(/KeyVault\/vaults: .* answers 403/)]);
    expect(new Set(server.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(server.requests.filter(({ path }) => !isReadable(encodeURI(path)))).toEqual([]);
    await server.stop();
  });

  it('is not told in part where nobody is logged in', async () => {
    const server = await ArmServer.start();
    const failing = async () => {
      throw Object.assign(new Error('canary'), { name: 'CredentialUnavailableError' });
    };
    const rest = new AzureRest({ endpoint: server.endpoint, scope: 's', credential: failing, now: () => 0 });
    await expect(armInventory(rest.get, [SUBSCRIPTION], never)).rejects.toMatchObject({ code: 'CW-7003' });
    await server.stop();
  });
});
