import { identity } from '../../lib/hash.ts';
import type { JsonObject } from '../../lib/json.ts';
import { type Event, type Family, SECOND } from '../event.ts';
import { number, text } from '../read.ts';
import { requestOf } from './dataPlane.ts';
import { ABSENT, type Form, type LogFamily } from './family.ts';
import { columnsOf, resourceLogVariant, resourceOf, timeOf } from './resourceLog.ts';

type Aggregate = Extract<Family, 'DataPlaneRequests5M' | 'DataPlaneRequests15M'>;

/** What requests are summed up by; the first name is the export's, the second the table's. Everything else is a measure. */
const DIMENSIONS: readonly (readonly string[])[] = [
  ['requestResourceType'],
  ['requestResourceId'],
  ['statusCode'],
  ['databaseName'],
  ['collectionName'],
  ['aadPrincipalId'],
  ['aadAppliedRoleAssignmentId'],
  ['keyType'],
  ['authTokenType'],
  ['resourceTokenPermissionId'],
  ['resourceTokenUserRid'],
  ['clientIpAddress'],
  ['userAgent'],
  ['connectionMode'],
  ['partitionId'],
  ['region', 'regionName'],
];

/** Documentation has both names for the number of requests; which one a record carries is unconfirmed. */
const COUNTS = ['requestCount', 'sampleCount', 'totalRequestCount'];

function aggregate(family: Aggregate): LogFamily {
  const normalise = (value: JsonObject, { variant, time, position }: Form): Event => {
    const columns = columnsOf(value);
    const { operation, ...request } = requestOf(value);
    const dimensions = DIMENSIONS.map((names) => text(columns, ...names));
    const parts = [family, resourceOf(value).resourceId, operation, ...dimensions, Math.floor(time / SECOND)];
    return {
      ...ABSENT,
      ...request,
      family,
      variant,
      recordId: identity(...parts),
      time,
      operation,
      actionKey: parts.join('\u001f').toLowerCase(),
      count: Math.max(1, Math.round(number(columns, ...COUNTS) ?? 1)),
      raw: value,
      position,
    };
  };
  return { family, recognise: (value) => resourceLogVariant(value, family), time: timeOf, normalise };
}

/** Data-plane requests of five minutes, summed up. */
export const dataPlane5M: LogFamily = aggregate('DataPlaneRequests5M');
/** Data-plane requests of a quarter of an hour, summed up. */
export const dataPlane15M: LogFamily = aggregate('DataPlaneRequests15M');
