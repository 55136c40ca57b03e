import type { Act } from './acts.ts';
import { FORM_NAMES, type Form, type Stream, type Variant } from './forms.ts';
import type { Rng } from './rng.ts';
import { activityRecords, type Written } from './wire/activityLog.ts';
import { vaultRecord } from './wire/keyVault.ts';
import { controlRecords, dataRecord, mongoRecord } from './wire/resourceLog.ts';
import { type Trace, traceOf } from './wire/trace.ts';
import { idOf, KEY_VAULT_ID } from './world.ts';

/** One record as Azure writes it. */
export interface SimulatedRecord {
  readonly stream: Stream;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Lower-case id of the resource whose log it is in. */
  readonly resource: string;
  /** JSON in one line. */
  readonly line: string;
}

/** Share of acts that arrive in two forms where forms are mixed, as by two diagnostic settings. */
const TOLD_TWICE = 0.05;

/** The records that Azure would write of an act. */
export function recordsOf(act: Act, variant: Variant, rng: Rng): SimulatedRecord[] {
  const trace = traceOf(rng);
  if (variant !== 'mixed') return inForm(act, variant, trace);
  const records = inForm(act, rng.pick(FORM_NAMES), trace);
  return rng.chance(TOLD_TWICE) ? [...records, ...inForm(act, rng.pick(FORM_NAMES), trace)] : records;
}

function inForm(act: Act, form: Form, trace: Trace): SimulatedRecord[] {
  switch (act.kind) {
    case 'arm': {
      const subscription = act.resource.split('/').slice(0, 3).join('/');
      const told = activityRecords(act, form, trace).map((record) => recordOf('activity', subscription, record));
      if (act.control === undefined) return told;
      const account = idOf(act.control.account);
      return [...told, ...controlRecords(act, form, trace).map((record) => recordOf('control', account, record))];
    }
    case 'request': {
      // The API's own log has what is done to documents; databases and collections are requests of the data plane in every API.
      const isMongo = act.account.api === 'mongodb' && act.type === 'Document';
      const record = isMongo ? mongoRecord(act, form, trace) : dataRecord(act, form, trace);
      return [recordOf(isMongo ? 'mongo' : 'data', idOf(act.account), record)];
    }
    case 'vault':
      return [recordOf('keyvault', KEY_VAULT_ID, vaultRecord(act, form, trace))];
  }
}

function recordOf(stream: Stream, resource: string, { time, value }: Written): SimulatedRecord {
  return { stream, time, resource: resource.toLowerCase(), line: JSON.stringify(value) };
}
