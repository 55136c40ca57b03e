import type { ArmAct } from '../acts.ts';
import type { Form } from '../forms.ts';
import { inEnvelope, type Written } from './envelope.ts';
import type { Trace } from './trace.ts';

/** Milliseconds after an act began that its account's own log first tells of it. */
export const CONTROL_DELAY = 400;

/** What the account's own log tells of an act through ARM: Start and Complete of an account, one bare record of what is below. */
export function controlRecords(act: ArmAct, form: Form, trace: Trace): Written[] {
  const { control } = act;
  if (control === undefined || act.outcome === 'failure') return [];
  const phases = control.uri === undefined ? (['Start', 'Complete'] as const) : ([''] as const);
  return phases.map((phase) => {
    const columns = {
      activityId: trace.activity,
      httpstatusCode: phase === 'Start' ? '202' : '200',
      result: phase === 'Start' ? 'Accepted' : 'OK',
      httpMethod: act.method ?? 'PUT',
      ...(control.uri === undefined ? {} : { resourceUri: control.uri }),
      ...control.columns,
    };
    const time = act.time + (phase === 'Complete' ? (act.takes ?? 1) * 1000 : CONTROL_DELAY);
    const operation = `${control.name}${phase}`;
    return inEnvelope(
      { family: 'ControlPlaneRequests', account: control.account, time, operation, columns },
      form,
      trace,
    );
  });
}
