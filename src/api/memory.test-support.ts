import { hash, timingSafeEqual } from 'node:crypto';
import type { Alert, AlertDetail } from '../alerts/alert.ts';
import type { AlertNews, ChangeKind, StoredAlert } from '../alerts/stored.ts';
import { isoOf } from '../lib/iso.ts';
import { Secret } from '../lib/secret.ts';
import { isInside } from '../tuning/reach.ts';
import type {
  Around,
  ExceptionBody,
  ExceptionItem,
  SilenceBody,
  SilenceItem,
  SourceStatus,
  TokenItem,
  TokenRequest,
  TuningPreview,
} from './contract.ts';
import { isAccountSeen, isSeen } from './item.ts';
import { consolePorts } from './memoryConsole.test-support.ts';
import { MemorySessions, memoryUsers } from './people.test-support.ts';
import type {
  ActOutcome,
  AlertAction,
  AlertFilter,
  ApiPorts,
  AuditEntry,
  Bearer,
  FigureFilter,
  PushedAnswer,
  PushedRequest,
  Scope,
  TuningOutcome,
  TuningPort,
  WrittenEntry,
} from './ports.ts';
import { EVERYTHING } from './ports.ts';

/** The ports of the API, kept in memory: small, and without shortcuts that a route could come to rely on. */

export const START = Date.parse('2026-11-24T03:00:00Z');
export const SUBSCRIPTION = '11111111-1111-4111-8111-111111111111';

const ACCOUNT = `/subscriptions/${SUBSCRIPTION}/resourcegroups/prod/providers/microsoft.documentdb/databaseaccounts/contoso`;

export function alertOf(number: number): Alert {
  const id = number.toString(16).padStart(32, '0');
  const at = isoOf(START + number * 1000).replace('.000', '');
  return {
    id,
    settledId: id,
    rule: 'cosmosdb_keys_listed',
    ruleId: '7d0c9e6b-4a2a-4cbb-9d4f-2f4f6a3b1c11',
    title: 'Keys were read',
    level: 'high',
    status: 'open',
    resolution: null,
    account: ACCOUNT,
    key: { 'cosmosdb.account': ACCOUNT },
    firstSeen: at,
    lastSeen: at,
    count: 1,
    actors: [{ id: null, name: 'ada@contoso.example', type: 'user', appId: null, appName: null }],
    caller: 'exact',
    sourceIps: ['203.0.113.7'],
    targets: [ACCOUNT],
    changes: [
      { property: 'publicNetworkAccess', before: null, after: 'Enabled', effect: 'weakened', exposure: 'internet' },
    ],
    attack: [{ tactic: 'credential-access', technique: 'T1555.006' }],
    published: [],
    evidence: [{ id: 'e1', time: at, family: 'ActivityLog', action: 'cosmosdb.keys.list', outcome: 'success' }],
    reason: 'ada@contoso.example read the keys of contoso.',
    routine: null,
    story: null,
    inhibitedBy: null,
    levelReason: null,
  };
}

export function storedOf(number: number, subscription: string | null = SUBSCRIPTION): StoredAlert {
  const at = START + number * 1000;
  return {
    alert: alertOf(number),
    // The API gives nothing of it.
    detail: {} as AlertDetail,
    revision: 1,
    subscription,
    labels: { environment: 'production' },
    assignee: null,
    verdict: null,
    comments: [],
    history: [{ at, what: 'opened', by: null, why: 'first hit' }],
    createdAt: at,
    updatedAt: at,
    marks: null,
  };
}

export class MemoryPorts implements ApiPorts {
  readonly stored = new Map<string, StoredAlert>();
  readonly bearers = new Map<string, Bearer>();
  readonly issued = new Map<string, { item: TokenItem; value: string }>();
  readonly entries: WrittenEntry[] = [];
  readonly pushed: { source: string; path: string; request: PushedRequest }[] = [];
  readonly listeners = new Set<(news: AlertNews) => void>();
  /** What the next calls do. */
  why: string | null = null;
  wait: number | null = null;
  onPush: (request: PushedRequest) => Promise<PushedAnswer> = async () => ({
    status: 200,
    body: { accepted: 1, rejected: [] },
  });
  onAudit: () => void = () => {};
  sourcesAt: readonly string[] = ['pushed'];

  bearer(token: string, fields: Partial<Bearer> = {}): string {
    this.bearers.set(token, {
      id: `id-of-${fields.name ?? 'all'}`,
      name: fields.name ?? 'all',
      scopes: ['logs', 'read', 'act', 'admin'],
      source: 'pushed',
      speaksFor: null,
      sees: EVERYTHING,
      ...fields,
    });
    return token;
  }

  put(stored: StoredAlert): StoredAlert {
    this.stored.set(stored.alert.id, stored);
    return stored;
  }

  tell(kind: ChangeKind, stored: StoredAlert): void {
    for (const listener of this.listeners) listener({ kind, stored, why: 'because' });
  }

  readonly alerts = {
    list: async (filter: AlertFilter, limit: number, cursor: string | null, scope: Scope) => {
      const start = cursor === null ? 0 : Number(cursor);
      if (!Number.isInteger(start)) return null;
      const all = [...this.stored.values()]
        .filter((stored) => isSeen(stored, scope) && isWanted(stored, filter))
        .sort((a, b) => (a.alert.lastSeen < b.alert.lastSeen ? 1 : -1));
      const next = start + limit < all.length ? String(start + limit) : null;
      return { items: all.slice(start, start + limit), next };
    },
    get: async (id: string, scope: Scope) => {
      const found = this.stored.get(id);
      return found !== undefined && isSeen(found, scope) ? found : null;
    },
    trail: () => [{ at: null, step: 'routed' as const, text: 'to nobody: there are no routes' }],
    histogram: async ({ from }: { readonly from: number }, scope: Scope) => {
      const high = [...this.stored.values()].filter((stored) => isSeen(stored, scope)).length;
      const counts = { critical: 0, high, medium: 0, low: 0, informational: 0 };
      return { items: [{ at: isoOf(from * 1000), ...counts, routine: 0 }], open: counts };
    },
    advise: () => ({ impact: 'It matters.', steps: [{ text: 'Ask.', command: null }] }),
    act: async (id: string, action: AlertAction, by: string, scope: Scope): Promise<ActOutcome> => {
      const found = this.stored.get(id);
      if (found === undefined || !isSeen(found, scope)) return { kind: 'unknown' };
      if (action.kind === 'reopen' && found.alert.status === 'open') return { kind: 'refused', why: 'it is open' };
      return { kind: 'done', stored: this.put(changed(found, action, by)) };
    },
  };

  readonly evidence = {
    records: async ({ alert }: StoredAlert) =>
      alert.evidence.map((one) => ({
        ...one,
        position: { source: 'batch', line: 1, index: 0 },
        record: { operationName: 'listKeys' },
        matched: {
          rule: alert.rule,
          alone: true,
          selections: ['selection'],
          fields: [{ field: 'event.action', asks: `event.action: ${one.action}`, values: [one.action] }],
        },
      })),
    around: async ({ alert }: StoredAlert, minutes: number): Promise<Around> => ({
      from: isoOf(Date.parse(alert.firstSeen) - minutes * 60_000),
      until: isoOf(Date.parse(alert.lastSeen) + minutes * 60_000),
      account: alert.account,
      actors: ['ada@contoso.example'],
      addresses: alert.sourceIps,
      requests: 'kept',
      items: [],
      leftOut: { actor: 0, address: 0, other: 0 },
    }),
  };

  readonly status = {
    status: async () => ({
      version: '0.1.0',
      startedAt: isoOf(START),
      ready: true,
      why: null,
      sources: [SOURCE],
      alerts: { open: this.stored.size, acknowledged: 0, resolved: 0 },
      records: { accepted: 1, rejected: 0 },
      accounts: 1,
      rules: { active: 9, disabled: 0 },
      store: { bytes: 4096, events: 1 },
      queue: { batches: 0, bytes: 0 },
      deliveries: { waiting: 0, dead: 0 },
      refused: [],
    }),
    sources: async () => [SOURCE],
    whyNotReady: () => this.why,
  };

  readonly #console = consolePorts({ account: ACCOUNT, subscription: SUBSCRIPTION, start: START, source: SOURCE });
  readonly accounts = this.#console.accounts;
  readonly rules = this.#console.rules;
  readonly intake = this.#console.intake;
  readonly receivers = this.#console.receivers;
  readonly about = this.#console.about;

  readonly figures = {
    points: async (account: string, range: { from: number }, _filter: FigureFilter, scope: Scope) =>
      isAccountSeen(account, scope)
        ? [{ at: range.from, requests: 9, errors: 1, throttled: 1, units: 27.5, bytes: 900, durations: null }]
        : null,
    rate: async () => ({ around: 6, usual: 2, days: 7, factor: 3 }),
  };

  readonly tokens = {
    resolve: (token: string) => {
      let found: Bearer | null = null;
      for (const [known, bearer] of this.bearers) if (isSame(known, token)) found = bearer;
      return found;
    },
    list: async () => [...this.issued.values()].map(({ item }) => item),
    create: async (request: TokenRequest) =>
      [...this.issued.values()].some(({ item }) => item.name === request.name)
        ? null
        : this.#issue(`t${this.issued.size + 1}`, request),
    revoke: async (id: string) => this.issued.delete(id),
    rotate: async (id: string) => {
      const found = this.issued.get(id);
      return found === undefined ? null : this.#issue(id, found.item);
    },
  };

  readonly signed = {
    pagerduty: async (name: string, signature: string) =>
      name === 'pager' && signature === 'v1=good' ? { taken: true, why: 'acknowledged' } : null,
  };
  readonly deliveries = { ofAlert: () => [], dead: () => [], replay: (ids: readonly number[]) => ids.length };

  readonly routines = {
    list: async (_filter: object, _limit: number, scope: Scope) => (isAccountSeen(ACCOUNT, scope) ? [ROUTINE] : []),
    get: async (id: string, scope: Scope) =>
      id === ROUTINE.id && isAccountSeen(ACCOUNT, scope)
        ? { ...ROUTINE, alerts: [{ id: ROUTINE.id, firstSeen: isoOf(START) }] }
        : null,
    forget: async (id: string, scope: Scope) => id === ROUTINE.id && isAccountSeen(ACCOUNT, scope),
  };

  readonly memory = {
    list: async (_filter: object, _limit: number, scope: Scope) =>
      isAccountSeen(ACCOUNT, scope)
        ? [
            {
              ...{ account: ACCOUNT, kind: 'address' as const, value: '203.0.113.7', name: '203.0.113.7', count: 3 },
              ...{ firstSeen: isoOf(START), lastSeen: isoOf(START) },
            },
          ]
        : [],
    forget: async () => ({ values: 1, alerts: 3 }),
  };

  readonly exceptions = new MemoryTuning<ExceptionBody, ExceptionItem>((name, spec, by) => ({
    ...keeper(name, by),
    spec,
  }));
  readonly silences = new MemoryTuning<SilenceBody, SilenceItem>((name, spec, by) => ({
    ...keeper(name, by),
    kind: 'silence',
    spec,
  }));
  readonly sessions = new MemorySessions();
  readonly users = memoryUsers();

  readonly drill = {
    play: async (rule: string) => ({ rule, name: 'a read', account: 'cosmowatch-drill-1', records: 1, alerts: [] }),
  };

  readonly audit = {
    record: async (entry: AuditEntry) => {
      this.onAudit();
      const seq = this.entries.length + 1;
      this.entries.push({ ...entry, seq, at: START, hash: hash('sha256', JSON.stringify(entry), 'hex') });
    },
    list: async (limit: number, before: number | null) =>
      this.entries
        .filter(({ seq }) => before === null || seq < before)
        .reverse()
        .slice(0, limit),
    verify: async () => ({ isIntact: true, rows: this.entries.length, head: null, brokenAt: null, why: null }),
  };

  readonly logs = {
    sourceAt: (_method: string, _path: string, source: string | null) =>
      source === null
        ? this.sourcesAt.length === 1
          ? this.sourcesAt[0]!
          : null
        : this.sourcesAt.includes(source)
          ? source
          : null,
    admit: () => this.wait,
    push: async (source: string, _method: string, path: string, request: PushedRequest) => {
      const answer = await this.onPush(request);
      this.pushed.push({ source, path, request });
      return answer;
    },
  };

  readonly events = {
    subscribe: (listener: (news: AlertNews) => void) => {
      this.listeners.add(listener);
      return () => this.listeners.delete(listener);
    },
  };

  readonly metrics = {
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    render: async () => 'cosmowatch_up 1\n',
  };

  #issue(id: string, request: TokenRequest): { item: TokenItem; token: Secret } {
    const { name, scopes, source, subscriptions, labels, expiresAt } = request;
    const value = `cw_${id}_${this.issued.size}_secret`;
    const item = {
      id,
      name,
      scopes,
      source,
      subscriptions,
      labels,
      expiresAt,
      createdAt: isoOf(START),
      lastUsedAt: null,
    };
    this.issued.set(id, { item, value });
    return { item, token: new Secret(value, 'api') };
  }
}

const ROUTINE = {
  id: alertOf(1).id,
  rule: 'cosmosdb_keys_listed',
  ruleId: '7d0c9e6b-4a2a-4cbb-9d4f-2f4f6a3b1c11',
  account: ACCOUNT,
  caller: { id: 'u1', name: 'ada@contoso.example' },
  what: {},
  state: 'open' as const,
  count: 27,
  days: 27,
  hours: [4],
  about: 'about 04:00',
  addresses: ['203.0.113.7'],
  applications: ['app1'],
  firstSeen: isoOf(START),
  lastSeen: isoOf(START),
};

function keeper(name: string, by: string) {
  const origin = 'api' as const;
  return {
    name,
    origin,
    isInForce: true,
    kept: 0,
    lastKeptAt: null,
    createdBy: by,
    createdAt: isoOf(START),
    endedAt: null,
  };
}

class MemoryTuning<Spec, Item> implements TuningPort<Spec, Item> {
  readonly made = new Map<string, { readonly item: Item; readonly scope: Scope }>();
  readonly #itemOf: (name: string, spec: Spec, by: string) => Item;

  constructor(itemOf: (name: string, spec: Spec, by: string) => Item) {
    this.#itemOf = itemOf;
  }

  async list(scope: Scope): Promise<readonly Item[]> {
    return [...this.made.values()].filter((one) => isInside(one.scope, scope)).map(({ item }) => item);
  }

  async create(name: string, spec: Spec, by: string, scope: Scope): Promise<TuningOutcome<Item>> {
    if (this.made.has(name)) return { kind: 'refused', why: 'there is one of that name', cure: 'Give another name.' };
    const item = this.#itemOf(name, spec, by);
    this.made.set(name, { item, scope });
    return { kind: 'done', item };
  }

  async update(name: string, spec: Spec, by: string, scope: Scope): Promise<TuningOutcome<Item>> {
    if (!this.#isSeen(name, scope)) return { kind: 'unknown' };
    const item = this.#itemOf(name, spec, by);
    this.made.set(name, { item, scope });
    return { kind: 'done', item };
  }

  async end(name: string, scope: Scope): Promise<TuningOutcome<Item>> {
    const found = this.made.get(name);
    if (found === undefined || !this.#isSeen(name, scope)) return { kind: 'unknown' };
    this.made.delete(name);
    return { kind: 'done', item: found.item };
  }

  async preview(): Promise<TuningOutcome<TuningPreview>> {
    return { kind: 'done', item: { asked: 1, count: 0, open: 0, alerts: [], warnings: [] } };
  }

  #isSeen(name: string, scope: Scope): boolean {
    const found = this.made.get(name);
    return found !== undefined && isInside(found.scope, scope);
  }
}

const SOURCE: SourceStatus = {
  name: 'pushed',
  type: 'http',
  labels: {},
  state: 'running',
  why: null,
  lagSeconds: null,
  progress: null,
  lastRecordAt: isoOf(START),
  accepted: 1,
  rejected: 0,
};

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
}

function isWanted({ alert, marks }: StoredAlert, filter: AlertFilter): boolean {
  const { rule, statuses, account, since, excepted, ...more } = filter;
  const isExcepted = marks?.exception != null;
  if (excepted !== 'yes' && isExcepted !== (excepted === 'only')) return false;
  if (rule !== null && rule !== alert.rule && rule !== alert.ruleId) return false;
  if (statuses.length > 0 && !statuses.includes(alert.status)) return false;
  if (account !== null && alert.account !== account && !alert.account?.endsWith(`/${account}`)) return false;
  if (more.story !== null && alert.story !== more.story) return false;
  if (more.levels.length > 0 && !more.levels.includes(alert.level)) return false;
  if (more.actor !== null && !alert.actors.some(({ id, name }) => id === more.actor || name === more.actor))
    return false;
  if (more.assignee !== null) return false;
  if (more.ip !== null && !alert.sourceIps.includes(more.ip)) return false;
  if (more.words !== null && !`${alert.title} ${alert.reason}`.includes(more.words)) return false;
  return since === null || Date.parse(alert.lastSeen) >= since;
}

function changed(stored: StoredAlert, action: AlertAction, by: string): StoredAlert {
  const { alert } = stored;
  const said = (what: ChangeKind): StoredAlert => ({
    ...stored,
    history: [...stored.history, { at: START, what, by, why: 'asked' }],
  });
  switch (action.kind) {
    case 'acknowledge':
      return { ...said('acknowledged'), alert: { ...alert, status: 'acknowledged' } };
    case 'resolve':
      return {
        ...said('resolved'),
        alert: { ...alert, status: 'resolved', resolution: 'manual' },
        verdict: action.verdict,
      };
    case 'reopen':
      return { ...said('reopened'), alert: { ...alert, status: 'open', resolution: null } };
    case 'comment':
      return { ...said('commented'), comments: [...stored.comments, { at: START, by, text: action.text }] };
    case 'assign':
      return { ...said('assigned'), assignee: action.assignee };
    case 'verdict':
      return { ...said('judged'), verdict: action.verdict };
  }
}
