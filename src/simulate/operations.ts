import { type ArmAct, arm, expecting } from './acts.ts';
import { columnsOf, propertiesOf, type Settings } from './settings.ts';
import { type Account, idOf, type Person } from './world.ts';

/** Acts on accounts by name, so that life and attacks read like what they are. Times in milliseconds. */

type Outcome = ArmAct['outcome'];

const DOCUMENTDB = 'Microsoft.DocumentDB/databaseAccounts';

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
  return arm(time, who, `${DOCUMENTDB}/${action}`, idOf(account), { outcome, method: 'POST' });
}

/** Everything is sent; only what differs is a change. */
export function putAccount(time: number, who: Person, account: Account, after: Settings): ArmAct {
  return arm(time, who, `${DOCUMENTDB}/write`, idOf(account), {
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
  return arm(time, who, `${DOCUMENTDB}/write`, idOf(account), {
    outcome,
    method: 'PATCH',
    takes: 40,
    body: { properties },
    settings: { account, after, whole: false },
    control: { account, name: 'AccountUpdate', columns: columnsOf(after) },
  });
}

export function deleteAccount(time: number, who: Person, account: Account, outcome: Outcome = 'success'): ArmAct {
  return arm(time, who, `${DOCUMENTDB}/delete`, idOf(account), {
    outcome,
    takes: 90,
    tells: { rule: 'backup_deleted', accounts: [account] },
    control: { account, name: 'AccountDelete', columns: {} },
  });
}

export interface ContainerWrite {
  readonly isNew: boolean;
  readonly deployment?: string;
  readonly outcome?: Outcome;
}

/** A container written through ARM: one operation for creating and for updating; the account's own log tells them apart. */
export function writeContainer(
  time: number,
  who: Person,
  account: Account,
  container: string,
  { isNew, deployment, outcome = 'success' }: ContainerWrite,
): ArmAct {
  const isMongo = account.api === 'mongodb';
  const path = isMongo ? 'mongodbDatabases' : 'sqlDatabases';
  const leaf = isMongo ? 'collections' : 'containers';
  const uri = `${idOf(account)}/${path}/${account.database}/${leaf}/${container}`;
  return arm(time, who, `${DOCUMENTDB}/${path}/${leaf}/write`, uri, {
    outcome,
    body: { properties: { resource: { id: container } } },
    ...(deployment === undefined ? {} : { deployment }),
    ...(isNew && outcome === 'success' ? { creates: { account, container, actor: who.oid } } : {}),
    // How the account's log names operations on collections is not established.
    ...(isMongo ? {} : { control: { account, name: isNew ? 'SqlContainersCreate' : 'SqlContainersUpdate', uri } }),
  });
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
  return arm(time, who, `${DOCUMENTDB}/privateEndpointConnections/delete`, connection, {
    outcome,
    tells: { rule: 'network_access_changed', accounts: [account] },
  });
}
