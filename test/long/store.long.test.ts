import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { openStore } from '../../src/store/open.ts';
import { commitUntilKilled } from '../support/committer.ts';
import { generator } from '../support/generator.ts';
import { commitEnds } from '../support/walFile.ts';

/*
 * What was acknowledged outlives a kill -9 at any point, and a power cut.
 *
 * The power cut is a model: what was written to the log behind the last acknowledged commit did not reach the disk, or only partly, or as
 * garbage. It does not model pages of the database file itself that were written by a checkpoint and not synced: SQLite begins its log anew
 * only after it synced them, so they would be played from the log again. Nor does it model a disk that lies about syncs.
 */

const KILLS = Number(process.env['COSMOWATCH_LONG_KILLS'] ?? 30);
const CUTS = 10;

const root = mkdtempSync(join(tmpdir(), 'cosmowatch-kill-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** How many numbers are there, without gaps; the database is whole. */
function numbersIn(folder: string): number {
  const { db, isNew, close } = openStore(folder, 0);
  expect(isNew).toBe(false);
  expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  const found = db.prepare('SELECT count(*) n, max(n) last FROM numbers').get()!;
  close();
  expect(found['n']).toBe(found['last']);
  return Number(found['n']);
}

function copyOf(database: Buffer, log: Buffer): string {
  const folder = mkdtempSync(join(root, 'copy-'));
  writeFileSync(join(folder, 'cosmowatch.db'), database);
  writeFileSync(join(folder, 'cosmowatch.db-wal'), log);
  return folder;
}

it(`${KILLS} kills, and ${CUTS} power cuts at each`, async () => {
  const random = generator(20_261_124);
  const data = join(root, 'data');
  let [acknowledged, kept, inDoubt, cuts] = [0, 0, 0, 0];
  for (let kill = 0; kill < KILLS; kill++) {
    const said = await commitUntilKilled(data, join(root, 'ledger'), () => systemClock.sleep(random(60)));
    acknowledged = Math.max(acknowledged, said);
    const database = readFileSync(join(data, 'cosmowatch.db'));
    const log = readFileSync(join(data, 'cosmowatch.db-wal'));
    kept = numbersIn(data);
    // At most the one commit whose acknowledgement the kill cut off.
    expect(kept - acknowledged, `kill ${kill}`).toBeOneOf([0, 1]);
    inDoubt += kept - acknowledged;
    const safe = commitEnds(log).at(kept === acknowledged ? -1 : -2) ?? 0;
    for (let cut = 0; cut < CUTS; cut++) {
      const at = safe + random(log.length - safe + 1);
      const garbage = Buffer.from(log).fill(random(256), at);
      const folder = copyOf(database, cut % 2 === 0 ? log.subarray(0, at) : garbage);
      expect(numbersIn(folder) - acknowledged, `kill ${kill}, cut at ${at} of ${log.length}`).toBeOneOf([0, 1]);
      rmSync(folder, { recursive: true });
      cuts += 1;
    }
    acknowledged = kept;
  }
  console.log(`${KILLS} kills, ${cuts} cuts: ${kept} commits, ${inDoubt} were kept whose acknowledgement was cut off`);
  expect(kept).toBeGreaterThan(KILLS);
});
