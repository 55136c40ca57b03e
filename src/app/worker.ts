import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { Piece, ReaderSetup } from './piece.ts';

/** What runs in a worker: a piece comes in, what it tells goes out, in numbers and text. */

// Before anything else is loaded: most of a worker's start is compiling.
enableCompileCache();
const { PieceReader } = await import('./piece.ts');
const reader = new PieceReader(workerData as ReaderSetup);

parentPort!.on('message', (piece: Piece) => {
  const told = reader.read(piece);
  parentPort!.postMessage(told, [told.signs.buffer, told.times.buffer]);
});
