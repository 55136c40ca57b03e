import type { ArmAct } from '../acts.ts';
import { type Person, TENANT } from '../world.ts';
import type { Trace } from './trace.ts';

/** What all forms of the Activity Log tell of an act through ARM: its phases, who, from where, what for. */

export interface Phase {
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
export function phasesOf({ outcome, takes = 1 }: ArmAct): Phase[] {
  if (outcome === 'failure')
    return [
      { after: 0, ...START },
      { after: 1, ...FAILURE },
    ];
  const between = takes > PATIENCE ? [{ after: 2, ...ACCEPT }] : [];
  return [{ after: 0, ...START }, ...between, { after: takes, ...SUCCESS }];
}

/** How it ended: all that some forms tell. */
export function lastPhase(act: ArmAct): Phase[] {
  return phasesOf(act).slice(-1);
}

const CLAIM = 'http://schemas.microsoft.com/identity/claims';
const WS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';

export function claimsOf(who: Person): Record<string, string> {
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

export function authorizationOf(act: ArmAct): { readonly scope: string; readonly action: string } {
  return { scope: act.resource, action: act.operation };
}

export function evidenceOf({ who, resource }: ArmAct): object {
  return {
    role: 'Contributor',
    roleAssignmentScope: resource.split('/').slice(0, 3).join('/'),
    roleAssignmentId: '33333333333333333333333333333333',
    roleDefinitionId: 'b24988ac618042a0ab8820f7382dd24c',
    principalId: who.oid.replaceAll('-', ''),
    principalType: who.type,
  };
}

export function subscriptionOf(act: ArmAct): string {
  return act.resource.split('/')[2]!;
}

export function correlationOf(act: ArmAct, trace: Trace): string {
  return act.deployment ?? trace.correlation;
}

export function httpRequestOf(act: ArmAct, trace: Trace): object {
  return { clientRequestId: trace.activity, clientIpAddress: act.who.ip, method: act.method ?? 'POST' };
}

/** `A/B/c/d/action` of the resource `…/providers/A/B/NAME/c/…` is of type `A/B/c`, as far as the id has it. */
export function typeOf(resource: string): string {
  const [provider, ...rest] = resource.split('/providers/').at(-1)!.split('/');
  return [provider, ...rest.filter((_, index) => index % 2 === 0)].join('/');
}
