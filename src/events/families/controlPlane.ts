import { identity } from '../../lib/hash.ts';
import type { JsonObject } from '../../lib/json.ts';
import { controlAction } from '../actions.ts';
import { type Api, type Event, type Outcome, SECOND } from '../event.ts';
import { httpStatus, lower, object, text } from '../read.ts';
import { accountIn, accountOf, armPath, belowAccount, foldId, spelled } from '../resource.ts';
import { ABSENT, type Form, type LogFamily } from './family.ts';
import { columnsOf, resourceLogVariant, resourceOf, timeOf } from './resourceLog.ts';

interface Operation {
  /** Without Start or Complete, lower case. */
  readonly base: string;
  readonly phase: Event['phase'];
}

/** `AccountUpdateStart`; a table may carry the short name (`Create`) and the rest in columns of their own. */
function operationOf(value: JsonObject, columns: JsonObject): Operation {
  const written = lower(value, 'operationName') ?? '';
  const found = /^(.*?)(start|complete)?$/.exec(written);
  const base = found?.[1] ?? written;
  const phase = (found?.[2] ?? 'bare') as Event['phase'];
  const kind = lower(columns, 'apiKind');
  const type = lower(columns, 'apiKindResourceType');
  const isShort = /^(?:create|update|upsert|replace|delete|execute)$/.test(base);
  return { base: isShort && kind !== null && type !== null ? `${kind}${type}${base}` : base, phase };
}

/** Start 2xx = accepted, Complete or a bare 2xx = success. Without a status the word decides; without both it went well. */
function outcomeOf(columns: JsonObject, phase: Event['phase']): Outcome {
  const status = httpStatus(columns, 'httpstatusCode', 'statusCode');
  const result = lower(columns, 'result') ?? '';
  const isGood =
    status === null ? result === '' || /^(?:ok|accept|succe|created)/.test(result) : status >= 200 && status < 300;
  if (!isGood) return 'failure';
  return phase === 'start' ? 'accepted' : 'success';
}

/** What the request was sent to: below the account, if the log says so. */
function targetOf(value: JsonObject, columns: JsonObject) {
  const { resourceId, account } = resourceOf(value);
  const uri = text(columns, 'resourceUri') ?? '';
  const named = accountOf(uri);
  const target = named === null ? resourceId : foldId(uri);
  const accountSpelled = accountIn(spelled(uri, []));
  return { owner: resourceId, target, account: account ?? named, accountSpelled, ...armPath(belowAccount(uri)) };
}

/** `apiKind` by how it begins: its spellings are not established, and Microsoft's own page has `Cassanda`. */
const KINDS: readonly (readonly [start: string, api: Api])[] = [
  ['sql', 'sql'],
  ['mongo', 'mongodb'],
  ['cassan', 'cassandra'],
  ['gremlin', 'gremlin'],
  ['graph', 'gremlin'],
  ['table', 'table'],
];

function apiOf(columns: JsonObject): Api | null {
  const kind = lower(columns, 'apiKind') ?? '';
  return KINDS.find(([start]) => kind.startsWith(start))?.[1] ?? null;
}

function normalise(value: JsonObject, { variant, time, position }: Form): Event {
  const columns = columnsOf(value);
  const { owner, target, account, accountSpelled, api, database, container } = targetOf(value, columns);
  const { base, phase } = operationOf(value, columns);
  const outcome = outcomeOf(columns, phase);
  const activity = lower(columns, 'activityId');
  return {
    // This log names nobody.
    ...ABSENT,
    family: 'ControlPlaneRequests',
    variant,
    recordId: identity('ControlPlaneRequests', Math.floor(time / SECOND), target, `${base}${phase}`, activity, outcome),
    time,
    operation: phase === 'bare' ? base : `${base}${phase}`,
    action: controlAction(base),
    outcome,
    resourceId: target,
    actionKey: activity === null ? null : ['ControlPlaneRequests', owner, target, activity, base].join('\u001f'),
    correlationId: activity,
    phase,
    status: httpStatus(columns, 'httpstatusCode', 'statusCode'),
    method: text(columns, 'httpMethod')?.toUpperCase() ?? null,
    account,
    accountSpelled,
    api: api ?? apiOf(columns),
    database: database ?? text(columns, 'databaseName'),
    container: container ?? text(columns, 'collectionName'),
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
