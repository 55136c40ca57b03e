import { type RequestSource, type Sightings, tellersKey } from '../relate/sightings.ts';
import { type KeptHit, sameFact } from './hits.ts';

/** A hit of the data plane that several logs may tell. */
type Request = KeptHit & { readonly source: RequestSource };

/**
 * Which hits count where several logs tell the same requests. Of the logs that have a record a request, the first that holds a success
 * gives the facts of a quarter of an hour; of the aggregates likewise. Beside one another the larger number of an action counts: an
 * aggregate is complete where logging by request began in the middle, and a request tells more where both are.
 */
export class Tellers {
  readonly #sightings: Pick<Sightings, 'tellers' | 'isToldTwice'>;
  readonly #counts = new Map<string, { request: number; aggregate: number }>();

  /** @param hits every hit in order, copies beside each other; read only where both kinds of log tell of one quarter of an hour */
  constructor(sightings: Pick<Sightings, 'tellers' | 'isToldTwice'>, hits: Iterable<KeptHit>) {
    this.#sightings = sightings;
    if (sightings.isToldTwice) this.#count(hits);
  }

  /** Does this log's telling count? */
  gives(hit: KeptHit): boolean {
    if (!isRequest(hit)) return true;
    const { request, aggregate } = this.#tellersOf(hit);
    if (hit.source !== request && hit.source !== aggregate) return false;
    if (request === null || aggregate === null) return true;
    const counts = this.#counts.get(keyOf(hit));
    const isLarger = counts !== undefined && counts.aggregate > counts.request;
    return hit.source === (isLarger ? aggregate : request);
  }

  #count(hits: Iterable<KeptHit>): void {
    let before: KeptHit | null = null;
    for (const hit of hits) {
      const isCopy = before !== null && sameFact(before, hit);
      before = hit;
      if (isCopy || !isRequest(hit)) continue;
      const { request, aggregate } = this.#tellersOf(hit);
      if (request === null || aggregate === null) continue;
      const key = keyOf(hit);
      const counts = this.#counts.get(key) ?? { request: 0, aggregate: 0 };
      if (hit.source === request) counts.request += hit.fact.count;
      if (hit.source === aggregate) counts.aggregate += hit.fact.count;
      this.#counts.set(key, counts);
    }
  }

  #tellersOf({ fact, source }: Request) {
    return this.#sightings.tellers(fact.account!, fact.time, source);
  }
}

function isRequest(hit: KeptHit): hit is Request {
  return hit.source !== null && hit.fact.account !== null;
}

function keyOf({ fact, source }: Request): string {
  const isDone = fact.outcome === 'success';
  return [fact.account, tellersKey(fact.time, source), fact.action, isDone].join('|');
}
