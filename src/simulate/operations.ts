import { type ArmAct, arm, expecting } from './acts.ts';
import { columnsOf, propertiesOf, type Settings } from './settings.ts';
import { type Account, idOf, kindOf, type Person } from './world.ts';

/** Acts on accounts by name, so that life and attacks read like what they are. Times in milliseconds. */

type Outcome = ArmAct['outcome'];

/** The operations of an account's resource, or a cluster's. */
function operationsOf(account: Account): string {
  return `Microsoft.DocumentDB/${kindOf(account)}`;
}

export type KeyKind = 'listKeys' | 'readonlykeys' | 'listConnectionStrings';

export function readKeys(
  time: number,
  who: Person,
  account: Account,
  kind: KeyKind,
  outcome: Outcome = 'success',
): ArmAct {
  const rule = kind === 'listConnectionStrings' ? 'connection_string_viewed' : 'access_keys_viewed';
  return {
    ...onAccount(time, who, account, `${kind}/action`, outcome),
    ...(outcome === 'success'
      ? { expect: [expecting(rule, account, `${who.oid}|${who.ip}|${who.appId}`, who.oid)] }
      : {}),
  };
}

/** Any action (POST) on an account that no rule looks at. */
export function onAccount(
  time: number,
  who: Person,
  account: Account,
  action: string,
  outcome: Outcome = 'success',
): ArmAct {
  return arm(time, who, `${operationsOf(account)}/${action}`, idOf(account), { outcome, method: 'POST' });
}

/** Everything is sent; only what differs is a change. */
export function putAccount(time: number, who: Person, account: Account, after: Settings): ArmAct {
  return arm(time, who, `${operationsOf(account)}/write`, idOf(account), {
    takes: 45,
    body: { location: 'West Europe', properties: propertiesOf(after) },
    settings: { account, after, whole: true },
    control: { account, name: 'AccountUpdate', columns: columnsOf(after) },
  });
}

/** @param properties what the body names @param after what the account is set to by it, if it succeeds */
export function patchAccount(
  time: number,
  who: Person,
  account: Account,
  properties: object,
  after: Settings,
  outcome: Outcome = 'success',
): ArmAct {
  return arm(time, who, `${operationsOf(account)}/write`, idOf(account), {
    outcome,
    method: 'PATCH',
    takes: 40,
    body: { properties },
    settings: { account, after, whole: false },
    control: { account, name: 'AccountUpdate', columns: columnsOf(after) },
  });
}

export function deleteAccount(time: number, who: Person, account: Account, outcome: Outcome = 'success'): ArmAct {
  return arm(time, who, `${operationsOf(account)}/delete`, idOf(account), {
    outcome,
    takes: 90,
    tells: { rule: 'backup_deleted', accounts: [account] },
    // Clusters have no log of their own that tells it.
    ...(account.kind === undefined ? { control: { account, name: 'AccountDelete', columns: {} } } : {}),
  });
}

export interface ContainerWrite {
  readonly isNew: boolean;
  readonly deployment?: string;
  readonly outcome?: Outcome;
  /** By the operations that were there before each API had its own. */
  readonly isOld?: boolean;
}

/** A container written through ARM: one operation for creating and for updating; the account's own log tells them apart. */
export function writeContainer(
  time: number,
  who: Person,
  account: Account,
  container: string,
  { isNew, deployment, outcome = 'success', isOld = false }: ContainerWrite,
): ArmAct {
  const place = placeOf(account, container, isOld);
  return arm(time, who, `${place.operations}/write`, place.id, {
    outcome,
    body: { properties: { resource: { id: container } } },
    ...(deployment === undefined ? {} : { deployment }),
    ...(isNew && outcome === 'success' ? { creates: { account, container, actor: who.oid } } : {}),
    ...controlOf(account, place, isNew ? 'Create' : 'Update'),
  });
}

export function deleteContainer(
  time: number,
  who: Person,
  account: Account,
  container: string,
  outcome: Outcome = 'success',
): ArmAct {
  const place = placeOf(account, container, false);
  return arm(time, who, `${place.operations}/delete`, place.id, { outcome, ...controlOf(account, place, 'Delete') });
}

interface Place {
  /** What stands before the verb of its operations. */
  readonly operations: string;
  readonly id: string;
  /** What the account's own log calls containers; null: not established, or not told there. */
  readonly logged: string | null;
}

/** Types of databases and containers in ARM, by API; how the log names them is published for two. */
const PATHS: Readonly<Record<Account['api'], readonly [database: string, container: string, logged: string | null]>> = {
  sql: ['sqlDatabases', 'containers', 'SqlContainers'],
  mongodb: ['mongodbDatabases', 'collections', null],
  cassandra: ['cassandraKeyspaces', 'tables', 'CassandraTables'],
  gremlin: ['gremlinDatabases', 'graphs', null],
  table: ['', 'tables', null],
};

function placeOf(account: Account, container: string, isOld: boolean): Place {
  const { api, database } = account;
  const [databases, containers, logged] = PATHS[api];
  const oldDatabases = api === 'cassandra' ? 'keyspaces' : api === 'table' ? '' : 'databases';
  const types = [isOld ? oldDatabases : databases, containers].filter((type) => type !== '');
  const names = types.length === 1 ? [container] : [database, container];
  return {
    operations: [operationsOf(account), ...(isOld ? ['apis'] : []), ...types].join('/'),
    id: [idOf(account), ...(isOld ? ['apis', api] : []), ...types.flatMap((type, index) => [type, names[index]])].join(
      '/',
    ),
    logged: isOld ? null : logged,
  };
}

function controlOf(account: Account, { logged, id }: Place, verb: string): Pick<ArmAct, 'control'> {
  return logged === null ? {} : { control: { account, name: `${logged}${verb}`, uri: id } };
}

/** A private endpoint comes as a burst of records about one connection. */
export function connectEndpoint(time: number, who: Person, account: Account, name: string): ArmAct[] {
  const at = (seconds: number, below: string, action: string, expect: ArmAct['expect'] = []): ArmAct => ({
    ...onAccount(time + seconds * 1000, who, account, action),
    resource: `${idOf(account)}${below}`,
    method: action.endsWith('/action') ? 'POST' : 'PUT',
    expect,
  });
  const proxy = `/privateEndpointConnectionProxies/${name}`;
  return [
    at(0, proxy, 'privateEndpointConnectionProxies/validate/action'),
    at(2, proxy, 'privateEndpointConnectionProxies/write'),
    at(10, `/privateEndpointConnections/${name}`, 'privateEndpointConnections/write', [
      expecting('network_access_changed', account, '', who.oid),
    ]),
    at(15, '', 'PrivateEndpointConnectionsApproval/action'),
  ];
}

export function deleteEndpoint(
  time: number,
  who: Person,
  account: Account,
  name: string,
  outcome: Outcome = 'success',
): ArmAct {
  const connection = `${idOf(account)}/privateEndpointConnections/${name}`;
  return arm(time, who, `${operationsOf(account)}/privateEndpointConnections/delete`, connection, {
    outcome,
    tells: { rule: 'network_access_changed', accounts: [account] },
  });
}
