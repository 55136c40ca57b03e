import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CANARY } from '../notify/conformance.test-support.ts';
import { type Loopback, loopback } from '../notify/loopback.test-support.ts';
import { newsOf } from '../notify/news.test-support.ts';
import { run } from './cli.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'cosmowatch-notify-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let server: Loopback;
beforeAll(async () => {
  server = await loopback(() => ({ kind: 'answer', status: 202 }));
  const hook = `{type: webhook, url: env:HOOK, allow: [127.0.0.1]}`;
  writeFileSync(
    at('c.yml'),
    `external_url: https://cosmowatch.contoso.example
receivers:
  ops: [${hook}, ${hook}]
  shop: [{type: heartbeat, url: env:HOOK, method: GET, allow: [127.0.0.1]}]
routes:
  receiver: ops
  match: {level: [high, critical]}
  repeat: 4h
  routes:
    - {match: {labels: {application: shop}}, receiver: shop, group_wait: 90s}
`,
  );
});
afterAll(() => server.close());
beforeEach(() => {
  server.ledger.length = 0;
  server.behave = () => ({ kind: 'answer', status: 202 });
});

const cosmowatch = (...words: string[]) =>
  run([...words, '--config', at('c.yml')], { env: { HOOK: `${server.url}/${CANARY}`, USER: 'oncall' } });

describe('notify test', () => {
  it('sends a marked message to all that stands under a name', async () => {
    expect(await cosmowatch('notify', 'test', 'ops')).toEqual({
      code: 0,
      out: 'ops/0 (webhook): delivered\nops/1 (webhook): delivered\n',
      err: '',
    });
    expect(server.ledger).toHaveLength(2);
    expect(JSON.parse(server.ledger[0]!.body)).toMatchObject({
      type: 'cosmowatch.test.v1',
      data: { why: 'Sent by oncall. Nothing happened; nothing to do.' },
    });
  });

  it.each([
    [404, 'shop/0 (heartbeat): refused: HTTP 404\n'],
    [503, 'shop/0 (heartbeat): not delivered, the service would try again: HTTP 503\n'],
  ])('says what was answered: %i', async (status, out) => {
    server.behave = () => ({ kind: 'answer', status });
    expect(await cosmowatch('notify', 'test', 'shop')).toEqual({ code: 1, out, err: '' });
  });

  it('as JSON, without a secret', async () => {
    server.behave = () => ({ kind: 'reset' });
    const { code, out } = await cosmowatch('notify', 'test', 'shop', '--json');
    expect([code, JSON.parse(out)]).toMatchObject([1, [{ receiver: 'shop/0', delivery: { kind: 'retry' } }]]);
    expect(out).not.toContain(CANARY);
  });

  it('knows no other receivers', async () => {
    const { code, err } = await cosmowatch('notify', 'test', 'shp');
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/CW-8102: .* shp\n {2}did you mean shop \?\n {2}cure: known are ops, shop/),
    ]);
  });
});

describe('routes test', () => {
  const { alert } = newsOf('opened').stored;

  it('says where an alert goes, and why', async () => {
    writeFileSync(at('a.json'), JSON.stringify(alert));
    expect(await cosmowatch('routes', 'test', at('a.json'), '--label', 'application=shop')).toEqual({
      code: 0,
      out: `[critical] orders-prod: cosmosdb_network_access_changed

  -> shop, by routes.routes[0]: label application is shop; waits 90s; again every 4h

Routes that were asked
  yes routes: level is critical
  yes routes.routes[0]: label application is shop
`,
      err: '',
    });
  });

  it('of several alerts says it in a line each, and ends with 1 where nobody is told', async () => {
    const low = { ...alert, level: 'low', account: null };
    writeFileSync(at('several.ndjson'), `${JSON.stringify(alert)}\n${JSON.stringify(low)}\n`);
    expect(await cosmowatch('routes', 'test', at('several.ndjson'))).toMatchObject({
      code: 1,
      out: '[critical] orders-prod: cosmosdb_network_access_changed -> ops\n[low] no account: cosmosdb_network_access_changed -> nobody\n',
    });
  });

  it('as JSON', async () => {
    writeFileSync(at('a.json'), JSON.stringify([alert]));
    const { out } = await cosmowatch('routes', 'test', at('a.json'), '--json');
    expect(JSON.parse(out)).toMatchObject([
      { id: alert.id, decisions: [{ receiver: 'ops' }], looked: [{}, { matched: false }] },
    ]);
  });

  it.each([
    ['a file without alerts', () => JSON.stringify({ level: 'high' }), /CW-8101: .* holds no alert/],
    [
      'a file with an alert and something else',
      () => `${JSON.stringify(alert)}\n{"x":1}\n`,
      /CW-8101: .* something that is no alert/,
    ],
    ['a file that is none', () => null, /CW-2001/],
  ])('%s', async (_name, text, message) => {
    const content = text();
    if (content !== null) writeFileSync(at('bad.json'), content);
    const { code, err } = await cosmowatch('routes', 'test', at(content === null ? 'none.json' : 'bad.json'));
    expect([code > 0, err]).toEqual([true, expect.stringMatching(message)]);
  });

  it('a label without a name is refused', async () => {
    const { code, err } = await cosmowatch('routes', 'test', at('a.json'), '--label', '=x');
    expect([code, err]).toEqual([2, expect.stringContaining('CW-1002')]);
  });
});
