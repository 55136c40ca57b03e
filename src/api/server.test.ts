import { connect } from 'node:net';
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { UserError } from '../lib/errors.ts';
import { SUBSCRIPTION, storedOf } from './memory.test-support.ts';
import { ALL, type Running, raw, start } from './server.test-support.ts';
import type { ApiOptions } from './server.ts';

const open: Running[] = [];
afterEach(async () => {
  for (const { server } of open.splice(0)) await server.close();
});

async function serve(options: Partial<ApiOptions> = {}, host?: string): Promise<Running> {
  const running = await start(options, host);
  open.push(running);
  return running;
}

const BEARER = { authorization: `Bearer ${ALL}` };

function get(path: string, host: string, headers = ''): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${headers}\r\n`;
}

describe('a page that names its own host for this machine is refused', () => {
  it.each<[string, string, number]>([
    ['127.0.0.1', '127.0.0.1:7070', 200],
    ['another loopback address', '127.8.9.1', 200],
    ['localhost', 'LocalHost:80', 200],
    ['loopback of IPv6', '[::1]:7070', 200],
    ['external_url', 'watch.contoso.example', 200],
    ['external_url with a port', 'Watch.Contoso.Example:8443', 200],
    ['another name', 'evil.example', 421],
    ['a name that begins like ours', '127.0.0.1.evil.example', 421],
    ['a name that ends like ours', 'evil-localhost', 421],
    ['a name with ours as user', '127.0.0.1@evil.example', 421],
    ['another address', '10.0.0.1', 421],
    ['a port that is none', 'localhost:x', 421],
    ['nothing', '', 421],
  ])('%s: %s', async (_what, host, status) => {
    const { url } = await serve({ externalUrl: 'https://watch.contoso.example/cosmo' });
    const answer = await raw(url, get('/healthz', host));
    expect(answer.split('\r\n')[0]).toContain(` ${status} `);
    if (status === 421) expect(answer).toContain('CW-6010');
  });

  it('without a token only from this machine, and not through a proxy on it', async () => {
    const { url } = await serve();
    for (const path of ['/healthz', '/readyz', '/metrics', '/api/v1/openapi.json']) {
      expect((await fetch(url + path)).status).toBe(200);
      expect((await fetch(url + path, { headers: { 'x-forwarded-for': '203.0.113.7' } })).status).toBe(401);
      expect((await fetch(url + path, { headers: { forwarded: 'for=203.0.113.7' } })).status).toBe(401);
    }
  });

  it('IPv6 works, and is in the address that is told', async () => {
    const { url } = await serve({}, '::1');
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});

describe('what is no request', () => {
  it.each<[string, string, string]>([
    ['no HTTP', 'hello\r\n\r\n', ' 400 '],
    ['no host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', ' 400 '],
    [
      'two lengths',
      'POST /v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      ' 400 ',
    ],
    [
      'a length and chunks',
      'POST /v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      ' 400 ',
    ],
    ['headers of 20 KB', get('/healthz', 'localhost', `X: ${'a'.repeat(20_000)}\r\n`), ' 4'],
  ])('%s', async (_what, text, status) => {
    const { url } = await serve();
    const answer = await raw(url, text);
    expect(answer.split('\r\n')[0]).toContain(status);
    if (answer.includes('CW-')) expect(answer.toLowerCase()).toContain('x-content-type-options: nosniff');
  });

  it('a body that never comes: 408, and the connection ends', async () => {
    const { url } = await serve({ limits: { arrival: 200 } });
    const head = `POST /api/v1/logs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ALL}\r\nContent-Length: 100\r\n\r\n{`;
    const answer = await raw(url, head);
    expect(answer).toContain(' 408 ');
    expect(answer).toContain('CW-6011');
    expect(answer.toLowerCase()).toContain('x-content-type-options: nosniff');
  });
});

describe('pushed records', () => {
  const RECORDS = '{"records":[{"category":"DataPlaneRequests"}]}\n'.repeat(50);

  it.each<[string, Record<string, string>, Uint8Array | string]>([
    ['as they are', {}, RECORDS],
    ['gzip', { 'content-encoding': 'gzip' }, gzipSync(RECORDS)],
    ['gzip by its other name', { 'content-encoding': 'X-GZIP' }, gzipSync(RECORDS)],
    [
      'gzip in several members',
      { 'content-encoding': 'gzip' },
      Buffer.concat([gzipSync(RECORDS.slice(0, 99)), gzipSync(RECORDS.slice(99))]),
    ],
    ['zstd', { 'content-encoding': 'zstd' }, zstdCompressSync(RECORDS)],
    ['deflate', { 'content-encoding': 'deflate' }, deflateSync(RECORDS)],
    ['deflate without its head', { 'content-encoding': 'deflate' }, deflateRawSync(RECORDS)],
    ['identity', { 'content-encoding': 'identity' }, RECORDS],
    ['a gzip file that does not say so', {}, gzipSync(RECORDS)],
    ['a zstd file that does not say so', { 'content-type': 'application/zstd' }, zstdCompressSync(RECORDS)],
    ['as curl says when nobody told it', { 'content-type': 'application/x-www-form-urlencoded' }, RECORDS],
    ['nothing', {}, ''],
  ])('%s', async (_what, headers, body) => {
    const { url, ports } = await serve();
    const init = { method: 'POST', headers: { ...BEARER, ...headers }, body: body };
    const answer = await fetch(`${url}/api/v1/logs?x=1&token=${ALL}`, init);
    expect([answer.status, await answer.json()]).toEqual([200, { accepted: 1, rejected: [] }]);
    const [{ source, request }] = ports.pushed as [(typeof ports.pushed)[number]];
    expect(Buffer.from(request.body).toString()).toBe(body.length === 0 ? '' : RECORDS);
    expect([source, request.speaksFor, [...request.query]]).toEqual(['pushed', null, [['x', '1']]]);
    // The source learns nothing of the token.
    expect(JSON.stringify([request.headers, [...request.query]])).not.toContain('canary');
  });

  it('a token speaks for its subscriptions only, which the source is told', async () => {
    const { url, ports } = await serve();
    const token = ports.bearer('bound', { source: null, speaksFor: [SUBSCRIPTION] });
    await fetch(`${url}/api/v1/logs`, { method: 'POST', headers: { authorization: `bearer ${token}` }, body: '{}' });
    expect(ports.pushed.map(({ source, request }) => [source, request.speaksFor])).toEqual([
      ['pushed', [SUBSCRIPTION]],
    ]);
  });

  it('a token of no source is refused where several sources answer', async () => {
    const { url, ports } = await serve();
    ports.sourcesAt = ['one', 'two'];
    const token = ports.bearer('free', { source: null });
    const answer = await fetch(`${url}/api/v1/logs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: '{}',
    });
    expect(answer.status).toBe(403);
  });

  it('a token may stand in the address for Event Grid alone', async () => {
    const { url } = await serve();
    const json = { method: 'POST', body: '[]', headers: { 'content-type': 'application/json' } };
    expect((await fetch(`${url}/api/v1/event-grid?token=${ALL}`, json)).status).toBe(200);
    expect((await fetch(`${url}/api/v1/event-grid?token=nobody`, json)).status).toBe(401);
    expect((await fetch(`${url}/api/v1/event-grid?token=a&token=b`, json)).status).toBe(401);
    for (const path of ['/api/v1/logs', '/v1/logs']) {
      expect((await fetch(`${url}${path}?token=${ALL}`, json)).status).toBe(401);
    }
  });

  it('what expands is asked for again in its full size', async () => {
    const { url, ports } = await serve();
    const asked: number[] = [];
    const admit = (_source: string, bytes: number): number | null => {
      asked.push(bytes);
      return bytes > 2000 ? 7 : null;
    };
    Object.assign(ports.logs, { admit });
    const body = gzipSync(RECORDS);
    const headers = { ...BEARER, 'content-encoding': 'gzip' };
    const answer = await fetch(`${url}/api/v1/logs`, { method: 'POST', headers, body });
    expect([answer.status, answer.headers.get('retry-after'), asked]).toEqual([
      429,
      '7',
      [body.length, RECORDS.length],
    ]);
  });

  it('bodies that are on their way take no more room than there is, however they end', async () => {
    const { url, ports } = await serve({ limits: { atOnce: 1000, sent: 2000 } });
    const { hostname, port } = new URL(url);
    const head = `POST /api/v1/logs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ALL}\r\nContent-Length: 900\r\n\r\n{`;
    const { promise: isAsked, resolve: asked } = Promise.withResolvers<void>();
    const { admit } = ports.logs;
    Object.assign(ports.logs, { admit: (...words: []) => [asked(), admit(...words)][1] });
    const slow = connect(Number(port), hostname, () => slow.write(head));
    await isAsked;
    const send = (init: object = {}): Promise<Response> =>
      fetch(`${url}/api/v1/logs`, { method: 'POST', headers: BEARER, body: 'x'.repeat(200), ...init });
    const full = await send();
    expect([full.status, full.headers.get('retry-after')]).toEqual([429, '1']);
    expect((await send({ body: new Blob(['x']).stream(), duplex: 'half' })).status).toBe(429);
    expect((await send({ body: 'x'.repeat(50) })).status).toBe(200);
    // 40 bytes that become 20,000 do not fit beside the other.
    expect((await send({ body: zstdCompressSync('x'.repeat(20_000)) })).status).toBe(429);
    slow.destroy();
    const tried = async (): Promise<number> => (await send()).status;
    let status = await tried();
    for (let tries = 0; status === 429 && tries < 100; tries++) status = await tried();
    expect(status).toBe(200);
    // Alone it may.
    expect((await send({ body: zstdCompressSync('x'.repeat(20_000)) })).status).toBe(200);
  });

  it('what the program refuses in words for people is answered so', async () => {
    const { url, ports } = await serve();
    ports.onPush = () => Promise.reject(new UserError('CW-6007', 'the batch is too large', { cure: 'Send less.' }));
    const answer = await fetch(`${url}/api/v1/logs`, { method: 'POST', headers: BEARER, body: '{}' });
    expect([answer.status, await answer.json()]).toEqual([
      413,
      { code: 'CW-6007', message: 'the batch is too large', cure: 'Send less.' },
    ]);
  });

  it('what a source answers is sent as it is: bytes, headers, status', async () => {
    const { url, ports } = await serve();
    const bytes = new Uint8Array([0x0a, 0x02, 0x08, 0x01]);
    ports.onPush = async () => ({ status: 202, headers: { 'content-type': 'application/x-protobuf' }, body: bytes });
    const headers = { ...BEARER, 'content-type': 'application/x-protobuf' };
    const answer = await fetch(`${url}/v1/logs`, { method: 'POST', headers, body: '' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([202, 'application/x-protobuf']);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
  });
});

describe('alerts', () => {
  async function withAlerts(): Promise<Running> {
    const running = await serve();
    for (let number = 1; number <= 5; number++) running.ports.put(storedOf(number, number === 5 ? null : SUBSCRIPTION));
    return running;
  }

  async function list(url: string, query: string, token = ALL): Promise<{ numbers: number[]; next: string | null }> {
    const answer = await fetch(`${url}/api/v1/alerts${query}`, { headers: { authorization: `Bearer ${token}` } });
    const { items, next } = (await answer.json()) as { items: { id: string }[]; next: string | null };
    return { numbers: items.map(({ id }) => Number.parseInt(id, 16)), next };
  }

  it('come in pages', async () => {
    const { url } = await withAlerts();
    expect(await list(url, '?limit=2')).toEqual({ numbers: [5, 4], next: '2' });
    expect(await list(url, '?limit=3&cursor=2')).toEqual({ numbers: [3, 2, 1], next: null });
    const bad = await fetch(`${url}/api/v1/alerts?cursor=none`, { headers: BEARER });
    expect([bad.status, await bad.text()]).toEqual([400, expect.stringContaining('cursor')]);
  });

  it.each<[string, number[]]>([
    ['?since=2026-11-24T03:00:04Z', [5, 4]],
    ['?since=2026-11-24T04:00:04%2B01:00', [5, 4]],
    ['?since=1s', [5, 4, 3, 2, 1]],
    ['?status=resolved,acknowledged', []],
    ['?rule=7d0c9e6b-4a2a-4cbb-9d4f-2f4f6a3b1c11&status=open', [5, 4, 3, 2, 1]],
    ['?account=CONTOSO', [5, 4, 3, 2, 1]],
    ['?account=other', []],
  ])('%s', async (query, numbers) => {
    const { url } = await withAlerts();
    expect((await list(url, query)).numbers).toEqual(numbers);
  });

  it.each(['?since=yesterday', '?since=5', '?status=Open', '?status=open,', '?account='])('%s: 400', async (query) => {
    const { url } = await serve();
    expect((await fetch(`${url}/api/v1/alerts${query}`, { headers: BEARER })).status).toBe(400);
  });

  it('of others do not exist: not in lists, not by id, not for changes', async () => {
    const { url, ports } = await withAlerts();
    const token = ports.bearer('narrow', { sees: { subscriptions: [SUBSCRIPTION], labels: {} } });
    expect((await list(url, '', token)).numbers).toEqual([4, 3, 2, 1]);
    const other = ports.bearer('elsewhere', { sees: { subscriptions: null, labels: { environment: 'test' } } });
    expect((await list(url, '', other)).numbers).toEqual([]);
    const headers = { authorization: `Bearer ${token}` };
    const path = `${url}/api/v1/alerts/${storedOf(5).alert.id}`;
    expect((await fetch(path, { headers })).status).toBe(404);
    expect((await fetch(`${path}/resolve`, { headers, method: 'POST' })).status).toBe(404);
    expect(ports.stored.get(storedOf(5).alert.id)?.alert.status).toBe('open');
  });

  it('a change that its state does not allow: 409', async () => {
    const { url, ports } = await withAlerts();
    const answer = await fetch(`${url}/api/v1/alerts/${storedOf(1).alert.id}/reopen`, {
      headers: BEARER,
      method: 'POST',
    });
    expect([answer.status, await answer.json()]).toEqual([
      409,
      expect.objectContaining({ code: 'CW-6012', message: 'it is open' }),
    ]);
    expect(ports.entries.map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['asked', {}],
      ['failed', { why: 'CW-6012' }],
    ]);
  });
});

describe('key figures', () => {
  const account = storedOf(1).alert.account!;

  async function figures(query: string, token = ALL): Promise<[number, string]> {
    const { url, ports } = await serve();
    ports.bearer('narrow', { sees: { subscriptions: ['22222222-2222-4222-8222-222222222222'], labels: {} } });
    ports.bearer('labelled', { sees: { subscriptions: null, labels: { environment: 'test' } } });
    const answer = await fetch(`${url}/api/v1/figures${query}`, { headers: { authorization: `Bearer ${token}` } });
    return [answer.status, await answer.text()];
  }

  it('of the last day, if nobody says of when', async () => {
    const [status, text] = await figures(`?account=${account.toUpperCase()}`);
    expect([status, JSON.parse(text)]).toMatchObject([
      200,
      { step: 300, items: [{ at: '2026-11-23T03:00:00.000Z', requests: 9 }] },
    ]);
  });

  it.each([
    '',
    `?account=${account}&step=90s`,
    `?account=${account}&step=often`,
    `?account=${account}&since=30d`,
    `?account=${account}&since=1h&until=2h`,
    `?account=${account}&since=soon`,
  ])('%s: 400', async (query) => {
    expect(await figures(query)).toEqual([400, expect.stringContaining('CW-6005')]);
  });

  it.each(['narrow', 'labelled'])('of others do not exist: %s', async (token) => {
    expect(await figures(`?account=${account}`, token)).toEqual([404, expect.stringContaining('CW-6003')]);
  });
});

describe('the end', () => {
  it('nothing new is taken, what runs is finished', async () => {
    const { server, url, ports } = await start();
    const { promise: isPushed, resolve: pushed } = Promise.withResolvers<void>();
    const { promise: isCommitted, resolve: commit } = Promise.withResolvers<void>();
    ports.onPush = async () => {
      pushed();
      await isCommitted;
      return { status: 200, body: { accepted: 1, rejected: [] } };
    };
    const running = fetch(`${url}/api/v1/logs`, { method: 'POST', headers: BEARER, body: '{}' });
    await isPushed;
    const closed = server.close();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    commit();
    expect(await (await running).json()).toEqual({ accepted: 1, rejected: [] });
    await closed;
  });

  it('what does not finish in time is cut off', async () => {
    const { server, url, ports } = await start();
    const { promise: isPushed, resolve: pushed } = Promise.withResolvers<void>();
    ports.onPush = () => {
      pushed();
      return new Promise(() => {});
    };
    const running = fetch(`${url}/api/v1/logs`, { method: 'POST', headers: BEARER, body: '{}' });
    await isPushed;
    const late = new AbortController();
    const closed = server.close(late.signal);
    late.abort();
    await expect(running).rejects.toThrow();
    await closed;
  });

  it('an address that is taken is told with what to do', async () => {
    const { url } = await serve();
    const second = start({}, '127.0.0.1', Number(new URL(url).port));
    await expect(second).rejects.toMatchObject({ code: 'CW-6014', cure: expect.stringContaining('--listen') });
  });
});
