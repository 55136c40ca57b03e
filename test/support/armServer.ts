import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** A record of the Activity Log, as much of it as the server needs to know. */
export interface ArmEvent {
  readonly eventDataId: string;
  readonly eventTimestamp: string;
  readonly resourceProviderName: { readonly value: string };
  readonly [field: string]: unknown;
}

export interface LogRow {
  readonly _IngestedAt: string;
  readonly [column: string]: unknown;
}

export interface ArmAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Azure Resource Manager and the query service of Log Analytics on a loopback port: the Activity Log with its filter and pages, lists of
 * resources, queries; and what a network and a busy service do. It keeps a ledger of everything that it was asked.
 */
export class ArmServer {
  readonly #server: Server;
  /** Method and address of every request. */
  readonly requests: { readonly method: string; readonly path: string; readonly query: URLSearchParams }[] = [];
  readonly events = new Map<string, ArmEvent[]>();
  /** Resources by the path of their list, in lower case. */
  readonly lists = new Map<string, readonly unknown[]>();
  /** Rows of a workspace's tables, in any order. */
  readonly tables = new Map<string, LogRow[]>();
  /** Instead of rows. */
  answerQuery: ((query: string) => unknown) | null = null;
  /** Tokens that it takes. */
  readonly tokens = new Set(['token']);
  /** Instead of an answer; null: none. */
  fault: 'reset' | 'cut' | ArmAnswer | ((path: string) => ArmAnswer | null) | null = null;
  pageSize = 20;
  bytes = 0;

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(): Promise<ArmServer> {
    const server = new ArmServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  add(subscription: string, event: ArmEvent): void {
    this.events.set(subscription, [...(this.events.get(subscription) ?? []), event]);
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, this.endpoint);
    this.requests.push({ method: request.method!, path: decodeURIComponent(url.pathname), query: url.searchParams });
    const fault = typeof this.fault === 'function' ? this.fault(url.pathname) : this.fault;
    if (fault === 'reset') return void request.socket.destroy();
    const answer = fault === null || fault === 'cut' ? this.#found(request, url) : fault;
    const body = answer.body ?? '';
    this.bytes += body.length;
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    if (fault !== 'cut') return void response.end(body);
    response.write(body.slice(0, body.length >> 1), () => request.socket.destroy());
  }

  #found(request: IncomingMessage, url: URL): ArmAnswer {
    const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined || !this.tokens.has(token)) return refusal(401, 'InvalidAuthenticationToken');
    if (request.method !== 'GET') return refusal(405, 'MethodNotAllowed');
    const path = url.pathname.toLowerCase();
    const log = /^\/subscriptions\/([^/]+)\/providers\/microsoft\.insights\/eventtypes\/management\/values$/.exec(path);
    if (log !== null) return this.#log(log[1]!, url);
    if (/^\/v1\/workspaces\/[^/]+\/query$/.test(path)) return this.#query(url.searchParams.get('query') ?? '');
    const list = this.lists.get(decodeURIComponent(path));
    return list === undefined ? refusal(404, 'ResourceNotFound') : this.#page(list, url);
  }

  #log(subscription: string, url: URL): ArmAnswer {
    const events = this.events.get(subscription);
    if (events === undefined) return refusal(404, 'SubscriptionNotFound');
    const filter = url.searchParams.get('$filter') ?? '';
    const found =
      /^eventTimestamp ge '([^']+)' and eventTimestamp le '([^']+)'(?: and resourceProvider eq '([\w.]+)')?$/.exec(
        filter,
      );
    if (found === null) return refusal(400, 'BadRequest');
    const [from, to] = [Date.parse(found[1]!), Date.parse(found[2]!)];
    const isAsked = ({ eventTimestamp, resourceProviderName }: ArmEvent): boolean => {
      const at = Date.parse(eventTimestamp);
      const isOf = found[3] === undefined || resourceProviderName.value.toLowerCase() === found[3].toLowerCase();
      return isOf && at >= from && at <= to;
    };
    return this.#page(events.filter(isAsked).reverse(), url);
  }

  /** As much of KQL as is asked: a table, a span of ingestion, the first rows of it. */
  #query(query: string): ArmAnswer {
    if (this.answerQuery !== null) return ok(this.answerQuery(query));
    const asked =
      /^(\w+) \|.* between \(datetime\(([^)]+)\) \.\. datetime\(([^)]+)\)\) \| top (\d+) by _IngestedAt asc$/.exec(
        query,
      );
    const table = this.tables.get(asked?.[1] ?? '');
    if (asked === null || table === undefined) return refusal(400, 'BadArgumentError');
    const [from, to] = [padded(asked[2]!), padded(asked[3]!)];
    const found = table
      .map((row) => ({ ...row, _IngestedAt: padded(row._IngestedAt) }))
      .filter(({ _IngestedAt }) => _IngestedAt >= from && _IngestedAt <= to)
      .sort((a, b) => (a._IngestedAt < b._IngestedAt ? -1 : 1))
      .slice(0, Number(asked[4]));
    const names = [...new Set(table.flatMap((row) => Object.keys(row)))];
    const columns = names.map((name) => ({ name, type: name === '_IngestedAt' ? 'datetime' : 'string' }));
    const rows = found.map((row: Readonly<Record<string, unknown>>) => names.map((name) => row[name] ?? null));
    return ok({ tables: [{ name: 'PrimaryResult', columns, rows }] });
  }

  #page(items: readonly unknown[], url: URL): ArmAnswer {
    const skip = Number(url.searchParams.get('$skiptoken') ?? 0);
    const value = items.slice(skip, skip + this.pageSize);
    if (skip + this.pageSize >= items.length) return ok({ value });
    const next = new URL(url);
    next.searchParams.set('$skiptoken', String(skip + this.pageSize));
    return ok({ value, nextLink: next.href });
  }
}

function ok(body: unknown): ArmAnswer {
  return { status: 200, body: JSON.stringify(body) };
}

function refusal(status: number, code: string): ArmAnswer {
  return { status, body: JSON.stringify({ error: { code, message: 'as documented' } }) };
}

/** Seven places behind the point, as the service writes them, so that texts compare as times do. */
function padded(time: string): string {
  const [whole, fraction = ''] = time.replace('Z', '').split('.') as [string, string?];
  return `${whole}.${fraction.padEnd(7, '0')}Z`;
}
