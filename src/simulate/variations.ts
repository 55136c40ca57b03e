import { type Act, arm } from './acts.ts';
import { clockOf, SECOND } from './clock.ts';
import { connectEndpoint, deleteEndpoint, onAccount, patchAccount, readKeys, writeContainer } from './operations.ts';
import { deleteItem, request } from './requests.ts';
import { settingsOf } from './settings.ts';
import type { AttackName, Plan } from './story.ts';
import {
  changeKey,
  deleteDiagnostics,
  deleteLock,
  lockOf,
  revokeKey,
  unprotect,
  writeBackupVault,
  writeDiagnostics,
  writeKeyVault,
  writeLock,
} from './surroundings.ts';
import {
  ACCOUNTS,
  ARCHIVE_ID,
  FOREIGN_KEY_URI,
  idOf,
  KEY_VERSION,
  PEOPLE,
  SUBNET_ID,
  subscriptionOf,
  WORKSPACE_ID,
} from './world.ts';

/** The other ways to do what the story does in one way, later on the same day, each beside something like it that must not be told. */

const { admin, analyst, platform, terraform } = PEOPLE;
const { orders, carts, catalog, analytics, dev } = ACCOUNTS;

/** Two quiet hours are no silence. */
const shortSilence: Plan = (day) => ({
  acts: [],
  blackouts: [{ account: catalog, from: clockOf(day)(12, 0), to: clockOf(day)(14, 0) }],
});

/** One template makes five containers, sends them again, and elsewhere four collections come by hand, three too few. */
const containersDeployed: Plan = (day) => {
  const at = clockOf(day);
  const deployment = '3b1f5a80-6c2d-4e7f-9a10-b2c3d4e5f607';
  const again = '3b1f5a80-6c2d-4e7f-9a10-b2c3d4e5f608';
  const names = ['returns', 'refunds', 'invoices', 'parcels', 'labels'];
  return {
    acts: [
      ...names.map((name, index) =>
        writeContainer(at(10, 0, index * 2), terraform, orders, name, { isNew: true, deployment }),
      ),
      ...names.map((name, index) =>
        writeContainer(at(15, 0, index * 2), terraform, orders, name, { isNew: false, deployment: again }),
      ),
      ...['a1', 'a2', 'a3', 'a4'].map((name, index) =>
        writeContainer(at(12, index * 3), platform, carts, name, { isNew: true }),
      ),
      ...['b1', 'b2', 'b3', 'b4'].map((name, index) =>
        writeContainer(at(16, index * 6), platform, analytics, name, { isNew: true }),
      ),
      ...['c1', 'c2', 'c3', 'c4'].map((name, index) =>
        writeContainer(at(17, 0, index), analyst, analytics, name, { isNew: true, outcome: 'failure' }),
      ),
    ],
  };
};

const backupsRemoved: Plan = (day) => {
  const at = clockOf(day);
  const periodic = { intervalMinutes: 1440, retentionHours: 8, redundancy: 'Geo' } as const;
  const backupPolicy = (intervalMinutes: number, retentionHours: number) => ({
    backupPolicy: {
      type: 'Periodic',
      periodicModeProperties: {
        backupIntervalInMinutes: intervalMinutes,
        backupRetentionIntervalInHours: retentionHours,
        backupStorageRedundancy: 'Geo',
      },
    },
  });
  const switchedOff = onAccount(at(14, 0), admin, catalog, 'disableLongTermProtection/action');
  return {
    acts: [
      arm(switchedOff.time, admin, switchedOff.operation, switchedOff.resource, {
        tells: { rule: 'backup_deleted', accounts: [catalog] },
      }),
      unprotect(at(14, 5), admin, analytics.name, [analytics], 'delete', 'failure'),
      unprotect(at(14, 10), admin, analytics.name, [analytics]),
      writeBackupVault(at(14, 30), admin, 'Off', [orders, catalog]),
      patchAccount(at(15, 0), admin, carts, backupPolicy(1440, 8), { ...settingsOf(carts), backup: periodic }),
      patchAccount(at(16, 30), platform, carts, backupPolicy(240, 720), settingsOf(carts)),
      unprotect(at(17, 0), admin, orders.name, [orders], 'stopProtection/action'),
    ],
  };
};

const protectionWeakened: Plan = (day) => {
  const at = clockOf(day);
  const held = settingsOf(orders);
  const below = `${idOf(orders)}/sqlDatabases/shop`;
  return {
    acts: [
      writeLock(at(13, 0), platform, idOf(catalog), 'ReadOnly'),
      writeLock(at(14, 0), admin, idOf(catalog), 'CanNotDelete', [catalog]),
      writeLock(at(14, 20), platform, idOf(catalog), 'ReadOnly'),
      arm(at(14, 40), admin, 'Microsoft.Authorization/locks/delete', lockOf(below)),
      patchAccount(
        at(15, 0),
        admin,
        orders,
        { disableKeyBasedMetadataWriteAccess: false },
        { ...held, keysAreHeld: false },
      ),
      patchAccount(at(15, 20), platform, orders, { disableKeyBasedMetadataWriteAccess: true }, held),
      // Nothing was known of this one: that it is gone counts all the same.
      deleteLock(at(15, 40), admin, subscriptionOf(analytics), [analytics, dev]),
    ],
  };
};

/** An application deletes more than a hundred, with its own identity; most of the rest was not there. */
const itemsDeletedByApp: Plan = (day) => {
  const start = clockOf(day)(10, 0);
  const client = orders.clients[0];
  const acts: Act[] = [];
  for (let index = 0; index < 150; index++) {
    const time = start + index * 3 * SECOND;
    acts.push(deleteItem(time, orders, 'customers', client));
    if (index % 4 === 0)
      acts.push(request(time + SECOND, orders, client, { operation: 'Delete', container: 'customers', status: 412 }));
  }
  for (const type of ['Collection', 'Database'] as const)
    acts.push(request(clockOf(day)(11, 30), orders, client, { operation: 'Delete', type, container: 'old' }));
  return { acts };
};

const keyLost: Plan = (day) => {
  const at = clockOf(day);
  const base = settingsOf(catalog);
  const newer = 'ab'.repeat(16);
  return {
    acts: [
      changeKey(at(9, 0), platform, 'KeyUpdate', { version: KEY_VERSION, enabled: true }),
      changeKey(at(9, 30), platform, 'KeyCreate', { version: newer }),
      changeKey(at(9, 40), platform, 'KeyUpdate', { version: KEY_VERSION, enabled: false }),
      // The same key, spelt with its version: no change.
      patchAccount(at(10, 0), platform, catalog, { keyVaultKeyUri: `${base.keyUri}/${newer}` }, base),
      patchAccount(
        at(11, 0),
        admin,
        catalog,
        { keyVaultKeyUri: FOREIGN_KEY_URI },
        { ...base, keyUri: FOREIGN_KEY_URI },
      ),
      patchAccount(at(13, 0), platform, catalog, { keyVaultKeyUri: base.keyUri }, base),
      changeKey(at(16, 0), admin, 'KeyDelete', { status: 403 }),
      changeKey(at(16, 2), admin, 'KeyDelete', { hits: catalog }),
      changeKey(at(16, 30), platform, 'KeyRecover'),
      revokeKey(at(18, 0), admin, [catalog], 'failure'),
      revokeKey(at(18, 1), admin, [catalog]),
      writeKeyVault(at(20, 0), admin, 'None', [catalog]),
    ],
  };
};

const networkChanged: Plan = (day) => {
  const at = clockOf(day);
  const plain = settingsOf(analytics);
  const inNetwork = { ...plain, subnets: [SUBNET_ID] };
  const bypassed = { ...inNetwork, networkAclBypass: 'AzureServices', minimalTlsVersion: 'Tls11' } as const;
  return {
    acts: [
      patchAccount(
        at(11, 0),
        platform,
        analytics,
        { isVirtualNetworkFilterEnabled: true, virtualNetworkRules: [{ id: SUBNET_ID }] },
        inNetwork,
      ),
      patchAccount(
        at(13, 0),
        admin,
        analytics,
        { networkAclBypass: 'AzureServices', minimalTlsVersion: 'Tls11' },
        bypassed,
      ),
      // What is so already is no change.
      patchAccount(at(14, 0), platform, analytics, { publicNetworkAccess: 'Enabled' }, bypassed),
      ...connectEndpoint(at(15, 0), platform, carts, 'pe-web'),
      ...connectEndpoint(at(15, 3), platform, carts, 'pe-jobs'),
      deleteEndpoint(at(15, 25), admin, carts, 'pe-web', 'failure'),
      deleteEndpoint(at(15, 30), admin, carts, 'pe-web'),
    ],
  };
};

const connectionStringsReadAgain: Plan = (day) => {
  const at = clockOf(day);
  return {
    acts: [
      readKeys(at(9, 30), platform, carts, 'listConnectionStrings'),
      readKeys(at(10, 20), platform, carts, 'listConnectionStrings'),
      readKeys(at(11, 20, 1), platform, carts, 'listConnectionStrings'),
    ],
  };
};

/** Within an hour it is one alert, also of both kinds of key; another address makes another. */
const keysReadAgain: Plan = (day) => {
  const at = clockOf(day);
  const elsewhere = { ...platform, ip: '192.0.2.13' };
  return {
    acts: [
      readKeys(at(9, 0), platform, carts, 'listKeys'),
      readKeys(at(9, 59, 59), platform, carts, 'readonlykeys'),
      readKeys(at(10, 10), elsewhere, carts, 'listKeys'),
      readKeys(at(12, 0), platform, carts, 'listKeys'),
    ],
  };
};

const logsMoved: Plan = (day) => {
  const at = clockOf(day);
  const off = ['DataPlaneRequests'];
  return {
    acts: [
      deleteDiagnostics(at(12, 58), admin, analytics, 'failure'),
      deleteDiagnostics(at(13, 0), admin, analytics),
      writeDiagnostics(at(13, 30), platform, analytics),
      writeDiagnostics(at(14, 0), admin, carts, { destination: { workspaceId: WORKSPACE_ID }, isLoss: true }),
      // A second setting delivers what the first gives up.
      writeDiagnostics(at(15, 0), platform, catalog, {
        name: 'archive',
        destination: { storageAccountId: ARCHIVE_ID },
      }),
      writeDiagnostics(at(15, 10), platform, catalog, { off, isLoss: false }),
    ],
    blackouts: [{ account: analytics, from: at(13, 0, 20), to: at(13, 31) }],
  };
};

export const VARIATIONS: Readonly<Record<AttackName, Plan>> = {
  no_logs: shortSilence,
  multiple_tables_created: containersDeployed,
  backup_deleted: backupsRemoved,
  deletion_protection_disabled: protectionWeakened,
  item_deleted: itemsDeletedByApp,
  customer_managed_key_changed: keyLost,
  network_access_changed: networkChanged,
  connection_string_viewed: connectionStringsReadAgain,
  access_keys_viewed: keysReadAgain,
  logging_changed: logsMoved,
};
