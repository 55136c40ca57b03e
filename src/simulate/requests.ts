import { expecting, type RequestAct } from './acts.ts';
import type { Account, Client } from './world.ts';

/** Requests to the data by name. Times in milliseconds. */

const STATUS: Readonly<Record<string, number>> = { Delete: 204, Create: 201 };

export function request(time: number, account: Account, from: Client, rest: Partial<RequestAct>): RequestAct {
  const operation = rest.operation ?? 'Read';
  return {
    kind: 'request',
    time,
    account,
    operation,
    type: 'Document',
    database: account.database,
    container: account.containers[0]!,
    status: STATUS[operation] ?? 200,
    ...from,
    ...rest,
  };
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  PrimaryMasterKey: 'primary_key',
  SecondaryMasterKey: 'secondary_key',
};

/** Who a request is by, as an alert names it. */
export function actorOf({ key, principal, ip }: Pick<Client, 'key' | 'principal' | 'ip'>): string | null {
  return principal ?? (key === null ? null : `${KEY_NAMES[key]}@${ip}`);
}

export function deleteItem(
  time: number,
  account: Account,
  container: string,
  from: Client,
  operation: Removal = 'Delete',
): RequestAct {
  const actor = actorOf(from);
  // The log of clusters for Cassandra tells attempts, not whether they went well.
  const isTold = account.kind !== 'cassandraClusters';
  const key = `${account.database}/${container}|${actor}|${from.ip}`;
  return request(time, account, from, {
    operation,
    container,
    ...(isTold ? { expect: [expecting('item_deleted', account, key, actor)] } : {}),
  });
}

/** A request by which an item is deleted, whatever the API calls it. */
export type Removal = 'Delete' | 'Remove' | 'Truncate' | 'Batch';

/** A container created with a key (or refused, 409): the Activity Log knows nothing of it. */
export function createContainer(
  time: number,
  account: Account,
  container: string,
  from: Client,
  status: 201 | 409 = 201,
): RequestAct {
  return request(time, account, from, {
    operation: 'Create',
    type: 'Collection',
    container,
    status,
    ...(status === 201 ? { creates: { account, container, actor: actorOf(from) } } : {}),
  });
}
