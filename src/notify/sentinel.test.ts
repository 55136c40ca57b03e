import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixedClock } from '../lib/clock.ts';
import { SILENT } from '../telemetry/log.ts';
import { CANARY, describeReceiver } from './conformance.test-support.ts';
import type { Credential } from './entra.ts';
import { type Loopback, loopback } from './loopback.test-support.ts';
import { HOSTILE, hostileNews } from './naughty.test-support.ts';
import { later, opened, TOLD_AT, told } from './nine.test-support.ts';
import type { Delivery, Message } from './receiver.ts';
import { safeHttp } from './safeHttp.ts';
import { rowsBody } from './sentinel.test-support.ts';
import { sentinelBy } from './sentinel.ts';
import { sentinelBicep } from './sentinelBicep.ts';
import { COLUMNS } from './sentinelRow.ts';

const RULE = `dcr-${'0'.repeat(32)}`;
const HOUR = 3_600_000;

describeReceiver({
  kind: sentinelBy(async () => ({
    getToken: async () => ({ token: `token-${CANARY}`, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
  })),
  config: (url) => ({ type: 'sentinel', url, rule: RULE, allow: ['127.0.0.1'] }),
  success: () => ({ status: 204, body: '' }),
  mostBytes: 1_000_000,
  check: ({ path, body }) => {
    if (path !== `/dataCollectionRules/${RULE}/streams/Custom-CosmowatchAlerts?api-version=2023-01-01`)
      throw new Error(`there is no ${path}`);
    rowsBody.parse(JSON.parse(body));
  },
});

let server: Loopback;
/** Tokens that were given out, and those that count. */
let given: string[] = [];
let valid: (token: string) => boolean = () => true;

beforeAll(async () => {
  server = await loopback(({ headers }) => {
    const token = headers['authorization']?.replace('Bearer ', '') ?? '';
    if (valid(token)) return { kind: 'answer', status: 204 };
    return { kind: 'answer', status: 401, body: '{"error":{"code":"InvalidToken","message":"a secret"}}' };
  });
});
afterAll(() => server.close());
beforeEach(() => {
  given = [];
  valid = () => true;
  server.ledger.length = 0;
});

const credential: Credential = async () => ({
  getToken: async (scope) => {
    expect(scope).toBe('https://monitor.azure.com/.default');
    given.push(`token-${given.length + 1}`);
    return { token: given.at(-1)!, expiresOnTimestamp: TOLD_AT + HOUR };
  },
});

function receiver(by: Credential = credential, clock = fixedClock(TOLD_AT)) {
  const kind = sentinelBy(by);
  const config = kind.schema.parse({ type: 'sentinel', url: server.url, rule: RULE, allow: ['127.0.0.1'] });
  return kind.create(config, { clock, random: () => 0.5, log: SILENT, http: safeHttp({ timeout: 2000 }) });
}

function deliver(message: Message, to = receiver()): Promise<Delivery> {
  return to.deliver(message, new AbortController().signal);
}

const rowAt = (at: number) => rowsBody.parse(JSON.parse(server.ledger.at(at)!.body))[0]!;

describe('rows', () => {
  it('a revision is a row', async () => {
    const first = opened('access_keys_viewed');
    const seen = later(first.stored, 'acknowledged');
    for (const news of [first, seen, later(seen.stored, 'resolved')]) await deliver(told(news));
    expect(
      [0, 1, 2].map(rowAt).map(({ AlertRevision, AlertStatus, ChangedBy }) => [AlertRevision, AlertStatus, ChangedBy]),
    ).toEqual([
      [1, 'open', null],
      [2, 'acknowledged', 'oncall@contoso.example'],
      [3, 'resolved', null],
    ]);
    expect(rowAt(0).AlertUrl).toBe(`https://cosmowatch.contoso.example/alerts/${first.stored.alert.id}`);
  });

  it('what the service would cut without a word is cut by us, with one', async () => {
    const { kind, stored, why } = opened('network_access_changed');
    const wide = { ...stored.alert.changes[0]!, after: Array.from({ length: 300 }, (_, n) => `198.51.100.${n}/32`) };
    const alert = { ...stored.alert, changes: Array.from({ length: 40 }, () => wide), reason: 'x'.repeat(100_000) };
    await deliver(told({ kind, stored: { ...stored, alert }, why }));
    const { Truncated, SettingChanges, Reason } = rowAt(0);
    expect(Truncated).toBe(true);
    expect(SettingChanges).toHaveLength(4);
    expect(Reason).toHaveLength(7500);
    await deliver(told(opened('no_logs')));
    expect(rowAt(1).Truncated).toBe(false);
  });

  it.each(HOSTILE)('$name arrives as it is', async ({ text }) => {
    await deliver(told(hostileNews(opened('network_access_changed'), text)));
    expect(rowAt(0).AlertId).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('tokens', () => {
  it('one serves until it is nearly over', async () => {
    let now = TOLD_AT;
    const to = receiver(credential, { now: () => now, sleep: () => Promise.resolve() });
    for (const minutes of [0, 10, 54, 56]) {
      now = TOLD_AT + minutes * 60_000;
      await deliver(told(opened('no_logs')), to);
    }
    expect(given).toEqual(['token-1', 'token-2']);
  });

  it('one that was taken back is asked for again, once', async () => {
    const to = receiver();
    await deliver(told(opened('no_logs')), to);
    valid = (token) => token !== 'token-1';
    expect(await deliver(told(opened('no_logs')), to)).toMatchObject({ kind: 'delivered' });
    valid = () => false;
    const refused = await deliver(told(opened('no_logs')), to);
    expect(refused).toMatchObject({
      kind: 'rejected',
      reason: expect.stringMatching(/^HTTP 401: InvalidToken; give/) as unknown,
    });
    expect(given).toHaveLength(3);
  });

  it('nobody to sign in as: tried again, and only the name of what went wrong is told', async () => {
    const nobody: Credential = async () => ({
      getToken: () => Promise.reject(new TypeError('a secret')),
    });
    expect(await deliver(told(opened('no_logs')), receiver(nobody))).toMatchObject({
      kind: 'retry',
      reason: expect.stringMatching(/^no token of Entra ID \(TypeError\); give/) as unknown,
    });
  });
});

describe('the deployment', () => {
  const file = new URL('../../deploy/sentinel/cosmowatch.bicep', import.meta.url);

  it('is the file', () => {
    if (process.env['COSMOWATCH_GOLDEN'] === '1') writeFileSync(file, sentinelBicep());
    expect(readFileSync(file, 'utf8')).toBe(sentinelBicep());
  });

  it('has every column in the table and in the stream, under names that the service takes', () => {
    for (const { name, type } of COLUMNS) {
      expect(sentinelBicep().split(`{ name: '${name}', type: '${type}' }`)).toHaveLength(3);
      expect(name).toMatch(/^[A-Z][A-Za-z]{0,44}$/);
      expect(['Title', 'Type', 'TenantId', 'SourceSystem', 'MG']).not.toContain(name);
    }
  });

  it('closes what it opens', () => {
    const open: string[] = [];
    for (const sign of sentinelBicep().replace(/'[^']*'|\/\/.*/g, '')) {
      if ('{[('.includes(sign)) open.push(sign);
      if ('}])'.includes(sign)) expect('{[('.indexOf(open.pop()!)).toBe('}])'.indexOf(sign));
    }
    expect(open).toEqual([]);
  });
});
