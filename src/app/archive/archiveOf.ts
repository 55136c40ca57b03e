import type { Config } from '../../config/config.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../telemetry/log.ts';
import { Archive } from './archive.ts';

/** Chunks of the archive: so many bytes, or so long after the first record of one. */
const CHUNK = 16 << 20;
const CHUNK_AGE = 300_000;

/** What the configuration asks for; null: nothing is archived. */
export function archiveOf({ archive, data }: Config, clock: Clock, log: Log): Archive | null {
  if (archive === null) return null;
  const { folder, container, queue } = archive;
  const connectionString = container?.connectionString?.reveal() ?? null;
  const place = { folder, container: container === null ? null : { ...container, connectionString } };
  return new Archive({ place, data, spool: { most: queue, chunk: CHUNK, age: CHUNK_AGE }, clock, log });
}
