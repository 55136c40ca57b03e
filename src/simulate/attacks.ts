import type { Act } from './acts.ts';
import { type Blackout, HOUR, MINUTE, SECOND, settingsOf } from './life.ts';
import {
  changeKey,
  deleteAccount,
  deleteItem,
  deleteLock,
  expecting,
  KEY_VERSION,
  patchAccount,
  readKeys,
  request,
  writeDiagnostics,
} from './operations.ts';
import { ACCOUNTS, groupOf, PEOPLE, THIEF_IP } from './world.ts';

/** Something that must be found, placed into a day, and something like it that must not. */
export interface Attack {
  readonly acts: readonly Act[];
  readonly blackouts: readonly Blackout[];
}

const thief = { ip: THIEF_IP, agent: 'azsdk-python-cosmos/4.7.0', key: 'PrimaryMasterKey', principal: null } as const;
const { admin, platform } = PEOPLE;
const { orders, carts, catalog, analytics, dev } = ACCOUNTS;

type Plan = (day: number) => Attack;

function clock(day: number): (hours: number, minutes: number, seconds?: number) => number {
  return (hours, minutes, seconds = 0) => day + hours * HOUR + minutes * MINUTE + seconds * SECOND;
}

function only(acts: readonly Act[]): Attack {
  return { acts, blackouts: [] };
}

const keysRead: Plan = (day) => {
  const at = clock(day);
  return only([
    readKeys(at(2, 50), admin, orders, 'listKeys', 'failure'),
    readKeys(at(2, 58, 14), admin, orders, 'listKeys'),
  ]);
};

const connectionStringsRead: Plan = (day) =>
  only([readKeys(clock(day)(2, 57, 40), admin, orders, 'listConnectionStrings')]);

const lockRemoved: Plan = (day) => {
  const at = clock(day);
  return only([
    deleteLock(at(3, 0, 30), admin, groupOf(orders), [orders, carts], 'failure'),
    deleteLock(at(3, 1, 15), admin, groupOf(orders), [orders, carts]),
  ]);
};

const logSwitchedOff: Plan = (day) => {
  const at = clock(day);
  return {
    acts: [
      writeDiagnostics(at(3, 2, 9), admin, orders, ['DataPlaneRequests']),
      writeDiagnostics(at(9, 30), platform, orders),
    ],
    blackouts: [{ account: orders, from: at(3, 2, 20), to: at(9, 31) }],
  };
};

const networkOpened: Plan = (day) => {
  const at = clock(day);
  const base = settingsOf(orders);
  const rules = (...ranges: string[]) => ({ ipRules: ranges.map((range) => ({ ipAddressOrRange: range })) });
  const hit = [expecting('network_access_changed', orders, '', admin.oid)];
  return only([
    patchAccount(at(3, 11), admin, orders, rules('0.0.0.0'), base, [], 'failure'),
    patchAccount(
      at(3, 12, 7),
      admin,
      orders,
      rules('203.0.113.0/24', '0.0.0.0'),
      { ...base, ipRules: ['203.0.113.0/24', '0.0.0.0'] },
      hit,
    ),
    patchAccount(at(3, 19, 31), admin, orders, rules(), { ...base, ipRules: [] }, hit),
  ]);
};

const tablesCreated: Plan = (day) => {
  const at = clock(day);
  const names = ['tmp1', 'tmp2', 'tmp3', 'tmp4', 'tmp5'];
  return only([
    ...names.map((container, index) =>
      request(at(3, 24, index * 48), catalog, thief, {
        operation: 'Create',
        type: 'Collection',
        container,
        status: 409,
      }),
    ),
    ...names.map((container, index): Act => {
      const act = request(at(3, 24, 5 + index * 50), catalog, thief, {
        operation: 'Create',
        type: 'Collection',
        container,
        status: 201,
      });
      // The fourth opens the alert; the three before it are inside its window.
      return index === 3
        ? {
            ...act,
            expect: [expecting('multiple_tables_created', catalog, '', `primary_key@${THIEF_IP}`, names.length)],
          }
        : act;
    }),
  ]);
};

const itemsDeleted: Plan = (day) => {
  const at = clock(day);
  const acts: Act[] = [];
  for (let index = 0; index < 1204; index++) acts.push(deleteItem(at(21, 40, 5) + index * 620, carts, 'carts', thief));
  for (let index = 0; index < 20; index++)
    acts.push(request(at(21, 39) + index * SECOND, carts, thief, { operation: 'Delete', status: 429 }));
  return only(acts);
};

const backupWeakened: Plan = (day) => {
  const at = clock(day);
  const tier = { backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: 'Continuous7Days' } } };
  return only([
    deleteAccount(at(3, 4), admin, catalog, 'failure'),
    patchAccount(at(3, 5, 40), admin, orders, tier, { ...settingsOf(orders), tier: 'Continuous7Days' }, [
      expecting('backup_deleted', orders, '', admin.oid),
    ]),
    deleteAccount(at(4, 10), admin, dev),
  ]);
};

const keyDisabled: Plan = (day) => {
  const at = clock(day);
  return only([
    changeKey(at(3, 7), admin, 'KeyPurge', { status: 403 }),
    changeKey(at(3, 8), admin, 'KeyUpdate', { version: KEY_VERSION, enabled: false, hits: catalog }),
  ]);
};

const logsMissing: Plan = (day) => {
  const at = clock(day);
  const off = ['ControlPlaneRequests', 'DataPlaneRequests', 'MongoRequests'];
  return {
    acts: [writeDiagnostics(at(10, 0), admin, analytics, off), writeDiagnostics(at(16, 0), platform, analytics)],
    blackouts: [{ account: analytics, from: at(10, 0, 20), to: at(16, 1) }],
  };
};

/** One scenario per rule, named as the rule without its prefix. */
const SINGLE: Readonly<Record<string, Plan>> = {
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
};

/** An intruder's night, and what followed: all ten rules in one day. */
const theft: Plan = (day) => {
  const parts = Object.values(SINGLE).map((plan) => plan(day));
  return { acts: parts.flatMap(({ acts }) => acts), blackouts: parts.flatMap(({ blackouts }) => blackouts) };
};

const benign: Plan = () => ({ acts: [], blackouts: [] });

export const SCENARIOS: Readonly<Record<string, Plan>> = { benign, theft, ...SINGLE };
