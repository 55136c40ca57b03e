import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { startBroker } from '../support/amqpBroker.ts';
import { type Service, sized, startService, storedIn, until } from '../support/service.ts';
import { counted, ledgerRules, requests } from '../support/traffic.ts';

/*
 * What happens to a service while it works: too much, no room, the end, another configuration. A whole minute of too much:
 *   COSMOWATCH_LONG=1 COSMOWATCH_LONG_SECONDS=60 npx vitest run test/long/serveOperate.long.test.ts
 */

const SECONDS = sized('SECONDS', 25);
/** What a service may take while far too much comes, in megabytes. */
const MOST_MEMORY = sized('MEMORY_MB', 900);
const BATCH = 1000;
const BIG = 10_000;
/** Records that are some 400 MB: six times what may wait. */
const LEAST = 50 * BIG;

const folder = mkdtempSync(join(tmpdir(), 'cosmowatch-operate-'));
const rules = ledgerRules(folder);
afterAll(() => {
  if (disk !== null) execFileSync('umount', ['-l', disk]);
  rmSync(folder, { recursive: true, force: true });
});

/** Gives batches of requests, each batch once; what is not acknowledged is over. */
class Load {
  next: number;
  acknowledged = 0;
  /** Batches of which it is not known what became of them. */
  unknown = 0;
  readonly refused = new Map<number, number>();
  /** Refusals without Retry-After; a request that took too long (408) has none. */
  rude = 0;
  isOver = false;
  readonly #running: Promise<void>[] = [];
  readonly #size: number;

  constructor(size = BATCH, from = 0) {
    this.#size = size;
    this.next = from;
  }

  start(senders: number, service: Service): void {
    for (let n = 0; n < senders; n++) this.#running.push(this.#send(service));
  }

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.#running);
  }

  async #send(service: Service): Promise<void> {
    while (!this.isOver && !service.isEnded) await this.once(service);
  }

  async once(service: Service): Promise<number> {
    const body = requests(this.next, this.#size);
    this.next += this.#size;
    try {
      const { status, headers } = await service.push(body);
      if (status === 200) this.acknowledged += this.#size;
      else {
        this.refused.set(status, (this.refused.get(status) ?? 0) + 1);
        // It took too long to arrive, and may still be taken in when it has.
        if (status === 408) this.unknown++;
        else if (headers.get('retry-after') === null) this.rude++;
      }
      return status;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.unknown++;
      await systemClock.sleep(20);
      return 0;
    }
  }
}

/** Again and again, until it is ended. */
function askAgain(ask: () => Promise<void>): { end(): Promise<void> } {
  let isOver = false;
  const running = (async () => {
    while (!isOver) {
      await ask();
      await systemClock.sleep(100);
    }
  })();
  return {
    end: () => {
      isOver = true;
      return running;
    },
  };
}

function told(what: string, figures: Readonly<Record<string, unknown>>): void {
  console.log(`${what}: ${JSON.stringify(figures)}`);
}

describe('far too much', () => {
  it('is refused in time, and what is acknowledged is counted', async () => {
    const service = await startService({ data: join(folder, 'much'), words: ['--rules', rules] });
    // As fast as it goes: with the same large bodies, and always some that wait.
    const usual = new Load(BIG);
    const began = performance.now();
    usual.start(3, service);
    await systemClock.sleep(4000);
    await usual.end();
    const capacity = usual.acknowledged / ((performance.now() - began) / 1000);

    const much = new Load(BIG, 10_000_000);
    const onTheWay = new Set<Promise<unknown>>();
    let [most, slowest] = [0, 0];
    const asking = askAgain(async () => {
      const asked = performance.now();
      expect(await service.isReady()).toBe(true);
      slowest = Math.max(slowest, performance.now() - asked);
    });
    const started = performance.now();
    const past = () => (performance.now() - started) / 1000;
    // A slow machine is given more than waits anywhere, however long that takes.
    for (let given = BIG; past() < SECONDS || given < LEAST; given += BIG) {
      const one = much.once(service).finally(() => onTheWay.delete(one));
      onTheWay.add(one);
      most = Math.max(most, service.memory());
      await systemClock.sleep(Math.max(0, given / (5 * capacity) - past()) * 1000);
    }
    const times = (much.next - 10_000_000) / past() / capacity;
    await until(
      'everything is answered',
      () => {
        most = Math.max(most, service.memory());
        return onTheWay.size === 0;
      },
      300_000,
    );
    await asking.end();
    await until('it takes records again', async () => (await usual.once(service)) === 200, 30_000);
    const { queue } = await service.status();
    const requestsCounted = await counted(service);
    told('far too much', {
      recordsPerSecond: Math.round(capacity),
      times: times.toFixed(1),
      acknowledged: much.acknowledged,
      refused: Object.fromEntries(much.refused),
      unknown: much.unknown,
      mostMemoryMB: Math.round(most / 1e6),
      slowestHealthMs: Math.round(slowest),
    });
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    expect(much.refused.get(429)).toBeGreaterThan(0);
    expect([...much.refused.keys()].filter((status) => ![408, 429, 503].includes(status))).toEqual([]);
    expect(much.rude).toBe(0);
    expect(most).toBeLessThan(MOST_MEMORY * 1e6);
    expect(queue).toEqual({ batches: 0, bytes: 0 });
    const acknowledged = usual.acknowledged + much.acknowledged;
    expect(requestsCounted).toBeGreaterThanOrEqual(acknowledged);
    expect(requestsCounted).toBeLessThanOrEqual(acknowledged + much.unknown * BIG);
  });
});

const disk = smallDisk();

describe.skipIf(disk === null)('a full disk (skipped where none can be mounted)', () => {
  it('is said, nothing is acknowledged, and it goes on when there is room', async () => {
    const data = join(disk!, 'data');
    const service = await startService({ data, words: ['--rules', rules] });
    const load = new Load(200);
    for (let n = 0; n < 5; n++) expect(await load.once(service)).toBe(200);
    fill(join(disk!, 'ballast'));
    await until('it is refused', async () => (await load.once(service)) !== 200, 30_000);
    expect(await load.once(service)).not.toBe(200);
    expect(await service.isReady()).toBe(false);
    const before = load.acknowledged;
    for (let n = 0; n < 5; n++) await load.once(service);
    expect(load.acknowledged).toBe(before);
    rmSync(join(disk!, 'ballast'));
    const freed = performance.now();
    await until('it is ready again', () => service.isReady(), 30_000);
    const took = performance.now() - freed;
    expect(await load.once(service)).toBe(200);
    expect(await counted(service)).toBe(load.acknowledged);
    expect(load.rude).toBe(0);
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    expect(storedIn(data, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    told('a full disk', { refused: Object.fromEntries(load.refused), readyAfterMs: Math.round(took) });
  });
});

describe('the end', () => {
  it('comes within ten seconds under load, and loses nothing that was acknowledged', async () => {
    const data = join(folder, 'end');
    const service = await startService({ data, words: ['--rules', rules] });
    const load = new Load();
    load.start(4, service);
    await until('there is load', () => load.acknowledged > 10 * BATCH);
    const began = performance.now();
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    const took = performance.now() - began;
    await load.end();
    const again = await startService({ data, words: ['--rules', rules] });
    const requestsCounted = await counted(again);
    await again.stop();
    told('the end', { ms: Math.round(took), acknowledged: load.acknowledged, unknown: load.unknown });
    expect(took).toBeLessThan(10_000);
    expect(requestsCounted).toBeGreaterThanOrEqual(load.acknowledged);
    expect(requestsCounted).toBeLessThanOrEqual(load.acknowledged + load.unknown * BATCH);
  });

  it('comes at once when it is asked for twice', async () => {
    const service = await startService({ data: join(folder, 'twice'), words: ['--rules', rules] });
    const load = new Load();
    load.start(4, service);
    await until('there is load', () => load.acknowledged > 4 * BATCH);
    service.child.kill('SIGTERM');
    await until('it stops', () => service.err.includes('"stopping"'), 30_000, 1);
    const began = performance.now();
    const { code } = await service.stop();
    expect(performance.now() - began).toBeLessThan(3000);
    // It may have been over by then.
    expect([0, 143]).toContain(code);
    await load.end();
  });
});

describe('another configuration', () => {
  it('takes the place of the one before while records come, and refuses nobody meanwhile', async () => {
    const broker = await startBroker({ clock: systemClock });
    const data = join(folder, 'another');
    const config = join(folder, 'another.yml');
    const hub = '  hub: { type: event_hubs, connection_string: "env:HUB" }\n';
    const write = (sources: string, more = '') =>
      writeFileSync(
        config,
        `sources:\n  push: { type: http }\n${sources}rules: { folders: [${JSON.stringify(rules)}] ${more}}\n`,
      );
    write(hub);
    const service = await startService({ data, config, env: { HUB: broker.connectionString() } });
    const load = new Load(100);
    load.start(2, service);
    const subscribers = () => broker.partitions.map((partition) => partition.subscribers.size);
    const readAgain = () => service.err.split('configuration read again').length - 1;
    await until('the hub is read', () => subscribers().every((count) => count === 1));
    let hubbed = 0;
    const append = () => broker.append(hubbed % 2, requests(50_000_000 + hubbed++, 1));

    write('  - no: [configuration');
    service.child.kill('SIGHUP');
    await until('it is refused', () => service.err.includes('the one before stays'));
    for (let round = 0; round < 3; round++) {
      write(hub, `, disable: [{ rule: cosmosdb_backup_deleted, reason: round ${round} }] `);
      for (let n = 0; n < 3; n++) {
        service.child.kill('SIGHUP');
        append();
        await systemClock.sleep(20);
      }
      const so = readAgain();
      await until('it is read again', () => readAgain() > so, 30_000);
    }
    expect((await service.status()).rules.disabled).toBe(1);
    await systemClock.sleep(3000);
    await until('the hub is read by one', () => subscribers().every((count) => count === 1), 30_000);
    write('');
    service.child.kill('SIGHUP');
    await until('the hub is left alone', () => subscribers().every((count) => count === 0), 30_000);
    await load.end();
    const requestsCounted = await counted(service);
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    await broker.close();
    told('another configuration', { read: readAgain(), acknowledged: load.acknowledged, hubbed });
    expect([...load.refused]).toEqual([]);
    expect(requestsCounted).toBe(load.acknowledged + hubbed);
  });
});

/** A real disk of 24 megabytes, where this machine lets us mount one. */
function smallDisk(): string | null {
  const path = join(folder, 'disk');
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', path], { stdio: 'ignore' });
    return path;
  } catch {
    return null;
  }
}

/** As much as goes. */
function fill(path: string): void {
  try {
    writeFileSync(path, Buffer.alloc(64 << 20));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
