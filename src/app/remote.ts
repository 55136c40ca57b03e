import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { problem, status as statusShape } from '../api/contract.ts';
import { UserError } from '../lib/errors.ts';
import { Secret } from '../lib/secret.ts';
import { VERSION } from '../lib/version.ts';
import { visible } from '../report/text.ts';

/** Where a running service answers, and as whom it is asked. */
export interface Remote {
  /** Without a closing slash. */
  readonly url: string;
  readonly token: Secret | null;
}

export interface Call<T> {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** Below `/api/v1`: `/alerts`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | null>>;
  readonly body?: unknown;
  readonly answer: z.ZodType<T>;
}

export interface Answered<T> {
  readonly value: T;
  /** As it came, with what a later version may have added. */
  readonly raw: unknown;
}

export const DEFAULT_URL = 'http://127.0.0.1:7070';
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const TIMEOUT_MS = 30_000;

/**
 * @param given null: this machine, at the usual port
 * @param data a folder of the service, whose token is taken; null: `COSMOWATCH_TOKEN`
 * @throws UserError CW-1002 for a URL that a token may not be sent to; CW-8021 for a folder without a token
 */
export function remoteOf(given: string | null, data: string | null, token: string | undefined): Remote {
  const url = URL.parse(given ?? DEFAULT_URL);
  const cure = 'https://HOST, or http:// on this machine: kubectl port-forward and ssh -L bring a service here';
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UserError('CW-1002', `--url is no address of a service`, { cure });
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname))
    throw new UserError('CW-1002', '--url: a token is not sent over plain http to another machine', { cure });
  const base = `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  if (data !== null) return { url: base, token: tokenIn(data) };
  return { url: base, token: token ? new Secret(token, 'env:COSMOWATCH_TOKEN') : null };
}

function tokenIn(data: string): Secret {
  const path = join(data, 'token');
  try {
    return new Secret(readFileSync(path, 'utf8').trim(), `file:${path}`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const cure =
      code === 'EACCES' ? 'run this as the user that the service runs as' : 'name the folder that serve --data names';
    throw new UserError('CW-8021', `no token could be read from ${path} (${code})`, { cure });
  }
}

/** Asks the service. @throws UserError CW-8020 to CW-8026 */
export async function ask<T>(remote: Remote, call: Call<T>, signal: AbortSignal): Promise<Answered<T>> {
  const response = await send(remote, call, signal);
  const body = await bodyOf(response, remote);
  if (!response.ok) throw refusal(response, body, remote);
  const parsed = call.answer.safeParse(body);
  if (parsed.success) return { value: parsed.data, raw: body };
  throw await strange(remote, call, signal);
}

async function send<T>({ url, token }: Remote, call: Call<T>, signal: AbortSignal): Promise<Response> {
  const { method = 'GET', path, query = {}, body } = call;
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name, value]],
  );
  const search = new URLSearchParams(given).toString();
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': `cosmowatch/${VERSION}` };
  if (token !== null) headers['authorization'] = `Bearer ${token.reveal()}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    return await fetch(`${url}/api/v1${path}${search === '' ? '' : `?${search}`}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A token goes to the address that was given, and nowhere else.
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
  } catch (error) {
    throw unreachable(url, error);
  }
}

function unreachable(url: string, error: unknown): UserError {
  const { name, cause } = error as Error;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const why = name === 'TimeoutError' ? `no answer within ${TIMEOUT_MS / 1000} s` : (code ?? 'the connection broke');
  return new UserError('CW-8020', `no service answers at ${url} (${why})`, {
    cure: 'start one with cosmowatch serve, or say where it is: --url',
  });
}

/** A text that is no JSON is given as it is. */
async function bodyOf(response: Response, { url }: Remote): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    throw unreachable(url, error);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function refusal(response: Response, body: unknown, remote: Remote): UserError {
  const said = problem.safeParse(body);
  if (!said.success)
    return response.status >= 500
      ? new UserError('CW-8026', `${remote.url} answered with status ${response.status}`, {
          cure: 'try again in a minute',
        })
      : noService(remote, `status ${response.status}`);
  const { code, message, cure } = said.data;
  const told = (own: 'CW-8023' | 'CW-8025' | 'CW-8026') =>
    new UserError(own, visible(message), {
      facts: [`the service calls it ${visible(code)}`],
      ...(cure === null ? {} : { cure: visible(cure) }),
    });
  switch (response.status) {
    case 401:
      return unknownToken(remote);
    case 403:
      return new UserError(
        'CW-8022',
        `the token of ${remote.token?.from ?? 'nobody'} may not do this: ${visible(message)}`,
        {
          cure: 'use one with the scope that this needs: cosmowatch tokens create --scope',
        },
      );
    case 404:
      return told('CW-8023');
    case 429:
      return told('CW-8026');
    default:
      return told(response.status >= 500 ? 'CW-8026' : 'CW-8025');
  }
}

function unknownToken({ url, token }: Remote): UserError {
  if (token === null)
    return new UserError('CW-8021', `${url} wants a token`, {
      cure: 'set COSMOWATCH_TOKEN, or name the folder of the service on this machine: --data DIR',
    });
  return new UserError('CW-8021', `${url} does not know the token of ${token.from}, or it has ended`, {
    cure: 'take the one in the file token of its data folder, or make another: cosmowatch tokens create',
  });
}

function noService({ url }: Remote, what: string): UserError {
  return new UserError('CW-8024', `what answers at ${url} is no cosmowatch (${what})`, {
    cure: 'say where the service is: --url',
  });
}

/** An answer of another shape: which version is it? */
async function strange<T>(remote: Remote, call: Call<T>, signal: AbortSignal): Promise<UserError> {
  const other = statusShape.pick({ version: true });
  const version = await send(remote, { path: '/status', answer: other }, signal)
    .then((response) => bodyOf(response, remote))
    .then((body) => other.safeParse(body).data?.version ?? null)
    .catch(() => null);
  if (version === null) return noService(remote, `${call.path} has another shape`);
  return new UserError(
    'CW-8024',
    `the service is cosmowatch ${visible(version)}, this is ${VERSION}: they do not understand each other`,
    {
      facts: [`its answer to ${call.path} has another shape`],
      cure: 'use the program of the version that the service has',
    },
  );
}
