import { UserError } from '../lib/errors.ts';
import { isObject, type JsonObject, parseObject } from '../lib/json.ts';
import { retryAfter } from '../lib/retryAfter.ts';
import { visibleCharacters } from '../lib/visible.ts';
import { failureOf, LONGEST_WAIT, Passing } from './azureFailure.ts';

/** What is needed of a credential of @azure/identity. */
export interface TokenSource {
  getToken(
    scope: string,
    options?: { readonly abortSignal?: AbortSignal },
  ): Promise<{ readonly token: string; readonly expiresOnTimestamp: number } | null>;
}

export interface RestOptions {
  /** `https://management.azure.com`; plain http only on this machine. */
  readonly endpoint: string;
  /** For whom the token is: `https://management.azure.com/.default`. */
  readonly scope: string;
  readonly credential: () => Promise<TokenSource>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** One answer; `next` asks for what follows. */
export interface Answer {
  readonly body: JsonObject;
  readonly next: string | null;
}

/** What a question needs, for the cure where it is refused: `Reader on the subscription`. */
export type Ask = (path: string, needs: string, signal: AbortSignal) => Promise<Answer>;

const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const SUBSCRIPTION = `/subscriptions/${GUID}`;
const GROUP = `${SUBSCRIPTION}/resourcegroups/[^/]+/providers`;
/**
 * All that is ever asked, always by GET. None of it answers with a key, a connection string or any other secret: those are given by POST
 * only (listKeys, listConnectionStrings), and nothing here can send one.
 */
const READABLE: readonly RegExp[] = [
  `${SUBSCRIPTION}/providers/microsoft\\.insights/eventtypes/management/values`,
  `${SUBSCRIPTION}/providers/microsoft\\.documentdb/(?:databaseaccounts|mongoclusters)`,
  `${SUBSCRIPTION}/providers/microsoft\\.authorization/locks`,
  `${SUBSCRIPTION}/providers/microsoft\\.keyvault/vaults`,
  `${SUBSCRIPTION}/providers/microsoft\\.dataprotection/backupvaults`,
  `${GROUP}/microsoft\\.dataprotection/backupvaults/[^/]+/backupinstances`,
  `${GROUP}/microsoft\\.documentdb/(?:databaseaccounts|mongoclusters)/[^/]+/providers/microsoft\\.insights/diagnosticsettings`,
  `/v1/workspaces/${GUID}/query`,
].map((path) => new RegExp(`^${path}$`));

/** May this path (of a parsed address) be read? */
export function isReadable(path: string): boolean {
  const folded = path.toLowerCase();
  return !/%2f|%5c|%00/.test(folded) && READABLE.some((pattern) => pattern.test(folded));
}

const MOST_BYTES = 128 << 20;
/** Real time: an answer that has not come by then never will. */
const PATIENCE = 120_000;
/** A token is renewed so long before it ends. */
const RENEW_BEFORE = 300_000;

/** Asks Azure, by GET and from the list above only. Throws UserError for what a person must cure, `Passing` for what passes. */
export class AzureRest {
  readonly #options: RestOptions;
  readonly #origin: string;
  #credential: TokenSource | null = null;
  #token: { readonly token: string; readonly expiresOnTimestamp: number } | null = null;

  constructor(options: RestOptions) {
    this.#options = options;
    const { protocol, hostname, origin } = new URL(options.endpoint);
    const isHere = /^(?:127(?:\.\d+){3}|localhost|\[::1\])$/.test(hostname);
    if (protocol !== 'https:' && !isHere)
      throw new UserError('CW-7005', `${origin} would be sent a token without encryption`, { cure: 'use https' });
    this.#origin = origin;
  }

  /** @param path from the root, or the `next` of an answer */
  readonly get: Ask = async (path, needs, signal) => {
    const url = new URL(path, this.#origin);
    if (url.origin !== this.#origin || !isReadable(url.pathname))
      throw new Passing(`${this.#origin}: an answer points to what is never read`);
    const first = await this.#send(url, signal);
    const answer = first.status === 401 ? await this.#again(url, signal) : first;
    if (answer.status !== 200) throw this.#refused(answer, needs);
    return this.#read(answer.bytes);
  };

  /** The token may have been taken back before its time. */
  #again(url: URL, signal: AbortSignal): Promise<Raw> {
    this.#token = null;
    return this.#send(url, signal);
  }

  #read(bytes: Uint8Array): Answer {
    const body = parseObject(Buffer.from(bytes).toString());
    if (body === null) throw new Passing(`${this.#origin}: an answer that is no JSON`);
    const next = body['nextLink'];
    return { body, next: typeof next === 'string' && next !== '' ? next : null };
  }

  async #send(url: URL, signal: AbortSignal): Promise<Raw> {
    const headers = { authorization: `Bearer ${await this.#bearer(signal)}`, accept: 'application/json' };
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
      const response = await fetch(url, { headers, redirect: 'error', signal: limit });
      const after = response.headers.get('retry-after');
      return { status: response.status, after, bytes: await this.#bytesOf(response) };
    } catch (error) {
      if (error instanceof Passing) throw error;
      const { cause, name } = error as { cause?: { code?: unknown }; name?: string };
      const why = visibleCharacters(String(cause?.code ?? name));
      throw new Passing(`${this.#origin}: no answer (${why})`);
    }
  }

  async #bytesOf(response: Response): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of response.body ?? []) {
      length += chunk.length;
      if (length > MOST_BYTES) throw new Passing(`${this.#origin}: an answer that does not end`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  async #bearer(signal: AbortSignal): Promise<string> {
    const { credential, scope, now } = this.#options;
    if (this.#token !== null && this.#token.expiresOnTimestamp - now() > RENEW_BEFORE) return this.#token.token;
    try {
      this.#credential ??= await credential();
      this.#token = await this.#credential.getToken(scope, { abortSignal: signal });
    } catch (error) {
      throw failureOf(error, 'a token of Entra ID', () => null) ?? new Passing('a token of Entra ID: refused');
    }
    if (this.#token === null) throw new Passing('a token of Entra ID: none was given');
    return this.#token.token;
  }

  #refused({ status, after, bytes }: Raw, needs: string): UserError | Passing {
    const what = `${this.#origin} answers ${status}${codeIn(bytes)}`;
    if (status === 401 || status === 403)
      return new UserError('CW-7004', what, {
        cure: `give who signs in the role ${needs}; a new role needs some minutes`,
      });
    if (status === 400) return new UserError('CW-7006', what, { cure: 'please report it, with the code' });
    if (status === 404)
      return new UserError('CW-7005', what, { cure: 'check the ids of subscription and workspace, and their tenant' });
    return new Passing(what, retryAfter(after, { now: this.#options.now(), most: LONGEST_WAIT }));
  }
}

interface Raw {
  readonly status: number;
  readonly after: string | null;
  readonly bytes: Uint8Array;
}

/** The code of an error, and nothing else that the answer says. */
function codeIn(bytes: Uint8Array): string {
  const body = bytes.length > 1 << 16 ? null : parseObject(Buffer.from(bytes).toString());
  const error = body?.['error'];
  const code = isObject(error) ? error['code'] : body?.['code'];
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? ` (${code})` : '';
}

/** All answers of a question, one after another. */
export async function* pagesOf(get: Ask, path: string, needs: string, signal: AbortSignal): AsyncGenerator<Answer> {
  const seen = new Set<string>();
  for (let next: string | null = path; next !== null && !signal.aborted; ) {
    if (seen.has(next)) throw new Passing('an answer that points to itself');
    seen.add(next);
    const answer: Answer = await get(next, needs, signal);
    yield answer;
    next = answer.next;
  }
}

/** The objects in the list that an answer carries. */
export function valuesIn({ body }: Answer): readonly JsonObject[] {
  const { value } = body;
  return Array.isArray(value) ? (value as readonly unknown[]).filter(isObject) : [];
}
