import type { ArmAct } from '../acts.ts';
import { TENANT } from '../world.ts';
import {
  authorizationOf,
  claimsOf,
  correlationOf,
  evidenceOf,
  httpRequestOf,
  type Phase,
  subscriptionOf,
  typeOf,
} from './arm.ts';
import type { Trace } from './trace.ts';

/** Event Grid tells of ends only, one event each, and never what was sent. Two schemas carry the same data. */

/** A write, a deletion or another action, and how it ended. */
function eventTypeOf({ operation }: ArmAct, { exported }: Phase): string {
  const verb = operation.split('/').at(-1)!;
  const kind = verb === 'write' ? 'Write' : verb === 'delete' ? 'Delete' : 'Action';
  return `Microsoft.Resources.Resource${kind}${exported[0]}`;
}

function dataOf(act: ArmAct, phase: Phase, trace: Trace): object {
  return {
    authorization: { ...authorizationOf(act), evidence: evidenceOf(act) },
    claims: claimsOf(act.who),
    correlationId: correlationOf(act, trace),
    // Not where something new is made.
    ...(act.creates === undefined
      ? { httpRequest: { ...httpRequestOf(act, trace), url: `https://management.azure.com${act.resource}` } }
      : {}),
    resourceProvider: typeOf(act.resource).split('/')[0]!,
    resourceUri: act.resource,
    operationName: act.operation,
    status: phase.rest[0],
    subscriptionId: subscriptionOf(act),
    tenantId: TENANT,
  };
}

/** In the schema of Event Grid itself. */
export function gridEvent(act: ArmAct, phase: Phase, time: string, trace: Trace): object {
  return {
    subject: act.resource,
    eventType: eventTypeOf(act, phase),
    eventTime: time,
    id: trace.rng.uuid(),
    data: dataOf(act, phase, trace),
    dataVersion: '2',
    metadataVersion: '1',
    topic: `/subscriptions/${subscriptionOf(act)}`,
  };
}

/** In the schema of CloudEvents 1.0. */
export function cloudEvent(act: ArmAct, phase: Phase, time: string, trace: Trace): object {
  return {
    id: trace.rng.uuid(),
    source: `/subscriptions/${subscriptionOf(act)}`,
    specversion: '1.0',
    type: eventTypeOf(act, phase),
    subject: act.resource,
    time,
    data: dataOf(act, phase, trace),
  };
}
