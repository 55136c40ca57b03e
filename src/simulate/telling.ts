import type { Act } from './acts.ts';
import { hasGap, type Variant } from './forms.ts';
import { type Aggregate, stampFor } from './wire/aggregates.ts';
import { apiLogOf } from './wire/apiLogs.ts';
import { CONTROL_DELAY } from './wire/controlPlane.ts';

/** What the logs of a simulation can tell of acts: truth is what they tell, not what happened. */
export interface Telling {
  /** When an act is first seen, in milliseconds since 1970. */
  readonly seenAt: (act: Act) => number;
  /** Is it told what was sent? */
  readonly bodies: boolean;
}

export const EVERYTHING: Telling = { seenAt: ({ time }) => time, bodies: true };

/** How requests of NoSQL accounts are logged: one by one, summed up, or both, which tells the same twice. */
export const DETAILS = ['requests', '5m', '15m', 'requests+5m', 'requests+15m'] as const;
export type Detail = (typeof DETAILS)[number];

export function aggregateOf(detail: Detail): Aggregate | null {
  if (detail === 'requests') return null;
  return detail.endsWith('15m') ? 'DataPlaneRequests15M' : 'DataPlaneRequests5M';
}

export function hasRequests(detail: Detail): boolean {
  return detail.startsWith('requests');
}

export function tellingOf(variant: Variant, detail: Detail): Telling {
  const isMixed = variant === 'mixed';
  const endsOnly = !isMixed && hasGap('ActivityLog', variant, 'start');
  const bodies = isMixed || !hasGap('ActivityLog', variant, 'body');
  const aggregate = hasRequests(detail) ? null : aggregateOf(detail);
  const seenAt = (act: Act): number => {
    if (act.kind === 'arm' && endsOnly) return endOf(act);
    const isSummedUp = act.kind === 'request' && apiLogOf(act.account) === null;
    return isSummedUp && aggregate !== null ? stampFor(aggregate, act.time) : act.time;
  };
  return { seenAt, bodies };
}

/** The account's own log tells a start, where it tells of the act at all. */
function endOf({ time, control, takes = 1 }: Extract<Act, { kind: 'arm' }>): number {
  return time + (control === undefined ? takes * 1000 : CONTROL_DELAY);
}
