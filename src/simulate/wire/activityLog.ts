import type { ArmAct } from '../acts.ts';
import type { Form } from '../forms.ts';
import { type Person, TENANT, WORKSPACE } from '../world.ts';
import { stampOf, type Trace } from './trace.ts';

/** The Activity Log: an act through ARM is a Start, perhaps an Accept, and an end. */

interface Phase {
  /** Seconds after the act began. */
  readonly after: number;
  readonly exported: readonly [type: string, signature: string];
  readonly rest: readonly [status: string, sub: string];
  /** As the HTTP answer is spelt in `properties.statusCode`. */
  readonly answer: string;
}

const START: Omit<Phase, 'after'> = { exported: ['Start', 'Started.'], rest: ['Started', ''], answer: '' };
const ACCEPT: Omit<Phase, 'after'> = {
  exported: ['Accept', 'Accepted.Accepted'],
  rest: ['Accepted', 'Accepted (HTTP Status Code: 202)'],
  answer: 'Accepted',
};
const SUCCESS: Omit<Phase, 'after'> = {
  exported: ['Success', 'Succeeded.OK'],
  rest: ['Succeeded', 'OK (HTTP Status Code: 200)'],
  answer: 'OK',
};
const FAILURE: Omit<Phase, 'after'> = {
  exported: ['Failure', 'Failed.AuthorizationFailed'],
  rest: ['Failed', 'Forbidden (HTTP Status Code: 403)'],
  answer: 'Forbidden',
};

/** Longer than this and ARM answers 202 first. */
const PATIENCE = 30;

/** A refused act ends at once, whatever it would have taken. */
function phasesOf({ outcome, takes = 1 }: ArmAct): Phase[] {
  if (outcome === 'failure')
    return [
      { after: 0, ...START },
      { after: 1, ...FAILURE },
    ];
  const between = takes > PATIENCE ? [{ after: 2, ...ACCEPT }] : [];
  return [{ after: 0, ...START }, ...between, { after: takes, ...SUCCESS }];
}

export interface Written {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly value: object;
}

export function activityRecords(act: ArmAct, form: Form, trace: Trace): Written[] {
  const write = WRITERS[form];
  return phasesOf(act).map((phase) => {
    const time = act.time + phase.after * 1000;
    return { time, value: write(act, phase, stampOf(time, trace), trace) };
  });
}

type Writer = (act: ArmAct, phase: Phase, time: string, trace: Trace) => object;

const WRITERS: Readonly<Record<Form, Writer>> = { export: exported, rest: restEvent, log_analytics: row };

const CLAIM = 'http://schemas.microsoft.com/identity/claims';
const WS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';

function claimsOf(who: Person): Record<string, string> {
  return {
    aud: 'https://management.core.windows.net/',
    iss: `https://sts.windows.net/${TENANT}/`,
    appid: who.appId,
    appidacr: who.type === 'User' ? '0' : '1',
    [`${CLAIM}/objectidentifier`]: who.oid,
    [`${CLAIM}/tenantid`]: TENANT,
    ...(who.type === 'User'
      ? { [`${WS}/upn`]: who.name, [`${WS}/name`]: who.name, idtyp: 'user', [`${CLAIM}/scope`]: 'user_impersonation' }
      : { idtyp: 'app', app_displayname: who.name }),
    ipaddr: who.ip,
    ver: '1.0',
  };
}

function authorizationOf(act: ArmAct): { readonly scope: string; readonly action: string } {
  return { scope: act.resource, action: act.operation };
}

function evidenceOf({ who, resource }: ArmAct): object {
  return {
    role: 'Contributor',
    roleAssignmentScope: resource.split('/').slice(0, 3).join('/'),
    roleAssignmentId: '33333333333333333333333333333333',
    roleDefinitionId: 'b24988ac618042a0ab8820f7382dd24c',
    principalId: who.oid.replaceAll('-', ''),
    principalType: who.type,
  };
}

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

function subscriptionOf(act: ArmAct): string {
  return act.resource.split('/')[2]!;
}

function correlationOf(act: ArmAct, trace: Trace): string {
  return act.deployment ?? trace.correlation;
}

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

/** `A/B/c/d/action` of the resource `…/providers/A/B/NAME/c/…` is of type `A/B/c`, as far as the id has it. */
function typeOf(resource: string): string {
  const [provider, ...rest] = resource.split('/providers/').at(-1)!.split('/');
  return [provider, ...rest.filter((_, index) => index % 2 === 0)].join('/');
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

function httpRequestOf(act: ArmAct, trace: Trace): object {
  return { clientRequestId: trace.activity, clientIpAddress: act.who.ip, method: act.method ?? 'POST' };
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
