import fc from 'fast-check';
import { account, alone, arm, common, containerOf, control, single, toldBy, who } from './parts.ts';
import type { Act, ArmTelling, RequestTelling } from './telling.ts';
import { CONTAINERS } from './world.ts';

/** What happens in an account: items, containers, databases; and acts that play with time. */

const DB = 'DocumentDB/databaseAccounts';

/** Two records under one correlation id, at the edge of the day after which an id stands for another action. */
export const viewedAgain = fc
  .tuple(account, who, common, fc.constantFrom(86_400, 86_401, 2))
  .map(([on, person, given, again]): Act => {
    const one = {
      ...given,
      log: 'arm',
      operation: 'Microsoft.DocumentDB/databaseAccounts/listKeys/action',
      resource: on,
      method: 'POST',
      body: null,
      bodyOn: 'all',
      phases: [{ after: 0, status: 'Success' }],
      who: person,
    } as const;
    return { tellings: [one, { ...one, delta: again }], isTied: false, reusesIds: false };
  });

/** Few callers, so that their hits fold. */
const byKey = fc.constantFrom('PrimaryMasterKey', 'SecondaryMasterKey');
const ip = fc.constantFrom('192.0.2.1', '192.0.2.2');

export const itemRequest = fc
  .tuple(account, containerOf, fc.constantFrom('Delete', 'Read'), byKey, ip, common, fc.nat(9), who)
  .map(([on, names, operation, key, from, given, luck, person]): Act => {
    const code = luck === 0 ? '404' : luck === 1 ? '429' : operation === 'Delete' ? '204' : '200';
    const by = luck === 2 ? person : key;
    return single({ ...given, log: 'request', account: on, operation, type: 'Document', code, ...names, by, ip: from });
  });

/** A sum beside the requests that it may repeat: fewer, as many or more; stamped near the end of a quarter of an hour. */
export const summedUp = fc
  .tuple(
    itemRequest,
    fc.constantFrom(5, 15),
    fc.integer({ min: 1, max: 5 }),
    fc.nat(2),
    fc.constantFrom(0, 1, 300, 899),
  )
  .map(([act, minutes, count, requests, delta]): Act => {
    const one = act.tellings[0] as RequestTelling;
    const alone = Array.from({ length: requests }, (_, n) => ({ ...one, delta: n }));
    const sum = { ...one, delta, sum: { minutes: minutes as 5 | 15, count } };
    return { tellings: [...alone, sum], isTied: false, reusesIds: false };
  });

export const mongoRequest = fc
  .tuple(account, containerOf, fc.constantFrom('delete', 'find'), ip, common, fc.nat(5))
  .map(([on, names, operation, from, given, luck]): Act => {
    const code = luck === 0 ? '16500' : '0';
    return single({ ...given, log: 'mongo', account: on, operation, code, ...names, ip: from });
  });

const collectionRequest = (operation: 'Create' | 'Delete') =>
  fc.tuple(account, containerOf, byKey, ip, common, fc.nat(5)).map(([on, names, by, from, given, luck]): Act => {
    const code = operation === 'Delete' ? (luck === 0 ? '404' : '204') : luck === 0 ? '409' : '201';
    return single({
      ...given,
      log: 'request',
      account: on,
      operation,
      type: 'Collection',
      code,
      ...names,
      by,
      ip: from,
    });
  });

/** Requests in a row: so many deletions that their number matters. */
export const deletions = fc
  .tuple(account, containerOf, byKey, ip, common, fc.integer({ min: 2, max: 5 }), fc.constantFrom(1, 0, 3600, 3601))
  .map(([on, names, by, from, given, count, every]): Act => {
    const one = { ...given, log: 'request', account: on, operation: 'Delete', type: 'Document', code: '204' } as const;
    const tellings = Array.from({ length: count }, (_, n) => ({ ...one, ...names, by, ip: from, delta: n * every }));
    return { tellings, isTied: false, reusesIds: false };
  });

/** Several containers at once, by key; the last at the edge of the quarter of an hour. */
export const containersAtOnce = fc
  .tuple(
    account,
    fc.shuffledSubarray([...CONTAINERS], { minLength: 3, maxLength: 5 }),
    common,
    fc.constantFrom(1, 899, 900, 901),
  )
  .map(([on, names, given, last]): Act => {
    const one = {
      ...given,
      log: 'request',
      account: on,
      operation: 'Create',
      type: 'Collection',
      code: '201',
    } as const;
    const tellings = names.map((name, n) => ({
      ...one,
      ...name,
      by: 'PrimaryMasterKey' as const,
      ip: '192.0.2.1',
      delta: n === names.length - 1 ? Math.max(last, n) : n,
    }));
    return { tellings, isTied: false, reusesIds: false };
  });

/** A container that was used, perhaps deleted, and is written; with three new ones it makes four, if its write was a creation. */
export const containerWrittenAgain = fc
  .tuple(account, common, fc.constantFrom('Document', 'Collection', 'Database'), who, fc.boolean())
  .map(([on, given, deleted, person, isUsedAfter]): Act => {
    const request = { ...given, log: 'request', account: on, by: 'PrimaryMasterKey', ip: '192.0.2.1' } as const;
    const again = { database: 'shop', container: 'again' };
    const use = { ...request, ...again, operation: 'Read', type: 'Document', code: '200' } as const;
    const gone = { ...request, ...again, operation: 'Delete', type: deleted, code: '204', delta: 5 } as const;
    const made = ['one', 'two', 'three'].map((container, n) => ({
      ...request,
      ...{ database: 'crm', container, operation: 'Create', type: 'Collection', code: '201', delta: 20 + n },
    }));
    const write: ArmTelling = {
      ...given,
      log: 'arm',
      operation: `Microsoft.${DB}/sqlDatabases/containers/write`,
      resource: `${on}/sqlDatabases/shop/containers/again`,
      method: 'PUT',
      body: { properties: {} },
      bodyOn: 'all',
      phases: [{ after: 0, status: 'Success' }],
      who: person,
      delta: 12,
    };
    const tellings = [use, gone, ...(isUsedAfter ? [{ ...use, delta: 8 }] : []), write, ...(made as RequestTelling[])];
    return { tellings, isTied: false, reusesIds: false };
  });

/** An account that is deleted and created again, perhaps before its deletion has ended; then a lock of it goes. */
export const accountAgain = fc
  .tuple(account, common, who, fc.constantFrom(1, 29, 30, 31), fc.boolean())
  .map(([on, given, person, again, isPatch]): Act => {
    const one = { ...given, log: 'arm', resource: on, bodyOn: 'all', who: person } as const;
    const done = [{ after: 0, status: 'Success' }] as const;
    const begun = [
      { after: 0, status: 'Start' },
      { after: 30, status: 'Success' },
    ] as const;
    const properties = isPatch ? {} : { databaseAccountOfferType: 'Standard' };
    const tellings: ArmTelling[] = [
      { ...one, operation: `Microsoft.${DB}/delete`, method: 'DELETE', body: null, phases: begun },
      { ...one, operation: `Microsoft.${DB}/write`, method: 'PUT', body: { properties }, phases: done, delta: again },
      {
        ...one,
        operation: 'Microsoft.Authorization/locks/delete',
        resource: `${on}/providers/Microsoft.Authorization/locks/keep`,
        method: 'DELETE',
        body: null,
        phases: done,
        delta: 50,
      },
    ];
    return { tellings, isTied: false, reusesIds: false };
  });

function containerAct(operation: 'write' | 'delete', control_: string): fc.Arbitrary<Act> {
  return fc.tuple(account, containerOf).chain(([on, { database, container }]) => {
    const uri = `${on}/sqlDatabases/${database}/containers/${container}`;
    const method = operation === 'write' ? 'PUT' : 'DELETE';
    const body = operation === 'write' ? { properties: { resource: { id: container } } } : null;
    const arms = arm(`${DB}/sqlDatabases/containers/${operation}`, uri, { method, body });
    return toldBy(arms, control(control_, on, { uri }));
  });
}

export const containerCreate = fc.oneof(containerAct('write', 'SqlContainersCreate'), collectionRequest('Create'));
export const containerUpdate = fc
  .tuple(account, containerOf)
  .chain(([on, { database, container }]) =>
    alone(control('SqlContainersUpdate', on, { uri: `${on}/sqlDatabases/${database}/containers/${container}` })),
  );
export const containerDelete = fc.oneof(containerAct('delete', 'SqlContainersDelete'), collectionRequest('Delete'));
export const databaseDelete = fc
  .tuple(account, fc.constantFrom('shop', 'crm'))
  .chain(([on, database]) => alone(arm(`${DB}/sqlDatabases/delete`, `${on}/sqlDatabases/${database}`)));
