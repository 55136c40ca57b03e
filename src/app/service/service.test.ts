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
