import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertOf, SUBSCRIPTION, storedOf } from '../api/memory.test-support.ts';
import { CODE } from '../api/people.test-support.ts';
import { ALL, type Running, start } from '../api/server.test-support.ts';
import { run } from './cli.test-support.ts';

/* The commands against the server that a service has, with its ports in memory. */

let running: Running;
const ID = alertOf(3).id;
const READER = 'token-of-reader-canary';
beforeAll(async () => {
  running = await start();
  for (const number of [1, 2, 3, 4]) running.ports.put(storedOf(number));
  running.ports.bearer(READER, { name: 'reader', scopes: ['read'] });
});
afterAll(() => running.server.close());

const call = (words: readonly string[], token = ALL) =>
  run([...words, '--url', running.url], { env: { COSMOWATCH_TOKEN: token } });

describe('an alert', () => {
  it('is listed, and shown with its life', async () => {
    const { code, out } = await call(['alerts', 'list', '--limit', '3']);
    expect([code, out.split('\n').filter((line) => / open /.test(line)).length]).toEqual([0, 3]);
    for (const words of [
      ['ack', ID, '-m', 'on it'],
      ['comment', ID, 'asked the team'],
      ['resolve', ID, '--verdict', 'benign'],
      ['reopen', ID],
    ])
      expect((await call(['alerts', ...words])).code).toBe(0);
    const shown = await call(['alerts', 'show', ID]);
    expect(shown.code).toBe(0);
    expect(shown.out).toContain('Status       open\n');
    expect(shown.out).toContain(': asked the team');
    expect(shown.out).toMatch(/acknowledged by .*resolved by .*reopened by /s);
  });

  it('that is not there', async () => {
    const { code, err } = await call(['alerts', 'show', 'f'.repeat(32)]);
    expect([code, err.split('\n')[0]]).toEqual([1, 'error CW-8023: no such alert']);
  });

  it('is not asked for in vain words', async () => {
    const { code, err } = await call(['alerts', 'list', '--since', 'yesterday']);
    expect(code).toBe(1);
    expect(err).toMatch(/^error CW-8025: the query is not valid: since is neither a time nor how long ago\n/);
  });
});

describe('a token', () => {
  it('is made, listed and ended', async () => {
    const made = await call(['tokens', 'create', 'shop', '--scope', 'logs', '--json']);
    const { id, token } = JSON.parse(made.out) as { id: string; token: string };
    expect(token).toMatch(/^cw_/);
    const listed = await call(['tokens', 'list']);
    expect(listed.out).toMatch(/^t1 +shop +logs +never +never$/m);
    expect(listed.out).not.toContain(token);
    expect((await call(['tokens', 'revoke', id])).code).toBe(0);
    const again = await call(['tokens', 'revoke', id]);
    expect([again.code, again.err.split('\n')[0]]).toEqual([1, 'error CW-8023: no such token']);
  });

  it('may do what it is for, and nothing else', async () => {
    expect((await call(['alerts', 'list', '-q'], READER)).code).toBe(0);
    for (const words of [
      ['alerts', 'ack', ID],
      ['tokens', 'list'],
    ]) {
      const { code, err } = await call(words, READER);
      expect([code, err.split(':')[0]]).toEqual([1, 'error CW-8022']);
      expect(err).not.toContain(READER);
    }
    const { code, err } = await call(['alerts', 'list'], 'cw_unknown');
    expect([code, err.split(':')[0]]).toEqual([1, 'error CW-8021']);
  });
});

describe('routine', () => {
  it('is listed, shown and forgotten', async () => {
    const listed = await call(['routine', 'list', '--state', 'open']);
    expect(listed.out).toMatch(/cosmosdb_keys_listed by ada@contoso.example: 27 times on 27 days,\s+about 04:00/);
    const id = /^([0-9a-f]{8}) /m.exec(listed.out)![1]!;
    expect((await call(['routine', 'show', id])).out).toContain('From          203.0.113.7');
    expect((await call(['routine', 'forget', id])).out).toBe(`${id} is forgotten.\n`);
    const { entries } = running.ports;
    expect(entries.at(-1)).toMatchObject({ action: 'routines.forget', outcome: 'asked' });
  });

  it.each([
    [['routine', 'show', 'f'.repeat(32)], 1, 'error CW-8023: no such routine'],
    [['routine', 'forget', 'abcd1234'], 1, 'error CW-8023: no routine has an id that begins with abcd1234'],
    [['routine', 'show', 'x'], 2, 'error CW-1002: x is no id of a routine, nor the beginning of one'],
    [['routine', 'list', '--state', 'shut'], 2, 'error CW-1002: --state does not take "shut"'],
  ])('%j', async (words, expected, text) => {
    const { code, err } = await call(words);
    expect([code, err.split('\n')[0]]).toEqual([expected, text]);
  });
});

describe('memory', () => {
  it('is listed, and forgotten by one value', async () => {
    const { out } = await call(['memory', 'list', '--address', '203.0.113.7']);
    expect(out).toMatch(/^address +\S+ \S+ +\S+ \S+ +3 +contoso +203\.0\.113\.7$/m);
    const forgotten = await call(['memory', 'forget', '--address', '203.0.113.7']);
    expect(forgotten.out).toBe('1 value forgotten; 3 alerts no longer teach routine.\n');
    const { entries } = running.ports;
    expect(entries.at(-1)).toMatchObject({
      action: 'memory.forget',
      detail: { kind: 'address', value: '203.0.113.7' },
    });
  });

  it.each([
    [['memory', 'forget'], 2, 'error CW-1001: memory forget needs to be told what'],
    [['memory', 'forget', '--actor', 'a', '--asn', 'b'], 2, 'error CW-1001: only one of --actor, --asn can be given'],
    [['memory', 'list', '--limit', '5000'], 2, 'error CW-1002'],
  ])('%j', async (words, expected, text) => {
    const { code, err } = await call(words);
    expect([code, err.split('\n')[0]]).toEqual([expected, expect.stringContaining(text)]);
  });
});

describe('status', () => {
  it('is told', async () => {
    const { out } = await call(['status']);
    expect(out).toMatch(/^cosmowatch .* at http:\/\/127\.0\.0\.1:\d+: (ready|not ready)/);
  });
});

describe('a user', () => {
  it('is added with a link that is shown once, listed, reset by name and removed', async () => {
    const made = await call([
      'users',
      'add',
      'Ann@contoso.example',
      '--role',
      'analyst',
      '--subscription',
      SUBSCRIPTION,
    ]);
    expect([made.code, made.out]).toEqual([0, `${running.url}/password#${CODE}\n`]);
    expect(made.err).toMatch(/^With it Ann@contoso\.example chooses a password, once, until \S+ \S+ UTC\./);
    const listed = await call(['users', 'list']);
    expect(listed.out).toMatch(
      /^NAME {2,}ROLE {2,}SIGNS IN BY {2}LAST {2,}SESSIONS\nAnn@contoso\.example {2}analyst {2}password/,
    );
    const reset = await call(['users', 'reset', 'ann@contoso.example', '--json']);
    expect(JSON.parse(reset.out)).toMatchObject({
      name: 'Ann@contoso.example',
      isInvited: true,
      subscriptions: [SUBSCRIPTION],
    });
    expect((await call(['users', 'remove', 'ann@contoso.example'])).out).toBe('ann@contoso.example is removed.\n');
    const again = await call(['users', 'remove', 'ann@contoso.example']);
    expect([again.code, again.err.split('\n')[0]]).toEqual([1, 'error CW-8023: there is no user ann@contoso.example']);
  });

  it('has a role that there is', async () => {
    const { code, err } = await call(['users', 'add', 'bob', '--role', 'boss']);
    expect([code, err]).toEqual([2, expect.stringContaining('analyst')]);
  });
});
