import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { ArchivePlace } from './target.ts';

/** What runs in a worker: a chunk of the queue comes in, and its files are in the archive when the answer goes out. */

export interface ChunkToPack {
  readonly number: number;
  readonly path: string;
}

export type PackAnswer =
  | { readonly number: number; readonly files: number }
  | { readonly number: number; readonly failed: string };

enableCompileCache();
const { partsIn } = await import('./pack.ts');
const { framesOf } = await import('./spool.ts');
const { putterOf } = await import('./target.ts');
const putting = putterOf(workerData as ArchivePlace);
// It is asked for with each chunk.
putting.catch(() => {});

async function pack({ number, path }: ChunkToPack): Promise<PackAnswer> {
  try {
    const put = await putting;
    const parts = partsIn(framesOf(path), number);
    for (const part of parts) await put(part);
    return { number, files: parts.length };
  } catch (error) {
    // The message of a library may hold an address with its signature.
    const { code, name } = error as NodeJS.ErrnoException;
    return { number, failed: code ?? name };
  }
}

parentPort!.on('message', (chunk: ChunkToPack) => {
  void pack(chunk).then((answer) => parentPort!.postMessage(answer));
});
