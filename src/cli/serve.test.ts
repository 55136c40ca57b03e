import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Service, startService, until } from '../../test/support/service.ts';
import { webhookLedger } from '../../test/support/traffic.ts';
import { systemClock } from '../lib/clock.ts';
import { shellWord } from '../lib/shell.ts';
import { Rng } from '../simulate/rng.ts';
import { keyRead, run } from './cli.test-support.ts';
import { runServe } from './serve.ts';

// A name that a shell would take apart.
const folder = mkdtempSync(join(tmpdir(), 'cosmowatch serve '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const hasCurl = spawnSync('curl', ['--version']).status === 0;

describe('serve without a configuration', () => {
  const data = join(folder, "the shop's data");
  let service: Service;
  beforeAll(async () => {
    service = await startService({ data });
  });
  afterAll(() => service.kill());

  it('says where it listens, and where the token is, but not which', () => {
    expect(service.out).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+\n/);
    expect(service.out.split('\n')).toHaveLength(7);
    expect(service.out).toContain(`the link in ${shellWord(join(data, 'setup-link'))}\n`);
    expect(service.out).not.toContain('#');
    expect(service.out).toContain(`the token in ${shellWord(join(data, 'token'))}\n`);
    expect(service.out + service.err).not.toContain(service.token);
    expect(statSync(join(data, 'token')).mode & 0o777).toBe(0o600);
  });

  it.skipIf(!hasCurl)('takes the first record as it says (skipped without curl)', async () => {
    const record = { ...(JSON.parse(keyRead('2026-11-24T01:00:00Z')) as object), time: yesterday() };
    writeFileSync(join(folder, 'PT1H.json'), `${JSON.stringify(record)}\n`);
    const example = service.out.split('\n').slice(2, 4).join('\n');
    const { stdout } = await promisify(execFile)('sh', ['-c', `${example} -s`], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual({ accepted: 1, rejected: [] });
    const [alert] = await service.alerts('&rule=cosmosdb_access_keys_viewed');
    expect(alert).toMatchObject({ count: 1, status: 'open' });
  });

  it('drills, and lists what was found', async () => {
    const there = ['--data', data, '--url', service.url];
    const drilled = await run(['drill', '--rule', 'network_access_changed', ...there]);
    expect(drilled).toMatchObject({ code: 0, err: '' });
    expect(drilled.out).toContain('fired');
    expect(drilled.out).toMatch(/alerts resolve [0-9a-f]{32} --url http:\S+ --data '/);
    const { code, out } = await run(['alerts', 'list', ...there]);
    expect([code, out]).toEqual([0, expect.stringContaining('cosmowatch-drill-')]);
  });

  it('knows no rule of another name', async () => {
    const there = ['--data', data, '--url', service.url];
    const { code, err } = await run(['drill', '--rule', 'network_acess_changed', ...there]);
    expect([code, err]).toEqual([1, expect.stringContaining('no active rule is called network_acess_changed')]);
  });

  it('leaves its folder to nobody else', async () => {
    const other = startService({ data });
    await expect(other).rejects.toThrow(`held by pid ${service.child.pid}`);
    await expect(other).rejects.toThrow('CW-4001');
    expect(await service.isReady()).toBe(true);
  });

  it('ends when it is told to', async () => {
    expect(await service.stop()).toEqual({ code: 0, signal: null });
  });
});

describe('serve with a configuration', () => {
  const data = join(folder, 'data');
  const config = join(folder, 'cosmowatch.yml');
  let service: Service;
  let ledger: Awaited<ReturnType<typeof webhookLedger>>;
  const configured = (more: string) =>
    writeFileSync(
      config,
      `receivers: { me: [{ type: webhook, url: "${ledger.url}", allow: ["127.0.0.1"] }] }\nroutes: { receiver: me }\n${more}\n`,
    );
  beforeAll(async () => {
    ledger = await webhookLedger(new Rng(1));
    configured('');
    service = await startService({ data, config });
  });
  afterAll(async () => {
    await service.kill();
    await ledger.close();
  });

  function logged(message: string): number {
    return service.err.split(message).length - 1;
  }

  async function drill(rule: string): Promise<number> {
    return (await run(['drill', '--rule', rule, '--data', data, '--url', service.url])).code;
  }

  async function inForce(): Promise<number> {
    return (await service.status()).rules.disabled;
  }

  it('tells who is to be told', async () => {
    expect(await drill('access_keys_viewed')).toBe(0);
    await until('it is told', () => ledger.told.length > 0);
    expect(ledger.told[0]!.body.type).toBe('cosmowatch.alert.opened.v1');
  });

  it('keeps what it has while a new one has mistakes', async () => {
    configured('rules: { disable: [{ rule: no_such_rule, reason: tried }] }');
    service.child.kill('SIGHUP');
    await until('it says so', () => logged('the one before stays') > 0);
    expect(service.err).toContain('no_such_rule');
    expect(await inForce()).toBe(0);
    expect(await service.isReady()).toBe(true);
  });

  it('takes a good one, though it is told so several times at once, and tells everything once', async () => {
    configured('rules: { disable: [{ rule: cosmosdb_backup_deleted, reason: tried }] }');
    const before = ledger.told.length;
    const begun = logged('configuration read again');
    for (let n = 0; n < 3; n++) {
      service.child.kill('SIGHUP');
      await systemClock.sleep(5);
    }
    await until('it is read again', () => logged('configuration read again') > begun);
    expect(await inForce()).toBe(1);
    expect(await drill('backup_deleted')).toBe(1);
    expect(await drill('access_keys_viewed')).toBe(0);
    await until('it is told', () => ledger.told.length > before);
    const { sources } = await service.status();
    expect(sources).toHaveLength(1);
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    const ids = ledger.told.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });
});

describe('serve at a terminal', () => {
  it.each([
    { name: 'shows the token that it has made', isOutTerminal: true, shows: [true, false] },
    { name: 'shows it to no file', isOutTerminal: false, shows: [false, false] },
  ])('$name', async ({ isOutTerminal, shows }) => {
    const data = mkdtempSync(join(folder, 'terminal-'));
    for (const shown of shows) {
      const out = await greeted(data, isOutTerminal);
      expect(out.includes(readFileSync(join(data, 'token'), 'utf8').trim())).toBe(shown);
    }
  });
});

/** What it says until it listens. */
async function greeted(data: string, isOutTerminal: boolean): Promise<string> {
  let out = '';
  const stop = new AbortController();
  const words = ['--data', data, '--listen', '127.0.0.1:0'];
  const streams = {
    out: (text: string) => {
      out += text;
      if (out.includes('drill')) stop.abort();
    },
    err: () => {},
    isOutTerminal,
    isErrTerminal: false,
    columns: 80,
    env: {},
  };
  expect(await runServe(words, streams, systemClock, stop.signal)).toBe(0);
  return out;
}

function yesterday(): string {
  return new Date(systemClock.now() - 86_400_000).toISOString();
}
