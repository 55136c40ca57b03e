import type { Db } from './db.ts';

/** Bytes that a probe writes: about what a usual batch changes, so that a disk with room for less is found to be full. */
const PROBE_BYTES = 256 << 10;

/** Writes and takes back; fails while there is no room. Inside a transaction. */
export function touch(db: Db): void {
  db.prepare(`INSERT INTO meta VALUES ('probe', zeroblob(${PROBE_BYTES}))`).run();
  db.prepare(`DELETE FROM meta WHERE name = 'probe'`).run();
}
