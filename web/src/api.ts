import type { z } from 'zod';
import { problem } from '../../src/api/contract.ts';

/*
 * The only door to the server. Every answer is parsed with the contract's shape, so that a page never sees what was not agreed; every
 * refusal is one kind of error, with the code, the message and the cure that the server gave.
 */

export class ApiError extends Error {
  readonly status: number;
  /** `CW-6003`; what never reached the server has none. */
  readonly code: string | null;
  readonly cure: string | null;

  constructor(status: number, code: string | null, message: string, cure: string | null) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.cure = cure;
  }

  /** The server has no such thing, or is older than this page. */
  get isMissing(): boolean {
    return this.status === 404;
  }

  get isRefused(): boolean {
    return this.status === 403;
  }

  /** Nobody answered. */
  get isOffline(): boolean {
    return this.status === 0;
  }
}

type Query = Readonly<Record<string, string | number | null | undefined>>;

/** @param path `/api/v1/alerts` @throws ApiError */
export async function get<Shape extends z.ZodType>(
  path: string,
  shape: Shape,
  query: Query = {},
  signal?: AbortSignal,
): Promise<z.infer<Shape>> {
  return read(await request('GET', path + queryText(query), undefined, signal), shape);
}

/** @throws ApiError */
export async function send<Shape extends z.ZodType>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body: unknown,
  shape: Shape,
): Promise<z.infer<Shape>> {
  return read(await request(method, path, body), shape);
}

export function queryText(query: Query): string {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return parts.length === 0 ? '' : `?${new URLSearchParams(parts)}`;
}

/** A part of an address, whatever it holds. */
export function part(text: string): string {
  return encodeURIComponent(text);
}

const CSRF_HEADER = 'x-csrf-token';
/** Of the session: proves that a change is asked for by this page, because a form on another site cannot set a header. */
let csrf: string | null = null;

export function setCsrf(value: string | null): void {
  csrf = value;
}

let onSignedOut: () => void = () => undefined;

/** Called when the server no longer knows who asks. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

async function request(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (method !== 'GET' && csrf !== null) headers[CSRF_HEADER] = csrf;
  try {
    return await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, null, 'No connection to cosmowatch', 'It is tried again by itself.');
  }
}

async function read<Shape extends z.ZodType>(response: Response, shape: Shape): Promise<z.infer<Shape>> {
  const body = await jsonOf(response);
  if (response.status === 401) onSignedOut();
  if (!response.ok) throw refusalOf(response.status, body);
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  const { path = [], message = '' } = parsed.error.issues[0] ?? {};
  throw new ApiError(
    response.status,
    null,
    `The answer is not as agreed: ${path.join('.') || 'all of it'}: ${message}`,
    'The page may be older than the server: load it again.',
  );
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function refusalOf(status: number, body: unknown): ApiError {
  const told = problem.safeParse(body);
  if (told.success) return new ApiError(status, told.data.code, told.data.message, told.data.cure);
  const isProxy = status === 502 || status === 503 || status === 504;
  return isProxy
    ? new ApiError(0, null, 'No connection to cosmowatch', 'It is tried again by itself.')
    : new ApiError(status, null, `The server answered ${status}`, null);
}

/** Any error as one that pages can show. */
export function errorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(-1, null, error instanceof Error ? error.message : String(error), null);
}
