import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readInventory } from '../../src/accounts/inventory.ts';
import type { Alert } from '../../src/alerts/alert.ts';
import type { Family } from '../../src/events/event.ts';
import type { Json } from '../../src/lib/json.ts';
import type { Act } from '../../src/simulate/acts.ts';
import { API_ACCOUNTS } from '../../src/simulate/apiAccounts.ts';
import { clockOf } from '../../src/simulate/clock.ts';
import { FAMILIES, FORM_NAMES, FORMS, type Form, hasGap } from '../../src/simulate/forms.ts';
import { deleteAccount, patchAccount, readKeys, writeContainer } from '../../src/simulate/operations.ts';
import { recordsOf } from '../../src/simulate/records.ts';
import { createContainer, deleteItem, type Removal, request } from '../../src/simulate/requests.ts';
import { Rng } from '../../src/simulate/rng.ts';
import { propertiesOf, settingsOf } from '../../src/simulate/settings.ts';
import { DEMO_DAY } from '../../src/simulate/simulate.ts';
import { changeKey, deleteDiagnostics, deleteLock } from '../../src/simulate/surroundings.ts';
import { Aggregator } from '../../src/simulate/wire/aggregates.ts';
import { traceOf } from '../../src/simulate/wire/trace.ts';
import { ACCOUNTS, type Account, idOf, PEOPLE } from '../../src/simulate/world.ts';
import { alertsOf, essenceOf } from './essence.ts';

/*
 * Every log in every form: the same acts, written so, raise the same alerts. A cell that is empty must stand in docs/limits.md, with the
 * reason, and one that stands there must be empty.
 */

const { admin, platform } = PEOPLE;
const { orders, catalog } = ACCOUNTS;
const at = clockOf(DEMO_DAY);
const NAMES = ['a', 'b', 'c', 'd', 'e'];

/** Long after the last act: every account has fallen silent. */
const END = at(18, 0);

function armActs(): Act[] {
  const base = settingsOf(orders);
  const allOfAzure = { ipRules: [{ ipAddressOrRange: '0.0.0.0' }] };
  return [
    readKeys(at(10, 0), admin, orders, 'listKeys'),
    readKeys(at(10, 1), admin, orders, 'readonlykeys', 'failure'),
    readKeys(at(10, 2), admin, orders, 'listConnectionStrings'),
    deleteLock(at(10, 3), admin, idOf(orders), [orders]),
    deleteDiagnostics(at(10, 4), admin, orders),
    ...NAMES.map((name, index) => writeContainer(at(10, 5, index), admin, orders, name, { isNew: true })),
    patchAccount(at(10, 6), admin, orders, allOfAzure, { ...base, ipRules: ['0.0.0.0'] }),
    patchAccount(at(10, 7), admin, orders, { ipRules: [] }, { ...base, ipRules: [] }),
    deleteAccount(at(10, 9), admin, orders),
  ];
}

/** Requests to one account: deleted items, refused ones, containers made, and one that was there. */
function requestActs(account: Account, removals: readonly Removal[], createsContainers = true): Act[] {
  const client = account.clients[0]!;
  const [container] = account.containers as readonly [string];
  return [
    request(at(10, 0), account, client, {}),
    ...removals.map((removal, index) => deleteItem(at(10, 1, index), account, container, client, removal)),
    request(at(10, 2), account, client, { operation: 'Delete', container, status: 429 }),
    ...(createsContainers ? NAMES : []).flatMap((name, index) => [
      createContainer(at(10, 3, index), account, name, client),
      createContainer(at(10, 4, index), account, name, client, 409),
    ]),
  ];
}

const { nosql, mongodb, vcore, cassandra, cassandra_cluster, gremlin, table } = API_ACCOUNTS;
const noSql = requestActs(nosql, ['Delete', 'Delete']);

function statistic(family: Extract<Act, { kind: 'statistic' }>['family']): Act[] {
  return [{ kind: 'statistic', family, account: nosql, container: 'entries', time: at(10, 0) }];
}

interface Case {
  readonly acts: readonly Act[];
  /** Without `cosmosdb_`; what is raised twice stands twice. */
  readonly raises: readonly string[];
}

const REQUESTS = ['item_deleted', 'multiple_tables_created', 'no_logs'];

const CASES: Readonly<Record<Family, Case>> = {
  ActivityLog: {
    acts: armActs(),
    raises: [
      'access_keys_viewed',
      'backup_deleted',
      'connection_string_viewed',
      'deletion_protection_disabled',
      'logging_changed',
      'multiple_tables_created',
      'network_access_changed',
    ],
  },
  ControlPlaneRequests: {
    acts: armActs(),
    raises: ['backup_deleted', 'multiple_tables_created', 'network_access_changed'],
  },
  DataPlaneRequests: { acts: noSql, raises: REQUESTS },
  DataPlaneRequests5M: { acts: noSql, raises: REQUESTS },
  DataPlaneRequests15M: { acts: noSql, raises: REQUESTS },
  MongoRequests: { acts: requestActs(mongodb, ['Delete', 'Remove', 'Batch']), raises: REQUESTS },
  VCoreMongoRequests: { acts: requestActs(vcore, ['Delete', 'Remove', 'Batch']), raises: REQUESTS },
  CassandraRequests: { acts: requestActs(cassandra, ['Delete', 'Truncate', 'Batch']), raises: REQUESTS },
  // Attempts are no deletions, but they count as creations until they fail.
  CassandraAudit: {
    acts: requestActs(cassandra_cluster, ['Delete', 'Truncate']),
    raises: ['multiple_tables_created', 'no_logs'],
  },
  GremlinRequests: { acts: requestActs(gremlin, ['Delete', 'Delete'], false), raises: ['item_deleted', 'no_logs'] },
  TableApiRequests: { acts: requestActs(table, ['Delete', 'Delete']), raises: REQUESTS },
  QueryRuntimeStatistics: { acts: statistic('QueryRuntimeStatistics'), raises: ['no_logs'] },
  PartitionKeyStatistics: { acts: statistic('PartitionKeyStatistics'), raises: ['no_logs'] },
  PartitionKeyRUConsumption: { acts: statistic('PartitionKeyRUConsumption'), raises: ['no_logs'] },
  AuditEvent: {
    acts: [
      changeKey(at(10, 0), platform, 'KeyGet'),
      changeKey(at(10, 1), admin, 'KeyDelete', { status: 403 }),
      changeKey(at(10, 2), admin, 'KeyUpdate', { enabled: false, hits: catalog }),
    ],
    raises: ['customer_managed_key_changed'],
  },
};

/** The records of one log alone, as one form has them. */
function linesOf(family: Family, form: Form, acts: readonly Act[]): string[] {
  const rng = new Rng('matrix');
  if (family !== 'DataPlaneRequests5M' && family !== 'DataPlaneRequests15M')
    return acts.flatMap((act) => recordsOf(act, form, rng).flatMap((one) => (one.family === family ? [one.line] : [])));
  const sums = new Aggregator(family);
  for (const act of acts) if (act.kind === 'request') sums.add(act);
  const due = sums.due(Number.POSITIVE_INFINITY, () => ({ form, trace: traceOf(rng) }));
  return [...due].map(({ value }) => JSON.stringify(value));
}

/** What was known of the accounts before, as an inventory tells it. */
const inventory = readInventory(
  [orders, catalog].map((account) => ({ id: idOf(account), properties: propertiesOf(settingsOf(account)) }) as Json),
);

function alertsIn(family: Family, form: Form, acts: readonly Act[]): Alert[] {
  return alertsOf(linesOf(family, form, acts), {
    untilMs: END,
    inventories: [{ inventory, at: DEMO_DAY * 1000 }],
  });
}

/** Is an act told by a form, as far as the table of forms says? */
function isTold(family: Family, form: Form, act: Act): boolean {
  if (act.kind !== 'arm' || act.settings === undefined) return true;
  const isEmptied = act.settings.after.ipRules.length === 0;
  return !hasGap(family, form, 'body') && !(isEmptied && hasGap(family, form, 'blank'));
}

describe.each(FAMILIES)('%s', (family) => {
  const { acts, raises } = CASES[family];
  const exported = alertsIn(family, 'export', acts);

  it('the export raises what happened', () => {
    expect(exported.map(({ rule }) => rule.replace('cosmosdb_', '')).sort()).toEqual(raises);
  });

  it.each(FORM_NAMES.filter((form) => FORMS[family][form] !== undefined))('%s tells the same', (form) => {
    // Acts that a form cannot tell are as if they were not.
    const told = acts.filter((act) => isTold(family, form, act));
    const wanted = told.length === acts.length ? exported : alertsIn(family, 'export', told);
    expect(essenceOf(alertsIn(family, form, acts))).toEqual(essenceOf(wanted));
  });
});

it('sums tell what single requests tell', () => {
  const [single, ...sums] = (['DataPlaneRequests', 'DataPlaneRequests5M', 'DataPlaneRequests15M'] as const).map(
    (family) => essenceOf(alertsIn(family, 'export', noSql)),
  );
  for (const sum of sums) expect(sum).toEqual(single);
});

/** `FAMILY form` of each row of the table below a heading of docs/limits.md; `every other` is what no row names before it. */
function excused(): string[] {
  const page = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8');
  const section = /^## Forms that do not exist\n(.*?)^## /ms.exec(page)?.[1] ?? '';
  const rows = [...section.matchAll(/^\| (.+?) \| (.+?) \| (.+?) \|$/gm)].filter(([, , forms]) => /`/.test(forms!));
  const named = new Set<string>();
  return rows.flatMap(([, who, forms, why]) => {
    expect(why!.length, `the reason of ${who}`).toBeGreaterThan(20);
    const listed = [...who!.matchAll(/`(\w+)`/g)].map(([, family]) => family!);
    const families = listed.length > 0 ? listed : FAMILIES.filter((family) => !named.has(family));
    for (const family of families) named.add(family);
    return families.flatMap((family) => [...forms!.matchAll(/`(\w+)`/g)].map(([, form]) => `${family} ${form}`));
  });
}

it('every empty cell is in docs/limits.md with its reason, and no other', () => {
  const empty = FAMILIES.flatMap((family) =>
    FORM_NAMES.filter((form) => FORMS[family][form] === undefined).map((form) => `${family} ${form}`),
  );
  expect(empty.sort()).toEqual(excused().sort());
});
