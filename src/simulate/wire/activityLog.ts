import type { ArmAct } from '../acts.ts';
import { type Form, formOf, hasGap } from '../forms.ts';
import { TENANT, WORKSPACE } from '../world.ts';
import {
  authorizationOf,
  claimsOf,
  correlationOf,
  evidenceOf,
  httpRequestOf,
  lastPhase,
  type Phase,
  phasesOf,
  subscriptionOf,
  typeOf,
} from './arm.ts';
import type { Written } from './envelope.ts';
import { cloudEvent, gridEvent } from './eventGrid.ts';
import { stampOf, type Trace } from './trace.ts';

/** The Activity Log: an act through ARM is a Start, perhaps an Accept, and an end. */

export function activityRecords(act: ArmAct, form: Form, trace: Trace): Written[] {
  const write = WRITERS[formOf('ActivityLog', form)]!;
  const phases = hasGap('ActivityLog', form, 'start') ? lastPhase(act) : phasesOf(act);
  return phases.map((phase) => {
    const time = act.time + phase.after * 1000;
    return { time, value: write(act, phase, stampOf(time, trace), trace) };
  });
}

type Writer = (act: ArmAct, phase: Phase, time: string, trace: Trace) => object;

const WRITERS: Readonly<Partial<Record<Form, Writer>>> = {
  export: exported,
  rest: restEvent,
  log_analytics: row,
  event_grid: gridEvent,
  cloud_events: cloudEvent,
};

/** The body stands in the first record only, as text. */
function propertiesOf(act: ArmAct, phase: Phase, trace: Trace): object {
  const isFirst = phase.after === 0;
  return {
    ...(isFirst
      ? act.body === undefined
        ? {}
        : { requestbody: JSON.stringify(act.body) }
      : { statusCode: phase.answer, serviceRequestId: trace.rng.uuid() }),
    ...(phase.answer === 'Forbidden' ? { statusMessage: REFUSED } : {}),
    eventCategory: 'Administrative',
    entity: act.resource,
    message: act.operation,
    hierarchy: `${TENANT}/${subscriptionOf(act)}`,
  };
}

const REFUSED = JSON.stringify({
  error: { code: 'AuthorizationFailed', message: 'The client does not have authorization to perform the action.' },
});

function exported(act: ArmAct, phase: Phase, time: string, trace: Trace): object {
  return {
    RoleLocation: 'West Europe',
    Stamp: 'FDWeb',
    ReleaseVersion: '6.2026.44.3+0a1b2c3.release_2026w44',
    time,
    resourceId: act.resource.toUpperCase(),
    operationName: act.operation.toUpperCase(),
    category: 'Administrative',
    resultType: phase.exported[0],
    resultSignature: phase.exported[1],
    durationMs: '0',
    callerIpAddress: act.who.ip,
    correlationId: correlationOf(act, trace),
    identity: { authorization: { ...authorizationOf(act), evidence: evidenceOf(act) }, claims: claimsOf(act.who) },
    level: phase.answer === 'Forbidden' ? 'Error' : 'Information',
    properties: propertiesOf(act, phase, trace),
    tenantId: TENANT,
  };
}

/** A user's principal name; another's object id. */
function callerOf({ who }: ArmAct): string {
  return who.type === 'User' ? who.name : who.oid;
}

function named(value: string): { readonly value: string; readonly localizedValue: string } {
  return { value, localizedValue: value };
}

function groupOf(resource: string): string {
  return /\/resourceGroups\/([^/]+)/i.exec(resource)?.[1] ?? '';
}

function restEvent(act: ArmAct, phase: Phase, time: string, trace: Trace): object {
  const isFirst = phase.after === 0;
  const eventDataId = trace.rng.uuid();
  return {
    authorization: authorizationOf(act),
    caller: callerOf(act),
    channels: 'Operation',
    claims: claimsOf(act.who),
    correlationId: correlationOf(act, trace),
    description: '',
    eventDataId,
    eventName: {
      value: isFirst ? 'BeginRequest' : 'EndRequest',
      localizedValue: isFirst ? 'Begin request' : 'End request',
    },
    category: named('Administrative'),
    httpRequest: httpRequestOf(act, trace),
    id: `${act.resource}/events/${eventDataId}/ticks/${ticksOf(act.time + phase.after * 1000)}`,
    level: phase.answer === 'Forbidden' ? 'Error' : 'Informational',
    resourceGroupName: groupOf(act.resource),
    resourceProviderName: named(typeOf(act.resource).split('/')[0]!),
    resourceId: act.resource,
    resourceType: named(typeOf(act.resource)),
    operationId: trace.correlation,
    operationName: named(act.operation),
    properties: propertiesOf(act, phase, trace),
    status: named(phase.rest[0]),
    subStatus: named(phase.rest[1]),
    eventTimestamp: time,
    submissionTimestamp: time,
    subscriptionId: subscriptionOf(act),
    tenantId: TENANT,
  };
}

/** 100 ns since the year 1. */
function ticksOf(time: number): string {
  return `${(BigInt(time) + 62_135_596_800_000n) * 10_000n}`;
}

/** A row of AzureActivity: objects are texts, ids are lower case, operations upper. */
function row(act: ArmAct, phase: Phase, time: string, trace: Trace): object {
  return {
    TenantId: WORKSPACE,
    SourceSystem: 'Azure',
    TimeGenerated: time,
    CallerIpAddress: act.who.ip,
    CategoryValue: 'Administrative',
    CorrelationId: correlationOf(act, trace),
    Authorization: JSON.stringify({ ...authorizationOf(act), evidence: evidenceOf(act) }),
    Claims: JSON.stringify(claimsOf(act.who)),
    Level: phase.answer === 'Forbidden' ? 'Error' : 'Informational',
    OperationNameValue: act.operation.toUpperCase(),
    Properties: JSON.stringify(propertiesOf(act, phase, trace)),
    Caller: callerOf(act),
    EventDataId: trace.rng.uuid(),
    EventSubmissionTimestamp: time,
    HTTPRequest: JSON.stringify(httpRequestOf(act, trace)),
    OperationId: trace.correlation,
    ResourceGroup: groupOf(act.resource).toUpperCase(),
    ResourceProviderValue: typeOf(act.resource).split('/')[0]!.toUpperCase(),
    ActivityStatusValue: phase.exported[0],
    ActivitySubstatusValue: phase.answer,
    Hierarchy: `${TENANT}/${subscriptionOf(act)}`,
    SubscriptionId: subscriptionOf(act),
    Type: 'AzureActivity',
    _ResourceId: act.resource.toLowerCase(),
  };
}
