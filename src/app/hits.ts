import type { Judged } from '../engine/ports.ts';
import { comparePosition, type Micros, SECOND } from '../events/event.ts';
import { compareText } from '../lib/compare.ts';
import { Sorter, type Spill } from '../lib/sorter.ts';
import type { RequestSource } from '../relate/sightings.ts';

/** A fact that at least one rule matched: all that is kept of it, without its raw record. */
export interface KeptHit extends Judged {
  /** For a data-plane request: which of several logs tells it. */
  readonly source: RequestSource | null;
}

/** Hits in order of their second: what windows and folds are fed with. Copies of one request stand together. */
export function hitSorter(spill: Spill, budget: number): Sorter<KeptHit> {
  return new Sorter({ compare: compareHits, encode: JSON.stringify, decode: JSON.parse, spill, budget });
}

export function secondOf(time: Micros): number {
  return Math.floor(time / SECOND);
}

/** Hits that tell the same: one fact of one account, action and thing, in one second. */
export function sameFact(a: KeptHit, b: KeptHit): boolean {
  return secondOf(a.fact.time) === secondOf(b.fact.time) && compareIdentity(a, b) === 0;
}

/** Each fact once. @param hits in order */
export function distinct(hits: readonly KeptHit[]): KeptHit[] {
  return hits.filter((hit, at) => at === 0 || !sameFact(hits[at - 1]!, hit));
}

/** A total order. */
export function compareHits(a: KeptHit, b: KeptHit): number {
  return (
    secondOf(a.fact.time) - secondOf(b.fact.time) ||
    compareIdentity(a, b) ||
    a.fact.time - b.fact.time ||
    comparePlace(a, b) ||
    compareText(JSON.stringify(a), JSON.stringify(b))
  );
}

function compareIdentity(a: KeptHit, b: KeptHit): number {
  return (
    compareText(a.fact.id, b.fact.id) ||
    compareText(a.fact.account ?? '', b.fact.account ?? '') ||
    compareText(a.fact.action, b.fact.action) ||
    compareText(a.fact.change?.property ?? '', b.fact.change?.property ?? '') ||
    compareText(`${a.fact.fields['azure.principal.id'] ?? ''}`, `${b.fact.fields['azure.principal.id'] ?? ''}`)
  );
}

function comparePlace(a: KeptHit, b: KeptHit): number {
  const [one, other] = [a.fact.evidence[0]?.position, b.fact.evidence[0]?.position];
  if (!one || !other) return 0;
  return comparePosition(one, other);
}
