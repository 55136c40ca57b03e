import type { Alert, AlertActor, Raised } from '../alerts/alert.ts';
import { identity } from '../lib/hash.ts';

/** One read of keys, as an alert. Times count from 2 November 2026. */
export interface Read {
  readonly day: number;
  readonly hour: number;
  readonly minute?: number;
  readonly actor?: string;
  readonly address?: string;
  readonly application?: string;
  readonly count?: number;
  readonly level?: Alert['level'];
  readonly key?: Alert['key'];
  readonly caller?: Alert['caller'];
  readonly changes?: Alert['changes'];
  readonly actors?: readonly AlertActor[];
}

export const FIRST_DAY = Date.UTC(2026, 10, 2) / 1000;
export const ACCOUNT = '/subscriptions/s/resourcegroups/g/providers/microsoft.documentdb/databaseaccounts/orders';

export function raisedBy(read: Read, isRoutine: boolean | undefined = true): Raised {
  const { day, hour, minute = 0, actor = 'terraform', address = '198.51.100.7', application = 'tf' } = read;
  const opened = FIRST_DAY + day * 86_400 + hour * 3600 + minute * 60;
  const at = new Date(opened * 1000).toISOString().replace('.000Z', 'Z');
  const id = identity('alert', actor, address, application, opened);
  const alert: Omit<Alert, 'reason'> = {
    id,
    settledId: id,
    rule: 'keys_viewed',
    ruleId: 'r1',
    title: 'Keys viewed',
    level: read.level ?? 'medium',
    status: 'open',
    resolution: null,
    account: ACCOUNT,
    key: read.key ?? { 'cosmosdb.account': ACCOUNT, 'actor.id': actor, 'source.ip': address },
    firstSeen: at,
    lastSeen: at,
    count: read.count ?? 3,
    actors: read.actors ?? [{ id: actor, name: actor, type: 'service_principal', appId: application, appName: null }],
    caller: read.caller ?? null,
    sourceIps: address === '' ? [] : [address],
    targets: [ACCOUNT],
    changes: read.changes ?? [],
    attack: [],
    published: [],
    evidence: [],
    routine: null,
    story: null,
    inhibitedBy: null,
    levelReason: null,
  };
  const rule = {
    ...{
      id: 'r1',
      name: 'keys_viewed',
      title: 'Keys viewed',
      description: '',
      status: 'test',
      level: 'medium' as const,
    },
    ...{ impact: [], mitigation: [], falsePositives: [], attack: [], published: [], parameters: [] },
    place: { file: 'r.yml', line: 1, column: 1 },
    ...(isRoutine === undefined ? {} : { routine: isRoutine }),
  };
  const detail: Raised['detail'] = {
    ...{ rule, facts: [], changes: [], positions: [], candidates: [], userAgents: [], unconfirmed: false },
    ...{ levelWhy: null, holds: [], values: [], silence: null, spelled: null, isOngoing: false, otherAccounts: 0 },
    ...{ isFirst: null, firsts: [], blinded: null, labels: {} },
  };
  return { alert, detail };
}
