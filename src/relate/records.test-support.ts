import { type Event, type Family, type Outcome, SECOND } from '../events/event.ts';
import { identity } from '../lib/hash.ts';
import type { JsonObject } from '../lib/json.ts';

export const ALPHA =
  '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourcegroups/rg-shop/providers/microsoft.documentdb/databaseaccounts/alpha';
export const ALPHA2 = `${ALPHA}2`;
export const GROUP = '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourcegroups/rg-shop';

/** What a case says of a record; the rest is filled in. `at` is in seconds from t = 0. */
export interface Given {
  readonly at: number;
  readonly action: string;
  readonly family?: Family;
  readonly outcome?: Outcome;
  readonly phase?: Event['phase'];
  readonly correlation?: string | null;
  readonly request?: string;
  readonly account?: string | null;
  readonly resource?: string;
  readonly operation?: string;
  readonly database?: string;
  readonly container?: string;
  readonly actor?: string | null;
  readonly ip?: string;
  readonly body?: JsonObject;
  readonly method?: string;
  readonly variant?: Event['variant'];
  readonly raw?: JsonObject;
}

/** One normalised record, as `events/` would make it: ids from the parts that every form carries. */
export function record(given: Given): Event {
  const family = given.family ?? 'ActivityLog';
  const account = given.account === undefined ? ALPHA : given.account;
  const resource = given.resource ?? account ?? '';
  const operation = given.operation ?? given.action;
  const correlation = given.correlation === undefined ? `${given.action}@${given.at}` : given.correlation;
  const outcome = given.outcome ?? 'success';
  const actor = given.actor === undefined ? (family === 'ActivityLog' ? 'ann' : null) : given.actor;
  return {
    family,
    variant: given.variant ?? 'export',
    recordId: identity(family, Math.floor(given.at), resource, operation, given.phase ?? '', correlation, outcome),
    time: Math.round(given.at * SECOND),
    operation,
    action: given.action,
    outcome,
    resourceId: resource,
    actionKey: correlation === null ? null : [family, correlation, resource, operation].join('\u001f'),
    correlationId: correlation,
    clientRequestId: given.request ?? null,
    phase: given.phase ?? 'bare',
    status: null,
    method: given.method ?? null,
    actor:
      actor === null ? null : { id: actor, name: `${actor}@contoso.example`, type: 'user', appId: null, appName: null },
    sourceIp: given.ip ?? null,
    userAgent: null,
    account,
    accountSpelled: null,
    region: null,
    api: null,
    auth: null,
    database: given.database ?? null,
    container: given.container ?? null,
    count: 1,
    body: given.body ?? null,
    raw: given.raw ?? { at: given.at },
    position: { source: 'test', line: 1, index: 0 },
  };
}
