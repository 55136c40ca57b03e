import type { Api } from '../events/event.ts';

/** A made-up tenant: who and what there is. Names and addresses are those reserved for documentation. */

export interface Person {
  readonly name: string;
  readonly oid: string;
  readonly type: 'User' | 'ServicePrincipal';
  readonly appId: string;
  readonly ip: string;
}

export interface Account {
  readonly name: string;
  readonly subscription: string;
  readonly group: string;
  readonly api: Api;
  /** The resource that it is; default an account. Clusters are of their own. */
  readonly kind?: 'mongoClusters' | 'cassandraClusters';
  /** Empty in the API for tables. */
  readonly database: string;
  readonly containers: readonly string[];
  /** Share of the tenant's requests. */
  readonly share: number;
  /** Who asks, and how: an Entra principal or a key. */
  readonly clients: readonly Client[];
  /** Does it log statistics beside requests? */
  readonly hasStatistics?: boolean;
}

export interface Client {
  readonly ip: string;
  readonly agent: string;
  readonly key: 'PrimaryMasterKey' | 'SecondaryMasterKey' | null;
  /** An Entra object id; the name of a user of a cluster. */
  readonly principal: string | null;
}

const SUB_A = '00000000-0000-0000-0000-0000000000aa';
const SUB_B = '00000000-0000-0000-0000-0000000000bb';
export const TENANT = '00000000-0000-0000-0000-0000000000ee';
/** Of the Log Analytics workspace, which its tables call TenantId. */
export const WORKSPACE = '00000000-0000-0000-0000-0000000000dd';

const CLI = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
const PORTAL = 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c';

export const PEOPLE = {
  admin: {
    name: 'ops-admin@contoso.example',
    oid: '11111111-2222-3333-4444-555555555555',
    type: 'User',
    appId: CLI,
    ip: '198.51.100.23',
  },
  analyst: {
    name: 'data-analyst@contoso.example',
    oid: '11111111-2222-3333-4444-666666666666',
    type: 'User',
    appId: PORTAL,
    ip: '192.0.2.44',
  },
  terraform: {
    name: 'terraform-ci',
    oid: '11111111-2222-3333-4444-777777777777',
    type: 'ServicePrincipal',
    appId: '22222222-2222-3333-4444-777777777777',
    ip: '192.0.2.10',
  },
  platform: {
    name: 'platform@contoso.example',
    oid: '11111111-2222-3333-4444-888888888888',
    type: 'User',
    appId: CLI,
    ip: '192.0.2.12',
  },
} as const satisfies Record<string, Person>;

/** Where stolen keys are used from. */
export const THIEF_IP = '203.0.113.77';

export const DOTNET = 'cosmos-netstandard-sdk/3.39.1|10|X64|Linux';

export const ACCOUNTS = {
  orders: {
    name: 'orders-prod',
    subscription: SUB_A,
    group: 'rg-shop',
    api: 'sql',
    database: 'shop',
    containers: ['orders', 'customers', 'leases'],
    share: 0.4,
    clients: [
      { ip: '10.1.0.4', agent: DOTNET, key: null, principal: 'aaaaaaaa-0000-0000-0000-000000000001' },
      { ip: '10.1.0.5', agent: DOTNET, key: null, principal: 'aaaaaaaa-0000-0000-0000-000000000001' },
    ],
  },
  carts: {
    name: 'carts-prod',
    subscription: SUB_A,
    group: 'rg-shop',
    api: 'mongodb',
    database: 'shop',
    containers: ['carts', 'sessions'],
    share: 0.25,
    clients: [{ ip: '10.1.2.8', agent: 'mongo-node/6.8', key: 'PrimaryMasterKey', principal: null }],
  },
  catalog: {
    name: 'catalog-prod',
    subscription: SUB_A,
    group: 'rg-catalog',
    api: 'sql',
    database: 'catalog',
    containers: ['products', 'prices'],
    share: 0.25,
    clients: [
      { ip: '10.2.0.4', agent: 'cosmosdb-python/4.7', key: 'PrimaryMasterKey', principal: null },
      { ip: '10.2.0.9', agent: 'azsdk-java-cosmos/4.63', key: 'SecondaryMasterKey', principal: null },
    ],
  },
  analytics: {
    name: 'analytics-prod',
    subscription: SUB_B,
    group: 'rg-data',
    api: 'sql',
    database: 'events',
    containers: ['clicks'],
    share: 0.09,
    clients: [{ ip: '10.3.0.7', agent: DOTNET, key: null, principal: 'aaaaaaaa-0000-0000-0000-000000000002' }],
  },
  dev: {
    name: 'carts-dev',
    subscription: SUB_B,
    group: 'rg-dev',
    api: 'sql',
    database: 'dev',
    containers: ['scratch'],
    share: 0.01,
    clients: [{ ip: '10.9.0.3', agent: DOTNET, key: 'PrimaryMasterKey', principal: null }],
  },
} as const satisfies Record<string, Account>;

export const ALL_ACCOUNTS: readonly Account[] = Object.values(ACCOUNTS);

export function idOf(account: Account): string {
  return `/subscriptions/${account.subscription}/resourceGroups/${account.group}/providers/Microsoft.DocumentDB/${kindOf(account)}/${account.name}`;
}

/** The type of its resource. */
export function kindOf({ kind }: Account): string {
  return kind ?? 'databaseAccounts';
}

export function subscriptionOf(account: Account): string {
  return `/subscriptions/${account.subscription}`;
}

export function groupOf(account: Account): string {
  return `/subscriptions/${account.subscription}/resourceGroups/${account.group}`;
}

export const KEY_URI = 'https://kv-shop.vault.azure.net/keys/cosmos-cmk';
/** Another key of the same vault; no account depends on it. */
export const OTHER_KEY_URI = 'https://kv-shop.vault.azure.net/keys/token-signing';
/** A key of a vault that nobody knows. */
export const FOREIGN_KEY_URI = 'https://kv-else.vault.azure.net/keys/k1';
export const KEY_VERSION = '0f3e5d7c9b1a4e6f8a2c4e6f8a0b2c4d';
export const KEY_VAULT_ID = `/subscriptions/${SUB_A}/resourceGroups/rg-sec/providers/Microsoft.KeyVault/vaults/kv-shop`;
/** The identity with which the account that has a key of its own fetches it. */
export const CATALOG_IDENTITY = 'aaaaaaaa-0000-0000-0000-000000000003';
export const BACKUP_VAULT_ID = `/subscriptions/${SUB_A}/resourceGroups/rg-backup/providers/Microsoft.DataProtection/backupVaults/bv-shop`;
export const WORKSPACE_ID = `/subscriptions/${SUB_A}/resourceGroups/rg-sec/providers/Microsoft.OperationalInsights/workspaces/law-old`;
export const ARCHIVE_ID = `/subscriptions/${SUB_A}/resourceGroups/rg-sec/providers/Microsoft.Storage/storageAccounts/starchive`;
export const SUBNET_ID = `/subscriptions/${SUB_B}/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet-data/subnets/apps`;
export const HUB_RULE = `/subscriptions/${SUB_A}/resourceGroups/rg-sec/providers/Microsoft.EventHub/namespaces/ns-security/authorizationRules/send`;
