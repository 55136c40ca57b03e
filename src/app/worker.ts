import { parentPort, workerData } from 'node:worker_threads';
import { type Piece, PieceReader, type ReaderSetup } from './piece.ts';

/** What runs in a worker: a piece comes in, what it tells goes out, in numbers and text. */

const reader = new PieceReader(workerData as ReaderSetup);

parentPort!.on('message', (piece: Piece) => {
  const told = reader.read(piece);
  parentPort!.postMessage(told, [told.signs.buffer, told.times.buffer]);
});
