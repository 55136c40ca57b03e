import { identity } from '../../lib/hash.ts';
import type { JsonObject } from '../../lib/json.ts';
import { cassandraAction } from '../actions.ts';
import { readCql } from '../commands.ts';
import { type Event, SECOND, type Variant } from '../event.ts';
import { address, entraId, get, isEntraId, lower, object, text } from '../read.ts';
import { ABSENT, type Form, type LogFamily } from './family.ts';
import { columnsOf, resourceLogVariant, resourceOf, timeOf } from './resourceLog.ts';

/** The table's page calls the category `Audit`, which other services do too: then the resource must be a cluster. */
function recognise(value: JsonObject): Variant | null {
  const named = resourceLogVariant(value, 'CassandraAudit', ['OperationNaked', 'ClientIP'], 'CassandraAudit');
  if (named !== null || lower(value, 'category') !== 'audit') return named;
  const isCluster = (lower(value, 'resourceId', '_ResourceId') ?? '').includes(
    '/microsoft.documentdb/cassandraclusters/',
  );
  if (!isCluster) return null;
  return get(value, 'TimeGenerated') === undefined ? 'export' : 'log_analytics';
}

/** The statement holds data; it is read here and left out of the event. */
const STATEMENT = /^operation(?:naked)?(?:_s)?$/i;

function withoutStatement(record: JsonObject): JsonObject {
  const kept = Object.fromEntries(Object.entries(record).filter(([name]) => !STATEMENT.test(name)));
  const properties = object(record, 'properties');
  return properties === null ? kept : { ...kept, properties: withoutStatement(properties) };
}

/**
 * What is done in a cluster for Apache Cassandra, written down before it is done: an attempt is accepted, no more, and a record of its
 * failure takes that back. The statement itself is the operation.
 */
function normalise(value: JsonObject, { variant, time, position }: Form): Event {
  const columns = columnsOf(value);
  const { resourceId, account } = resourceOf(value);
  const statement = text(columns, 'operation', 'operationNaked') ?? '';
  const cql = readCql(statement);
  const operation = cql?.verb ?? /^\w{1,30}/.exec(statement)?.[0].toLowerCase() ?? 'unknown';
  const user = text(columns, 'user', 'userName');
  const external = entraId(text(columns, 'externalUserId'));
  const id = isEntraId(external) ? external : (user?.toLowerCase() ?? external);
  const ip = address(text(columns, 'clientIp'));
  const isFailure = (lower(columns, 'status') ?? '').startsWith('fail');
  const port = text(columns, 'clientPort');
  const parts = ['CassandraAudit', resourceId, user, ip, port, identity(statement), Math.floor(time / SECOND)];
  return {
    ...ABSENT,
    family: 'CassandraAudit',
    variant,
    recordId: identity(...parts, isFailure ? 'failure' : 'accepted'),
    time,
    operation,
    action: cassandraAction(operation, statement),
    outcome: isFailure ? 'failure' : 'accepted',
    resourceId,
    actionKey: parts.join('\u001f').toLowerCase(),
    actor: id === null ? null : { id, name: user, type: 'unknown', appId: null, appName: null },
    sourceIp: ip,
    account,
    api: 'cassandra',
    database: cql?.names.database ?? null,
    container: cql?.names.container ?? null,
    raw: withoutStatement(value),
    position,
  };
}

/** Clusters for Apache Cassandra. */
export const cassandraAudit: LogFamily = { family: 'CassandraAudit', recognise, time: timeOf, normalise };
