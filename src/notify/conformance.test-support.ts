import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHANGE_KINDS } from '../alerts/stored.ts';
import { fixedClock } from '../lib/clock.ts';
import type { Log, LogFields } from '../telemetry/log.ts';
import { type Behaviour, type Loopback, loopback, type Received } from './loopback.test-support.ts';
import {
  floodMessage,
  messageOf,
  NAUGHTY,
  newsOf,
  noticeMessage,
  poisoned,
  realAlert,
  TEST_MESSAGE,
} from './news.test-support.ts';
import type { Delivery, Message, Receiver, ReceiverKind } from './receiver.ts';
import { safeHttp } from './safeHttp.ts';

/** A receiver as the suite tries it. */
export interface ReceiverCase<Config> {
  readonly kind: ReceiverKind<Config>;
  /** As the loader hands it to the schema, with `url` as its base and loopback allowed. Its secrets hold `CANARY`. */
  readonly config: (url: string) => unknown;
  /** How the service answers when all is well. */
  readonly success: (request: Received) => { readonly status: number; readonly body: string };
  /** Where the receiver reads an answer in another way than `EXPECTED` does, and why it must. */
  readonly others?: Readonly<Record<number, Delivery['kind']>>;
  /** A success whose body never ends: `retry` where the body decides. */
  readonly slow?: 'delivered' | 'retry';
  /** Bytes that one request may have at most. */
  readonly mostBytes: number;
  /** Checks one request against what the service documents; throws where it is wrong. */
  readonly check?: (request: Received) => void;
  /** What is sent for a message; 1 unless told. */
  readonly requests?: (message: Message) => number;
}

/** Stands in every secret of a case, and may come out nowhere. */
export const CANARY = 'c4n4ry-51f0';

/** When the suite runs. */
export const NOW = Date.parse('2026-11-24T12:00:00Z');

/** What each status means unless a receiver says why not. */
export const EXPECTED: Readonly<Record<number, Delivery['kind']>> = {
  200: 'delivered',
  202: 'delivered',
  204: 'delivered',
  301: 'rejected',
  400: 'rejected',
  401: 'rejected',
  403: 'rejected',
  404: 'rejected',
  408: 'retry',
  410: 'rejected',
  413: 'rejected',
  429: 'retry',
  500: 'retry',
  502: 'retry',
  503: 'retry',
};

const SECOND = 1000;

/** Every Retry-After, and what the receiver must ask for at least; null: the usual back-off. */
const WAITS: readonly { readonly text: string; readonly after: number | null }[] = [
  { text: '7', after: 7 * SECOND },
  { text: '0', after: 0 },
  { text: 'Tue, 24 Nov 2026 12:00:30 GMT', after: 30 * SECOND },
  { text: 'Tue, 24 Nov 2026 11:00:00 GMT', after: 0 },
  { text: '1000000000', after: 1_000_000_000 * SECOND },
  { text: '-5', after: null },
  { text: 'soon', after: null },
];

/** One suite for every receiver that speaks HTTP, over real sockets to a loopback server that keeps a ledger. */
export function describeReceiver<Config>(of: ReceiverCase<Config>): void {
  describe(`${of.kind.type}: conformance`, () => {
    let server: Loopback;
    let receiver: Receiver;
    const logged: LogFields[] = [];
    const log = recordingLog(logged);

    beforeAll(async () => {
      server = await loopback(well);
      const config = of.kind.schema.parse(of.config(server.url));
      const ports = { clock: fixedClock(NOW), random: () => 0.5, log, http: safeHttp({ timeout: 300 }) };
      receiver = of.kind.create(config, ports);
    });
    afterAll(() => server.close());
    beforeEach(() => {
      server.ledger.length = 0;
      server.behave = well;
    });

    function well(request: Received): Behaviour {
      return { kind: 'answer', ...of.success(request) };
    }

    async function deliver(message: Message): Promise<Delivery> {
      const delivery = await receiver.deliver(message, new AbortController().signal);
      noCanary(delivery, logged);
      return delivery;
    }

    const first = messageOf(newsOf('opened'));

    it.each(Object.keys(EXPECTED).map(Number))('HTTP %i', async (status) => {
      server.behave = (request) => {
        const body = status < 300 ? of.success(request).body : `no: ${CANARY}`;
        return { kind: 'answer', status, body: status === 204 ? '' : body, headers: { location: server.url } };
      };
      const delivery = await deliver(first);
      expect(delivery.kind).toBe(of.others?.[status] ?? EXPECTED[status]);
      if (delivery.kind !== 'delivered') expect(delivery.reason).toMatch(/^\S/);
      if (status === 301) expect(server.ledger).toHaveLength(1);
    });

    it.each(['timeout', 'reset', 'lost'] as const)('%s: again', async (kind) => {
      server.behave = () => ({ kind });
      expect((await deliver(first)).kind).toBe('retry');
    });

    it('a body without end', async () => {
      server.behave = (request) => ({ kind: 'slow', ...of.success(request) });
      expect((await deliver(first)).kind).toBe(of.slow ?? 'delivered');
    });

    it.each(WAITS)('429 with Retry-After $text', async ({ text, after }) => {
      server.behave = () => ({ kind: 'answer', status: 429, headers: { 'Retry-After': text } });
      const delivery = await deliver(first);
      if (delivery.kind !== 'retry') throw new Error(`${delivery.kind} after a 429`);
      if (after === null) expect(delivery.after ?? 0).toBeLessThanOrEqual(600 * SECOND);
      else expect(delivery.after).toBeGreaterThanOrEqual(after);
    });

    it('says the same with every attempt, under the same id', async () => {
      server.behave = () => ({ kind: 'lost' });
      await deliver(first);
      server.behave = well;
      await deliver(first);
      const [one, two] = server.ledger;
      expect(`${two!.path} ${two!.body}`).toBe(`${one!.path} ${one!.body}`);
      expect(`${two!.path} ${two!.body}`).toContain(realAlert().alert.id);
    });

    it.each([...CHANGE_KINDS])('news of kind %s is delivered', async (kind) => {
      await expectSent(messageOf(newsOf(kind, { revision: 2 })));
      await expectSent(messageOf(newsOf(kind, { revision: 2 }), refOf(await deliver(first))));
    });

    it.each([
      ['a test', TEST_MESSAGE],
      ['a flood of two', floodMessage(2)],
      ['a flood of two thousand', floodMessage(2000)],
      ['links that are not known', { ...first, links: { console: null, portal: null } }],
      ['a notice', noticeMessage()],
      ['the end of what a notice was about', noticeMessage({ isOver: true })],
      [
        'a notice without end',
        noticeMessage({ lines: Array.from({ length: 500 }, (_, at) => `${at}: ${'x'.repeat(200)}`) }),
      ],
      ['lists without end', messageOf(long())],
    ] as const)('%s', async (_name, message) => {
      await expectSent(message);
    });

    it.each(NAUGHTY)('$name in every value', async ({ text }) => {
      await expectSent(messageOf(poisoned(newsOf('opened'), text)));
    });

    async function expectSent(message: Message): Promise<void> {
      server.ledger.length = 0;
      expect(await deliver(message)).toMatchObject({ kind: 'delivered' });
      expect(server.ledger).toHaveLength(of.requests?.(message) ?? 1);
      for (const request of server.ledger) {
        expect(Buffer.byteLength(request.body)).toBeLessThanOrEqual(of.mostBytes);
        expect(request.body.isWellFormed()).toBe(true);
        of.check?.(request);
      }
    }
  });
}

function refOf(delivery: Delivery): string | null {
  return delivery.kind === 'delivered' ? delivery.ref : null;
}

/** More of everything than any receiver takes. */
function long(): ReturnType<typeof newsOf> {
  const news = newsOf('amended');
  const { alert } = realAlert();
  const many = <T>(of: readonly T[], count: number): T[] =>
    Array.from({ length: count }, (_, at) => of[at % of.length]!);
  const wide = {
    ...alert,
    id: news.stored.alert.id,
    actors: many(alert.actors, 100).map((actor, at) => ({ ...actor, id: `${actor.id}-${at}` })),
    sourceIps: many(alert.sourceIps, 100).map((_, at) => `203.0.113.${at}`),
    targets: many(alert.targets, 100).map((target, at) => `${target}/${'t'.repeat(500)}${at}`),
    changes: many(alert.changes, 100),
    evidence: many(alert.evidence, 100),
  };
  return { ...news, stored: { ...news.stored, alert: wide } };
}

function recordingLog(logged: LogFields[]): Log {
  const keep = (fields: LogFields, message: string): void => {
    logged.push({ ...fields, message });
  };
  return { info: keep, warn: keep, error: keep };
}

/** Not in a reason, a reference or a log line: neither as it is nor as base64 writes it. */
function noCanary(delivery: Delivery, logged: readonly LogFields[]): void {
  const told = JSON.stringify([delivery, logged]);
  expect(told).not.toContain(CANARY);
  expect(told).not.toContain(Buffer.from(CANARY).toString('base64').slice(0, 12));
}
