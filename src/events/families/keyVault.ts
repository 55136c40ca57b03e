import { identity } from '../../lib/hash.ts';
import type { JsonObject } from '../../lib/json.ts';
import { vaultAction } from '../actions.ts';
import { actorFromClaims, identityOf } from '../actor.ts';
import { type Event, type Outcome, SECOND } from '../event.ts';
import { address, number, object, text } from '../read.ts';
import { foldId } from '../resource.ts';
import type { Form, LogFamily } from './family.ts';

/** `resultType` says "Success" even of an answer 403, so the status decides; without one, the result does. */
function outcomeOf(value: JsonObject, status: number | null): Outcome {
  if (status !== null) return status >= 200 && status < 300 ? 'success' : 'failure';
  return /^succe/i.test(text(value, 'resultType') ?? 'success') ? 'success' : 'failure';
}

function normalise(value: JsonObject, { variant, time, position }: Form): Event {
  const properties = object(value, 'properties');
  const resourceId = foldId(text(value, 'resourceId') ?? '');
  const operation = (text(value, 'operationName') ?? '').toLowerCase();
  const status = number(properties, 'httpStatusCode');
  const correlation = text(value, 'correlationId')?.toLowerCase() ?? null;
  const object_ = text(properties, 'id') ?? text(properties, 'requestUri');
  const userAgent = text(properties, 'clientInfo');
  const vault = resourceId.split('/').at(-1);
  const parts = ['AuditEvent', vault, correlation, operation, object_, status, Math.floor(time / SECOND)];
  return {
    family: 'AuditEvent',
    variant,
    recordId: identity(...parts),
    time,
    operation,
    action: vaultAction(operation),
    outcome: outcomeOf(value, status),
    resourceId,
    actionKey: correlation === null ? null : parts.join('\u001f').toLowerCase(),
    correlationId: correlation,
    clientRequestId: null,
    phase: 'bare',
    status,
    method: null,
    actor: actorFromClaims(identityOf(value).claims, null, null, userAgent),
    sourceIp: address(text(value, 'callerIpAddress')),
    userAgent,
    account: null,
    api: null,
    auth: null,
    database: null,
    container: null,
    count: 1,
    body: null,
    raw: value,
    position,
  };
}

export const keyVault: LogFamily = {
  family: 'AuditEvent',
  recognise: (value) => (text(value, 'category')?.toLowerCase() === 'auditevent' ? 'export' : null),
  time: (value) => text(value, 'time'),
  normalise,
};
