import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { keyRead, type Ran, run, TERMINAL } from './cli.test-support.ts';
import { type Asked, type FakeService, type Reply, refused, STATUS, serveApi, TOKEN } from './service.test-support.ts';

let root = '';
let service: FakeService | null = null;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cosmowatch-tuning-'));
});
afterEach(async () => {
  await service?.close();
  service = null;
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SPEC = {
  match: {
    rule: ['cosmosdb_access_keys_viewed'],
    actor: ['release@contoso.example'],
    time: [{ from: '02:00', to: '05:00' }],
  },
  owner: 'ann@contoso.example',
  reason: 'the release reads them',
  expires: '2027-03-01',
};
const STATE = {
  isInForce: true,
  kept: 12,
  lastKeptAt: null,
  createdBy: 'main',
  createdAt: '2026-11-24T12:00:00.000Z',
  endedAt: null,
};
const EXCEPTION = { name: 'nightly', spec: SPEC, origin: 'api', ...STATE };
const SILENCE = {
  name: 'sunday',
  kind: 'silence',
  spec: {
    match: { account: 'orders' },
    weekly: [{ days: ['sun'], zone: 'Europe/Berlin' }],
    owner: 'ann',
    reason: 'patches',
  },
  origin: 'config',
  ...STATE,
  isInForce: false,
};
const PREVIEW = {
  asked: 40,
  count: 2,
  open: 1,
  alerts: [
    {
      id: '3f9a12cc000000000000000000000001',
      rule: 'cosmosdb_access_keys_viewed',
      level: 'high',
      account: null,
      firstSeen: '2026-11-24T03:12:07Z',
    },
  ],
  warnings: ['every alert of cosmosdb_access_keys_viewed so far would be kept back'],
};

function answer({ method, path }: Asked): Reply {
  if (path.endsWith('/preview')) return { body: PREVIEW };
  const item = path.includes('exceptions') ? EXCEPTION : SILENCE;
  return method === 'GET' ? { body: { items: [item] } } : { body: item, status: method === 'POST' ? 201 : 200 };
}

async function call(
  words: readonly string[],
  reply: (asked: Asked) => Reply = answer,
): Promise<Ran & { asked: readonly Asked[] }> {
  service = await serveApi(reply);
  const ran = await run([...words, '--url', service.url], { env: { COSMOWATCH_TOKEN: TOKEN } });
  return { ...ran, asked: service.asked };
}

const WHY = ['--owner', 'ann@contoso.example', '-m', 'the release reads them'];

describe('exceptions', () => {
  it('list', async () => {
    const { code, out, asked } = await call(['exceptions', 'list']);
    expect([code, asked[0]!.path]).toEqual([0, '/api/v1/exceptions']);
    expect(out).toBe(`NAME     STATE     FROM  KEPT  ENDS
nightly  in force  api   12    2027-03-01
    rule: cosmosdb_access_keys_viewed, actor: release@contoso.example, time:
    every day 02:00 to 05:00 UTC
    the release reads them (ann@contoso.example)
`);
  });

  it('add says all of it to the service', async () => {
    const { code, out, asked } = await call([
      ...['exceptions', 'add', 'nightly', '--rule', 'cosmosdb_access_keys_viewed', '--actor', 'a', '--actor', 'b'],
      ...['--address', '%offices%', '--label', 'customer=contoso', '--time', 'mon,tue 02:00-05:00 Europe/Berlin'],
      ...['--expires', '90d', ...WHY],
    ]);
    expect([code, out]).toEqual([0, 'nightly is in force; of the stored alerts it hides 12.\n']);
    expect(asked).toMatchObject([{ method: 'POST', path: '/api/v1/exceptions' }]);
    expect(asked[0]!.body).toEqual({
      name: 'nightly',
      match: {
        rule: ['cosmosdb_access_keys_viewed'],
        actor: ['a', 'b'],
        address: ['%offices%'],
        labels: { customer: 'contoso' },
        time: [{ days: ['mon', 'tue'], from: '02:00', to: '05:00', zone: 'Europe/Berlin' }],
      },
      owner: 'ann@contoso.example',
      reason: 'the release reads them',
      expires: '2027-02-22T12:00:00.000Z',
    });
  });

  it.each([
    ['preview', ['exceptions', 'preview']],
    ['add --preview', ['exceptions', 'add', 'nightly', '--preview']],
  ])('%s changes nothing', async (_name, words) => {
    const { code, out, asked } = await call([...words, '--rule', 'r', '--expires', '2027-03-01', ...WHY]);
    expect([code, asked.map(({ path }) => path)]).toEqual([0, ['/api/v1/exceptions/preview']]);
    expect(out).toBe(`It would keep back 2 of 40 stored alerts, 1 of them open.
  3f9a12cc  2026-11-24 03:12  high  cosmosdb_access_keys_viewed  no known account
  and 1 more
warning: every alert of cosmosdb_access_keys_viewed so far would be kept back
`);
  });

  it('end', async () => {
    const { code, out, asked } = await call(['exceptions', 'end', 'nightly']);
    expect([code, out, asked[0]!.method, asked[0]!.path]).toEqual([
      0,
      'nightly has ended.\n',
      'DELETE',
      '/api/v1/exceptions/nightly',
    ]);
  });

  it.each([
    ['without an owner', ['--rule', 'r', '--expires', '1d', '-m', 'x'], 'error CW-1001: exceptions add needs --owner'],
    ['without an end', ['--rule', 'r', ...WHY], 'error CW-1001: exceptions add needs --expires'],
    [
      'with hours that are none',
      ['--time', 'noon to one', '--expires', '1d', ...WHY],
      'error CW-1002: --time does not take',
    ],
    ['with a label that is none', ['--label', 'x', '--expires', '1d', ...WHY], 'error CW-1002: --label does not take'],
  ])('add %s', async (_name, words, error) => {
    const { code, err, asked } = await call(['exceptions', 'add', 'nightly', ...words]);
    expect([code, asked]).toEqual([2, []]);
    expect(err.startsWith(error)).toBe(true);
  });

  it('what the service refuses is told with its cure', async () => {
    const no = refused(400, 'CW-6005', 'the body is not valid: match matches everything', 'name a rule');
    const { code, err } = await call(['exceptions', 'add', 'x', '--rule', '*', '--expires', '1d', ...WHY], () => no);
    expect([code, err.split('\n')[0]]).toEqual([1, 'error CW-8025: the body is not valid: match matches everything']);
  });
});

describe('silences', () => {
  it('list', async () => {
    const { code, out } = await call(['silences', 'list']);
    expect(code).toBe(0);
    expect(out).toBe(`NAME    STATE    FROM    KEPT  ENDS
sunday  at rest  config  12    never
    account: orders, weekly: sun 00:00 to 00:00 Europe/Berlin
    patches (ann)
`);
  });

  it('add says all of it to the service', async () => {
    const { code, out, asked } = await call([
      ...['silences', 'add', 'sunday', '--account', 'orders', '--level', 'low', '--tag', 'T1552', '--until', '2h'],
      ...['--weekly', 'sun', ...WHY],
    ]);
    expect([code, out]).toEqual([0, 'sunday is kept for when it begins.\n']);
    expect(asked[0]!.body).toEqual({
      name: 'sunday',
      match: { account: ['orders'], level: ['low'], tags: ['T1552'] },
      until: '2026-11-24T14:00:00.000Z',
      weekly: [{ days: ['sun'] }],
      owner: 'ann@contoso.example',
      reason: 'the release reads them',
    });
  });
});

describe('status', () => {
  it('says what of the configuration is not in force', async () => {
    const why = 'c.yml:5:3: CW-8006: exceptions.bad.owner is missing (add "owner: ...")';
    const { out } = await call(['status'], () => ({ body: { ...STATUS, refused: [{ path: 'exceptions.bad', why }] } }));
    expect(
      out.endsWith(`
1 part of the configuration is not in force
  exceptions.bad
    ${why}
`),
    ).toBe(true);
  });
});

describe('config check', () => {
  it('ends with 2 for what is refused alone, and says that the rest would be used', async () => {
    const file = join(root, 'bad.yml');
    writeFileSync(file, 'exceptions: {bad: {match: {rule: r, actor: a}, reason: x, expires: 2999-01-01}}\n');
    const { code, out } = await run(['config', 'check', file]);
    expect(code).toBe(2);
    expect(out).toContain(`${file}:1:14: error CW-8006: exceptions.bad.owner is missing`);
    expect(out.endsWith('\n1 mistake: exceptions.bad would be left out; the rest would be used.\n')).toBe(true);
  });
});

describe('scan --exceptions', () => {
  function files(exception: string): readonly [logs: string, config: string] {
    const [logs, config] = [join(root, 'PT1H.json'), join(root, 'c.yml')];
    writeFileSync(
      logs,
      keyRead('2026-11-24T03:00:00Z') + keyRead('2026-11-24T09:00:00Z', { callerIpAddress: '203.0.113.7' }),
    );
    writeFileSync(
      config,
      `exceptions:\n  ann-reads: ${exception}\nreceivers: {x: [{type: slack, url: env:NOT_THERE}]}\n`,
    );
    return [logs, config];
  }
  const GOOD =
    '{match: {actor: ann@contoso.example, address: 198.51.100.0/24}, owner: x, reason: y, expires: 2026-12-01}';

  it('marks what is covered, and hides nothing', async () => {
    const [logs, config] = files(GOOD);
    const { code, out } = await run(['scan', logs, '--exceptions', config, '--format', 'ndjson', '--fail-on', 'low']);
    const alerts = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(code).toBe(3);
    expect(alerts.map((one) => [one['firstSeen'], one['exception'] ?? null, Object.hasOwn(one, 'exception')])).toEqual([
      ['2026-11-24T03:00:00Z', 'ann-reads', true],
      ['2026-11-24T09:00:00Z', null, false],
    ]);
  });

  it('says so in the table', async () => {
    const [logs, config] = files(GOOD);
    const { out } = await run(['scan', logs, '--exceptions', config], { ...TERMINAL, env: { NO_COLOR: '1' } });
    expect(out.match(/^ {10}covered by the exception ann-reads$/gm)).toHaveLength(1);
  });

  it('a mistake is told with its place, and nothing is read', async () => {
    const [logs, config] = files(
      '{match: {actor: a, address: 198.51.100.0/240}, owner: x, reason: y, expires: 2026-12-01}',
    );
    const { code, out, err } = await run(['scan', logs, '--exceptions', config]);
    expect([code, out, err.split('\n')[0]]).toEqual([2, '', 'error CW-8002: 1 mistake in the exceptions']);
    expect(err).toContain(`${config}:2:`);
    expect(err).toContain('CW-8104');
  });
});
