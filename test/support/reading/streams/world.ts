/** A small tenant in which names are easily taken for one another. */
export const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-0000000000aa';
export const GROUPS = [`${SUBSCRIPTION}/resourceGroups/rg-shop`, `${SUBSCRIPTION}/resourceGroups/rg-shop2`] as const;

export const ACCOUNTS = [
  `${GROUPS[0]}/providers/Microsoft.DocumentDB/databaseAccounts/alpha`,
  `${GROUPS[0]}/providers/Microsoft.DocumentDB/databaseAccounts/alpha-2`,
  `${GROUPS[1]}/providers/Microsoft.DocumentDB/databaseAccounts/alpha2`,
] as const;

export interface Person {
  readonly name: string;
  readonly id: string;
  readonly app: string;
  readonly ip: string;
  readonly type: 'user' | 'app';
}

const person = (name: string, n: number, app: string, ip: string, type: Person['type'] = 'user'): Person => ({
  name,
  id: `30000000-0000-0000-0000-00000000000${n}`,
  app,
  ip,
  type,
});

const CLI = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const PORTAL = 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c';

export const PEOPLE: readonly Person[] = [
  person('ann', 1, CLI, '198.51.100.1'),
  person('bob', 2, PORTAL, '198.51.100.2'),
  person('cyd', 3, CLI, '198.51.100.3'),
  person('deploy', 4, '40000000-0000-0000-0000-000000000004', '198.51.100.4', 'app'),
];

/** Two that differ in case only count as one. */
export const CONTAINERS = [
  { database: 'shop', container: 'carts' },
  { database: 'Shop', container: 'Carts' },
  { database: 'shop', container: 'orders' },
  { database: 'shop', container: 'export1' },
  { database: 'crm', container: 'carts' },
  { database: 'crm', container: 'export2' },
  { database: 'crm', container: 'orders' },
  { database: 'crm', container: 'copy' },
] as const;

export const VAULTS = ['kv-shop', 'kv-far'] as const;
export const vaultId = (vault: string): string => `${GROUPS[0]}/providers/Microsoft.KeyVault/vaults/${vault}`;

const backupVault = `${GROUPS[0]}/providers/Microsoft.DataProtection/backupVaults/bv`;
export const BACKUP_VAULTS = [backupVault, `${backupVault}2`] as const;
export const INSTANCES = ['alpha-1f2e', 'alpha-2-1f2e', 'bk-alpha2', 'disk-alpha3-7', 'alpha-2'] as const;

export const HUB = `${GROUPS[1]}/providers/Microsoft.EventHub/namespaces/logs`;
export const WORKSPACE = `${GROUPS[1]}/providers/Microsoft.OperationalInsights/workspaces/all`;
