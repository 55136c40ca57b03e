import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Live } from '../src/app/live/live.ts';
import { rulesFor } from '../src/app/rules.ts';
import type { Batch } from '../src/sources/source.ts';
import { Db } from '../src/store/db.ts';

/*
 * What live detection costs: `node bench/live.ts`. Times are CPU of this process, on a file with synchronous FULL; `store` and `memory` are
 * what 100,000 deletions of one caller leave behind.
 */

const START = Date.parse('2026-11-24T00:00:00Z');
const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-0000000000aa';
const ACCOUNT = `${SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.DocumentDB/databaseAccounts/orders`;
const SOURCE = { name: 'hub', labels: { application: 'shop' } };

let now = START;
const folder = mkdtempSync(join(tmpdir(), 'live-'));
const file = join(folder, 'live.db');
const db = new Db(file);
const live = new Live({
  rules: rulesFor([], [], new Map()),
  db,
  now: () => now,
  declared: [],
  inventories: [],
});

let number = 0;

function request(operation: string, code: string, account = ACCOUNT): object {
  number += 1;
  return {
    time: new Date(now).toISOString(),
    category: 'DataPlaneRequests',
    operationName: operation,
    resourceId: account.toUpperCase(),
    properties: {
      activityId: `20000000-0000-0000-0000-${String(number).padStart(12, '0')}`,
      requestResourceType: 'Document',
      requestResourceId: '/dbs/shop/colls/carts/docs/x',
      databaseName: 'shop',
      collectionName: 'carts',
      statusCode: code,
      clientIpAddress: '192.0.2.1',
      authTokenType: 'PrimaryMasterKey',
      region: 'West Europe',
      duration: '1.5',
    },
  };
}

function keysViewed(): object {
  number += 1;
  return {
    time: new Date(now).toISOString(),
    category: 'Administrative',
    operationName: 'MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/LISTKEYS/ACTION',
    resourceId: ACCOUNT.toUpperCase(),
    resultType: 'Success',
    callerIpAddress: '198.51.100.1',
    correlationId: `10000000-0000-0000-0000-${String(number).padStart(12, '0')}`,
    identity: { claims: { name: 'ops@contoso.example', appid: '04b07795-8ddb-461a-bbee-02f9e1bf7b46' } },
  };
}

function firewall(open: boolean): object {
  const body = { properties: { publicNetworkAccess: open ? 'Enabled' : 'Disabled' } };
  return {
    ...keysViewed(),
    operationName: 'MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/WRITE',
    properties: { requestbody: JSON.stringify(body) },
  };
}

function give(records: readonly object[]): number {
  const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
  const batch: Batch = {
    bytes: [Buffer.from(text)],
    name: 'bench',
    partition: '0',
    position: `${number}`,
    arrived: now,
    progress: now,
    speaksFor: null,
  };
  const before = process.cpuUsage();
  const read = live.read(SOURCE, batch);
  db.transaction(() => live.commit([read]));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function median(times: readonly number[]): string {
  return `${[...times].sort((a, b) => a - b)[times.length >> 1]!.toFixed(1)} ms`;
}

function times(count: number, step: number, records: () => readonly object[]): number[] {
  return Array.from({ length: count }, () => {
    now += step;
    return give(records());
  });
}

function many(count: number, one: () => object): readonly object[] {
  return Array.from({ length: count }, one);
}

function size(): string {
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  return `${(statSync(file).size / 1e6).toFixed(1)} MB`;
}

function rows(table: string): number {
  return Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()!['n']);
}

const say = (what: string, value: string | number): void => {
  process.stdout.write(`${what.padEnd(60)} ${value}\n`);
};

const step = 1000;
times(5, step, () => many(1000, () => request('Read', '200')));
say('1,000 requests that no rule asks about', median(times(30, step, () => many(1000, () => request('Read', '200')))));
say('1,000 deletions of items', median(times(30, step, () => many(1000, () => request('Delete', '204')))));
say('store before', size());
say('memory before', `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
for (let n = 0; n < 70; n++) {
  now += 100_000;
  give(many(1000, () => request('Delete', '204')));
}
say('100,000 deletions: rows of tallies', rows('request_tallies'));
say('rows of ids', rows('request_ids'));
say('alerts', rows('alerts'));
say('store', size());
say('memory', `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
say('1,000 deletions beside them', median(times(5, step, () => many(1000, () => request('Delete', '204')))));
for (let n = 0; n < 50; n++)
  give(
    many(100, () => {
      now += 300_000;
      return number % 2 === 0 ? keysViewed() : firewall(number % 4 === 1);
    }),
  );
say('stored events of the account', rows('control_events'));
say('one control-plane record beside them', median(times(10, step, () => [firewall(number % 2 === 0)])));
now += 50 * 3_600_000;
say('housekeeping', `${db.transaction(() => live.tick()).length} news`);
say('two days later: rows of tallies', rows('request_tallies'));
say('rows of ids', rows('request_ids'));
db.close();
rmSync(folder, { recursive: true });
