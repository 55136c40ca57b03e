import type { FirstTime } from '../alerts/alert.ts';
import { unlinked } from '../lib/visible.ts';
import { capital, listText, visible } from './text.ts';

/** What tuning says of an alert, for people; its words hold names and addresses from logs. */

/** `Routine: 27 times since 2 Nov, ...`; null: nothing. */
export function levelReasonText(levelReason: string | null): string | null {
  return levelReason === null ? null : capital(unlinked(visible(levelReason)));
}

const KINDS = {
  actor: 'caller',
  application: 'application',
  address: 'address',
  agent: 'client',
  asn: 'network',
} as const satisfies Readonly<Record<FirstTime['kind'], string>>;

/** `address 203.0.113.77 and network AS64496 for the first time in 90 days`; null: nothing is new. */
export function firstsText(firsts: readonly FirstTime[]): string | null {
  if (firsts.length === 0) return null;
  const things = firsts.map(({ kind, value }) => `${KINDS[kind]} ${unlinked(visible(value))}`);
  return `${listText(things, 4)} for the first time in ${Math.max(...firsts.map(({ days }) => days))} days`;
}
