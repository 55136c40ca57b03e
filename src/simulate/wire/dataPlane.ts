import type { RequestAct } from '../acts.ts';
import type { Form } from '../forms.ts';
import { type Columns, inEnvelope, type Written } from './envelope.ts';
import type { Trace } from './trace.ts';

/** DataPlaneRequests, request by request. */
export function dataRecord(act: RequestAct, form: Form, trace: Trace): Written {
  const { rng } = trace;
  const columns = {
    activityId: trace.activity,
    ...subjectOf(act),
    collectionRid: 'aBcDeF1=',
    duration: (rng.next() * 8).toFixed(6),
    requestCharge: (1 + rng.next() * 9).toFixed(6),
    requestLength: `${rng.int(900)}`,
    responseLength: `${rng.int(4000)}`,
    resourceTokenPermissionMode: '',
    partitionId: 'f187cebb-22cb-4444-a57b-525de5b371e5',
  };
  const { account, time, operation } = act;
  return inEnvelope({ family: 'DataPlaneRequests', account, time, operation, columns }, form, trace);
}

/** What a request was about and who made it: aggregated records are summed up by it. */
export function subjectOf(act: RequestAct): Columns {
  const isDatabase = act.type === 'Database';
  return {
    requestResourceType: act.type,
    requestResourceId: isDatabase ? `/dbs/${act.database}` : `/dbs/${act.database}/colls/${act.container}`,
    statusCode: `${act.status}`,
    userAgent: act.agent,
    clientIpAddress: act.ip,
    resourceTokenPermissionId: '',
    resourceTokenUserRid: '',
    region: 'West Europe',
    keyType: act.key ?? '',
    databaseName: act.database,
    collectionName: isDatabase ? '' : act.container,
    connectionMode: 'Direct',
    ...(act.principal === null ? {} : { aadPrincipalId: act.principal }),
  };
}
