import { type Micros, SECOND } from '../events/event.ts';
import type { Fact } from '../events/fact.ts';
import type { Hit } from '../engine/ports.ts';
import { type Spill, Sorter } from '../lib/sorter.ts';
import type { RequestSource } from '../relate/sightings.ts';

/** A fact that at least one rule matched: all that is kept of it, without its raw record. */
export interface Judged {
  readonly fact: Fact;
  readonly hits: readonly Hit[];
  /** For a data-plane request: which of several logs tells it. */
  readonly source: RequestSource | null;
}

/** Hits in order of their second: what windows and folds are fed with. Copies of one request stand together. */
export function hitSorter(spill: Spill, budget: number): Sorter<Judged> {
  return new Sorter({ compare, encode: JSON.stringify, decode: JSON.parse, spill, budget });
}

export function secondOf(time: Micros): number {
  return Math.floor(time / SECOND);
}

/** Hits that tell the same: one fact of one account in one second, and for changes the same property. */
export function identityOf({ fact }: Judged): string {
  return `${fact.id}|${fact.account}|${fact.action}|${fact.change?.property ?? ''}|${fact.target ?? ''}`;
}

function compare(a: Judged, b: Judged): number {
  return (
    secondOf(a.fact.time) - secondOf(b.fact.time) ||
    compareText(identityOf(a), identityOf(b)) ||
    a.fact.time - b.fact.time ||
    comparePlace(a, b) ||
    compareText(JSON.stringify(a), JSON.stringify(b))
  );
}

function comparePlace(a: Judged, b: Judged): number {
  const [one, other] = [a.fact.evidence[0]?.position, b.fact.evidence[0]?.position];
  if (!one || !other) return 0;
  return compareText(one.source, other.source) || one.line - other.line || one.index - other.index;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
