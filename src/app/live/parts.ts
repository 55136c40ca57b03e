import type { ReadBatch } from './read.ts';

/** Hits of one transaction: some tenths of a second, so that whoever asks meanwhile is not kept waiting for longer. */
const HITS = 2000;

/**
 * What is committed together. A batch of many hits is committed in several transactions, the last of which has its position: a source, or a
 * sender that had no answer, gives again what was cut off, and what is stored of it by then is known by its ids.
 */
export function* partsOf(reads: readonly ReadBatch[], most = HITS): Generator<readonly ReadBatch[]> {
  let part: ReadBatch[] = [];
  let count = 0;
  for (const piece of reads.flatMap((read) => piecesOf(read, most))) {
    if (part.length > 0 && count + piece.hits.length > most) {
      yield part;
      part = [];
      count = 0;
    }
    part.push(piece);
    count += piece.hits.length;
  }
  if (part.length > 0) yield part;
}

/** Which logs tell requests is known with the first piece, because it decides what hits count for. */
function piecesOf(read: ReadBatch, most: number): ReadBatch[] {
  const count = Math.max(1, Math.ceil(read.hits.length / most));
  return Array.from({ length: count }, (_, at) => ({
    ...read,
    hits: read.hits.slice(at * most, (at + 1) * most),
    ...(at === 0 ? {} : { signs: [], events: [] }),
    ...(at === count - 1 ? {} : { figures: [], isCut: true }),
  }));
}
