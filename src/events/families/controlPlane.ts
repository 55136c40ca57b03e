import { identity } from '../../lib/hash.ts';
import type { JsonObject } from '../../lib/json.ts';
import { armPath, controlAction } from '../actions.ts';
import { type Event, type Outcome, SECOND } from '../event.ts';
import { number, object, text } from '../read.ts';
import { accountOf, foldId } from '../resource.ts';
import type { Form, LogFamily } from './family.ts';
import { columnsOf, resourceLogVariant, resourceOf, timeOf } from './resourceLog.ts';

interface Operation {
  /** Without Start or Complete, lower case. */
  readonly base: string;
  readonly phase: Event['phase'];
}

/** `AccountUpdateStart`; a table may carry the short name (`Create`) and the rest in columns of their own. */
function operationOf(value: JsonObject, columns: JsonObject): Operation {
  const written = (text(value, 'operationName') ?? '').toLowerCase();
  const found = /^(.*?)(start|complete)?$/.exec(written);
  const base = found?.[1] ?? '';
  const phase = (found?.[2] ?? 'bare') as Event['phase'];
  const kind = text(columns, 'apiKind')?.toLowerCase();
  const type = text(columns, 'apiKindResourceType')?.toLowerCase();
  const isShort = /^(?:create|update|upsert|replace|delete|execute)$/.test(base);
  return { base: isShort && kind !== undefined && type !== undefined ? `${kind}${type}${base}` : base, phase };
}

function outcomeOf(columns: JsonObject, phase: Event['phase']): Outcome {
  const status = number(columns, 'httpstatusCode', 'statusCode');
  const result = (text(columns, 'result') ?? '').toLowerCase();
  const isGood =
    status === null ? result === '' || /^(?:ok|accept|succe|created)/.test(result) : status >= 200 && status < 300;
  if (!isGood) return 'failure';
  return phase === 'start' ? 'accepted' : 'success';
}

function normalise(value: JsonObject, { variant, time, position }: Form): Event {
  const columns = columnsOf(value, variant);
  const { resourceId, account } = resourceOf(value);
  const { base, phase } = operationOf(value, columns);
  const uri = text(columns, 'resourceUri') ?? '';
  const below = accountOf(uri) === null ? '' : uri.trim().slice(accountOf(uri)!.length);
  const path = armPath(below);
  const target = accountOf(uri) === null ? resourceId : foldId(uri);
  const outcome = outcomeOf(columns, phase);
  const activity = text(columns, 'activityId')?.toLowerCase() ?? null;
  return {
    family: 'ControlPlaneRequests',
    variant,
    recordId: identity('ControlPlaneRequests', Math.floor(time / SECOND), target, `${base}${phase}`, activity, outcome),
    time,
    operation: phase === 'bare' ? base : `${base}${phase}`,
    action: controlAction(base),
    outcome,
    resourceId: target,
    actionKey: activity === null ? null : ['ControlPlaneRequests', resourceId, target, activity, base].join('\u001f'),
    correlationId: activity,
    clientRequestId: null,
    phase,
    status: number(columns, 'httpstatusCode', 'statusCode'),
    method: text(columns, 'httpMethod')?.toUpperCase() ?? null,
    // This log names nobody.
    actor: null,
    sourceIp: null,
    userAgent: null,
    account: account ?? accountOf(uri),
    api: path.api,
    auth: null,
    database: path.database ?? text(columns, 'databaseName'),
    container: path.container ?? text(columns, 'collectionName'),
    count: 1,
    body: object(columns, 'resourceDetails'),
    raw: value,
    position,
  };
}

export const controlPlane: LogFamily = {
  family: 'ControlPlaneRequests',
  recognise: (value) =>
    resourceLogVariant(value, 'ControlPlaneRequests', ['ActivityId', 'HttpMethod', 'OperationType']),
  time: timeOf,
  normalise,
};
