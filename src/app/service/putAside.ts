import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Batch, Receipt } from '../../sources/source.ts';
import type { SourceInfo } from '../live/read.ts';

/**
 * A batch that could not be judged goes, as it came, into a file of the data folder: nothing is lost, and nothing waits behind it. The same
 * batch has the same file, however often it is given.
 */
export function putAside(folder: string, source: SourceInfo, batch: Batch): Receipt {
  const below = join(folder, 'aside');
  mkdirSync(below, { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  for (const piece of batch.bytes) hash.update(piece);
  const file = openSync(join(below, `${source.name}-${hash.digest('hex').slice(0, 16)}.log`), 'w', 0o600);
  try {
    for (const piece of batch.bytes) for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  const reason = 'the batch could not be judged; it is kept in the folder "aside" of the data folder';
  return { accepted: 0, rejected: [{ index: 0, code: 'CW-5009', reason }] };
}
