import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemBytes, systemClock } from '../../lib/clock.ts';
import { SILENT } from '../../telemetry/log.ts';
import { configAt } from '../configFile.ts';
import { Service, type Setup } from './service.ts';

let root = '';
let service: Service | null = null;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cosmowatch-service-'));
});
afterEach(async () => {
  await service?.stop();
  service = null;
  rmSync(root, { recursive: true, force: true });
});

const SUB = '00000000-0000-0000-0000-0000000000aa';
const ACCOUNT = `/subscriptions/${SUB}/resourceGroups/rg-shop/providers/Microsoft.DocumentDB/databaseAccounts/orders`;

function setupOf(yaml: string): Setup {
  const file = join(root, 'cosmowatch.yml');
  writeFileSync(file, `listen: 127.0.0.1:0\ndata: ${join(root, 'data')}\n${yaml}`);
  return configAt(file, {}, () => {});
}

async function start(yaml: string): Promise<Service> {
  const ports = { clock: systemClock, random: () => 0.5, entropy: systemBytes, log: SILENT, env: {} };
  service = await Service.start(setupOf(yaml), ports);
  return service;
}

async function ask(path: string, init: RequestInit = {}): Promise<{ status: number; body: Record<string, unknown> }> {
  const { url, token } = service!;
  const headers = { ...init.headers, authorization: `Bearer ${token.token.reveal()}` };
  const answer = await fetch(`${url}${path}`, { ...init, headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

function push(record: object) {
  return ask('/api/v1/logs', { method: 'POST', body: JSON.stringify(record) });
}

/** What the Activity Log says of a write that opens the account to everybody. */
function opened(at: Date): object {
  return {
    time: at.toISOString(),
    resourceId: ACCOUNT.toUpperCase(),
    operationName: 'MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/WRITE',
    category: 'Administrative',
    resultType: 'Success',
    correlationId: '10000000-0000-0000-0000-000000000001',
    callerIpAddress: '198.51.100.23',
    properties: { requestbody: JSON.stringify({ properties: { publicNetworkAccess: 'Enabled' } }) },
  };
}

async function alerts(query = ''): Promise<Record<string, unknown>[]> {
  return (await ask(`/api/v1/alerts${query}`)).body['items'] as Record<string, unknown>[];
}

describe('the service', () => {
  it('takes a record, tells what it means, and knows it after a restart', async () => {
    await start('');
    expect(await push(opened(new Date()))).toEqual({ status: 200, body: { accepted: 1, rejected: [] } });
    const before = await alerts('?rule=cosmosdb_network_access_changed');
    expect(before).toMatchObject([{ status: 'open', account: ACCOUNT.toLowerCase(), history: [{ what: 'opened' }] }]);
    await service!.stop();
    await start('');
    expect(await alerts('?rule=cosmosdb_network_access_changed')).toEqual(before);
  });

  it('archives what it took, after a restart too, and tells how far behind it is', async () => {
    const archive = `archive: {folder: ${join(root, 'archive')}}\n`;
    await start(archive);
    const { time, ...record } = opened(new Date()) as { time: string };
    await push({ time, ...record });
    const headers = { authorization: `Bearer ${service!.token.token.reveal()}` };
    const told = await (await fetch(`${service!.url}/metrics`, { headers })).text();
    expect(told).toMatch(/^cosmowatch_archive_queue_bytes [1-9]/m);
    await service!.stop();
    await start(archive);
    const files = () =>
      readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.zst'));
    await vi.waitFor(() => expect(files()).toHaveLength(1), 20_000);
    const [file] = files();
    expect(file).toMatch(/^archive\/\d{4}\/\d\d\/\d\d\/\d\d\/orders\/ActivityLog\/\d{12}\.ndjson\.zst$/);
    expect(JSON.parse(zstdDecompressSync(readFileSync(join(root, file!))).toString())).toMatchObject({ time });
  });

  it('does what a person says of an alert, and writes down who', async () => {
    await start('');
    await push(opened(new Date()));
    const [{ id }] = (await alerts()) as [{ id: string }];
    const body = JSON.stringify({ verdict: 'benign', comment: 'planned' });
    const headers = { 'content-type': 'application/json' };
    const done = await ask(`/api/v1/alerts/${id}/resolve`, { method: 'POST', body, headers });
    expect(done.body).toMatchObject({ status: 'resolved', resolution: 'manual', verdict: 'benign' });
    const { items } = (await ask('/api/v1/audit')).body as { items: unknown[] };
    expect(items).toMatchObject([{ by: 'main', action: 'alerts.resolve', target: id, outcome: 'asked' }]);
  });

  it('accounts are known otherwise when the configuration is read again, and a file that is none changes nothing', async () => {
    const file = join(root, 'accounts.json');
    await start('');
    const state = { publicNetworkAccess: 'Disabled' };
    writeFileSync(
      file,
      JSON.stringify([{ id: ACCOUNT, type: 'Microsoft.DocumentDB/databaseAccounts', properties: state }]),
    );
    utimesSync(file, new Date(Date.now() - 86_400_000), new Date(Date.now() - 86_400_000));
    await service!.reload(setupOf(`accounts: {inventory: [${file}]}\n`));
    writeFileSync(join(root, 'none.json'), '{');
    await expect(service!.reload(setupOf(`accounts: {inventory: [${join(root, 'none.json')}]}\n`))).rejects.toThrow();
    await push(opened(new Date()));
    expect(await alerts()).toMatchObject([{ changes: [{ property: 'publicNetworkAccess', before: 'Disabled' }] }]);
  });

  it('what an inventory says was so when the file was written', async () => {
    const file = join(root, 'accounts.json');
    writeFileSync(
      file,
      JSON.stringify([
        { id: ACCOUNT, type: 'Microsoft.DocumentDB/databaseAccounts', properties: { publicNetworkAccess: 'Disabled' } },
      ]),
    );
    utimesSync(file, new Date(Date.now() - 86_400_000), new Date(Date.now() - 86_400_000));
    await start(`accounts: {inventory: [${file}]}\n`);
    await push(opened(new Date()));
    expect(await alerts()).toMatchObject([{ changes: [{ property: 'publicNetworkAccess', before: 'Disabled' }] }]);
  });

  it('reads another configuration while it runs: a rule that is switched off raises nothing', async () => {
    await start('');
    await service!.reload(setupOf('rules: {disable: [{rule: cosmosdb_network_access_changed, reason: noisy}]}\n'));
    await push(opened(new Date()));
    expect(await alerts('?status=open')).toEqual([]);
    expect((await ask('/api/v1/status')).body).toMatchObject({ rules: { active: 11, disabled: 1 } });
  });

  it('labels of a source are on its alerts, and a token of other labels does not see them', async () => {
    await start('sources: {hub: {type: http, labels: {application: shop}}}\n');
    await push(opened(new Date()));
    const made = async (labels: object): Promise<string> => {
      const body = JSON.stringify({ name: `t${JSON.stringify(labels).length}`, scopes: ['read'], labels });
      const created = await ask('/api/v1/tokens', {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
      return created.body['token'] as string;
    };
    const told = async (token: string, path: string): Promise<Record<string, unknown>> => {
      const answer = await fetch(`${service!.url}/api/v1/${path}`, { headers: { authorization: `Bearer ${token}` } });
      return (await answer.json()) as Record<string, unknown>;
    };
    const shop = await made({ application: 'shop' });
    const bank = await made({ application: 'bank-and-more' });
    expect(await told(shop, 'alerts')).toMatchObject({ items: [{}] });
    expect(await told(bank, 'alerts')).toMatchObject({ items: [] });
    expect(await told(shop, 'status')).toMatchObject({ alerts: { open: 1 }, accounts: 0 });
    expect(await told(bank, 'status')).toMatchObject({ alerts: { open: 0 }, accounts: 0 });
    expect(await told(bank, 'accounts')).toMatchObject({ items: [] });
    expect((await ask('/api/v1/status')).body).toMatchObject({ alerts: { open: 1 }, accounts: 1 });
  });

  it('a drill fires for an account that is not there, and is marked', async () => {
    await start('');
    const body = JSON.stringify({ rule: 'access_keys_viewed' });
    const drilled = await ask('/api/v1/drills', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(drilled).toMatchObject({
      status: 200,
      body: { rule: 'cosmosdb_access_keys_viewed', alerts: [{ status: 'open' }] },
    });
    const unknown = await ask('/api/v1/drills', {
      method: 'POST',
      body: '{"rule":"nothing"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(unknown).toMatchObject({ status: 400, body: { code: 'CW-6005' } });
  });

  it('an exception hides what it covers, and is made, tried, changed and ended over the API', async () => {
    await start('');
    await push(opened(new Date()));
    const json = (method: string, body?: object): RequestInit => ({
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const spec = {
      match: { rule: 'cosmosdb_network_access_changed', address: '198.51.100.0/24' },
      owner: 'ann@contoso.example',
      reason: 'the move',
      expires: '2999-01-01',
    };
    expect(await ask('/api/v1/exceptions/preview', json('POST', spec))).toMatchObject({
      status: 200,
      body: {
        asked: 1,
        count: 1,
        open: 1,
        warnings: ['every alert of cosmosdb_network_access_changed so far would be kept back'],
      },
    });
    const made = await ask('/api/v1/exceptions', json('POST', { name: 'move', ...spec }));
    expect(made).toMatchObject({ status: 201, body: { name: 'move', origin: 'api', isInForce: true, kept: 1 } });
    expect(await alerts()).toEqual([]);
    expect(await alerts('?excepted=only')).toMatchObject([{ exception: 'move', status: 'open' }]);
    expect((await ask('/api/v1/status')).body).toMatchObject({ alerts: { open: 0 } });
    await service!.stop();
    await start('');
    expect(await alerts()).toEqual([]);
    const other = { ...spec, match: { ...spec.match, address: '192.0.2.0/24' } };
    await ask('/api/v1/exceptions/move', json('POST', other));
    expect(await alerts()).toMatchObject([{ exception: null }]);
    await ask('/api/v1/exceptions/move', json('POST', spec));
    const [{ id }] = (await alerts('?excepted=yes')) as [{ id: string }];
    await ask('/api/v1/exceptions/move', json('DELETE'));
    expect(await alerts()).toMatchObject([{ exception: null }]);
    const trail = (await ask(`/api/v1/alerts/${id}/trail`)).body['items'] as { step: string; text: string }[];
    expect(trail.map(({ step }) => step)).toEqual([
      'matched',
      'levelled',
      'folded',
      'excepted',
      'excepted',
      'excepted',
      'excepted',
      'routed',
    ]);
    expect(trail.at(-2)!.text).toBe('no exception covers it any more: move');
    const { items } = (await ask('/api/v1/audit')).body as { items: { action: string }[] };
    expect(items.map(({ action }) => action).filter((one) => one.startsWith('exceptions'))).toEqual([
      'exceptions.end',
      'exceptions.update',
      'exceptions.update',
      'exceptions.create',
    ]);
  });

  it.each([
    ['a range that is none', { address: '198.51.100.0/33' }, 'match.address is no address or range'],
    ['no such list', { actor: '%admins%' }, 'match.actor names a list that there is not'],
    ['no such rule', { rule: 'cosmosdb_network_acess_changed' }, 'match.rule names no rule that there is'],
    ['everything', { rule: '*' }, 'match matches everything'],
  ])('an exception with %s is refused with its place and cure', async (_name, match, why) => {
    await start('');
    const spec = { name: 'x', match, owner: 'ann', reason: 'r', expires: '2999-01-01' };
    const headers = { 'content-type': 'application/json' };
    const { status, body } = await ask('/api/v1/exceptions', { method: 'POST', body: JSON.stringify(spec), headers });
    expect([status, body['code'], body['message']]).toEqual([400, 'CW-6005', expect.stringContaining(why)]);
    expect(String(body['cure']).length).toBeGreaterThan(10);
  });

  it('what a token makes reaches no further than it sees', async () => {
    await start('sources: {hub: {type: http, labels: {application: shop}}}\n');
    await push(opened(new Date()));
    const headers = { 'content-type': 'application/json' };
    const token = async (application: string): Promise<string> => {
      const body = JSON.stringify({ name: application, scopes: ['read', 'act'], labels: { application } });
      return (await ask('/api/v1/tokens', { method: 'POST', body, headers })).body['token'] as string;
    };
    const make = async (name: string, of: string): Promise<Response> =>
      fetch(`${service!.url}/api/v1/exceptions`, {
        method: 'POST',
        headers: { ...headers, authorization: `Bearer ${of}` },
        body: JSON.stringify({
          name,
          match: { rule: 'cosmosdb_network_access_changed' },
          owner: 'a',
          reason: 'r',
          expires: '2999-01-01',
        }),
      });
    expect(await (await make('of-bank', await token('bank'))).json()).toMatchObject({ kept: 0 });
    expect(await alerts()).toHaveLength(1);
    expect(await (await make('of-shop', await token('shop'))).json()).toMatchObject({ kept: 1 });
    expect(await alerts()).toEqual([]);
  });

  it('a bad exception of a configuration is refused alone; of a good one the end is in the file', async () => {
    const good = 'rule: cosmosdb_network_access_changed';
    const yaml = `exceptions:
  good: {match: {${good}}, owner: ann@contoso.example, reason: the move, expires: 2999-01-01}
  bad: {match: {${good}}, owner: ann@contoso.example, expires: 2999-01-01}
`;
    await start(yaml);
    await push(opened(new Date()));
    expect(await alerts('?excepted=only')).toMatchObject([{ exception: 'good' }]);
    const { refused } = (await ask('/api/v1/status')).body as { refused: { path: string; why: string }[] };
    expect(refused).toMatchObject([{ path: 'exceptions.bad' }]);
    expect(refused[0]!.why).toMatch(/cosmowatch\.yml:5:\d+: CW-8006: exceptions\.bad\.reason is missing/);
    const ended = await ask('/api/v1/exceptions/good', { method: 'DELETE' });
    expect(ended).toMatchObject({ status: 409, body: { code: 'CW-6012' } });
    await service!.reload(setupOf(''));
    expect(await alerts()).toMatchObject([{ exception: null }]);
  });

  it('what cannot be started leaves nothing behind', async () => {
    await start('');
    const taken = Number(new URL(service!.url).port);
    mkdirSync(join(root, 'other'));
    const setup = setupOf('');
    const ports = { clock: systemClock, random: () => 0.5, entropy: systemBytes, log: SILENT, env: {} };
    const config = { ...setup.config, data: join(root, 'other'), listen: { host: '127.0.0.1', port: taken } };
    await expect(Service.start({ ...setup, config }, ports)).rejects.toMatchObject({ code: 'CW-6014' });
    const again = await Service.start(
      { ...setup, config: { ...config, listen: { host: '127.0.0.1', port: 0 } } },
      ports,
    );
    await again.stop();
  });
});
