import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Act } from './acts.ts';
import { FORM_NAMES, type Form, hasGap, VARIANTS } from './forms.ts';
import { deleteAccount, patchAccount, putAccount, readKeys, writeContainer } from './operations.ts';
import { recordsOf } from './records.ts';
import { deleteItem, request } from './requests.ts';
import { Rng } from './rng.ts';
import { settingsOf } from './settings.ts';
import { DEMO_DAY, simulate } from './simulate.ts';
import { changeKey } from './surroundings.ts';
import { ACCOUNTS, KEY_VERSION, PEOPLE } from './world.ts';

const { orders, carts } = ACCOUNTS;
const { admin, terraform } = PEOPLE;

interface Shape {
  [name: string]: Shape | string | number | boolean | null | undefined;
}

function write(act: Act, form: Form): Shape[] {
  return recordsOf(act, form, new Rng('shapes')).map(({ line }) => JSON.parse(line) as Shape);
}

function at(value: Shape, path: string): unknown {
  let found: unknown = value;
  for (const name of path.split('.')) found = (found as Shape | undefined)?.[name];
  return found;
}

const statusOf: Readonly<Record<Form, string>> = {
  export: 'resultType',
  rest: 'status.value',
  log_analytics: 'ActivityStatusValue',
  azure_diagnostics: 'ActivityStatusValue',
  event_grid: 'data.status',
  cloud_events: 'data.status',
};
const LONG_WORDS: readonly Form[] = ['rest', 'event_grid', 'cloud_events'];

const put = putAccount(0, terraform, orders, settingsOf(orders));
const PHASES: readonly (readonly [string, Act, readonly string[], readonly string[]])[] = [
  ['a short act', readKeys(0, admin, orders, 'listKeys'), ['Start', 'Success'], []],
  ['a long one', put, ['Start', 'Accept', 'Success'], ['AccountUpdateStart', 'AccountUpdateComplete']],
  ['a refused one', readKeys(0, admin, orders, 'listKeys', 'failure'), ['Start', 'Failure'], []],
  ['a long one that is refused', deleteAccount(0, admin, orders, 'failure'), ['Start', 'Failure'], []],
  [
    'a container made',
    writeContainer(0, terraform, orders, 'x', { isNew: true }),
    ['Start', 'Success'],
    ['SqlContainersCreate'],
  ],
  [
    'a container written again',
    writeContainer(0, terraform, orders, 'orders', { isNew: false }),
    ['Start', 'Success'],
    ['SqlContainersUpdate'],
  ],
];
const LONG: Readonly<Record<string, string>> = {
  Start: 'Started',
  Accept: 'Accepted',
  Success: 'Succeeded',
  Failure: 'Failed',
};

describe.each(FORM_NAMES)('%s', (form) => {
  it.each(PHASES)('%s', (_, act, phases, control) => {
    const records = write(act, form);
    const told = records.flatMap((record) => (at(record, statusOf[form]) ?? []) as string);
    const seen = hasGap('ActivityLog', form, 'start') ? phases.slice(-1) : phases;
    expect(told).toEqual(LONG_WORDS.includes(form) ? seen.map((phase) => LONG[phase]) : seen);
    const names = records
      .filter((record) => /ControlPlaneRequests$/.test(`${record['category'] ?? record['Category'] ?? record['Type']}`))
      .map((record) => record['operationName'] ?? record['OperationName']);
    expect(names).toEqual(control);
  });

  it('the records of one act have one correlation id, and its request one activity id', () => {
    const records = write(put, form);
    const correlations = records.flatMap(
      (record) =>
        (record['correlationId'] ?? record['CorrelationId'] ?? at(record, 'data.correlationId') ?? []) as string,
    );
    expect(new Set(correlations).size).toBe(1);
    const activity = records.flatMap(
      (record) =>
        (at(record, 'properties.activityId') ?? record['ActivityId'] ?? record['activityId_g'] ?? []) as string,
    );
    expect(new Set(activity).size).toBe(1);
  });
});

it('only the first record has the body', () => {
  const patch = patchAccount(0, admin, orders, { ipRules: [] }, { ...settingsOf(orders), ipRules: [] });
  const bodies = write(patch, 'export').map((record) => at(record, 'properties.requestbody'));
  expect(bodies).toEqual(['{"properties":{"ipRules":[]}}', undefined, undefined, undefined, undefined]);
});

const FACTS: readonly (readonly [string, Act, Form, string, unknown])[] = [
  [
    'the export shouts',
    readKeys(0, admin, orders, 'listKeys'),
    'export',
    'operationName',
    'MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/LISTKEYS/ACTION',
  ],
  ['and has no request id', readKeys(0, admin, orders, 'listKeys'), 'export', 'httpRequest', undefined],
  ['nor an event id', readKeys(0, admin, orders, 'listKeys'), 'export', 'eventDataId', undefined],
  [
    'its principal has no dashes',
    readKeys(0, admin, orders, 'listKeys'),
    'export',
    'identity.authorization.evidence.principalId',
    '11111111222233334444555555555555',
  ],
  ['REST says how it was asked', put, 'rest', 'httpRequest.method', 'PUT'],
  ['and who: a user by name', readKeys(0, admin, orders, 'listKeys'), 'rest', 'caller', 'ops-admin@contoso.example'],
  ['another by object id', readKeys(0, terraform, orders, 'listKeys'), 'rest', 'caller', terraform.oid],
  ['a row has objects as texts', readKeys(0, admin, orders, 'listKeys'), 'log_analytics', 'Claims.appid', undefined],
  [
    'numbers of an export are texts',
    request(0, orders, orders.clients[0], {}),
    'export',
    'properties.statusCode',
    '200',
  ],
  ['of a row numbers', request(0, orders, orders.clients[0], {}), 'log_analytics', 'StatusCode', 200],
  [
    'a key names no person',
    request(0, ACCOUNTS.catalog, ACCOUNTS.catalog.clients[0], {}),
    'export',
    'properties.aadPrincipalId',
    undefined,
  ],
  ['an item deleted', deleteItem(0, orders, 'orders', orders.clients[0]), 'export', 'properties.statusCode', '204'],
  [
    'in MongoDB it is a command',
    deleteItem(0, carts, 'carts', carts.clients[0]),
    'export',
    'category',
    'MongoRequests',
  ],
  [
    'whose error code is a text everywhere',
    request(0, carts, carts.clients[0], { status: 429 }),
    'log_analytics',
    'ErrorCode',
    '16500',
  ],
  [
    'a refused request of a vault is a success',
    changeKey(0, admin, 'KeyPurge', { status: 403 }),
    'export',
    'resultType',
    'Success',
  ],
  ['but for its status', changeKey(0, admin, 'KeyPurge', { status: 403 }), 'export', 'properties.httpStatusCode', 403],
  [
    'a key switched off',
    changeKey(0, admin, 'KeyUpdate', { version: KEY_VERSION, enabled: false }),
    'log_analytics',
    'KeyProperties.attributes.enabled',
    false,
  ],
];

it.each(FACTS)('%s', (_, act, form, path, expected) => {
  expect(at(write(act, form)[0]!, path)).toEqual(expected);
});

it('mixed: copies of one act agree in what makes them one', () => {
  const rng = new Rng('copies');
  const twice = Array.from({ length: 400 }, () => recordsOf(changeKey(0, admin, 'KeyGet'), 'mixed', rng)).filter(
    (records) => records.length === 2,
  );
  expect(twice.length).toBeGreaterThan(5);
  for (const records of twice) {
    const ids = records.map(({ line }) => {
      const record = JSON.parse(line) as Shape;
      return record['correlationId'] ?? record['CorrelationId'];
    });
    expect(new Set(ids).size).toBe(1);
  }
});

/** Real records are not ours to ship: the folder that holds them is named from outside. */
const FOLDER = process.env['COSMOWATCH_SAMPLES'] ?? '';

/** Documented by Microsoft, but in none of the samples. */
const DOCUMENTED =
  /^(?:identity\.claims|(?:data\.)?claims|Claims)\.|^properties\.(?:requestbody|serviceRequestId|statusMessage|connectionMode|aadPrincipalId|authorizationTokenType|address|userAgent|region|piiCommandText|backup\w+)$|^(?:SourceSystem|Hierarchy|KeyProperties.*)$/;

describe.skipIf(FOLDER === '' || !existsSync(FOLDER))('real records', () => {
  const known = new Map<string, Set<string>>();
  for (const record of FOLDER === '' ? [] : samplesIn(FOLDER)) {
    const names = known.get(kindOf(record)) ?? new Set();
    for (const name of namesOf(record)) names.add(name);
    known.set(kindOf(record), names);
  }

  it.each(VARIANTS)('%s: records have no members that Azure never writes', (variant) => {
    const strange = new Set<string>();
    const options = { seed: '1', days: 1, start: DEMO_DAY, recordsPerDay: 500, variant } as const;
    const records = ['theft', 'api_gremlin'].flatMap((scenario) => [...simulate({ ...options, scenario }).records]);
    for (const { line } of records) {
      const record = JSON.parse(line) as Shape;
      const names = known.get(kindOf(record));
      for (const name of names === undefined ? [] : namesOf(record))
        if (!names!.has(name) && !DOCUMENTED.test(name)) strange.add(`${kindOf(record)}: ${name}`);
    }
    expect([...strange]).toEqual([]);
  });
});

function kindOf(record: Shape): string {
  if (record['eventTimestamp'] !== undefined) return 'REST';
  return record['eventType'] === undefined ? `${record['Type'] ?? record['category'] ?? record['type']}` : 'Event Grid';
}

function namesOf(value: Shape | string | number | boolean | null | undefined, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => [prefix + name, ...namesOf(inner, `${prefix}${name}.`)]);
}

function samplesIn(folder: string): Shape[] {
  return readdirSync(folder)
    .filter((file) => /json$|txt$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const lines = [text, ...text.split('\n')].flatMap((part) => parsed(part));
      return lines.flatMap((value) =>
        Array.isArray(value) ? (value as Shape[]) : ((value as unknown as { records?: Shape[] }).records ?? [value]),
      );
    });
}

function parsed(text: string): Shape[] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? [value as Shape] : [];
  } catch {
    return [];
  }
}
