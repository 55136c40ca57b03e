import { visibleCharacters } from '../lib/visible.ts';
import { deliveryOf } from './httpDelivery.ts';
import type { Delivery, HttpAnswer } from './receiver.ts';

/**
 * For an answer that is no success, with what the service said about it.
 * @param told already harmless; empty: nothing
 * @param cure what to change, for answers that mean a wrong setting
 */
export function failure(answer: HttpAnswer, now: number, told = '', cure = ''): Delivery {
  const delivery = deliveryOf(answer, now);
  if (delivery.kind === 'delivered' || answer.kind === 'failed') return delivery;
  const said = told === '' ? '' : `: ${told}`;
  return { ...delivery, reason: `${delivery.reason}${said}${delivery.kind === 'rejected' ? cure : ''}` };
}

/** A server's words, for a log and a page: one line, cut, and without any word of what we sent it in confidence. */
export function saidBy(body: string, secrets: readonly string[]): string {
  const words = body
    .slice(0, 4000)
    .replace(/[^\s"'<>,;()[\]{}]{4,}/g, (word) => (isOf(word, secrets) ? '[secret]' : word));
  const line = visibleCharacters(words.replace(/\s+/g, ' ').trim());
  const characters = [...line];
  return characters.length <= 200 ? line : `${characters.slice(0, 200).join('')}...`;
}

function isOf(word: string, secrets: readonly string[]): boolean {
  return secrets.some((secret) => secret !== '' && (secret.includes(word) || word.includes(secret)));
}

export function byteLength(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
