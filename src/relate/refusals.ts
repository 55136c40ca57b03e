import { type Event, MINUTE, type Micros } from '../events/event.ts';

/** Seconds in which it holds, both ends included. */
interface Span {
  from: Micros;
  to: Micros;
}

/**
 * Who was refused the full keys of an account, and until when a read of the read-only keys by the same caller is what they did instead.
 * Spans merge in any order, and a refusal that is told again changes nothing.
 */
export class Refusals {
  readonly #spans = new Map<string, Span[]>();

  saw({ account, actor, action, outcome, time }: Event): void {
    if (action !== 'cosmosdb.keys.list' || outcome !== 'failure' || account === null || actor?.id == null) return;
    const key = `${account}|${actor.id}`;
    const own = this.#spans.get(key);
    if (own === undefined) this.#spans.set(key, [{ from: time, to: time + MINUTE }]);
    else add(own, { from: time, to: time + MINUTE });
  }

  /** Was the caller of this read refused the full keys within the minute before? */
  precede({ account, actor, time }: Pick<Event, 'account' | 'actor' | 'time'>): boolean {
    const own = this.#spans.get(`${account}|${actor?.id}`);
    return own?.some(({ from, to }) => from <= time && time <= to) ?? false;
  }
}

function add(spans: Span[], span: Span): void {
  const first = spans.findIndex(({ to }) => to >= span.from);
  if (first < 0) {
    spans.push(span);
    return;
  }
  let end = first;
  while (end < spans.length && spans[end]!.from <= span.to) {
    span.from = Math.min(span.from, spans[end]!.from);
    span.to = Math.max(span.to, spans[end]!.to);
    end += 1;
  }
  spans.splice(first, end - first, span);
}
