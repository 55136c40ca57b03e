import type { Family } from '../events/event.ts';
import type { Act, RequestAct } from './acts.ts';
import { type Form, formsOf, hasGap, type Variant } from './forms.ts';
import type { Rng } from './rng.ts';
import { activityRecords } from './wire/activityLog.ts';
import { apiLogOf, apiRecord } from './wire/apiLogs.ts';
import { controlRecords } from './wire/controlPlane.ts';
import { dataRecord } from './wire/dataPlane.ts';
import type { Written } from './wire/envelope.ts';
import { vaultRecord } from './wire/keyVault.ts';
import { statisticRecord } from './wire/statistics.ts';
import { type Trace, traceOf } from './wire/trace.ts';
import { idOf, KEY_VAULT_ID } from './world.ts';

/** One record as Azure writes it. */
export interface SimulatedRecord {
  readonly family: Family;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Lower-case id of the resource whose log it is in. */
  readonly resource: string;
  /** JSON in one line. */
  readonly line: string;
}

/** Share of acts that arrive in two forms where forms are mixed, as by two diagnostic settings. */
const TOLD_TWICE = 0.2;

/** The records that Azure would write of an act. */
export function recordsOf(act: Act, variant: Variant, rng: Rng): SimulatedRecord[] {
  const trace = traceOf(rng);
  if (variant !== 'mixed') return inForm(act, variant, trace);
  const forms = formsOf(familyOf(act));
  const records = inForm(act, rng.pick(forms.filter((form) => !hasGap(familyOf(act), form, 'body'))), trace);
  // What cannot tell everything comes beside another form, never alone.
  return rng.chance(TOLD_TWICE) ? [...records, ...inForm(act, rng.pick(forms), trace)] : records;
}

/** The log that tells of an act first of all. */
export function familyOf(act: Act): Family {
  switch (act.kind) {
    case 'arm':
      return 'ActivityLog';
    case 'request':
      return requestFamily(act);
    case 'statistic':
      return act.family;
    case 'vault':
      return 'AuditEvent';
  }
}

/** The API's own log has its requests; NoSQL has the data plane's. */
function requestFamily({ account }: RequestAct): Family {
  return apiLogOf(account) ?? 'DataPlaneRequests';
}

function inForm(act: Act, form: Form, trace: Trace): SimulatedRecord[] {
  switch (act.kind) {
    case 'arm': {
      const subscription = act.resource.split('/').slice(0, 3).join('/');
      const told = activityRecords(act, form, trace).map((record) => recordOf('ActivityLog', subscription, record));
      if (act.control === undefined) return told;
      const account = idOf(act.control.account);
      return [
        ...told,
        ...controlRecords(act, form, trace).map((record) => recordOf('ControlPlaneRequests', account, record)),
      ];
    }
    case 'request': {
      const log = apiLogOf(act.account);
      const record = log === null ? dataRecord(act, form, trace) : apiRecord(log, act, form, trace);
      return [recordOf(requestFamily(act), idOf(act.account), record)];
    }
    case 'statistic':
      return [recordOf(act.family, idOf(act.account), statisticRecord(act, form, trace))];
    case 'vault':
      return [recordOf('AuditEvent', KEY_VAULT_ID, vaultRecord(act, form, trace))];
  }
}

export function recordOf(family: Family, resource: string, { time, value }: Written): SimulatedRecord {
  return { family, time, resource: resource.toLowerCase(), line: JSON.stringify(value) };
}
