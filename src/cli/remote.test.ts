import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AlertItem } from '../api/contract.ts';
import { type Ran, run } from './cli.test-support.ts';
import {
  type Asked,
  alertItem,
  type FakeService,
  type Reply,
  refused,
  STATUS,
  serveApi,
  TOKEN,
  TOKEN_ITEM,
} from './service.test-support.ts';

const NONE: Reply = refused(404, 'CW-6003', 'no such alert');
const OTHER = alertItem({ id: '77000000000000000000000000000002', level: 'critical', account: null });

let root = '';
let service: FakeService | null = null;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cosmowatch-remote-'));
  writeFileSync(join(root, 'token'), `${TOKEN}\n`);
});
afterEach(async () => {
  await service?.close();
  service = null;
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const ADVICE = { impact: 'Keys open everything.', steps: [{ text: 'Replace them.', command: 'az cosmosdb keys' }] };
const TOLD = {
  items: [
    {
      id: 1,
      alert: alertItem().id,
      kind: 'opened',
      receiver: 'team/0',
      state: 'delivered',
      queuedAt: '2026-11-24T03:12:09.000Z',
      dueAt: '2026-11-24T03:12:09.000Z',
      attempts: [
        { attempt: 1, at: '2026-11-24T03:12:09.000Z', result: 'retry', reason: 'HTTP 503' },
        { attempt: 2, at: '2026-11-24T03:12:11.000Z', result: 'delivered', reason: null },
      ],
    },
  ],
};

const TRAIL = {
  items: [
    { at: '2026-11-24T03:12:09.000Z', step: 'levelled', text: "high: the rule's own level" },
    { at: null, step: 'routed', text: 'to team by routes: every alert matches' },
  ],
};

/** What is asked beside an alert; null: something else is. */
function careOf(path: string): Reply | null {
  if (path.endsWith('/advice')) return { body: ADVICE };
  if (path.endsWith('/trail')) return { body: TRAIL };
  return path.endsWith('/deliveries') ? { body: TOLD } : null;
}

/** Two alerts, one a page. */
function answer({ path, query }: Asked): Reply {
  const care = careOf(path);
  if (care !== null) return care;
  if (path === '/api/v1/status') return { body: STATUS };
  if (path === '/api/v1/alerts') {
    const isSecond = query['cursor'] === 'second';
    return { body: { items: [isSecond ? OTHER : alertItem()], next: isSecond ? null : 'second' } };
  }
  const [, id] = /^\/api\/v1\/alerts\/([0-9a-f]{32})/.exec(path) ?? [];
  const found = [alertItem(), OTHER].find((one) => one.id === id);
  return found === undefined ? NONE : { body: found };
}

async function call(
  words: readonly string[],
  reply: (asked: Asked) => Reply = answer,
): Promise<Ran & { readonly asked: readonly Asked[] }> {
  service = await serveApi(reply);
  const ran = await run([...words, '--url', service.url], { env: { COSMOWATCH_TOKEN: TOKEN } });
  return {
    ...ran,
    out: ran.out.replaceAll(service.url, 'URL'),
    err: ran.err.replaceAll(service.url, 'URL'),
    asked: service.asked,
  };
}

describe('status', () => {
  it('says how the service is', async () => {
    const { code, out, asked } = await call(['status']);
    expect(code).toBe(0);
    expect(asked).toMatchObject([{ method: 'GET', path: '/api/v1/status', token: TOKEN }]);
    expect(out).toBe(`cosmowatch 0.1.0 at URL: ready
Up for 3 h

Alerts    2 open, 1 acknowledged, 40 resolved
Records   1,200 since the start, 3 rejected
Accounts  4
Rules     40, 1 switched off
Store     12.4 MB, 900 events
Waiting   1 batch to be stored, 0 messages to be sent, 2 messages given up

1 source
  hub (event_hubs)
    retrying, 1,200 accepted, 3 rejected, last heard of 2 min ago, 1 min 15 s
    behind
    the connection was closed
`);
  });

  it('ends with 1 if it is not ready', async () => {
    const { code, out } = await call(['status'], () => ({
      body: { ...STATUS, ready: false, why: 'the disk is full' },
    }));
    expect([code, out.split('\n')[0]]).toEqual([1, 'cosmowatch 0.1.0 at URL: not ready: the disk is full']);
  });

  it('takes the token of a data folder', async () => {
    service = await serveApi(answer);
    const ran = await run(['status', '--url', service.url, '--data', root, '--json']);
    expect([ran.code, JSON.parse(ran.out)]).toEqual([0, STATUS]);
  });
});

describe('alerts list', () => {
  it('shows every page', async () => {
    const { code, out, err, asked } = await call([
      'alerts',
      'list',
      '--since',
      '24h',
      '--rule',
      'r',
      '--account',
      'orders',
    ]);
    expect([code, err]).toEqual([0, '2 alerts. One whole: cosmowatch alerts show ID\n']);
    expect(asked.map(({ query }) => query)).toEqual([
      { rule: 'r', status: 'open,acknowledged', account: 'orders', since: '24h', excepted: 'no', limit: '50' },
      {
        rule: 'r',
        status: 'open,acknowledged',
        account: 'orders',
        since: '24h',
        excepted: 'no',
        limit: '49',
        cursor: 'second',
      },
    ]);
    expect(out).toBe(`ID        LEVEL     STATUS       LAST SEEN (UTC)   ACCOUNT
3f9a12cc  high      open         2026-11-24 03:43  orders
          ann@contoso.example read the keys of orders 3 times from
          198.51.100.23.
77000000  critical  open         2026-11-24 03:43  no known account
          ann@contoso.example read the keys of orders 3 times from
          198.51.100.23.
`);
  });

  it('stops where it was told to, and says that there are more', async () => {
    const { out, err, asked } = await call(['alerts', 'list', '--limit', '1', '--status', 'resolved', '--json']);
    expect(asked).toHaveLength(1);
    expect([err, JSON.parse(out)]).toEqual(['', { items: [alertItem()], more: true }]);
  });

  it('says that there are none', async () => {
    const { code, out, err } = await call(['alerts', 'list'], () => ({ body: { items: [], next: null } }));
    expect([code, out, err]).toEqual([0, '', 'No such alerts.\n']);
  });
});

describe('alerts show', () => {
  it('tells one whole, with its life', async () => {
    const { code, out } = await call(['alerts', 'show', alertItem().id]);
    expect(code).toBe(0);
    expect(out).toBe(`high  Account keys were read
ann@contoso.example read the keys of orders 3 times from 198.51.100.23.

Status       open
Assigned to  nobody
Rule         cosmosdb_keys_listed
Account      /subscriptions/00000000-0000-0000-0000-0000000000aa/resourcegroups/
             rg-shop/providers/microsoft.documentdb/databaseaccounts/orders
Seen         2026-11-24 03:12:07 to 2026-11-24 03:43:18 UTC, 31 min 11 s; 3
             actions
From         198.51.100.23
Caller       exact
ATT&CK       TA0006 T1552

What changed (1)
  isVirtualNetworkFilterEnabled: true -> false (weakened)

Why it matters
  Keys open everything.

What to do
  1. Replace them.
     az cosmosdb keys

Targets (1)
  orders

Records (1)
  2026-11-24 03:12:07  ActivityLog  cosmosdb.keys.list  success

Comments (1)
  2026-11-24 04:00:00  bob: asked the team

History (2)
  2026-11-24 03:12:09  opened: the rule matched
  2026-11-24 03:50:00  acknowledged by bob: looks at it

Told (1)
  2026-11-24 03:12:09  team/0  opened: delivered, 2 attempts

Decided (2)
  2026-11-24 03:12:09  levelled: high: the rule's own level
  now                  routed: to team by routes: every alert matches

Full id  3f9a12cc000000000000000000000001
`);
  });

  it.each([
    ['the beginning of an id', '7700', 0, ''],
    ['one that none has', 'abcd', 1, 'error CW-8023: no alert has an id that begins with abcd\n'],
    ['no id', 'orders', 2, 'error CW-1002: orders is no id of an alert, nor the beginning of one\n'],
    ['a whole id that none has', '0'.repeat(32), 1, 'error CW-8023: no such alert\n'],
  ])('%s', async (_name, id, code, err) => {
    const ran = await call(['alerts', 'show', id]);
    expect(ran.code).toBe(code);
    expect(ran.err.startsWith(err)).toBe(true);
  });

  it('the beginning of several', async () => {
    const both: Reply = { body: { items: [alertItem(), alertItem({ id: `3f9a${'0'.repeat(28)}` })], next: null } };
    const { code, err } = await call(['alerts', 'show', '3f9a'], () => both);
    expect([code, err.split('\n')[0]]).toEqual([2, 'error CW-1002: 2 alerts have an id that begins with 3f9a']);
  });

  it('what others wrote reaches no terminal as it is', async () => {
    const evil = '\u001b[31mx\u202e';
    const item: AlertItem = alertItem({
      reason: evil,
      title: evil,
      rule: evil,
      comments: [{ at: evil, by: evil, text: evil }],
    });
    for (const words of [
      ['alerts', 'show', item.id],
      ['alerts', 'show', item.id, '--json'],
    ]) {
      const { out } = await call(words, ({ path }) => careOf(path) ?? { body: item });
      expect(/\p{Cc}(?<!\n)|\p{Cf}/u.exec(out)).toBeNull();
      await service?.close();
    }
    const { out } = await call(['alerts', 'list'], () => ({ body: { items: [item], next: null } }));
    expect(/\p{Cc}(?<!\n)|\p{Cf}/u.exec(out)).toBeNull();
  });
});

describe('what is done to an alert', () => {
  it.each<[string, readonly string[], string, unknown, string]>([
    ['ack', [], 'acknowledge', {}, 'acknowledged'],
    ['ack', ['-m', 'on it'], 'acknowledge', { comment: 'on it' }, 'acknowledged'],
    [
      'resolve',
      ['--verdict', 'benign', '--comment', 'the pipeline'],
      'resolve',
      { verdict: 'benign', comment: 'the pipeline' },
      'resolved',
    ],
    ['reopen', [], 'reopen', {}, 'open again'],
    ['comment', ['asked the team'], 'comment', { text: 'asked the team' }, 'commented'],
  ])('%s %j', async (verb, words, path, body, done) => {
    const { code, out, asked } = await call(['alerts', verb, alertItem().id, ...words]);
    expect([code, out]).toEqual([0, `3f9a12cc is ${done}.\n`]);
    expect(asked).toEqual([
      { method: 'POST', path: `/api/v1/alerts/${alertItem().id}/${path}`, query: {}, token: TOKEN, body },
    ]);
  });

  it.each([
    ['no id', ['ack']],
    ['two ids', ['ack', 'a', 'b']],
    ['no text', ['comment', alertItem().id]],
    ['an empty text', ['comment', alertItem().id, ' ']],
    ['a verdict that is none', ['resolve', alertItem().id, '--verdict', 'maybe']],
    ['a subcommand that is none', ['acknowlege', 'a']],
  ])('%s is a mistake, and nothing is asked', async (_name, words) => {
    const { code, err, asked } = await call(['alerts', ...words]);
    expect([code, asked]).toEqual([2, []]);
    expect(err).toMatch(/^error CW-100[12]: /);
  });
});

describe('tokens', () => {
  it('where there are none, it says how to make one and prints no heading', async () => {
    const { code, out, err } = await call(['tokens', 'list'], () => ({ body: { items: [] } }));
    expect([code, out, err]).toEqual([0, '', expect.stringContaining('cosmowatch tokens create')]);
  });

  it('list', async () => {
    const { code, out } = await call(['tokens', 'list'], () => ({ body: { items: [TOKEN_ITEM] } }));
    expect(code).toBe(0);
    expect(out).toBe(`ID  NAME            SCOPES  LAST USED  ENDS
t1  shop-collector  logs    never      2027-11-24 12:00
`);
  });

  it('create prints the value alone, for a pipe', async () => {
    const value = 'cw_new_value';
    const { code, out, err, asked } = await call(
      [
        'tokens',
        'create',
        'shop',
        '--scope',
        'logs,read',
        '--label',
        'customer=contoso',
        '--for',
        '1d',
        '--subscription',
        '00000000-0000-0000-0000-0000000000AA',
      ],
      () => ({ status: 201, body: { ...TOKEN_ITEM, token: value } }),
    );
    expect([code, out]).toEqual([0, `${value}\n`]);
    expect(err).toBe('Token shop-collector (id t1). It is shown this once: keep it where secrets are kept.\n');
    expect(asked[0]!.body).toEqual({
      name: 'shop',
      scopes: ['logs', 'read'],
      source: null,
      subscriptions: ['00000000-0000-0000-0000-0000000000aa'],
      labels: { customer: 'contoso' },
      expiresAt: '2026-11-25T12:00:00.000Z',
    });
  });

  it('revoke', async () => {
    const { code, out, asked } = await call(['tokens', 'revoke', 'a/b'], () => ({ body: { done: true } }));
    expect([code, out]).toEqual([0, 'a/b has ended.\n']);
    expect(asked).toMatchObject([{ method: 'DELETE', path: '/api/v1/tokens/a%2Fb' }]);
  });

  it.each([
    ['no scope', ['create', 'a']],
    ['a scope that is none', ['create', 'a', '--scope', 'wirte']],
    ['a label without a value', ['create', 'a', '--scope', 'read', '--label', 'x']],
    ['no length of time', ['create', 'a', '--scope', 'read', '--for', 'ever']],
  ])('%s', async (_name, words) => {
    const { code, asked } = await call(['tokens', ...words]);
    expect([code, asked]).toEqual([2, []]);
  });
});

describe('what goes wrong', () => {
  const WRONG: readonly (readonly [string, Reply, string, string])[] = [
    [
      'the token may not',
      refused(403, 'CW-6002', 'scope admin is needed'),
      'CW-8022: the token of env:COSMOWATCH_TOKEN may not do this: scope admin is needed',
      'cosmowatch tokens create --scope',
    ],
    ['there is none', NONE, 'CW-8023: no such alert', 'Do it right.'],
    ['a conflict', refused(409, 'CW-6012', 'it was merged'), 'CW-8025: it was merged', 'Do it right.'],
    ['a bad query', refused(400, 'CW-6005', 'since is no time'), 'CW-8025: since is no time', 'Do it right.'],
    ['too much', refused(429, 'CW-6008', 'too many requests'), 'CW-8026: too many requests', 'Do it right.'],
    ['not now', refused(503, 'CW-6009', 'the disk is full'), 'CW-8026: the disk is full', 'Do it right.'],
    [
      'a proxy that fails',
      { status: 502, body: '<html>' },
      'CW-8026: URL answered with status 502',
      'try again in a minute',
    ],
    [
      'something else',
      { status: 404, body: '<html>' },
      'CW-8024: what answers at URL is no cosmowatch (status 404)',
      '--url',
    ],
    [
      'a page of something else',
      { body: '<html>' },
      'CW-8024: what answers at URL is no cosmowatch (/alerts has another shape)',
      '--url',
    ],
  ];
  it.each(WRONG)('%s', async (_name, reply, error, cure) => {
    const { code, out, err } = await call(['alerts', 'list'], () => reply);
    expect([code, out, err.split('\n')[0]]).toEqual([1, '', `error ${error}`]);
    expect(err).toContain(cure);
    expect(err).not.toContain(TOKEN);
  });

  it('another version', async () => {
    const { code, err } = await call(['alerts', 'list'], ({ path }) => ({
      body: path === '/api/v1/status' ? { version: '9.1.0' } : { alerts: [] },
    }));
    expect(code).toBe(1);
    expect(err).toMatch(
      /^error CW-8024: the service is cosmowatch 9\.1\.0, this is .*: they do not understand each other\n/,
    );
  });

  it.each([
    ['no token', {}, 'CW-8021: URL wants a token', 'set COSMOWATCH_TOKEN'],
    [
      'a token that it does not know',
      { COSMOWATCH_TOKEN: 'cw_other' },
      'CW-8021: URL does not know the token of env:COSMOWATCH_TOKEN, or it has ended',
      'tokens create',
    ],
  ])('%s', async (_name, env, error, cure) => {
    service = await serveApi(answer);
    const { code, err } = await run(['status', '--url', service.url], { env });
    expect([code, err.replaceAll(service.url, 'URL').split('\n')[0]]).toEqual([1, `error ${error}`]);
    expect(err).toContain(cure);
    expect(err).not.toContain('cw_other');
  });

  it('nothing listens', async () => {
    service = await serveApi(answer);
    const { url } = service;
    await service.close();
    service = null;
    const { code, err } = await run(['status', '--url', url], { env: { COSMOWATCH_TOKEN: TOKEN } });
    expect([code, err.split('\n')[0]]).toEqual([1, `error CW-8020: no service answers at ${url} (ECONNREFUSED)`]);
  });

  it('a token follows no redirect', async () => {
    const elsewhere = await serveApi(answer);
    const { code, err } = await call(['status'], () => ({
      status: 307,
      body: '',
      headers: { location: `${elsewhere.url}/api/v1/status` },
    }));
    expect([code, elsewhere.asked]).toEqual([1, []]);
    expect(err).toMatch(/^error CW-8020: /);
    await elsewhere.close();
  });

  it.each([
    [
      'plain http to another machine',
      ['--url', 'http://cosmowatch.contoso.example'],
      2,
      'CW-1002: --url: a token is not sent over plain http to another machine',
    ],
    ['no URL', ['--url', 'here'], 2, 'CW-1002: --url is no address of a service'],
    [
      'a folder without a token',
      ['--data', '/nowhere'],
      1,
      'CW-8021: no token could be read from /nowhere/token (ENOENT)',
    ],
    ['words', ['now'], 2, 'CW-1001: status takes no words'],
  ])('%s', async (_name, words, code, error) => {
    const ran = await run(['status', ...words], { env: { COSMOWATCH_TOKEN: TOKEN } });
    expect([ran.code, ran.err.split('\n')[0]]).toEqual([code, `error ${error}`]);
  });
});
