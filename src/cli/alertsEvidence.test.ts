import { afterEach, describe, expect, it } from 'vitest';
import type { AlertRecord, Around } from '../api/contract.ts';
import { type Ran, run } from './cli.test-support.ts';
import {
  type Asked,
  alertItem,
  type FakeService,
  type Reply,
  refused,
  serveApi,
  TOKEN,
} from './service.test-support.ts';

let service: FakeService | null = null;
afterEach(async () => {
  await service?.close();
  service = null;
});

const { id, account, evidence } = alertItem();

const RECORD: AlertRecord = {
  ...evidence[0]!,
  position: { source: 'push 17', line: 4, index: 0 },
  record: { operationName: 'LISTKEYS', odd: '\u001b[31mred' },
  matched: {
    rule: 'cosmosdb_keys_listed',
    alone: false,
    selections: ['keys'],
    fields: [{ field: 'event.action', asks: 'event.action: cosmosdb.keys.list', values: ['cosmosdb.keys.list'] }],
  },
};

const ITEM: Around['items'][number] = {
  at: '2026-11-24T03:12:07Z',
  seconds: 0,
  lane: 'actor',
  kind: 'event',
  log: 'ActivityLog',
  action: 'cosmosdb.keys.list',
  outcome: 'success',
  account,
  actor: 'ann@contoso.example',
  address: '198.51.100.23',
  target: account,
  count: 1,
  errors: 0,
  isEvidence: true,
};

const AROUND: Around = {
  from: '2026-11-24T02:42:07.000Z',
  until: '2026-11-24T04:13:19.000Z',
  account,
  actors: ['ann@contoso.example'],
  addresses: ['198.51.100.23'],
  requests: 'kept',
  items: [
    ITEM,
    {
      ...ITEM,
      seconds: 60,
      lane: 'other',
      kind: 'requests',
      log: 'DataPlaneRequests',
      action: 'query',
      outcome: null,
      actor: null,
      address: null,
      target: 'shop/orders',
      count: 340,
      errors: 2,
      isEvidence: false,
    },
  ],
  leftOut: { actor: 0, address: 0, other: 12 },
};

function answer({ path, query }: Asked): Reply {
  if (path === `/api/v1/alerts/${id}`) return { body: alertItem() };
  if (path === `/api/v1/alerts/${id}/records`)
    return { body: { items: [RECORD, { ...RECORD, record: null, matched: null, position: null }] } };
  if (path === `/api/v1/alerts/${id}/around`)
    return { body: query['minutes'] === '7' ? { ...AROUND, requests: 'off' } : AROUND };
  return refused(404, 'CW-6003', 'no such alert');
}

async function call(...words: readonly string[]): Promise<Ran> {
  service = await serveApi(answer);
  return run([...words, '--url', service.url], { env: { COSMOWATCH_TOKEN: TOKEN } });
}

function expectNarrow({ out }: Ran): void {
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(out).not.toContain('\u001b');
}

describe('alerts show --records', () => {
  it('prints each record, where it stood and what of it matched', async () => {
    const ran = await call('alerts', 'show', id, '--records');
    expectNarrow(ran);
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('1. 2026-11-24 03:12:07  ActivityLog  cosmosdb.keys.list  success');
    expect(ran.out).toContain('at push 17:4');
    expect(ran.out).toContain('matched by cosmosdb_keys_listed, with what other records tell: keys');
    expect(ran.out).toContain('event.action: cosmosdb.keys.list');
    expect(ran.out).toContain('"operationName": "LISTKEYS"');
    expect(ran.out).toContain('The record is not kept, or not any more.');
  });

  it('as JSON: as it came', async () => {
    const { out } = await call('alerts', 'show', id, '--records', '--json');
    expect(JSON.parse(out)).toMatchObject({ items: [{ record: RECORD.record }, { record: null }] });
  });
});

describe('alerts around', () => {
  it('prints lanes, marks what is evidence and says what is left out', async () => {
    const ran = await call('alerts', 'around', id);
    expectNarrow(ran);
    expect(ran.out).toContain('2026-11-24 02:42:07 to 2026-11-24 04:13:19 UTC, orders');
    expect(ran.out).toMatch(
      /Its actors: ann@contoso\.example\n\* 2026-11-24 03:12:07 {2}cosmosdb\.keys\.list {2}success/,
    );
    expect(ran.out).toContain('Its addresses: 198.51.100.23\n  nothing');
    expect(ran.out).toContain('query  340 requests, 2 failed in shop/orders');
    expect(ran.out).toContain('  and 12 more');
  });

  it('asks for as many minutes as are wanted, and says where no requests are counted', async () => {
    const { out } = await call('alerts', 'around', id, '--minutes', '7');
    expect(out).toContain('key_figures is off');
  });

  it('as JSON: as it came', async () => {
    expect(JSON.parse((await call('alerts', 'around', id, '--json')).out)).toEqual(AROUND);
  });

  it.each([['0'], ['241'], ['many']])('--minutes %s is refused', async (minutes) => {
    expect(await call('alerts', 'around', id, '--minutes', minutes)).toMatchObject({ code: 2, out: '' });
  });
});
