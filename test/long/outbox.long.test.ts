import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type Behaviour, loopback, type Received } from '../../src/notify/loopback.test-support.ts';
import { realAlert } from '../../src/notify/news.test-support.ts';
import { Rng } from '../../src/simulate/rng.ts';
import { Db } from '../../src/store/db.ts';
import { SqliteOutbox } from '../../src/store/outbox.ts';

const CHILD = fileURLToPath(new URL('../support/outboxChild.ts', import.meta.url));
const KILLS = Number(process.env['COSMOWATCH_LONG_KILLS'] ?? 40);
const ALERTS = 250;
/** Messages on their way at a time: so many may be in doubt when the process dies. */
const AT_ONCE = 4;

/** Where the kill falls: before the answer, with it, or at some moment after. */
const MOMENTS = ['before', 'with', 'after'] as const;

interface Arrival {
  readonly id: string;
  readonly run: number;
}

describe('a process that is killed between sending and recording', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cosmowatch-outbox-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(`${KILLS} times: nothing is missing, nothing is out of order, and repeats have the same id and fall on kills`, async () => {
    const random = new Rng('outbox');
    const arrivals: Arrival[] = [];
    const file = join(folder, 'store.db');
    const alertFile = join(folder, 'alert.json');
    writeFileSync(alertFile, JSON.stringify(realAlert()));
    let child: ChildProcess | null = null;
    let countdown = Number.POSITIVE_INFINITY;
    let moment: (typeof MOMENTS)[number] = 'with';

    const server = await loopback(({ headers, body }: Received): Behaviour => {
      arrivals.push({ id: (JSON.parse(body) as { id: string }).id, run: Number(headers['x-run']) });
      countdown--;
      if (countdown !== 0) return { kind: 'answer', status: 202 };
      const kill = (): void => void child!.kill('SIGKILL');
      if (moment === 'before') {
        kill();
        return { kind: 'lost' };
      }
      if (moment === 'with') setImmediate(kill);
      else setTimeout(kill, random.int(15));
      return { kind: 'answer', status: 202 };
    });

    let killed = 0;
    for (let run = 0; ; run++) {
      countdown = killed < KILLS ? 1 + random.int(7) : Number.POSITIVE_INFINITY;
      moment = MOMENTS[run % MOMENTS.length]!;
      child = spawn(process.execPath, [CHILD, file, server.url, `${run}`, `${ALERTS}`, alertFile], {
        stdio: 'inherit',
      });
      const signal = await new Promise((resolve) => child!.once('exit', (_code, by) => resolve(by)));
      if (signal === 'SIGKILL') killed++;
      else break;
    }
    await server.close();

    const wanted = Array.from({ length: ALERTS }, (_, at) =>
      [1, 2, 3].map((revision) => `alert${at}-${revision}`),
    ).flat();
    const byId = Map.groupBy(arrivals, ({ id }) => id);
    expect(wanted.filter((id) => !byId.has(id))).toEqual([]);
    expect(byId.size).toBe(wanted.length);

    const repeats = [...byId.values()].flatMap((all) => all.slice(1).map((again, at) => ({ before: all[at]!, again })));
    for (const { before, again } of repeats) {
      expect(again.run).toBeGreaterThan(before.run);
      const after = arrivals.slice(arrivals.indexOf(before) + 1).filter(({ run }) => run === before.run);
      expect(after.length).toBeLessThan(2 * AT_ONCE);
    }
    const perKill = Map.groupBy(repeats, ({ before }) => before.run);
    for (const [, all] of perKill) expect(all.length).toBeLessThanOrEqual(AT_ONCE);

    for (let at = 0; at < ALERTS; at++) {
      const revisions = arrivals.flatMap(({ id }) => (id.startsWith(`alert${at}-`) ? [Number(id.split('-')[1])] : []));
      expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
    }

    const db = new Db(file);
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    expect(new SqliteOutbox(db).counts()).toEqual([]);
    db.close();
    expect(killed).toBe(KILLS);
    expect(perKill.size).toBeGreaterThan(KILLS / 3);
    process.stdout.write(
      `outbox: ${killed} kills, ${wanted.length} messages, ${repeats.length} repeated over ${perKill.size} kills\n`,
    );
  });
});
