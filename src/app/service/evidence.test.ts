import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertRecord, Around } from '../../api/contract.ts';
import { systemBytes, systemClock } from '../../lib/clock.ts';
import { SILENT } from '../../telemetry/log.ts';
import { configAt } from '../configFile.ts';
import { Service } from './service.ts';

/* What an alert was made of and what lies around it, asked of a whole service. */

const SUB = '00000000-0000-0000-0000-0000000000aa';
const ACCOUNT = `/subscriptions/${SUB}/resourceGroups/rg-shop/providers/Microsoft.DocumentDB/databaseAccounts/orders`;
const START = Date.now() - 600_000;

let root = '';
let service: Service | null = null;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'cosmowatch-evidence-'));
});
afterEach(async () => {
  await service?.stop();
  service = null;
  rmSync(root, { recursive: true, force: true });
});

async function start(yaml = ''): Promise<void> {
  const file = join(root, 'cosmowatch.yml');
  writeFileSync(file, `listen: 127.0.0.1:0\ndata: ${join(root, 'data')}\n${yaml}`);
  const ports = { clock: systemClock, random: () => 0.5, entropy: systemBytes, log: SILENT, env: {} };
  service = await Service.start(
    configAt(file, {}, () => {}),
    ports,
  );
}

async function ask<T>(path: string, body?: string, token = service!.token.token.reveal()): Promise<T> {
  const init = body === undefined ? {} : { method: 'POST', body };
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return (await (await fetch(`${service!.url}/api/v1${path}`, { ...init, headers })).json()) as T;
}

const push = (records: readonly object[]) => ask<object>('/logs', JSON.stringify({ records }));

/** A key of whom nobody knows opens the account. */
function opened(second: number, more: object = {}): object {
  return {
    time: new Date(START + second * 1000).toISOString(),
    resourceId: ACCOUNT.toUpperCase(),
    operationName: 'MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/WRITE',
    category: 'Administrative',
    resultType: 'Success',
    correlationId: `10000000-0000-0000-0000-${String(second).padStart(12, '0')}`,
    callerIpAddress: '198.51.100.23',
    properties: {
      requestbody: JSON.stringify({ properties: { publicNetworkAccess: 'Enabled' } }),
      primaryMasterKey: 'canary',
    },
    ...more,
  };
}

function deleted(second: number, address = '198.51.100.23', operationName = 'Delete'): object {
  return {
    time: new Date(START + second * 1000).toISOString(),
    resourceId: ACCOUNT.toUpperCase(),
    category: 'DataPlaneRequests',
    operationName,
    properties: {
      activityId:
        `20000000-0000-0000-0000-${String(second).padStart(8, '0')}${operationName === 'Delete' ? '1' : '0'}${address.length}00`.slice(
          0,
          36,
        ),
      requestResourceType: 'Document',
      requestResourceId: '/dbs/shop/colls/orders/docs/1',
      databaseName: 'shop',
      collectionName: 'orders',
      statusCode: operationName === 'Delete' ? '204' : '200',
      clientIpAddress: address,
      authTokenType: 'PrimaryMasterKey',
      duration: '3.5',
      requestCharge: '7.1',
    },
  };
}

async function alertOf(rule: string): Promise<string> {
  const { items } = await ask<{ items: { id: string }[] }>(`/alerts?rule=${rule}`);
  expect(items).toHaveLength(1);
  return items[0]!.id;
}

const recordsOf = async (id: string) => (await ask<{ items: AlertRecord[] }>(`/alerts/${id}/records`)).items;

describe('records of an alert', () => {
  it('of the control plane: as it came but for secrets, and what the rule matched', async () => {
    await start();
    await push([opened(0)]);
    const [record, ...others] = await recordsOf(await alertOf('cosmosdb_network_access_changed'));
    expect(others).toEqual([]);
    expect(record).toMatchObject({ family: 'ActivityLog', position: { line: 1, index: 0 } });
    expect(record!.record).toMatchObject({ operationName: 'MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/WRITE' });
    expect(JSON.stringify(record)).not.toContain('canary');
    expect(record!.matched?.rule).toBe('cosmosdb_network_access_changed');
    expect(record!.matched?.fields.length).toBeGreaterThan(0);
    expect(record!.matched?.selections.length).toBeGreaterThan(0);
  });

  it('of requests: the first and the last of many, in order, also after a restart', async () => {
    await start();
    for (let batch = 0; batch < 5; batch++) await push(Array.from({ length: 20 }, (_, i) => deleted(batch * 20 + i)));
    const id = await alertOf('cosmosdb_item_deleted');
    const before = await recordsOf(id);
    expect(before.map(({ time }) => time)).toEqual(before.map(({ time }) => time).sort());
    expect(before).toHaveLength(6);
    for (const { record, matched } of before) {
      expect(record).toMatchObject({ operationName: 'Delete', properties: { databaseName: 'shop' } });
      expect(matched).toMatchObject({ rule: 'cosmosdb_item_deleted', alone: true });
      expect(matched!.fields.map(({ field }) => field)).toContain('event.action');
    }
    await service!.stop();
    await start();
    expect(await recordsOf(id)).toEqual(before);
  });
});

describe('what lies around an alert', () => {
  it('in lanes: by its actor, from its addresses, and the rest of its account', async () => {
    await start();
    const other = ACCOUNT.replace('orders', 'stock').toUpperCase();
    await push([
      opened(-120, { resourceId: other }),
      opened(-60, { callerIpAddress: '203.0.113.9', properties: {} }),
      deleted(0),
      deleted(1),
      deleted(2, '203.0.113.77', 'Read'),
    ]);
    const id = await alertOf('cosmosdb_item_deleted');
    const around = await ask<Around>(`/alerts/${id}/around?minutes=5`);
    expect(around).toMatchObject({ requests: 'kept', addresses: ['198.51.100.23'] });
    expect(around.items.map(({ lane, kind, action, address, count }) => [lane, kind, action, address, count])).toEqual([
      ['address', 'event', 'cosmosdb.account.write', '198.51.100.23', 1],
      ['other', 'event', 'cosmosdb.account.write', '203.0.113.9', 1],
      ['actor', 'requests', 'delete', '198.51.100.23', 2],
      ['other', 'requests', 'read', null, 1],
    ]);
    expect((await ask<Around>(`/alerts/${id}/around?minutes=1`)).items.length).toBeLessThan(around.items.length);
  });

  it('is bounded, and says what is left out', async () => {
    await start();
    await push([deleted(0), ...Array.from({ length: 450 }, (_, i) => opened(i, { properties: {} }))]);
    const around = await ask<Around>(`/alerts/${await alertOf('cosmosdb_item_deleted')}/around?minutes=30`);
    expect(around.items.filter(({ lane }) => lane === 'address')).toHaveLength(300);
    expect(around.leftOut).toEqual({ actor: 0, address: 150, other: 0 });
  });

  it('without key figures it says that there are no requests', async () => {
    await start('key_figures: {enabled: false}\n');
    await push([deleted(0), opened(1)]);
    const around = await ask<Around>(`/alerts/${await alertOf('cosmosdb_item_deleted')}/around`);
    expect(around.requests).toBe('off');
    expect(around.items.map(({ kind }) => kind)).toEqual(['event']);
  });

  it('of what somebody may see only', async () => {
    await start('sources: {push: {type: http, labels: {environment: test}}}\n');
    const elsewhere = ACCOUNT.replace(SUB, '00000000-0000-0000-0000-0000000000bb').toUpperCase();
    await push([deleted(0), opened(1, { resourceId: elsewhere }), opened(2)]);
    const id = await alertOf('cosmosdb_item_deleted');
    const seenBy = async (more: object): Promise<Around> => {
      const wanted = JSON.stringify({ name: JSON.stringify(more), scopes: ['read'], ...more });
      const { token } = await ask<{ token: string }>('/tokens', wanted);
      return ask<Around>(`/alerts/${id}/around`, undefined, token);
    };
    expect((await seenBy({})).items).toHaveLength(3);
    const own = await seenBy({ subscriptions: [SUB] });
    expect(own.items.map(({ account }) => account)).not.toContain(elsewhere.toLowerCase());
    expect(own.items).toHaveLength(2);
    const labelled = await seenBy({ labels: { environment: 'test' } });
    expect(labelled).toMatchObject({ requests: 'hidden' });
    expect(labelled.items.map(({ kind }) => kind)).toEqual(['event', 'event']);
    expect(await seenBy({ labels: { environment: 'other' } })).toMatchObject({ code: 'CW-6003' });
  });
});
