import type { Act } from './acts.ts';
import { clockOf, SECOND } from './clock.ts';
import type { Blackout } from './life.ts';
import { deleteAccount, patchAccount, readKeys } from './operations.ts';
import { createContainer, deleteItem, request } from './requests.ts';
import { settingsOf } from './settings.ts';
import { changeKey, deleteLock, writeDiagnostics } from './surroundings.ts';
import { ACCOUNTS, type Account, type Client, groupOf, KEY_VERSION, PEOPLE, THIEF_IP } from './world.ts';

/** Things that must be found, placed into a day, and things like them that must not. */
export interface Attack {
  readonly acts: readonly Act[];
  readonly blackouts?: readonly Blackout[];
  /** That are there beside the tenant's usual ones. */
  readonly accounts?: readonly Account[];
  /** Accounts that are gone from then on. */
  readonly deletions?: readonly { readonly account: Account; readonly at: number }[];
}

/** @param day midnight, in milliseconds since 1970 */
export type Plan = (day: number) => Attack;

const { admin, platform } = PEOPLE;
const { orders, carts, catalog, analytics, dev } = ACCOUNTS;

const thief: Client = { ip: THIEF_IP, agent: 'azsdk-python-cosmos/4.7.0', key: 'PrimaryMasterKey', principal: null };

const connectionStringsRead: Plan = (day) => ({
  acts: [
    readKeys(clockOf(day)(2, 55), admin, orders, 'listConnectionStrings', 'failure'),
    readKeys(clockOf(day)(2, 57, 40), admin, orders, 'listConnectionStrings'),
  ],
});

const keysRead: Plan = (day) => ({
  acts: [
    readKeys(clockOf(day)(2, 50), admin, orders, 'listKeys', 'failure'),
    readKeys(clockOf(day)(2, 58, 14), admin, orders, 'listKeys'),
  ],
});

const lockRemoved: Plan = (day) => {
  const at = clockOf(day);
  return {
    acts: [
      deleteLock(at(3, 0, 30), admin, groupOf(orders), [orders, carts], 'failure'),
      deleteLock(at(3, 1, 15), admin, groupOf(orders), [orders, carts]),
    ],
  };
};

const logSwitchedOff: Plan = (day) => {
  const at = clockOf(day);
  const off = ['DataPlaneRequests'];
  return {
    acts: [
      writeDiagnostics(at(3, 1, 58), admin, orders, { off, outcome: 'failure' }),
      writeDiagnostics(at(3, 2, 9), admin, orders, { off }),
      writeDiagnostics(at(9, 30), platform, orders),
    ],
    blackouts: [{ account: orders, from: at(3, 2, 20), to: at(9, 31) }],
  };
};

/** 0.0.0.0 (all of Azure) is added, then the last range goes, which opens the account to everybody. */
const networkOpened: Plan = (day) => {
  const at = clockOf(day);
  const base = settingsOf(orders);
  const open = (time: number, ipRules: readonly string[], outcome: 'success' | 'failure' = 'success') =>
    patchAccount(
      time,
      admin,
      orders,
      { ipRules: ipRules.map((range) => ({ ipAddressOrRange: range })) },
      { ...base, ipRules },
      outcome,
    );
  return {
    acts: [
      open(at(3, 11), ['0.0.0.0'], 'failure'),
      open(at(3, 12, 7), ['203.0.113.0/24', '0.0.0.0']),
      open(at(3, 19, 31), []),
    ],
  };
};

const tablesCreated: Plan = (day) => {
  const at = clockOf(day);
  const names = ['tmp1', 'tmp2', 'tmp3', 'tmp4', 'tmp5'];
  return {
    acts: names.flatMap((container, index) => [
      createContainer(at(3, 24, index * 48), catalog, container, thief, 409),
      createContainer(at(3, 24, 5 + index * 50), catalog, container, thief),
    ]),
  };
};

const itemsDeleted: Plan = (day) => {
  const at = clockOf(day);
  const acts: Act[] = [];
  for (let index = 0; index < 1204; index++) acts.push(deleteItem(at(21, 40, 5) + index * 620, carts, 'carts', thief));
  for (let index = 0; index < 20; index++)
    acts.push(request(at(21, 39, index), carts, thief, { operation: 'Delete', status: 429 }));
  return { acts };
};

const backupWeakened: Plan = (day) => {
  const at = clockOf(day);
  const after = { ...settingsOf(orders), backup: { tier: 'Continuous7Days' } as const };
  const backupPolicy = { type: 'Continuous', continuousModeProperties: { tier: 'Continuous7Days' } };
  return {
    acts: [
      deleteAccount(at(3, 4), admin, catalog, 'failure'),
      patchAccount(at(3, 5, 40), admin, orders, { backupPolicy }, after),
      deleteAccount(at(4, 10), admin, dev),
    ],
    deletions: [{ account: dev, at: at(4, 10) + SECOND }],
  };
};

const keyDisabled: Plan = (day) => {
  const at = clockOf(day);
  return {
    acts: [
      changeKey(at(3, 7), admin, 'KeyPurge', { status: 403 }),
      changeKey(at(3, 8), admin, 'KeyUpdate', { version: KEY_VERSION, enabled: false, hits: catalog }),
    ],
  };
};

const logsMissing: Plan = (day) => {
  const at = clockOf(day);
  const off = ['ControlPlaneRequests', 'DataPlaneRequests', 'MongoRequests'];
  return {
    acts: [writeDiagnostics(at(10, 0), admin, analytics, { off }), writeDiagnostics(at(16, 0), platform, analytics)],
    blackouts: [{ account: analytics, from: at(10, 0, 20), to: at(16, 1) }],
  };
};

/** An intruder's night, and what followed, by the rule that tells of it (without `cosmosdb_`). */
export const STORY = {
  no_logs: logsMissing,
  multiple_tables_created: tablesCreated,
  backup_deleted: backupWeakened,
  deletion_protection_disabled: lockRemoved,
  item_deleted: itemsDeleted,
  customer_managed_key_changed: keyDisabled,
  network_access_changed: networkOpened,
  connection_string_viewed: connectionStringsRead,
  access_keys_viewed: keysRead,
  logging_changed: logSwitchedOff,
} as const satisfies Record<string, Plan>;

export type AttackName = keyof typeof STORY;
