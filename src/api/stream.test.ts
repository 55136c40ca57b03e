import { afterEach, describe, expect, it } from 'vitest';
import { fixedClock } from '../lib/clock.ts';
import { liveEvent } from './contract.ts';
import { MemoryPorts, START, SUBSCRIPTION, storedOf } from './memory.test-support.ts';
import { EVERYTHING, type Scope } from './ports.ts';
import { ALL, raw, start } from './server.test-support.ts';
import { LiveStream, type Outlet, STREAM_LIMITS } from './stream.ts';

const RUN = START.toString(36);

class FakeOutlet implements Outlet {
  text = '';
  isEnded = false;
  isDropped = false;
  isRead = true;
  #waiting = 0;
  write(text: string): void {
    this.text += text;
    if (!this.isRead) this.#waiting += text.length;
  }
  waiting(): number {
    return this.#waiting;
  }
  end(): void {
    this.isEnded = true;
  }
  drop(): void {
    this.isDropped = true;
  }
  /** The numbers of the alerts that it was told of. */
  get told(): number[] {
    return [...this.text.matchAll(/^data: (\{"kind".*)$/gm)].map(([, data]) =>
      Number.parseInt(JSON.parse(data!).alert.id, 16),
    );
  }
  get ids(): string[] {
    return [...this.text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id!);
  }
}

let ports = new MemoryPorts();
let live: LiveStream | null = null;
let beat = (): void => {};
afterEach(() => {
  live?.close();
  ports = new MemoryPorts();
});

function make(limits = {}): LiveStream {
  const clock = {
    ...fixedClock(START),
    sleep: () =>
      new Promise<void>((resolve) => {
        beat = resolve;
      }),
  };
  live = new LiveStream(ports.events, clock, { ...STREAM_LIMITS, ...limits });
  return live;
}

function follow(
  stream: LiveStream,
  lastId: string | null = null,
  scope: Scope = EVERYTHING,
  isAllowed = () => true,
): FakeOutlet {
  const out = new FakeOutlet();
  stream.open(out, scope, lastId, isAllowed);
  return out;
}

function tell(...numbers: number[]): void {
  for (const number of numbers) ports.tell('opened', storedOf(number));
}

describe('events', () => {
  it('go to every client in order, with numbers', () => {
    const stream = make();
    const [one, two] = [follow(stream), follow(stream)];
    tell(1, 2);
    expect([one.told, two.told, one.ids]).toEqual([
      [1, 2],
      [1, 2],
      [`${RUN}-1`, `${RUN}-2`],
    ]);
    const data = JSON.parse(/^data: (.*)$/m.exec(one.text)![1]!);
    expect(liveEvent.parse(data)).toEqual(data);
  });

  it.each<[string, string, number[], boolean]>([
    ['what it saw last: the rest', `${RUN}-2`, [3, 4], false],
    ['the newest: nothing', `${RUN}-4`, [], false],
    ['just before the oldest that is kept: all of them', `${RUN}-1`, [2, 3, 4], false],
    ['one that is kept no more: reset', `${RUN}-0`, [], true],
    ['one of another run: reset', 'abc-2', [], true],
    ['one that never was: reset', `${RUN}-5`, [], true],
    ['no id: reset', 'x', [], true],
    ['nothing: reset', '', [], true],
  ])('a client that comes back with %s', (_what, lastId, told, isReset) => {
    const stream = make({ ring: 3 });
    tell(1, 2, 3, 4);
    const out = follow(stream, lastId);
    expect([out.told, out.text.includes('event: reset')]).toEqual([told, isReset]);
    if (isReset) expect(out.ids).toEqual([`${RUN}-4`]);
    tell(5);
    expect(out.told).toEqual([...told, 5]);
  });

  it('reach those who may see them, also later', () => {
    const stream = make();
    const scope = { subscriptions: [SUBSCRIPTION], labels: {} };
    const out = follow(stream, null, scope);
    tell(1);
    ports.tell('opened', storedOf(2, null));
    tell(3);
    expect([out.told, follow(stream, `${RUN}-0`, scope).told]).toEqual([
      [1, 3],
      [1, 3],
    ]);
  });

  it('a client that does not read is dropped, and the others go on', () => {
    const stream = make({ waiting: 3000 });
    const [slow, quick] = [follow(stream), follow(stream)];
    slow.isRead = false;
    tell(1, 2, 3, 4, 5);
    expect([slow.isDropped, quick.isDropped, quick.told]).toEqual([true, false, [1, 2, 3, 4, 5]]);
    expect(slow.text.length).toBeLessThan(6000);
    expect(stream.clients).toBe(1);
  });

  it('signs of life, and the end of a token', async () => {
    const stream = make();
    let isAllowed = true;
    const out = follow(stream, null, EVERYTHING, () => isAllowed);
    beat();
    await Promise.resolve();
    expect([out.text.endsWith(': here\n\n'), out.isEnded]).toEqual([true, false]);
    isAllowed = false;
    beat();
    await Promise.resolve();
    expect([out.isEnded, stream.clients]).toEqual([true, 0]);
  });

  it('no more clients than there is room for', () => {
    const stream = make({ clients: 1 });
    stream.checkRoom();
    follow(stream);
    expect(() => stream.checkRoom()).toThrow(expect.objectContaining({ code: 'CW-6008' }));
  });

  it('an end for everybody', () => {
    const stream = make();
    const out = follow(stream);
    stream.close();
    tell(1);
    expect([out.isEnded, out.told, ports.listeners.size]).toEqual([true, [], 0]);
  });
});

describe('over a socket', () => {
  it('is told of a change, leaves, and comes back for what it missed', async () => {
    const { server, url, ports: own } = await start();
    const ask = (more: string): string =>
      `GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${ALL}\r\n${more}\r\n`;
    const first = raw(url, ask(''), 'event: alert');
    const isOpen = raw(url, ask(''), 'retry: 2000');
    await isOpen;
    own.tell('opened', storedOf(1));
    const text = await first;
    expect(text).toContain('content-type: text/event-stream');
    expect(text.toLowerCase()).toContain('x-content-type-options: nosniff');
    expect(text).toContain(`id: ${RUN}-1`);
    own.tell('grown', storedOf(2));
    const again = await raw(url, ask(`Last-Event-ID: ${RUN}-1\r\n`), '"kind":"grown"');
    expect([again.includes('"kind":"opened"'), again.includes('"kind":"grown"')]).toEqual([false, true]);
    await server.close();
  });

  it('ends when the service does', async () => {
    const { server, url } = await start();
    const answer = await fetch(`${url}/api/v1/events`, { headers: { authorization: `Bearer ${ALL}` } });
    const [text] = await Promise.all([answer.text(), server.close()]);
    expect(text).toContain('retry: 2000');
  });
});
