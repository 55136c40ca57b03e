import type { Routable } from '../alerts/match.ts';

/** What the maker of an exception or silence may see: it reaches no further. */
export interface Reach {
  /** Lower case; null: all. */
  readonly subscriptions: readonly string[] | null;
  readonly labels: Readonly<Record<string, string>>;
}

export const EVERYWHERE: Reach = { subscriptions: null, labels: {} };

export type Origin = 'config' | 'api';

/** Who made it, and how far it reaches. */
export interface Maker {
  readonly origin: Origin;
  readonly reach: Reach;
}

export const CONFIGURED: Maker = { origin: 'config', reach: EVERYWHERE };

export function isReached({ subscriptions, labels }: Reach, { subscription, labels: own }: Routable): boolean {
  if (subscriptions !== null && (subscription === null || !subscriptions.includes(subscription))) return false;
  return Object.entries(labels).every(([name, value]) => Object.hasOwn(own, name) && own[name] === value);
}

/** Does the one reach no further than the other? */
export function isInside(inner: Reach, outer: Reach): boolean {
  const { subscriptions } = outer;
  const isBelow = subscriptions === null || (inner.subscriptions?.every((id) => subscriptions.includes(id)) ?? false);
  return isBelow && Object.entries(outer.labels).every(([name, value]) => inner.labels[name] === value);
}
