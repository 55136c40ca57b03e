import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  about,
  accountDetail,
  accountsList,
  alertsPage,
  backtestAnswer,
  deliveriesPage,
  intakeList,
  lintAnswer,
  receiversAnswer,
  receiverTestAnswer,
  routingAnswer,
  ruleDetail,
  rulesList,
  ruleTestAnswer,
  setupAnswer,
  verifyAnswer,
} from '../../api/contract.ts';
import { systemBytes, systemClock } from '../../lib/clock.ts';
import { SILENT } from '../../telemetry/log.ts';
import { configAt } from '../configFile.ts';
import { Service } from './service.ts';

/* What the pages of one account, rule, source and receiver ask, of a real service with one account in it. */

const SUB = '00000000-0000-0000-0000-0000000000aa';
const OTHER = '00000000-0000-0000-0000-0000000000bb';
const ACCOUNT = `/subscriptions/${SUB}/resourceGroups/rg-shop/providers/Microsoft.DocumentDB/databaseAccounts/orders`;
const NETWORK = 'cosmosdb_network_access_changed';

let root = '';
let service: Service;
const told: string[] = [];
const receiver = createServer((request, response) => {
  let text = '';
  request.on('data', (piece) => {
    text += String(piece);
  });
  request.on('end', () => {
    told.push(text);
    response.writeHead(text.includes('"test"') ? 204 : 500).end();
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  root = mkdtempSync(join(tmpdir(), 'cosmowatch-pages-'));
  const file = join(root, 'cosmowatch.yml');
  const { port } = receiver.address() as AddressInfo;
  writeFileSync(
    file,
    `listen: 127.0.0.1:0
data: ${join(root, 'data')}
rules:
  disable:
    - rule: cosmosdb_no_logs
      reason: Moved to another tool
receivers:
  ops:
    - type: webhook
      url: http://127.0.0.1:${port}/hook
      allow: [127.0.0.1]
routes:
  receiver: ops
  routes:
    - match: {level: critical, account: orders-*}
      repeat: 4h
    - match: {level: low}
      receiver: null
`,
  );
  const ports = { clock: systemClock, random: () => 0.5, entropy: systemBytes, log: SILENT, env: {} };
  service = await Service.start(
    configAt(file, {}, () => {}),
    ports,
  );
  const now = Date.now();
  const records = [write(now - 3 * 3_600_000, 'Disabled'), write(now - 3_600_000, 'Enabled'), keys(now - 7_200_000)];
  expect((await post('/api/v1/logs', { records })).status).toBe(200);
  expect((await post('/api/v1/logs', { time: 'x', category: 'Nothing' })).status).toBe(200);
});
afterAll(async () => {
  await service.stop();
  receiver.close();
  rmSync(root, { recursive: true, force: true });
});

function activity(at: number, name: string): Record<string, unknown> {
  return {
    time: new Date(at).toISOString(),
    resourceId: ACCOUNT.toUpperCase(),
    operationName: `MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/${name}`,
    category: 'Administrative',
    resultType: 'Success',
    correlationId: `10000000-0000-0000-0000-${String(at).padStart(12, '0').slice(-12)}`,
    callerIpAddress: '198.51.100.23',
    identity: {
      claims: { name: 'ann@contoso.example', 'http://schemas.microsoft.com/identity/claims/objectidentifier': OTHER },
    },
  };
}

function write(at: number, publicNetworkAccess: string): object {
  return {
    ...activity(at, 'WRITE'),
    properties: { requestbody: JSON.stringify({ properties: { publicNetworkAccess } }) },
  };
}

function keys(at: number): object {
  return { ...activity(at, 'LISTKEYS/ACTION'), category: 'Administrative' };
}

async function get(path: string, token = service.token.token.reveal()): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${service.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, body: await answer.json() };
}

async function post(path: string, body: object): Promise<{ status: number; body: unknown }> {
  const headers = { authorization: `Bearer ${service.token.token.reveal()}`, 'content-type': 'application/json' };
  const answer = await fetch(`${service.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

async function tokenOf(subscription: string): Promise<string> {
  const name = `reader-${subscription}`;
  const { body } = await post('/api/v1/tokens', { name, scopes: ['read', 'act'], subscriptions: [subscription] });
  return (body as { token: string }).token;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

describe('accounts', () => {
  it('the list: the worst open alert, records of the last week, what cannot be seen', async () => {
    const { items } = accountsList.parse((await get('/api/v1/accounts')).body);
    expect(items).toMatchObject([
      {
        name: 'orders',
        subscription: SUB,
        worst: { level: expect.any(String), reason: expect.stringContaining('orders') },
        logs: [{ family: 'ActivityLog' }],
        rules: { off: 1 },
      },
    ]);
    expect(items[0]!.logs[0]!.records).toHaveLength(56);
    expect(sum(items[0]!.logs[0]!.records)).toBe(3);
    expect(items[0]!.blindSpots.join()).toContain('no data-plane log');
    expect(items[0]!.rules.cannot).toBeGreaterThan(0);
  });

  it('one of them, by name or by id: who acted, who read keys, how it stands, what rules need', async () => {
    const byName = accountDetail.parse((await get('/api/v1/accounts/Orders')).body);
    const byId = accountDetail.parse((await get(`/api/v1/accounts/${encodeURIComponent(ACCOUNT)}`)).body);
    expect(byId).toEqual(byName);
    expect(byName.hours).toMatchObject([{ family: 'ActivityLog' }]);
    expect([byName.hours[0]!.records.length, sum(byName.hours[0]!.records)]).toEqual([168, 3]);
    expect(byName.actors).toMatchObject([{ addresses: ['198.51.100.23'], actions: [{ count: 2 }, { count: 1 }] }]);
    expect(byName.keyReads).toMatchObject([{ action: 'cosmosdb.keys.list', count: 1, addresses: ['198.51.100.23'] }]);
    expect(byName.settings).toContainEqual({ name: 'publicNetworkAccess', value: 'Enabled' });
    const deleted = byName.coverage.find(({ rule }) => rule === 'cosmosdb_item_deleted');
    expect(deleted).toMatchObject({ state: 'cannot', why: expect.stringContaining('DataPlaneRequests') });
    expect(deleted!.command).toContain(ACCOUNT.toLowerCase());
    const network = byName.coverage.find(({ rule }) => rule === NETWORK);
    expect(network).toMatchObject({ state: 'can', cure: null });
    const silence = byName.coverage.find(({ rule }) => rule === 'cosmosdb_no_logs');
    expect(silence).toMatchObject({ state: 'off', why: 'Moved to another tool' });
  });

  it('are not there for who may not see them', async () => {
    const token = await tokenOf(OTHER);
    expect((await get('/api/v1/accounts', token)).body).toEqual({ items: [] });
    expect((await get('/api/v1/accounts/orders', token)).status).toBe(404);
    const rules = rulesList.parse((await get('/api/v1/rules', token)).body).items;
    expect(rules.find(({ name }) => name === NETWORK)).toMatchObject({ canFireOn: 0 });
    expect(sum(rules.flatMap(({ hits }) => hits))).toBe(0);
  });
});

describe('rules', () => {
  const text = readFileSync(fileURLToPath(new URL(`../../../rules/cosmosdb/${NETWORK}.yml`, import.meta.url)), 'utf8');

  it('the list: hits of each day, accounts on which they can fire, cases of their timelines', async () => {
    const { items } = rulesList.parse((await get('/api/v1/rules')).body);
    expect(items.find(({ name }) => name === NETWORK)).toMatchObject({
      isActive: true,
      canFireOn: 1,
      file: expect.stringMatching(/^rules\//),
      cases: expect.any(Number),
    });
    expect(sum(items.find(({ name }) => name === NETWORK)!.hits)).toBe(2);
    expect(items.find(({ name }) => name === 'cosmosdb_no_logs')).toMatchObject({
      isActive: false,
      whyNot: 'Moved to another tool',
    });
  });

  it('one of them: its file, its timeline, what it means', async () => {
    const rule = ruleDetail.parse((await get(`/api/v1/rules/${NETWORK}`)).body);
    expect(rule.text).toBe(text);
    expect(rule.timeline?.file).toBe(`${NETWORK}.test.yml`);
    expect(rule.meaning).toContain('event.action');
    expect(rule.accounts).toMatchObject([{ account: ACCOUNT.toLowerCase(), state: 'can' }]);
  });

  it('a text is linted, with line and column', async () => {
    const wrong = text.replace('condition:', 'conditoin:');
    const answer = lintAnswer.parse((await post('/api/v1/rules/lint', { rule: NETWORK, text: wrong })).body);
    const errors = answer.diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.every(({ line, column }) => line > 0 && column > 0)).toBe(true);
    const fine = lintAnswer.parse((await post('/api/v1/rules/lint', { rule: NETWORK, text })).body);
    expect([fine.rules.includes(NETWORK), fine.diagnostics.filter(({ severity }) => severity !== 'info')]).toEqual([
      true,
      [],
    ]);
  });

  it('its timeline is run: as it stands all cases pass, of one that finds nothing some do not', async () => {
    const fine = ruleTestAnswer.parse((await post('/api/v1/rules/test', { rule: NETWORK, text })).body);
    expect(fine.mistakes).toEqual([]);
    expect(fine.cases.length).toBeGreaterThan(3);
    expect(fine.cases.filter(({ passed }) => !passed)).toEqual([]);
    const blind = text.replaceAll('cosmosdb.account.setting_changed', 'cosmosdb.account.nothing');
    const failing = ruleTestAnswer.parse((await post('/api/v1/rules/test', { rule: NETWORK, text: blind })).body);
    expect(failing.cases.some(({ passed, differences }) => !passed && differences.length > 0)).toBe(true);
  });

  it('a timeline reads no file but those beside the rule', async () => {
    const timeline = `rule: ${NETWORK}\nfrom: ../../../../../../etc/passwd\ncases: []\n`;
    const answer = ruleTestAnswer.parse((await post('/api/v1/rules/test', { rule: NETWORK, text, timeline })).body);
    expect(answer.mistakes.join()).toContain('there is no file');
    expect(answer.mistakes.join()).not.toContain('root:');
  });

  it('a text against the rule as it runs, over what is stored', async () => {
    const same = backtestAnswer.parse((await post('/api/v1/rules/backtest', { rule: NETWORK, text })).body);
    expect(same).toMatchObject({ mistakes: [], events: 3, before: 2, after: 2, added: [], removed: [] });
    const blind = text.replaceAll('cosmosdb.account.setting_changed', 'cosmosdb.account.nothing');
    const less = backtestAnswer.parse((await post('/api/v1/rules/backtest', { rule: NETWORK, text: blind })).body);
    expect(less).toMatchObject({ before: 2, after: 0, removed: [{ rule: NETWORK, verdict: null }, { rule: NETWORK }] });
    const broken = backtestAnswer.parse((await post('/api/v1/rules/backtest', { rule: NETWORK, text: 'a: [' })).body);
    expect(broken.mistakes.length).toBeGreaterThan(0);
  });

  it('what cannot be tried is said', async () => {
    const item = ruleDetail.parse((await get('/api/v1/rules/cosmosdb_item_deleted')).body);
    const { cannot } = backtestAnswer.parse(
      (await post('/api/v1/rules/backtest', { rule: item.name, text: item.text })).body,
    );
    expect(cannot.join()).toContain('single requests are not kept');
  });
});

describe('sources', () => {
  it('what they took and left out, with the reason', async () => {
    const { items } = intakeList.parse((await get('/api/v1/intake')).body);
    expect(items).toMatchObject([
      { accepted: 3, rejected: 1, leftOut: [{ count: 1, code: expect.stringMatching(/^CW-500/) }] },
    ]);
    expect([items[0]!.rates.length, sum(items[0]!.rates)]).toEqual([96, 3]);
  });

  it('what makes an account send its logs', async () => {
    const { files } = setupAnswer.parse(
      (await get(`/api/v1/intake/setup?account=${encodeURIComponent(ACCOUNT)}`)).body,
    );
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['azure/main.tf', 'azure/setup.sh']));
    expect(files.some(({ text }) => text.includes(ACCOUNT))).toBe(true);
    expect((await get('/api/v1/intake/setup?account=orders')).status).toBe(400);
  });
});

describe('receivers', () => {
  it('routes as a tree, where an alert goes, a test message, and what became of messages', async () => {
    const tree = receiversAnswer.parse((await get('/api/v1/receivers')).body);
    expect(tree.routes).toMatchObject({
      receiver: 'ops',
      routes: [
        {
          receiver: 'ops',
          repeatSeconds: 14_400,
          match: [{ name: 'level' }, { name: 'account', patterns: ['orders-*'] }],
        },
        { receiver: null },
      ],
    });
    const [alert] = alertsPage.parse((await get(`/api/v1/alerts?rule=${NETWORK}`)).body).items;
    const high = routingAnswer.parse((await get(`/api/v1/routing?alert=${alert!.id}`)).body);
    expect(high.decisions).toMatchObject([{ receiver: 'ops', path: 'routes' }]);
    const low = routingAnswer.parse((await get(`/api/v1/routing?alert=${alert!.id}&level=low`)).body);
    expect([low.decisions, low.looked.at(-1)]).toMatchObject([[], { matched: true }]);
    const tested = receiverTestAnswer.parse((await post('/api/v1/receivers/ops/test', {})).body);
    expect(tested.items).toMatchObject([{ receiver: 'ops/0', type: 'webhook' }]);
    expect(told.some((text) => text.includes('test'))).toBe(true);
    const log = deliveriesPage.parse((await get('/api/v1/deliveries?limit=1')).body);
    expect(log.items).toMatchObject([{ receiver: 'ops/0', title: expect.any(String), account: ACCOUNT.toLowerCase() }]);
    const all = deliveriesPage.parse((await get('/api/v1/deliveries')).body).items.map(({ id }) => id);
    const later = deliveriesPage.parse((await get(`/api/v1/deliveries?before=${log.items[0]!.id}`)).body);
    expect(later.items.map(({ id }) => id)).toEqual(all.slice(1));
    expect(log.next).toBe(all.length > 1 ? all[0] : null);
    const token = await tokenOf('00000000-0000-0000-0000-0000000000cc');
    expect((await get('/api/v1/deliveries', token)).body).toEqual({ items: [], next: null });
  });
});

describe('settings', () => {
  it('what it is, and how long things are kept', async () => {
    expect(about.parse((await get('/api/v1/about')).body)).toMatchObject({
      licence: 'Apache-2.0',
      retention: expect.arrayContaining([expect.objectContaining({ what: 'the audit log', key: null })]),
    });
  });

  it('the audit log is intact, and a head that was never there is found', async () => {
    const fine = verifyAnswer.parse((await get('/api/v1/audit/verify')).body);
    expect(fine).toMatchObject({ isIntact: true, brokenAt: null });
    const known = `?seq=${fine.head!.seq}&hash=${'0'.repeat(64)}`;
    expect(verifyAnswer.parse((await get(`/api/v1/audit/verify${known}`)).body)).toMatchObject({
      isIntact: false,
      why: expect.stringContaining('written anew'),
    });
    expect((await get('/api/v1/audit/verify?seq=1')).status).toBe(400);
  });
});
