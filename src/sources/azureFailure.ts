import { UserError } from '../lib/errors.ts';
import { retryAfter } from '../lib/retryAfter.ts';
import { visibleCharacters } from '../lib/visible.ts';

/** What passes by itself: it is tried again. `message` is for people and holds no secret. */
export class Passing extends Error {
  /** Milliseconds that the other side wants to be left alone; null: it said nothing. */
  readonly after: number | null;

  constructor(message: string, after: number | null = null) {
    super(message);
    this.name = 'Passing';
    this.after = after;
  }
}

/** Nobody is left alone for longer, whatever a header says. */
export const LONGEST_WAIT = 15 * 60_000;

/** Errors of @azure/identity: nobody to sign in as. */
const UNIDENTIFIED: ReadonlySet<string> = new Set([
  'CredentialUnavailableError',
  'AuthenticationError',
  'AggregateAuthenticationError',
  'AuthenticationRequiredError',
]);

/** Expected by those who ask: no such thing, another than was listed, no such range. */
const EXPECTED: ReadonlySet<number> = new Set([404, 412, 416]);

/**
 * What an error of an Azure SDK means. Their texts hold addresses, which may be signed, so nothing of them is told but status and code.
 * Null: the status is one that the caller knows what to do about.
 */
export function failureOf(
  error: unknown,
  what: string,
  refused: (status: number, code: string) => UserError | null,
): UserError | Passing | null {
  if (error instanceof UserError || error instanceof Passing) return error;
  const { name, statusCode, code, response } = error as SdkError;
  if (UNIDENTIFIED.has(name ?? '')) return unidentified(name!);
  const why = visibleCharacters(String(code ?? name ?? 'unknown reason')).slice(0, 80);
  if (typeof statusCode !== 'number') return new Passing(`${visibleCharacters(what)}: no answer (${why})`);
  if (EXPECTED.has(statusCode)) return null;
  const header = response?.headers?.get('retry-after');
  const after = retryAfter(header, { now: 0, most: LONGEST_WAIT });
  return refused(statusCode, why) ?? new Passing(`${visibleCharacters(what)}: ${statusCode} ${why}`, after);
}

interface SdkError {
  readonly name?: string;
  readonly statusCode?: unknown;
  readonly code?: unknown;
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
}

function unidentified(name: string): UserError {
  return new UserError('CW-7003', `no identity of Azure could be used to sign in (${name})`, {
    facts: [
      'tried: variables of the environment (AZURE_CLIENT_ID, ...), workload identity, managed identity, Azure CLI, Azure PowerShell',
    ],
    cure: 'give this machine a managed identity (one of several: name it as client_id), set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or run az login',
  });
}
