import type { AlertNews, ChangeKind, StoredAlert } from '../alerts/stored.ts';
import {
  CARTS,
  continuous,
  created,
  HOUR,
  ipRules,
  keyed,
  lastOf,
  lock,
  onAccount,
  onKey,
  put,
  read,
  request,
} from '../report/words.test-support.ts';
import type { Message } from './receiver.ts';

/** What raises each of the nine rules. */
const RECORDS = {
  access_keys_viewed: [onAccount(100, 'listKeys/action')],
  backup_deleted: [put(0, continuous(30)), put(1000, continuous(7))],
  connection_string_viewed: [onAccount(100, 'listConnectionStrings/action')],
  customer_managed_key_changed: [keyed(0), onKey(9000, 'KeyUpdate', { enabled: false })],
  deletion_protection_disabled: [lock(0, 'write', 'CanNotDelete'), lock(1000, 'delete')],
  item_deleted: Array.from({ length: 12 }, (_, at) => request(at)),
  multiple_tables_created: [0, 1, 2, 3].map((at) =>
    created(at * 10, `sqlDatabases/shop/containers/c${at}`, 'sqlDatabases/containers'),
  ),
  network_access_changed: [put(0, ipRules('203.0.113.0/24')), put(1000, ipRules('203.0.113.0/24', '0.0.0.0'))],
  no_logs: [read(0), read(9 * HOUR, CARTS)],
} as const;

export const NINE = Object.keys(RECORDS) as readonly (keyof typeof RECORDS)[];

export const TOLD_AT = Date.parse('2026-11-24T09:00:00Z');

/** An alert of a rule, as the service keeps it. */
export function storedOf(rule: keyof typeof RECORDS): StoredAlert {
  const known = stored.get(rule) ?? scanned(rule);
  stored.set(rule, known);
  return known;
}

const stored = new Map<string, StoredAlert>();

function scanned(rule: keyof typeof RECORDS): StoredAlert {
  const { alert, raised } = lastOf(rule, RECORDS[rule]);
  return {
    alert: { ...alert, status: 'open', resolution: null },
    detail: raised.detail,
    revision: 1,
    subscription: '00000000-0000-0000-0000-0000000000aa',
    labels: { application: 'shop' },
    assignee: null,
    verdict: null,
    comments: [],
    history: [{ at: TOLD_AT, what: 'opened', by: null, why: 'a record matched' }],
    createdAt: TOLD_AT,
    updatedAt: TOLD_AT,
    marks: null,
  };
}

const PAGES = 'https://cosmowatch.contoso.example/alerts';

export function told(news: AlertNews, ref: string | null = null): Message {
  const { alert, revision } = news.stored;
  const links = {
    console: `${PAGES}/${alert.id}`,
    portal: `https://portal.azure.com/#resource${alert.account}`,
  };
  return { id: `${alert.id}-${revision}`, content: { kind: 'alert', news }, ref, links };
}

/** What comes after the first telling, by a person or by itself. */
export function later(
  stored: StoredAlert,
  kind: ChangeKind,
  changes: Partial<StoredAlert> = {},
  why = 'in a test',
): AlertNews {
  const at = TOLD_AT + stored.revision * 60_000;
  const by = BY_A_PERSON.has(kind) ? 'oncall@contoso.example' : null;
  const status = STATUS[kind] ?? stored.alert.status;
  const resolution = status === 'resolved' ? (changes.alert?.resolution ?? 'ended') : null;
  return {
    kind,
    why,
    stored: {
      ...stored,
      ...changes,
      alert: { ...stored.alert, ...changes.alert, status, resolution },
      revision: stored.revision + 1,
      history: [...stored.history, { at, what: kind, by, why }],
      updatedAt: at,
    },
  };
}

const BY_A_PERSON: ReadonlySet<string> = new Set(['acknowledged', 'assigned', 'commented', 'judged']);

const STATUS: Partial<Record<ChangeKind, StoredAlert['alert']['status']>> = {
  acknowledged: 'acknowledged',
  resolved: 'resolved',
  reopened: 'open',
};

export function opened(rule: keyof typeof RECORDS): AlertNews {
  return { kind: 'opened', stored: storedOf(rule), why: 'a record matched' };
}
