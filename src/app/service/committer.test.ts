import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Clock, turn } from '../../lib/clock.ts';
import type { Batch, Receipt } from '../../sources/source.ts';
import { Db } from '../../store/db.ts';
import { touch } from '../../store/meta.ts';
import { SILENT } from '../../telemetry/log.ts';
import type { SourceInfo } from '../live/read.ts';
import { Committer, type Judging, Unavailable } from './committer.ts';

const root = mkdtempSync(join(tmpdir(), 'cosmowatch-committer-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SOURCE: SourceInfo = { name: 'push', labels: {} };
/** Time passes only by turns of the event loop. */
const clock: Clock = { now: () => 0, sleep: () => turn() };

function batchOf(text: string): Batch {
  const bytes = [Buffer.from(text)];
  return { bytes, name: text, partition: '', position: null, arrived: null, progress: null, speaksFor: null };
}

interface Read {
  readonly receipt: Receipt;
  readonly text: string;
}

/** Keeps each batch as a row. What it has in memory must be what is stored. */
class Rows implements Judging<Read> {
  readonly db: Db;
  memory: string[] = [];
  restored = 0;
  commits = 0;

  constructor(db: Db) {
    this.db = db;
    db.exec('CREATE TABLE rows (text TEXT)');
  }

  async read(_source: SourceInfo, { bytes }: Batch): Promise<Read> {
    return { receipt: { accepted: 1, rejected: [] }, text: Buffer.concat(bytes).toString() };
  }

  /** A text with a bar is committed in two parts. */
  parts(reads: readonly Read[]): readonly (readonly Read[])[] {
    const parts = reads.map((read) => read.text.split('|').map((text) => ({ ...read, text })));
    return [parts.flatMap(([first]) => first!), parts.flatMap(([, ...others]) => others)].filter(
      ({ length }) => length > 0,
    );
  }

  commit(reads: readonly Read[]): [] {
    this.commits += 1;
    for (const { text } of reads) {
      this.memory.push(text);
      this.db.prepare('INSERT INTO rows VALUES (?)').run(text);
      if (text.startsWith('bad')) throw new TypeError('a mistake of ours');
    }
    return [];
  }

  restore(): void {
    this.restored += 1;
    this.memory = this.stored();
  }

  stored(): string[] {
    return this.db
      .prepare('SELECT text FROM rows ORDER BY rowid')
      .all()
      .map((row) => String(row['text']));
  }
}

let files = 0;

function setUp(options: { readonly isStoreError?: (error: unknown) => boolean } = {}) {
  const db = new Db(join(root, `${files++}.db`));
  const judging = new Rows(db);
  const aside: string[] = [];
  const stop = new AbortController();
  const committer = new Committer<Read>({
    judging,
    transaction: (run) => db.transaction(run),
    touch: () => touch(db),
    isStoreError: options.isStoreError ?? ((error) => String(error).includes('full')),
    clock,
    log: SILENT,
    onNews: (news) => news,
    onCommitted: () => {},
    putAside: (_source, { name }) => {
      aside.push(name);
      return { accepted: 0, rejected: [{ index: 0, code: 'CW-5009', reason: 'put aside' }] };
    },
  });
  const running = committer.run(stop.signal);
  const end = async () => {
    stop.abort();
    await running;
    db.close();
  };
  return { db, judging, committer, aside, end, stop, running };
}

describe('committing', () => {
  it('commits a large batch in parts, and acknowledges it when all are stored', async () => {
    const { judging, committer, end } = setUp();
    expect(await committer.submit(SOURCE, batchOf('one|two'))).toEqual({ accepted: 1, rejected: [] });
    expect([judging.commits, judging.stored()]).toEqual([2, ['one', 'two']]);
    await end();
  });

  it('does not acknowledge a batch of which a part could not be stored', async () => {
    const { committer, aside, end } = setUp();
    expect(await committer.submit(SOURCE, batchOf('one|bad'))).toMatchObject({ accepted: 0 });
    expect(aside).toEqual(['one|bad']);
    await end();
  });

  it('acknowledges what is stored, in one transaction for all that waits', async () => {
    const { judging, committer, end } = setUp();
    const texts = Array.from({ length: 50 }, (_, at) => `batch ${at}`);
    const receipts = await Promise.all(texts.map((text) => committer.submit(SOURCE, batchOf(text))));
    expect(receipts).toHaveLength(50);
    expect(judging.stored()).toEqual(texts);
    expect(judging.commits).toBe(1);
    await end();
  });

  it('commits at most 100 batches at once', async () => {
    const { judging, committer, end } = setUp();
    await Promise.all(Array.from({ length: 250 }, (_, at) => committer.submit(SOURCE, batchOf(`${at}`))));
    expect(judging.commits).toBe(3);
    expect(judging.stored()).toHaveLength(250);
    await end();
  });

  it('puts the batch aside that cannot be judged, and commits the others', async () => {
    const { judging, committer, aside, end } = setUp();
    const receipts = await Promise.all(
      ['one', 'bad two', 'three'].map((text) => committer.submit(SOURCE, batchOf(text))),
    );
    expect(receipts.map(({ accepted }) => accepted)).toEqual([1, 0, 1]);
    expect(judging.stored()).toEqual(['one', 'three']);
    expect(judging.memory).toEqual(['one', 'three']);
    expect(aside).toEqual(['bad two']);
    await end();
  });

  it('refuses everything while the store is full, and works again when there is room', async () => {
    const { db, judging, committer, end } = setUp();
    await committer.submit(SOURCE, batchOf('before'));
    db.exec('PRAGMA max_page_count = 16');
    await expect(committer.submit(SOURCE, batchOf('x'.repeat(200_000)))).rejects.toThrow(Unavailable);
    expect(committer.failure).toContain('full');
    expect(committer.admit(1)).toBe(2);
    await expect(committer.submit(SOURCE, batchOf('meanwhile'))).rejects.toThrow(Unavailable);
    expect(judging.memory).toEqual(['before']);
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(committer.failure).toContain('full');
    db.exec('PRAGMA max_page_count = 100000');
    while (committer.failure !== null) await turn();
    await committer.submit(SOURCE, batchOf('after'));
    expect(judging.stored()).toEqual(['before', 'after']);
    await end();
  });

  it('what is written beside batches is undone in memory too when it fails', async () => {
    const { judging, committer, end } = setUp();
    expect(() =>
      committer.write(() => {
        judging.commit([{ receipt: { accepted: 0, rejected: [] }, text: 'bad tick' }]);
        return [];
      }),
    ).toThrow('a mistake of ours');
    expect(judging.memory).toEqual([]);
    expect(committer.failure).toBeNull();
    await end();
  });

  it('makes senders wait while 64 MB wait, and lets one through however large it is', async () => {
    const { committer, judging, end } = setUp();
    const large = 'y'.repeat(40 << 20);
    const first = committer.submit(SOURCE, batchOf(large));
    expect(committer.admit(40 << 20)).toBe(2);
    const second = committer.submit(SOURCE, batchOf(large));
    expect(committer.waiting).toEqual({ batches: 1, bytes: 40 << 20 });
    await Promise.all([first, second]);
    expect(judging.commits).toBe(2);
    await end();
  });

  it('finishes what waits when it is stopped, and refuses the rest', async () => {
    const { committer, judging, stop, running, db } = setUp();
    const waiting = ['a', 'b'].map((text) => committer.submit(SOURCE, batchOf(text)));
    stop.abort();
    await expect(committer.submit(SOURCE, batchOf('late'))).rejects.toThrow('stopping');
    await Promise.all(waiting);
    await running;
    expect(judging.stored()).toEqual(['a', 'b']);
    db.close();
  });
});
