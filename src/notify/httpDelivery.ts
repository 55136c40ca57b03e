import type { Delivery, HttpAnswer } from './receiver.ts';

/** Refused for now: too early, too many, a failure over there. Every other answer but success will be the same again. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * What an HTTP answer means where the status says it all: 2xx is delivered; 408, 425, 429, 5xx and what never arrived is tried again; everything
 * else, redirects too, is rejected. Receivers whose service says more look at the body first.
 */
export function deliveryOf(answer: HttpAnswer, now: number, ref: string | null = null): Delivery {
  if (answer.kind === 'failed')
    return answer.refused
      ? { kind: 'rejected', reason: answer.reason }
      : { kind: 'retry', after: null, reason: answer.reason };
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: 'delivered', ref };
  const reason = `HTTP ${status}${status >= 300 && status < 400 ? ', a redirect, which is not followed' : ''}`;
  if (!isPassing(status)) return { kind: 'rejected', reason };
  return { kind: 'retry', after: retryAfter(answer, now), reason };
}

export function isPassing(status: number): boolean {
  return PASSING.has(status) || status > 504;
}

/** Milliseconds that a `Retry-After` asks for, as seconds or as a date (RFC 9110, 10.2.3); null: none, or none that can be read. */
export function retryAfter(
  { headers }: { readonly headers: Readonly<Record<string, string>> },
  now: number,
): number | null {
  const text = headers['retry-after']?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Z][a-z]{2}/.test(text)) return null;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
