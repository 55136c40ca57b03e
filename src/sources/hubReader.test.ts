import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import rhea from 'rhea';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startBroker } from '../../test/support/amqpBroker.ts';
import {
  eventually,
  FastClock,
  MemoryStore,
  type Running,
  settled,
  startRun,
  TestContext,
} from './context.test-support.ts';
import { eventHubsSource } from './eventHubs.ts';
import { Hub } from './hub.test-support.ts';
import type { HubOptions } from './hubClient.ts';

let hub: Hub;
let store: MemoryStore;
let clock: FastClock;
const running: Running[] = [];

beforeEach(async () => {
  clock = new FastClock();
  store = new MemoryStore();
  hub = await Hub.start(clock);
});

afterEach(async () => {
  for (const one of running.splice(0)) {
    one.context.kill();
    one.context.release();
    await one.stop().catch(() => {});
  }
  await hub.stop();
});

function run(change: Partial<HubOptions> = {}, into = store): Running {
  const one = startRun(hub.source(change), new TestContext(into, clock));
  running.push(one);
  return one;
}

function textOf({ commits }: MemoryStore): string {
  return commits.map(({ text }) => text).join('');
}

function committed(text: string): Promise<void> {
  return eventually(`${text} is committed`, () => textOf(store).includes(text));
}

describe('what a body becomes', () => {
  const section = rhea.message;
  it.each([
    ['a list of records', '{"records":[{"a":1},{"a":2}]}', undefined, '{"records":[{"a":1},{"a":2}]}\n'],
    ['an array', '[{"a":1}]', undefined, '[{"a":1}]\n'],
    ['numbers that JavaScript cannot hold', '{"n":12345678901234567890}', undefined, '{"n":12345678901234567890}\n'],
    ['text that is no JSON', 'no json: ä', undefined, 'no json: ä\n'],
    ['several data sections', '', section.data_sections([Buffer.from('{"a":'), Buffer.from('1}')]), '{"a":1}\n'],
    ['a value that is a text', '', { typecode: 0x77, content: '{"a":1}', multiple: false }, '{"a":1}\n'],
    ['a sequence', '', section.sequence_section([{ a: 1 }]), '[{"a":1}]\n'],
  ])('%s', async (_what, body, other, expected) => {
    hub.broker.append(0, body, other);
    run();
    await eventually('it is committed', () => textOf(store) !== '');
    expect(textOf(store)).toBe(expected);
  });
});

describe('where a partition begins', () => {
  const HOUR = 3_600_000;

  it('earliest: at what is kept', async () => {
    hub.broker.append(0, 'old');
    run();
    await committed('old');
    expect(hub.broker.attached.find(({ partition }) => partition === '0')).toMatchObject({
      filter: "amqp.annotation.x-opt-offset > '-1'",
      epoch: 0,
      group: '$Default',
    });
  });

  it('latest: at the end, and what comes while it is stopped is not passed over', async () => {
    hub.broker.append(0, 'old');
    const first = run({ start: 'latest' });
    await eventually('both partitions have a position', () => store.positions.size === 2);
    await first.stop();
    hub.broker.append(0, 'meanwhile');
    hub.broker.append(1, 'in a partition that was empty');
    run({ start: 'latest' });
    await committed('meanwhile');
    await committed('in a partition that was empty');
    expect(textOf(store)).not.toContain('old');
  });

  it('a length of time: at what was enqueued since', async () => {
    hub.broker.append(0, 'old');
    hub.broker.append(1, 'old too');
    hub.broker.partitions[0]!.log[0] = { ...hub.broker.partitions[0]!.log[0]!, enqueued: clock.now() - 2 * HOUR };
    hub.broker.partitions[1]!.log[0] = { ...hub.broker.partitions[1]!.log[0]!, enqueued: clock.now() - 2 * HOUR };
    hub.broker.append(0, 'new');
    run({ start: { last: HOUR } });
    await committed('new');
    await eventually('the other has a position', () => store.positions.has('1'));
    expect(textOf(store)).toBe('new\n');
    expect(JSON.parse(store.positions.get('1')!)).toEqual({ offset: '0', sequence: 0 });
  });

  it('committed: behind the last event that was given', async () => {
    for (let n = 0; n < 3; n++) hub.broker.append(0, `event ${n}`);
    store.positions.set('0', JSON.stringify({ offset: hub.broker.partitions[0]!.log[1]!.offset, sequence: 1 }));
    run();
    await committed('event 2');
    expect(textOf(store)).toBe('event 2\n');
  });

  it('a hub that was made anew is read from its beginning', async () => {
    for (let n = 0; n < 5; n++) hub.broker.append(0, `before ${n}`);
    const first = run();
    await committed('before 4');
    await first.stop();
    hub.broker.makeAnew();
    hub.broker.append(0, 'after');
    const second = run();
    await committed('after');
    expect(second.context.said.join()).toContain('made anew');
  });
});

it('a hub that is made anew while it is read is read from its beginning, too', async () => {
  for (let n = 0; n < 5; n++) hub.broker.append(0, `before ${n}`);
  run();
  await committed('before 4');
  hub.broker.makeAnew();
  hub.broker.append(0, 'after');
  await committed('after');
});

describe('partitions', () => {
  it('one that is not committed holds up no other', async () => {
    const { context } = run();
    const emit = context.emit.bind(context);
    context.emit = (batch) => (batch.partition === '0' && batch.bytes.length > 0 ? new Promise(() => {}) : emit(batch));
    hub.broker.append(0, 'stuck');
    for (let n = 0; n < 3; n++) {
      hub.broker.append(1, `free ${n}`);
      await committed(`free ${n}`);
    }
    expect(textOf(store)).not.toContain('stuck');
  });

  it('one that was added is found', async () => {
    hub.broker.append(0, 'first');
    run();
    await committed('first');
    hub.broker.partitions.push({ id: '2', log: [], subscribers: new Set() });
    hub.broker.append(2, 'in a new one');
    await committed('in a new one');
  });

  it('one that is taken by another reader is told, with a cure, and taken up again', async () => {
    hub.broker.append(0, 'first');
    const { context } = run();
    await committed('first');
    hub.broker.steal(0, 7);
    await eventually('it is told', () => context.told('retrying') > 0);
    expect(context.healths.find(({ state }) => state === 'retrying')!.why).toMatch(/consumer group of its own/);
    hub.broker.append(0, 'second');
    await committed('second');
    await eventually('it is well again', () => context.healths.at(-1)!.state === 'running');
  });

  it('a quiet one is owed no more than any other', async () => {
    hub.broker.append(0, 'first');
    const { context } = run({ idle: 20, owed: 2 << 20 });
    await committed('first');
    const attached = hub.broker.attached.length;
    await eventually('its receiver is made anew', () => hub.broker.attached.length >= attached + 2);
    context.hold();
    const sent = hub.broker.sent;
    for (let n = 0; n < 300; n++) hub.broker.append(0, 'x'.repeat(32 << 10));
    await eventually('a batch waits', () => context.pending > 0);
    expect((await settled(() => hub.broker.sent)) - sent).toBeLessThanOrEqual(6 << 20);
    context.release();
    await eventually('all is committed', () => textOf(store).length > 300 * (32 << 10));
  });

  it('quiet ones tell progress, behind the clock and never ahead of an event', async () => {
    hub.broker.append(0, 'first');
    const { context } = run();
    const told = () =>
      new Set(store.commits.filter(({ batch }) => batch.progress !== null).map(({ batch }) => batch.partition));
    await eventually('both tell progress', () => told().size === 2);
    const [last] = store.commits.filter(({ text }) => text === '').slice(-1);
    expect(last!.batch.progress!).toBeLessThan(clock.now() - 25_000);
    hub.broker.append(1, 'second');
    await committed('second');
    expect(context.broken).toEqual([]);
  });

  it('tells how far it lags', async () => {
    for (let n = 0; n < 3; n++) hub.broker.append(0, `event ${n}`);
    const { context } = run();
    await eventually('lag is told', () => context.healths.some(({ lag }) => lag === 0));
  });
});

describe('a damaged world', () => {
  it('answers that never come do not keep it from ending', async () => {
    const { context, stop } = run();
    await eventually('it runs', () => context.told('running') > 0);
    hub.broker.isDeaf = true;
    expect(await stop()).toBeLessThan(3000);
  });

  it('errors that repeat a secret repeat nothing', async () => {
    hub.broker.fault = {
      condition: 'com.microsoft:server-busy',
      description: `SharedAccessKey=${hub.broker.key};busy\u001b[31m`,
    };
    const one = run();
    await eventually('it is told', () => one.context.told('retrying') > 0);
    expect(one.context.said.join()).not.toContain(hub.broker.key);
    expect(one.context.said.join()).not.toContain('\u001b');
  });
});

describe('Entra ID over TLS', () => {
  it('reads with the token of a managed identity', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cw-tls-'));
    const file = (name: string) => join(folder, name);
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,DNS:contoso.servicebus.test'];
    const keys = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    execFileSync('openssl', ['req', '-x509', ...keys, ...subject, '-keyout', file('key'), '-out', file('cert')], {
      stdio: 'ignore',
    });
    const [cert, key] = [readFileSync(file('cert'), 'utf8'), readFileSync(file('key'), 'utf8')];
    rmSync(folder, { recursive: true });
    setDefaultCACertificates([...getCACertificates('default'), cert]);
    const jwt = 'eyJ-canary-token';
    const asked: string[] = [];
    const identity = createServer((request, response) => {
      asked.push(request.url!);
      const expires = Math.floor(Date.now() / 1000) + 86_400;
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ access_token: jwt, expires_on: String(expires), resource: 'x', token_type: 'Bearer' }),
      );
    });
    await new Promise<void>((resolve) => identity.listen(0, '127.0.0.1', resolve));
    process.env['IDENTITY_ENDPOINT'] = `http://127.0.0.1:${(identity.address() as AddressInfo).port}/msi/token`;
    process.env['IDENTITY_HEADER'] = 'header';
    const broker = await startBroker({ clock, jwt, tls: { cert, key } });
    broker.append(0, 'over tls');
    const source = eventHubsSource({
      access: { namespace: 'contoso.servicebus.test', clientId: null },
      hub: broker.hub,
      endpoint: `sb://localhost:${broker.port}`,
      consumerGroup: '$Default',
      start: 'earliest',
      checkpoints: null,
      idle: 150,
      again: 50,
      owed: 16 << 20,
    });
    const one = startRun(source, new TestContext(store, clock));
    running.push(one);
    try {
      await committed('over tls');
      expect(broker.tokenTypes).toContain('jwt');
      expect(asked.join()).toContain('eventhubs.azure.net');
      expect(one.context.said.join()).not.toContain(jwt);
    } finally {
      await one.stop();
      await broker.close();
      identity.close();
      delete process.env['IDENTITY_ENDPOINT'];
      delete process.env['IDENTITY_HEADER'];
    }
  });
});
