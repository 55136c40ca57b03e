import { createHmac } from 'node:crypto';

/**
 * The headers that prove who sent a body, in the form of Standard Webhooks (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md),
 * so that ready libraries verify it: HMAC-SHA256 over `id.timestamp.body`. With two keys, while one replaces the other, there are two signatures.
 *
 * @param now milliseconds
 */
export function signatureHeaders(
  keys: readonly Buffer[],
  id: string,
  now: number,
  body: string,
): Readonly<Record<string, string>> {
  const seconds = Math.floor(now / 1000);
  const signatures = keys.map((key) => {
    const code = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
    return `v1,${code}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signatures.join(' ') };
}

/** The key that a secret stands for: base64 behind `whsec_`, else the bytes of the text; null: it is empty. How long it must be, the other end decides. */
export function signingKey(secret: string): Buffer | null {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret, 'utf8');
  return key.length === 0 ? null : key;
}
