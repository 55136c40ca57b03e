import type { z } from 'zod';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../telemetry/log.ts';
import type { Limits } from './body.ts';
import type { TokenScope } from './contract.ts';
import type { ApiPorts, Bearer, PushMethod, Session } from './ports.ts';
import type { Room } from './room.ts';
import type { LiveStream } from './stream.ts';
import type { Visit } from './visit.ts';

/** What every route is given. */
export interface Tools {
  readonly ports: ApiPorts;
  readonly clock: Clock;
  readonly log: Log;
  readonly live: LiveStream;
  readonly room: Room;
  readonly limits: Limits;
  /** The OpenAPI document. */
  readonly document: () => unknown;
  /** Under which address others reach us; null: not set. */
  readonly externalUrl: string | null;
  /** Machines whose word is taken for whom they ask. */
  readonly proxies: () => readonly string[];
}

export interface Call<Query = unknown, Body = unknown> extends Tools {
  readonly by: Bearer;
  /** Null: by a token, or nobody. */
  readonly session: Session | null;
  readonly visit: Visit;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Sent as JSON; with `type`: as it is. */
  readonly body: unknown;
  readonly type?: string;
}

interface Common {
  /** `/api/v1/alerts/:id` */
  readonly path: string;
  /** One sentence for people. */
  readonly doc: string;
  /** Null: anyone may, signed out too. */
  readonly scope: TokenScope | null;
  /** Only with a session: of what a token has none. */
  readonly isForPeople?: boolean;
  /** No token is needed by who asks from this machine. */
  readonly isOpenOnLoopback?: boolean;
}

/** A question or a change; takes JSON. */
export interface CallRoute extends Common {
  readonly kind: 'call';
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly query: z.ZodType | null;
  readonly body: z.ZodType | null;
  /** Null: no JSON. */
  readonly answer: z.ZodType | null;
  readonly status: number;
  /** What the audit log calls it; null: it changes nothing. */
  readonly audit: string | null;
  /** It changes nothing, and is a POST only because what is asked is too long for an address. */
  readonly isQuestion: boolean;
  /** The port writes the entry: who it is, only it knows. */
  readonly isAuditedInside: boolean;
  handle(call: Call): Promise<Answer>;
}

/** Records that are pushed: the body is handed to the source of the token. */
export interface PushedRoute extends Common {
  readonly kind: 'push';
  readonly method: PushMethod;
  /** Content types; the empty one: none is named. */
  readonly types: readonly string[];
  /** The token may stand in the query: a sender that can set no header. */
  readonly takesTokenInQuery: boolean;
  readonly answer: z.ZodType | null;
}

/** News for as long as the client stays. */
export interface StreamRoute extends Common {
  readonly kind: 'stream';
  readonly method: 'GET';
}

export type Route = CallRoute | PushedRoute | StreamRoute;

interface CallShape<Query extends z.ZodType | null, Body extends z.ZodType | null> extends Common {
  readonly method: CallRoute['method'];
  readonly query?: Query;
  readonly body?: Body;
  readonly answer: z.ZodType | null;
  readonly status?: number;
  readonly audit?: string;
  readonly isQuestion?: boolean;
  readonly isAuditedInside?: boolean;
  handle(call: Call<Parsed<Query>, Parsed<Body>>): Promise<Answer>;
}

type Parsed<Schema> = Schema extends z.ZodType ? z.infer<Schema> : null;

/** A row of the table: what `handle` gets is what the schemas of the row say, because the server parses with them. */
export function call<Query extends z.ZodType | null = null, Body extends z.ZodType | null = null>({
  query,
  body,
  status = 200,
  audit,
  isQuestion = false,
  isAuditedInside = false,
  ...rest
}: CallShape<Query, Body>): CallRoute {
  return {
    kind: 'call',
    ...rest,
    query: query ?? null,
    body: body ?? null,
    status,
    audit: audit ?? null,
    isQuestion,
    isAuditedInside,
    handle: rest.handle as CallRoute['handle'],
  };
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}
