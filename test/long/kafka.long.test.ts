import { Admin, Producer } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../src/lib/secret.ts';
import { type Behind, conformance } from '../../src/sources/conformance.test-support.ts';
import { eventually, FastClock, MemoryStore, startRun, TestContext } from '../../src/sources/context.test-support.ts';
import { kafkaSource } from '../../src/sources/kafka.ts';
import type { Source } from '../../src/sources/source.ts';
import { KafkaBroker, PASSWORD, whyNoKafka } from '../support/kafkaBroker.ts';

/* The kafka source on a real broker. Needs java and mvn; without them it is skipped, and says so. */

const missing = whyNoKafka();
if (missing !== null) console.warn(`kafka.long.test.ts is skipped: ${missing}`);

let broker: KafkaBroker;
let admin: Admin;
let producer: Producer<Buffer, Buffer, Buffer, Buffer>;
let topics = 0;

const sasl = { mechanism: 'PLAIN', username: 'reader', password: new Secret(PASSWORD, 'env:KAFKA') } as const;

class Topic implements Behind {
  readonly name: string;
  readonly canaries = [PASSWORD];
  readonly #from = broker.sasl.sent;
  #next = 0;
  #group = 0;

  constructor(name: string) {
    this.name = name;
  }

  static async start(): Promise<Topic> {
    const topic = new Topic(`logs-${++topics}`);
    await admin.createTopics({ topics: [topic.name], partitions: 2, replicas: 1 });
    return topic;
  }

  source(change: Partial<Parameters<typeof kafkaSource>[0]> = {}): Source {
    return kafkaSource({
      brokers: [`127.0.0.1:${broker.sasl.port}`],
      topics: [this.name],
      group: `group-${this.#group}-of-${this.name}`,
      tls: false,
      sasl,
      start: 'earliest',
      ...change,
    });
  }

  async put(marks: readonly string[], size = 200): Promise<void> {
    const pad = 'x'.repeat(size);
    for (let at = 0; at < marks.length; at += 10) {
      const messages = marks.slice(at, at + 10).map((mark) => ({
        topic: this.name,
        partition: this.#next++ % 2,
        value: Buffer.from(JSON.stringify({ records: [{ mark, pad }] })),
      }));
      await producer.send({ messages });
    }
  }

  forget(): void {
    this.#group++;
  }

  handedOver(): number {
    return broker.sasl.sent - this.#from;
  }

  async stop(): Promise<void> {
    await admin.deleteTopics({ topics: [this.name] });
  }
}

describe.skipIf(missing !== null)('kafka', () => {
  beforeAll(async () => {
    broker = await KafkaBroker.start();
    const client = { clientId: 'test', bootstrapBrokers: [`127.0.0.1:${broker.plain.port}`] };
    admin = new Admin(client);
    producer = new Producer(client);
  }, 300_000);

  afterAll(async () => {
    await producer.close();
    await admin.close();
    await broker.stop();
  });

  conformance<Topic>('kafka', {
    start: () => Topic.start(),
    speed: 20,
    inFlight: { bytes: 13 << 20, records: 450, size: 64 << 10 },
    passing: {
      'sockets that are cut': {
        isShort: true,
        async begin() {
          broker.sasl.cut();
          return async () => {};
        },
      },
      'a broker that nobody reaches': {
        async begin() {
          await broker.sasl.close();
          return () => broker.sasl.open();
        },
      },
    },
    permanent: {
      'a password that is not its own': async (topic) =>
        topic.source({ sasl: { ...sasl, password: new Secret('canary-of-a-wrong-one', 'env:KAFKA') } }),
      'a topic that does not exist': async (topic) => topic.source({ topics: ['other'] }),
    },
  });

  function mark(n: number): string {
    return `mark-9${String(n).padStart(6, '0')}.`;
  }

  async function given(store: MemoryStore, marks: readonly string[]): Promise<void> {
    await eventually('all is committed', () => marks.every((one) => store.count(one) > 0), 60_000);
  }

  function begin(source: Source, store: MemoryStore) {
    return startRun(source, new TestContext(store, new FastClock(20)));
  }

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const)(
    'reads what was compressed with %s',
    async (compression) => {
      const topic = await Topic.start();
      const value = Buffer.from(JSON.stringify({ mark: mark(1), pad: 'x'.repeat(5000) }));
      await producer.send({ messages: [{ topic: topic.name, value }], compression });
      const store = new MemoryStore();
      const running = begin(topic.source(), store);
      await given(store, [mark(1)]);
      await running.stop();
      expect(store.commits.find(({ text }) => text !== '')!.text).toBe(`${value}\n`);
      await topic.stop();
    },
  );

  it('OAUTHBEARER', async () => {
    const topic = await Topic.start();
    const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Math.floor(Date.now() / 1000);
    const token = `${encode({ alg: 'none' })}.${encode({ sub: 'reader', iat: now, exp: now + 3600 })}.`;
    await topic.put([mark(2)]);
    const store = new MemoryStore();
    const options = {
      brokers: [`127.0.0.1:${broker.oauth.port}`],
      sasl: { mechanism: 'OAUTHBEARER', token: new Secret(token, 'env:TOKEN') },
    } as const;
    const running = begin(topic.source(options), store);
    await given(store, [mark(2)]);
    await running.stop();
    expect(running.context.said.join()).not.toContain(token);
    await topic.stop();
  });

  it('TLS, with certificates of its own', async () => {
    const topic = await Topic.start();
    await topic.put([mark(3)]);
    const store = new MemoryStore();
    const brokers = [`127.0.0.1:${broker.tls.port}`];
    const running = begin(topic.source({ brokers, sasl: null, tls: { ca: broker.certificate } }), store);
    await given(store, [mark(3)]);
    await running.stop();
    const strange = begin(topic.source({ brokers, sasl: null, tls: true }), new MemoryStore());
    await eventually('a certificate that nobody vouches for is told', () => strange.context.told('retrying') > 0);
    expect(strange.context.healths.at(-1)!.why).toMatch(/certificate/);
    await strange.stop();
    await topic.stop();
  });

  // A producer that is answered late by a topic just made gives its messages again: then the first one stands twice in the topic.
  it('goes on at its own position, whatever the group says', { retry: 2 }, async () => {
    const topic = await Topic.start();
    const marks = Array.from({ length: 6 }, (_, n) => mark(10 + n));
    await topic.put(marks);
    const store = new MemoryStore();
    const first = begin(topic.source(), store);
    await given(store, marks);
    await first.stop();
    // As after a backup was put back: the group is further.
    const older = new MemoryStore();
    older.positions.set(`${topic.name}/0`, '1');
    older.positions.set(`${topic.name}/1`, '1');
    const second = begin(topic.source(), older);
    await given(older, marks.slice(2));
    await second.stop();
    expect(marks.slice(0, 2).map((one) => older.count(one))).toEqual([0, 0]);
    // A new store has none: it goes on with the group.
    const fresh = new MemoryStore();
    const third = begin(topic.source(), fresh);
    await topic.put([mark(20)]);
    await given(fresh, [mark(20)]);
    await third.stop();
    expect(marks.map((one) => fresh.count(one))).toEqual(marks.map(() => 0));
    await topic.stop();
  });

  it('two members share the partitions, and one takes over when the other leaves', async () => {
    const topic = await Topic.start();
    const [a, b] = [new MemoryStore(), new MemoryStore()];
    const first = begin(topic.source(), a);
    await topic.put([mark(30), mark(31)]);
    await given(a, [mark(30), mark(31)]);
    const second = begin(topic.source(), b);
    let n = 100;
    const put: string[] = [];
    const both = (): boolean => {
      const marks = [mark(n++), mark(n++)];
      put.push(...marks);
      void topic.put(marks);
      return [a, b].every(
        (store) =>
          new Set(
            store.commits
              .slice(-6)
              .filter(({ text }) => text !== '')
              .map(({ batch }) => batch.partition),
          ).size === 1,
      );
    };
    for (let tries = 0; tries < 200 && !both(); tries++) await new FastClock(1).sleep(100);
    await first.stop();
    const late = [mark(40), mark(41)];
    await topic.put(late);
    await given(b, late);
    await second.stop();
    expect(put.filter((one) => a.count(one) + b.count(one) === 0)).toEqual([]);
    await topic.stop();
  });

  it('tells progress of a quiet topic, and that it does not lag', async () => {
    const topic = await Topic.start();
    await topic.put([mark(50)]);
    const store = new MemoryStore();
    const running = begin(topic.source(), store);
    await eventually(
      'both tell progress',
      () =>
        new Set(store.commits.filter(({ batch }) => batch.progress !== null).map(({ batch }) => batch.partition))
          .size === 2,
    );
    await eventually('lag is told', () => running.context.healths.some(({ lag }) => lag === 0));
    await running.stop();
    await topic.stop();
  });
});
