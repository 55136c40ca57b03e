import { randomBytes } from 'node:crypto';

/** Wall time and waiting, as a parameter. Only this file touches `Date.now` and timers. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
    }),
};

/** Resolves when the signal is aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** 0 to 1, for jitter; never for secrets. */
export const chance = (): number => Math.random();

/** Lets what waits outside come in: messages of other threads, signals. */
export function turn(): Promise<void> {
  return new Promise(setImmediate);
}

/** A clock that stands still at `ms`: tests, and `--now`. */
export function fixedClock(ms: number): Clock {
  return { now: () => ms, sleep: () => Promise.resolve() };
}

/** So many bytes that nobody can guess: for secrets. */
export type RandomBytes = (count: number) => Uint8Array;

export const systemBytes: RandomBytes = (count) => randomBytes(count);
