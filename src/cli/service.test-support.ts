import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AlertItem, Status, TokenItem } from '../api/contract.ts';

/** The token that the service of the tests knows. */
export const TOKEN = 'cw_canary_4711';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly token: string | null;
  readonly body: unknown;
}

export interface Reply {
  readonly status?: number;
  /** A text is sent as it is. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FakeService {
  readonly url: string;
  readonly asked: Asked[];
  close(): Promise<void>;
}

/** A service of which only the answers are made up: what is asked of it goes over real sockets. It checks the token as a real one does. */
export async function serveApi(answer: (asked: Asked) => Reply): Promise<FakeService> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void read(request).then((one) => {
      asked.push(one);
      const known = one.token === TOKEN;
      const { status = 200, body, headers = {} } = known ? answer(one) : refused(401, 'CW-6001', 'a token is needed');
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close };
}

async function read(request: IncomingMessage): Promise<Asked> {
  let text = '';
  for await (const piece of request) text += String(piece);
  const url = new URL(request.url ?? '/', 'http://x');
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    token: /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null,
    body: text === '' ? null : (JSON.parse(text) as unknown),
  };
}

export function refused(status: number, code: string, message: string, cure: string | null = 'Do it right.'): Reply {
  return { status, body: { code, message, cure } };
}

export function alertItem(more: Partial<AlertItem> = {}): AlertItem {
  return {
    id: '3f9a12cc000000000000000000000001',
    settledId: '3f9a12cc000000000000000000000001',
    rule: 'cosmosdb_keys_listed',
    ruleId: '11111111-0000-4000-8000-000000000001',
    title: 'Account keys were read',
    level: 'high',
    status: 'open',
    resolution: null,
    account:
      '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourcegroups/rg-shop/providers/microsoft.documentdb/databaseaccounts/orders',
    key: {},
    firstSeen: '2026-11-24T03:12:07Z',
    lastSeen: '2026-11-24T03:43:18Z',
    count: 3,
    actors: [],
    caller: 'exact',
    sourceIps: ['198.51.100.23'],
    targets: ['orders'],
    changes: [
      { property: 'isVirtualNetworkFilterEnabled', before: true, after: false, effect: 'weakened', exposure: null },
    ],
    attack: [{ tactic: 'TA0006', technique: 'T1552' }],
    published: [],
    evidence: [
      {
        id: 'e1',
        time: '2026-11-24T03:12:07Z',
        family: 'ActivityLog',
        action: 'cosmosdb.keys.list',
        outcome: 'success',
      },
    ],
    reason: 'ann@contoso.example read the keys of orders 3 times from 198.51.100.23.',
    routine: null,
    story: null,
    inhibitedBy: null,
    levelReason: null,
    firsts: [],
    assignee: null,
    verdict: null,
    comments: [{ at: '2026-11-24T04:00:00Z', by: 'bob', text: 'asked the team' }],
    history: [
      { at: '2026-11-24T03:12:09Z', what: 'opened', by: null, why: 'the rule matched' },
      { at: '2026-11-24T03:50:00Z', what: 'acknowledged', by: 'bob', why: 'looks at it' },
    ],
    exception: null,
    silencedBy: null,
    silencedUntil: null,
    ...more,
  };
}

export const STATUS: Status = {
  version: '0.1.0',
  startedAt: '2026-11-24T09:00:00Z',
  ready: true,
  why: null,
  sources: [
    {
      name: 'hub',
      type: 'event_hubs',
      labels: {},
      state: 'retrying',
      why: 'the connection was closed',
      lagSeconds: 75,
      progress: null,
      lastRecordAt: '2026-11-24T11:58:00Z',
      accepted: 1200,
      rejected: 3,
    },
  ],
  alerts: { open: 2, acknowledged: 1, resolved: 40 },
  records: { accepted: 1200, rejected: 3 },
  accounts: 4,
  rules: { active: 40, disabled: 1 },
  store: { bytes: 12_400_000, events: 900 },
  queue: { batches: 1, bytes: 100 },
  deliveries: { waiting: 0, dead: 2 },
  refused: [],
};

export const TOKEN_ITEM: TokenItem = {
  id: 't1',
  name: 'shop-collector',
  scopes: ['logs'],
  source: null,
  subscriptions: null,
  labels: {},
  expiresAt: '2027-11-24T12:00:00Z',
  createdAt: '2026-11-24T12:00:00Z',
  lastUsedAt: null,
};
