import { identity } from '../../lib/hash.ts';
import type { JsonObject } from '../../lib/json.ts';
import { actorOfRequest, authOf } from '../actor.ts';
import type { Names } from '../commands.ts';
import { type Api, type Event, type Family, SECOND } from '../event.ts';
import { address, lower, text } from '../read.ts';
import { ABSENT, type Form, type LogFamily } from './family.ts';
import { columnsOf, resourceLogVariant, resourceOf, timeOf } from './resourceLog.ts';

/** What the logs of the APIs other than NoSQL do not have in common. */
interface ApiLog {
  readonly family: Family;
  readonly api: Api;
  /** @param operation lower case @param command text of the command, where it is logged */
  readonly action: (operation: string, command: string | null) => string;
  /** Error codes beside 0 and none that mean success. */
  readonly isSuccess?: (code: number) => boolean;
  /** What the text of a command names, where the columns are blank. */
  readonly named?: (command: string) => Names;
  /** Columns by which a row without its table's name is known. */
  readonly columns?: readonly string[];
  /** The table's name, where it is not `CDB` and the category. */
  readonly table?: string;
}

/** The family of such a log. */
export function apiFamily(log: ApiLog): LogFamily {
  return {
    family: log.family,
    recognise: (value) => resourceLogVariant(value, log.family, log.columns, log.table),
    time: timeOf,
    normalise: (value, form) => apiRequest(log, value, form),
  };
}

/** A request of one of the APIs: its command is the operation, its error code the outcome, its caller a key. */
function apiRequest(log: ApiLog, value: JsonObject, { variant, time, position, command }: Form): Event {
  const columns = columnsOf(value);
  const { resourceId, account } = resourceOf(value);
  const operation = lower(value, 'operationName') ?? '';
  const written = writtenNames(columns);
  // A text that names a container names its database too, if it is another than the one that the client is in.
  const names = command === null || log.named === undefined || written.container !== null ? null : log.named(command);
  const error = errorOf(columns);
  const activity = lower(columns, 'activityId');
  const ip = address(text(columns, 'address', 'clientIpAddress', 'clientIp'));
  const auth = authOf(text(columns, 'authorizationTokenType'), null);
  const userAgent = text(columns, 'userAgent');
  const place = `${written.database ?? ''}/${text(columns, 'collectionName', 'tableName') ?? ''}`;
  const parts = [log.family, resourceId, activity, operation, place, error, Math.floor(time / SECOND)];
  const isGood = error === 0 || (typeof error === 'number' && (log.isSuccess?.(error) ?? false));
  return {
    ...ABSENT,
    family: log.family,
    variant,
    recordId: identity(...parts),
    time,
    operation,
    action: log.action(operation, command),
    outcome: isGood ? 'success' : 'failure',
    resourceId,
    actionKey: activity === null ? null : parts.join('\u001f').toLowerCase(),
    correlationId: activity,
    status: typeof error === 'number' ? error : null,
    actor: actorOfRequest(auth, null, ip, userAgent),
    sourceIp: ip,
    userAgent,
    account,
    api: log.api,
    auth,
    region: text(columns, 'region', 'regionName'),
    database: names?.database ?? written.database,
    container: written.container ?? names?.container ?? null,
    raw: value,
    position,
  };
}

/** `$cmd` is where commands of MongoDB are sent that concern no collection. */
function writtenNames(columns: JsonObject): Names {
  const container = text(columns, 'collectionName', 'tableName');
  return { database: text(columns, 'databaseName'), container: container === '$cmd' ? null : container };
}

/** The error code, 0 for none; a text where it is no number. */
function errorOf(columns: JsonObject): number | string {
  const written = text(columns, 'errorCode') ?? '0';
  const code = Number(written);
  return Number.isFinite(code) ? code : written;
}
