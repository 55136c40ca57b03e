import { afterAll, beforeAll, expect, it } from 'vitest';
import { UserError } from '../../src/lib/errors.ts';
import { Secret } from '../../src/lib/secret.ts';
import {
  eventually,
  FastClock,
  MemoryStore,
  type Running,
  startRun,
  TestContext,
} from '../../src/sources/context.test-support.ts';
import { eventHubsSource } from '../../src/sources/eventHubs.ts';
import { type AmqpBroker, startBroker } from '../support/amqpBroker.ts';
import { type Azurite, startAzurite } from '../support/azurite.ts';

/* Several readers of one event hub, which agree in a container who reads which partition. */

let azurite: Azurite;
let broker: AmqpBroker;
const clock = new FastClock();
const PARTITIONS = 4;

beforeAll(async () => {
  azurite = await startAzurite();
  broker = await startBroker({ clock, partitions: PARTITIONS });
});

afterAll(async () => {
  await broker.close();
  await azurite.stop();
});

function start(store: MemoryStore, connectionString = azurite.connectionString): Running {
  const source = eventHubsSource({
    access: { connectionString: new Secret(broker.connectionString(), 'env:HUB') },
    hub: broker.hub,
    endpoint: null,
    consumerGroup: '$Default',
    start: 'earliest',
    checkpoints: { connection_string: new Secret(connectionString, 'env:BLOB'), name: 'checkpoints' },
    idle: 200,
    again: 50,
    owed: 16 << 20,
  });
  return startRun(source, new TestContext(store, clock));
}

let marks = 0;
function put(events: number): string[] {
  return Array.from({ length: events }, () => {
    const mark = `mark-${String(marks).padStart(7, '0')}.`;
    broker.append(marks++ % PARTITIONS, JSON.stringify({ mark }));
    return mark;
  });
}

function partitionsOf({ commits }: MemoryStore, since = 0): Set<string> {
  return new Set(
    commits
      .slice(since)
      .filter(({ text }) => text !== '')
      .map(({ batch }) => batch.partition),
  );
}

function all(what: readonly string[], ...stores: readonly MemoryStore[]): Promise<void> {
  return eventually(
    `all of ${what.length} are committed`,
    () => what.every((mark) => stores.some((store) => store.count(mark) > 0)),
    60_000,
  );
}

it('two share the partitions, one goes on where the other stood, and nothing is lost', async () => {
  const [first, second] = [new MemoryStore(), new MemoryStore()];
  const one = start(first);
  await all(put(40), first);
  expect(partitionsOf(first).size).toBe(PARTITIONS);

  const other = start(second);
  let looks = 0;
  const shared = (): boolean => {
    if (looks++ % 20 === 0) put(4);
    return partitionsOf(second).size === PARTITIONS / 2;
  };
  await eventually('the second has its half', shared, 60_000);

  await one.stop();
  const before = second.commits.length;
  const late = put(40);
  await all(late, first, second);
  expect(partitionsOf(second, before).size).toBe(PARTITIONS);
  await other.stop();

  // The first comes back with what it had: it goes on where the second stood.
  const again = put(8);
  const had = first.commits.length;
  const back = start(first);
  await all(again, first);
  await back.stop();
  const given = first.commits.slice(had).flatMap(({ marks: found }) => found);
  expect(given.filter((mark) => late.includes(mark) && second.count(mark) > 0)).toEqual([]);

  const everything = Array.from({ length: marks }, (_, n) => `mark-${String(n).padStart(7, '0')}.`);
  await all(everything, first, second);
});

it('a container that refuses is told with a cure, and without the key', async () => {
  const wrong = Buffer.from('a-wrong-key-of-the-account').toString('base64');
  const running = start(new MemoryStore(), azurite.connectionString.replace(azurite.key, wrong));
  await eventually('it gives up', () => running.isOver());
  expect(running.failure()).toBeInstanceOf(UserError);
  expect((running.failure() as UserError).code).toBe('CW-7103');
  expect(running.context.said.join()).not.toContain(wrong);
});
