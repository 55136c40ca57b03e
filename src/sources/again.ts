import { waitAfter } from '../lib/backoff.ts';
import type { Batch, SourceContext } from './source.ts';

const FIRST = 1000;
const MOST = 60_000;

/** Milliseconds before attempt `attempt` (1: the first repetition): doubling from `first`, at most a minute, the upper half by chance. */
export function backoff(attempt: number, random: () => number, first = FIRST): number {
  return waitAfter(attempt - 1, { first, most: MOST, random });
}

/** Progress is told so often where nothing comes. */
export const PROGRESS_EVERY = 15_000;

/**
 * Gives a batch until it is kept. False: the source was stopped first, and whether it was kept is not known. A batch that the service does
 * not keep is no fault of the source, so its health stays what it is: the service knows why.
 */
export async function giveUntilKept(context: SourceContext, batch: Batch, signal: AbortSignal): Promise<boolean> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    const kept = await orAborted(
      context.emit(batch).then(
        () => true,
        () => false,
      ),
      signal,
    );
    if (kept !== false) return kept === true;
    await context.clock.sleep(backoff(attempt, context.random), signal);
  }
  return false;
}

/** What a promise gives, or `null` as soon as the signal is aborted. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | null> {
  if (signal.aborted) return null;
  const { promise: aborted, resolve } = Promise.withResolvers<null>();
  const end = () => resolve(null);
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

const CLOSE_WITHIN = 2000;

/** Waits for the end of what closes, but not long: clients wait for links that nobody answers any more, and are left to themselves then. */
export async function closed(closing: Promise<unknown>): Promise<void> {
  await orAborted(
    closing.catch(() => {}),
    AbortSignal.timeout(CLOSE_WITHIN),
  );
}
