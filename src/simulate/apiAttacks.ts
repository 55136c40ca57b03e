import { type Act, arm } from './acts.ts';
import { API_ACCOUNTS, type ApiName } from './apiAccounts.ts';
import { clockOf, SECOND } from './clock.ts';
import { deleteAccount, deleteContainer, onAccount, readKeys, writeContainer } from './operations.ts';
import { createContainer, deleteItem, type Removal, request } from './requests.ts';
import type { Plan } from './story.ts';
import { type Account, type Client, idOf, PEOPLE, THIEF_IP } from './world.ts';

/**
 * Every attack on an account of every API: keys read, items deleted in each way that its log can tell, containers made with the key and
 * through ARM, by today's operations and by the old ones, containers dropped, the account deleted. Beside each, what must not be told.
 */

const { admin, terraform } = PEOPLE;

/** Ways in which the log of an API tells of a deletion; the last ones are not told: a batch or a stored procedure may do anything. */
const REMOVALS: Readonly<Record<ApiName, readonly Removal[]>> = {
  nosql: ['Delete'],
  mongodb: ['Delete', 'Remove', 'Batch'],
  vcore: ['Delete', 'Remove', 'Batch'],
  cassandra: ['Delete', 'Truncate', 'Batch'],
  cassandra_cluster: ['Delete', 'Truncate'],
  gremlin: ['Delete'],
  table: ['Delete'],
};

function intruderOf(account: Account): Client {
  const [own] = account.clients;
  return { ip: THIEF_IP, agent: 'python-requests/2.32', key: own!.key, principal: own!.principal };
}

function itemsDeleted(name: ApiName, day: number): Act[] {
  const account = API_ACCOUNTS[name];
  const start = clockOf(day)(11, 0);
  const from = intruderOf(account);
  const [container] = account.containers;
  const removals = REMOVALS[name];
  const acts: Act[] = [];
  for (let index = 0; index < 120; index++)
    acts.push(deleteItem(start + index * 2 * SECOND, account, container, from, removals[index % removals.length]));
  const refused = { operation: 'Delete', container, status: 429 };
  for (let index = 0; index < 10; index++) acts.push(request(start + index * SECOND, account, from, refused));
  return [...acts, ...opaque(name, clockOf(day)(11, 30))];
}

/** One request that may delete much, of which the log does not say what it did. */
function opaque(name: ApiName, time: number): Act[] {
  const account = API_ACCOUNTS[name];
  const from = intruderOf(account);
  if (name === 'nosql')
    return [
      request(time, account, from, { operation: 'Execute', type: 'StoredProcedure' }),
      request(time + SECOND, account, from, { operation: 'Batch' }),
    ];
  return name === 'table' ? [request(time, account, from, { operation: 'Batch' })] : [];
}

/** With the key: five are made and as many refused. Graphs cannot be made by a traversal. */
function containersCreated(name: ApiName, day: number): Act[] {
  if (name === 'gremlin') return [];
  const account = API_ACCOUNTS[name];
  const at = clockOf(day);
  const from = intruderOf(account);
  return ['copy1', 'copy2', 'copy3', 'copy4', 'copy5'].flatMap((container, index) => [
    createContainer(at(12, index), account, container, from, 409),
    createContainer(at(12, index, 20), account, container, from),
  ]);
}

/** Clusters have no ARM operations for what is in them. */
function containersDeployed(name: ApiName, day: number): Act[] {
  const account: Account = API_ACCOUNTS[name];
  if (account.kind !== undefined) return [];
  const at = clockOf(day);
  const names = ['deal1', 'deal2', 'deal3', 'deal4'];
  return [
    ...names.map((container, index) => writeContainer(at(13, index), admin, account, container, { isNew: true })),
    // Written again: no creation. Deleted, and made anew: one each.
    ...names.map((container, index) => writeContainer(at(14, index), terraform, account, container, { isNew: false })),
    ...names.map((container, index) => deleteContainer(at(15, index), admin, account, container)),
    deleteContainer(at(15, 10), admin, account, 'deal9', 'failure'),
    ...names.map((container, index) => writeContainer(at(16, index), admin, account, container, { isNew: true })),
    ...['old1', 'old2', 'old3', 'old4'].map((container, index) =>
      writeContainer(at(17, index), admin, account, container, { isNew: true, isOld: true }),
    ),
  ];
}

function dropped(name: ApiName, day: number): Act[] {
  if (name === 'gremlin') return [];
  const account = API_ACCOUNTS[name];
  const from = intruderOf(account);
  return ['copy1', 'copy2'].map((container, index) =>
    request(clockOf(day)(18, index), account, from, { operation: 'Delete', type: 'Collection', container }),
  );
}

function keysRead(name: ApiName, day: number): Act[] {
  const account: Account = API_ACCOUNTS[name];
  const at = clockOf(day);
  if (account.kind === 'cassandraClusters') return [];
  const strings = readKeys(at(10, 30), admin, account, 'listConnectionStrings');
  if (account.kind === 'mongoClusters') return [strings, firewallOpened(account, at(10, 40))];
  return [strings, readKeys(at(10, 35), admin, account, 'listKeys')];
}

function firewallOpened(account: Account, time: number): Act {
  const { operation } = onAccount(time, admin, account, 'firewallRules/write');
  return arm(time, admin, operation, `${idOf(account)}/firewallRules/everybody`, {
    body: { properties: { startIpAddress: '0.0.0.0', endIpAddress: '255.255.255.255' } },
    tells: { rule: 'network_access_changed', accounts: [account] },
  });
}

function planFor(name: ApiName): Plan {
  const account = API_ACCOUNTS[name];
  return (day) => ({
    accounts: [account],
    acts: [
      ...keysRead(name, day),
      ...itemsDeleted(name, day),
      ...containersCreated(name, day),
      ...containersDeployed(name, day),
      ...dropped(name, day),
      deleteAccount(clockOf(day)(20, 0), admin, account),
    ],
    deletions: [{ account, at: clockOf(day)(20, 0) + SECOND }],
  });
}

/** By API: what is done to one account of it in a day. */
export const API_PLANS: Readonly<Record<ApiName, Plan>> = {
  nosql: planFor('nosql'),
  mongodb: planFor('mongodb'),
  vcore: planFor('vcore'),
  cassandra: planFor('cassandra'),
  cassandra_cluster: planFor('cassandra_cluster'),
  gremlin: planFor('gremlin'),
  table: planFor('table'),
};
