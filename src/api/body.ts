import { promisify } from 'node:util';
import { gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import type { z } from 'zod';
import { Refusal } from './problem.ts';

export interface Limits {
  /** Bytes of a body as it is sent. */
  readonly sent: number;
  /** Bytes of a body that was decompressed. */
  readonly expanded: number;
  /** Bytes of a JSON body of a question or change. */
  readonly json: number;
  /** Bytes of all pushed bodies at once. */
  readonly atOnce: number;
  /** Milliseconds in which a request must have arrived. */
  readonly arrival: number;
}

export const LIMITS: Limits = {
  sent: 10 << 20,
  expanded: 100 << 20,
  json: 64 << 10,
  atOnce: 64 << 20,
  arrival: 60_000,
};

/** Logs expand twentyfold, seldom a hundredfold. Small bodies may expand further: they cost nothing. */
const MOST_RATIO = 250;
const RATIO_FROM = 16 << 20;

type Expand = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>;

const EXPANDERS: Readonly<Record<string, Expand>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  zstd: promisify(zstdDecompress),
  // Some send the bare stream under this name.
  deflate: (bytes, options) => (isZlib(bytes) ? promisify(inflate) : promisify(inflateRaw))(bytes, options),
};

const ENCODINGS = 'gzip, zstd, deflate, identity';

/** @throws Refusal for an encoding that nobody here reads; before the body is read */
export function checkEncoding(encoding: string | undefined): void {
  const name = nameOf(encoding);
  if (name === 'identity' || Object.hasOwn(EXPANDERS, name)) return;
  throw new Refusal('CW-6006', 'the content encoding is not one of those that are read', `Use one of: ${ENCODINGS}.`, {
    'accept-encoding': ENCODINGS,
  });
}

function nameOf(encoding: string | undefined): string {
  return (encoding ?? 'identity').trim().toLowerCase() || 'identity';
}

/**
 * The body as it was before it was compressed. What is compressed and does not say so is recognised by its first bytes: people send files.
 * @throws Refusal if it is damaged or expands too far
 */
export async function expanded(bytes: Uint8Array, encoding: string | undefined, limits: Limits): Promise<Uint8Array> {
  const name = nameOf(encoding) === 'identity' ? compressionOf(bytes) : nameOf(encoding);
  if (name === null || bytes.length === 0) return bytes;
  const most = Math.min(limits.expanded, Math.max(RATIO_FROM, bytes.length * MOST_RATIO));
  try {
    return await EXPANDERS[name]!(bytes, { maxOutputLength: most });
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(`the body expands to more than ${most} bytes`);
    throw new Refusal('CW-6005', `the body is not valid ${name}`, 'Compress it again, and send all of it.');
  }
}

export function tooLarge(message: string): Refusal {
  return new Refusal('CW-6007', message, 'Send fewer records at once.');
}

function compressionOf(bytes: Uint8Array): string | null {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  return bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd ? 'zstd' : null;
}

/** RFC 1950: the method is 8, and the first two bytes are a multiple of 31. */
function isZlib(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null;
}

/** The media type of a `Content-Type`, lower-case; `''` if none is named. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

/** @throws Refusal for a type that is not taken */
export function checkType(contentType: string | undefined, types: readonly string[]): void {
  if (types.includes(mediaType(contentType))) return;
  const taken = types.filter((type) => type !== '').join(', ');
  throw new Refusal('CW-6006', 'the content type is not one of those that are read', `Use one of: ${taken}.`);
}

/** The JSON of a body, as a schema wants it; no body is an empty object. @throws Refusal that names the fields that are wrong */
export function jsonBody(bytes: Uint8Array, schema: z.ZodType): unknown {
  return checked(bytes.length === 0 ? {} : parsed(bytes), schema, 'body');
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Refusal('CW-6005', 'the body is not valid JSON in UTF-8', 'Send one JSON object.');
  }
}

/** @throws Refusal that names the fields that are wrong */
export function checked(value: unknown, schema: z.ZodType, what: 'body' | 'query'): unknown {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const issues = error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.') || what}: ${message}`);
  throw new Refusal(
    'CW-6005',
    `the ${what} is not valid: ${issues.join('; ').slice(0, 500)}`,
    'docs/api.md and /api/v1/openapi.json say what is taken.',
  );
}
