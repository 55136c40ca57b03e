import { type Store, storeOf, useStore } from './store.ts';

/** The only place that looks at the clock. */
export function now(): number {
  return Date.now();
}

const minute: Store<number> = storeOf(now());
let isTicking = false;

/** The time, renewed every 10 s: for ages such as "6 min ago". */
export function useNow(): number {
  if (!isTicking) {
    isTicking = true;
    setInterval(() => minute.set(now()), 10_000);
  }
  return useStore(minute);
}
