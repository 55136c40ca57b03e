import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtualClock.ts';
import { Secret } from '../lib/secret.ts';
import { SILENT } from '../telemetry/log.ts';
import { runBeats } from './beats.ts';
import { CANARY } from './conformance.test-support.ts';
import { heartbeat, lifeText } from './heartbeat.ts';
import { type Loopback, loopback } from './loopback.test-support.ts';
import { messageOf, newsOf, TEST_MESSAGE } from './news.test-support.ts';
import type { Delivery, Pulse, Receiver, SignOfLife } from './receiver.ts';
import { safeHttp } from './safeHttp.ts';

const NEVER = new AbortController().signal;
const ALIVE: SignOfLife = { accounts: 1, openAlerts: 0, readUpTo: null };
const LINKS = { console: null, portal: null };
const PULSE: Pulse = { alive: ALIVE, firing: () => [], links: () => LINKS };
const MINUTE = 60_000;

describe('heartbeat', () => {
  let server: Loopback;
  afterEach(() => server.close());

  async function made(config: Readonly<Record<string, unknown>> = {}, clock = new VirtualClock()) {
    server = await loopback(() => ({ kind: 'answer', status: 200 }));
    const url = new Secret(`${server.url}/ping/${CANARY}`, 'env:PING');
    const read = heartbeat.schema.parse({ type: 'heartbeat', url, allow: ['127.0.0.1'], ...config });
    return heartbeat.create(read, { clock, random: () => 0.5, log: SILENT, http: safeHttp({ timeout: 300 }) });
  }

  it.each([
    ['POST', 'ok: 1 account watched, 0 alerts open'],
    ['GET', ''],
  ])('%s says %j', async (method, body) => {
    const receiver = await made({ method });
    expect(await receiver.beat!(PULSE, NEVER)).toMatchObject({ kind: 'delivered' });
    expect(server.ledger).toMatchObject([{ method, path: `/ping/${CANARY}`, body }]);
  });

  it('is silent when nothing is read', async () => {
    const receiver = await made();
    expect(await receiver.beat!({ ...PULSE, alive: null }, NEVER)).toBeNull();
    expect(server.ledger).toEqual([]);
  });

  it('says nothing of alerts, and beats for a test', async () => {
    const receiver = await made();
    expect(await receiver.deliver(messageOf(newsOf('opened')), NEVER)).toMatchObject({ kind: 'delivered' });
    expect(server.ledger).toEqual([]);
    await receiver.deliver(TEST_MESSAGE, NEVER);
    expect(server.ledger.map(({ body }) => body)).toEqual(['ok: a test']);
  });

  it('comes as often as it was asked to', async () => {
    const clock = new VirtualClock();
    const receiver = await made({ every: '5m' }, clock);
    for (let minute = 0; minute < 11; minute++) {
      await receiver.beat!(PULSE, NEVER);
      await clock.advance(MINUTE);
    }
    expect(server.ledger).toHaveLength(3);
  });

  it.each([404, 500] as const)('HTTP %i is told without the URL', async (status) => {
    const receiver = await made();
    server.behave = () => ({ kind: 'answer', status });
    const delivery = await receiver.beat!(PULSE, NEVER);
    expect(delivery).toMatchObject({ reason: `HTTP ${status}` });
    expect(JSON.stringify(delivery)).not.toContain(CANARY);
  });

  it.each(['30s', '0m', 'often'])('every: %s is refused', async (every) => {
    await expect(made({ every })).rejects.toThrow(/is no duration of a minute or more/);
  });

  it('says up to when logs were read', () => {
    const alive = { accounts: 14, openAlerts: 2, readUpTo: Date.parse('2026-11-24T03:51:52Z') };
    expect(lifeText(alive)).toBe('14 accounts watched, 2 alerts open, logs read up to 03:51:52 UTC');
  });
});

describe('beats', () => {
  function beating(beat: (pulse: Pulse, signal: AbortSignal) => Promise<Delivery | null>): Receiver {
    return { pace: 0, deliver: async () => ({ kind: 'delivered', ref: null }), beat };
  }

  it('come every minute, to those that want them, whatever becomes of the others', async () => {
    const clock = new VirtualClock();
    const times: number[] = [];
    const logged: string[] = [];
    const hanging: AbortSignal[] = [];
    const receivers = new Map<string, Receiver>([
      [
        'a/0',
        beating(async () => {
          times.push(clock.now());
          return null;
        }),
      ],
      [
        'b/0',
        beating(async () => {
          throw new TypeError('s3cret');
        }),
      ],
      [
        'c/0',
        beating((_pulse, signal) => {
          hanging.push(signal);
          return new Promise(() => {});
        }),
      ],
      ['d/0', { pace: 0, deliver: async () => ({ kind: 'delivered', ref: null }) }],
    ]);
    const keep = (fields: object, message: string): void => {
      logged.push(`${message} ${JSON.stringify(fields)}`);
    };
    const stop = new AbortController();
    const asked: string[] = [];
    const outbox = {
      firing: (name: string) => {
        asked.push(name);
        return [];
      },
    };
    const ports = {
      outbox,
      clock,
      log: { ...SILENT, warn: keep, error: keep },
      links: () => LINKS,
      alive: () => ALIVE,
    };
    const running = runBeats(receivers, ports, stop.signal);
    await clock.advance(2.5 * MINUTE);
    stop.abort();
    await clock.advance(MINUTE);
    await running;
    expect(times).toEqual([0, MINUTE, 2 * MINUTE]);
    expect(hanging.map(({ aborted }) => aborted)).toEqual([true, true, true]);
    expect(new Set(logged)).toEqual(
      new Set([
        'a sign of life could not be made {"receiver":"b/0","error":"TypeError"}',
        'a sign of life was not taken {"receiver":"c/0","reason":"no answer within 30 s"}',
      ]),
    );
  });

  it('end at once where nobody wants them', async () => {
    const ports = {
      outbox: { firing: () => [] },
      clock: new VirtualClock(),
      log: SILENT,
      links: () => LINKS,
      alive: () => null,
    };
    await runBeats(new Map(), ports, NEVER);
  });
});
