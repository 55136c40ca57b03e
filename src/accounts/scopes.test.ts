import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accountOf,
  backupInstanceAccount,
  covers,
  diagnosticSettingOf,
  keyOf,
  lockScope,
  vaultNameOf,
} from './scopes.ts';

const SUB = '/subscriptions/00000000-0000-0000-0000-0000000000aa';
const GROUP = `${SUB}/resourceGroups/rg-shop`;
const account = (name: string) => `${GROUP}/providers/Microsoft.DocumentDB/databaseAccounts/${name}`;
const known = (...names: string[]) => names.map((name) => account(name).toLowerCase());

describe('covers', () => {
  const cases: [name: string, scope: string, id: string, expected: boolean][] = [
    ['itself', account('alpha'), account('alpha'), true],
    ['its group', GROUP, account('alpha'), true],
    ['its subscription', SUB, account('alpha'), true],
    ['what lies below', account('alpha'), `${account('alpha')}/sqlDatabases/shop`, true],
    ['not what lies above', `${account('alpha')}/sqlDatabases/shop`, account('alpha'), false],
    ['alpha does not cover alpha2', account('alpha'), account('alpha2'), false],
    ['nor alpha-2', account('alpha'), account('alpha-2'), false],
    ['a group whose name begins alike', `${SUB}/resourceGroups/rg`, account('alpha'), false],
    ['any case, closing slash, no leading slash', `${GROUP.toUpperCase().slice(1)}/`, account('alpha'), true],
    ['no scope covers nothing', '', account('alpha'), false],
  ];
  it.each(cases)('%s', (_, scope, id, expected) => {
    expect(covers(scope, id)).toBe(expected);
  });

  const path = fc
    .array(fc.constantFrom('a', 'a2', 'A', 'b'), { minLength: 1, maxLength: 4 })
    .map((parts) => `/${parts.join('/')}`);
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  it('is a partial order', () => {
    fc.assert(
      fc.property(path, path, path, (a, b, c) => {
        expect(covers(a, a)).toBe(true);
        if (covers(a, b) && covers(b, a)) expect(same(a, b)).toBe(true);
        if (covers(a, b) && covers(b, c)) expect(covers(a, c)).toBe(true);
      }),
    );
  });
});

describe('the account that an id names', () => {
  it.each([
    ['itself', account('Alpha'), account('alpha').toLowerCase()],
    ['a child', `${account('alpha')}/sqlDatabases/shop/containers/carts`, account('alpha').toLowerCase()],
    [
      'a lock on it',
      `${account('alpha')}/providers/Microsoft.Authorization/locks/keep`,
      account('alpha').toLowerCase(),
    ],
    [
      'a cluster for MongoDB',
      `${GROUP}/providers/Microsoft.DocumentDB/mongoClusters/docs`,
      `${GROUP}/providers/Microsoft.DocumentDB/mongoClusters/docs`.toLowerCase(),
    ],
    ['a group', GROUP, null],
    ['another service', `${GROUP}/providers/Microsoft.Storage/storageAccounts/alpha`, null],
  ])('%s', (_, id, expected) => {
    expect(accountOf(id)).toBe(expected);
  });
});

describe('what a lock protects', () => {
  const lock = '/providers/Microsoft.Authorization/locks/keep';
  it.each([
    ['a subscription', `${SUB}${lock}`, SUB],
    ['a group', `${GROUP}${lock}`, GROUP.toLowerCase()],
    ['an account', `${account('alpha')}${lock}`, account('alpha').toLowerCase()],
    ['no lock', account('alpha'), null],
    ['something below a lock', `${GROUP}${lock}/more`, null],
  ])('%s', (_, id, expected) => {
    expect(lockScope(id)).toBe(expected);
  });
});

describe('whose logs a diagnostic setting delivers', () => {
  it.each([
    [
      'of an account',
      `${account('alpha')}/providers/Microsoft.Insights/diagnosticSettings/To-Security`,
      { scope: account('alpha').toLowerCase(), name: 'to-security' },
    ],
    ['of a subscription', `${SUB}/providers/microsoft.insights/diagnosticSettings/all`, { scope: SUB, name: 'all' }],
    ['no setting', account('alpha'), null],
  ])('%s', (_, id, expected) => {
    expect(diagnosticSettingOf(id)).toEqual(expected);
  });
});

describe('which key is meant', () => {
  const vault = `${GROUP}/providers/Microsoft.KeyVault/vaults/KV-Shop`;
  const cases: [name: string, text: string, expected: [vault: string, key: string, version: string | null] | null][] = [
    ['a URI', 'https://kv-shop.vault.azure.net/keys/cmk', ['kv-shop', 'cmk', null]],
    ['with version', 'https://kv-shop.vault.azure.net/keys/cmk/0a1b', ['kv-shop', 'cmk', '0a1b']],
    ['any case, closing slash', 'HTTPS://KV-SHOP.vault.azure.net/keys/CMK/', ['kv-shop', 'cmk', null]],
    ['with a query', 'https://kv-shop.vault.azure.net/keys/cmk/0a1b?api-version=7.4', ['kv-shop', 'cmk', '0a1b']],
    ['a deleted key', 'https://kv-shop.vault.azure.net/deletedkeys/cmk', ['kv-shop', 'cmk', null]],
    [
      'a request about the whole key',
      'https://kv-shop.vault.azure.net/keys/cmk/create?api-version=7.4',
      ['kv-shop', 'cmk', null],
    ],
    ['a request about a version', 'https://kv-shop.vault.azure.net/keys/cmk/0a1b/wrapkey', ['kv-shop', 'cmk', '0a1b']],
    ['another cloud, with a port', 'https://kv-shop.vault.azure.cn:443/keys/cmk', ['kv-shop', 'cmk', null]],
    ['a managed HSM', 'https://hsm-shop.managedhsm.azure.net/keys/cmk', ['hsm-shop', 'cmk', null]],
    ['an ARM id', `${vault}/keys/cmk`, ['kv-shop', 'cmk', null]],
    ['an ARM id with version', `${vault}/keys/cmk/versions/0a1b`, ['kv-shop', 'cmk', '0a1b']],
    ['a secret', 'https://kv-shop.vault.azure.net/secrets/cmk', null],
    ['a vault', vault, null],
    ['nothing', '', null],
  ];
  it.each(cases)('%s', (_, text, expected) => {
    const found = keyOf(text);
    expect(found && [found.vault, found.key, found.version]).toEqual(expected);
  });

  it.each([
    ['a key', 'https://KV-Shop.vault.azure.net/keys/cmk', 'kv-shop'],
    ['its own URI', 'https://kv-shop.vault.azure.net/', 'kv-shop'],
    ['an ARM id', vault, 'kv-shop'],
    ['something below it', `${vault}/accessPolicies/add`, 'kv-shop'],
    ['a managed HSM', `${GROUP}/providers/Microsoft.KeyVault/managedHSMs/hsm-shop`, 'hsm-shop'],
    ['a backup vault', `${GROUP}/providers/Microsoft.DataProtection/backupVaults/bv`, null],
    ['another host', 'https://kv-shop.example/keys/cmk', null],
  ])('the vault of %s', (_, text, expected) => {
    expect(vaultNameOf(text)).toBe(expected);
  });
});

describe('which account a backup instance protects', () => {
  const cases: { name: string; instance: string; dataSource?: string; known: string[]; expected: string | null }[] = [
    { name: 'the name holds it', instance: 'alpha-alpha-0a1b', known: known('alpha'), expected: 'alpha' },
    { name: 'in any case', instance: 'rg-Alpha-0a1b', known: known('alpha'), expected: 'alpha' },
    { name: 'at dash boundaries only', instance: 'alpha2-0a1b', known: known('alpha'), expected: null },
    { name: 'the longest name wins', instance: 'alpha-2-0a1b', known: known('alpha', 'alpha-2'), expected: 'alpha-2' },
    { name: 'whatever the order', instance: 'alpha-2-0a1b', known: known('alpha-2', 'alpha'), expected: 'alpha-2' },
    { name: 'an unknown account is none', instance: 'beta-0a1b', known: known('alpha'), expected: null },
    { name: 'nothing is known', instance: 'alpha-0a1b', known: [], expected: null },
    {
      name: 'a data source decides alone',
      instance: 'alpha-0a1b',
      dataSource: account('Beta'),
      known: known('alpha', 'beta'),
      expected: 'beta',
    },
    {
      name: 'also if its account is not known',
      instance: 'alpha-0a1b',
      dataSource: account('beta'),
      known: known('alpha'),
      expected: null,
    },
    {
      name: 'also if it is of another service',
      instance: 'alpha-0a1b',
      dataSource: `${GROUP}/providers/Microsoft.Compute/disks/alpha`,
      known: known('alpha'),
      expected: null,
    },
  ];
  it.each(cases)('$name', ({ instance, dataSource = null, known, expected }) => {
    const found = backupInstanceAccount(instance, dataSource, known);
    expect(found).toBe(expected === null ? null : account(expected).toLowerCase());
  });
});
