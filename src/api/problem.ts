import { type ErrorCode, UserError } from '../lib/errors.ts';
import type { Problem } from './contract.ts';

/** The HTTP status of each refusal. One code has one status. */
const STATUS = {
  'CW-6001': 401,
  'CW-6002': 403,
  'CW-6003': 404,
  'CW-6004': 405,
  'CW-6005': 400,
  'CW-6006': 415,
  'CW-6007': 413,
  'CW-6008': 429,
  'CW-6009': 503,
  'CW-6010': 421,
  'CW-6011': 408,
  'CW-6012': 409,
  'CW-6015': 401,
  'CW-6016': 429,
  'CW-6017': 403,
  'CW-6018': 410,
  'CW-6019': 403,
  'CW-6020': 403,
  'CW-6021': 403,
  'CW-6022': 400,
  'CW-6023': 400,
  'CW-6024': 400,
  'CW-6041': 429,
} as const satisfies Partial<Record<ErrorCode, number>>;

export type RefusalCode = keyof typeof STATUS;

/** Use cases refuse in the same words. Null: the error is none that is answered. */
export function asRefusal(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  if (!(error instanceof UserError) || !isRefusalCode(error.code)) return null;
  return new Refusal(error.code, error.message, error.cure ?? 'docs/api.md says what is taken.');
}

function isRefusalCode(code: ErrorCode): code is RefusalCode {
  return Object.hasOwn(STATUS, code);
}

/** A request that is refused. Its message and cure are sent, so they hold nothing of what was sent but names, and no secret. */
export class Refusal extends UserError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: RefusalCode, message: string, cure: string, headers: Readonly<Record<string, string>> = {}) {
    super(code, message, { cure });
    this.status = STATUS[code];
    this.headers = headers;
  }
}

/** Not now, but later. @param seconds to wait */
export function later(
  code: 'CW-6008' | 'CW-6009' | 'CW-6016' | 'CW-6041',
  message: string,
  seconds: number,
  cure?: string,
): Refusal {
  const wait = Math.max(1, Math.ceil(seconds));
  return new Refusal(code, message, cure ?? `Send it again after ${wait} s.`, { 'retry-after': String(wait) });
}

export function problemOf({ code, message, cure }: UserError): Problem {
  return { code, message, cure };
}

/** What went wrong inside is for the log, never for who asks. */
export const INTERNAL: Problem = {
  code: 'CW-9001',
  message: 'something went wrong inside cosmowatch',
  cure: 'Its log says what; please report it.',
};
