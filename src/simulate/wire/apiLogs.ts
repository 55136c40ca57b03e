import type { Family } from '../../events/event.ts';
import type { RequestAct } from '../acts.ts';
import type { Form } from '../forms.ts';
import type { Account } from '../world.ts';
import {
  CASSANDRA_OPERATIONS,
  cqlOf,
  cqlText,
  deedOf,
  gremlinText,
  MONGO_COMMANDS,
  mongoText,
  TABLE_OPERATIONS,
} from './commands.ts';
import { type Columns, inEnvelope, type Written } from './envelope.ts';
import type { Trace } from './trace.ts';

/** The logs of the APIs: each has names and codes of its own. */

type ApiFamily = Extract<
  Family,
  | 'MongoRequests'
  | 'VCoreMongoRequests'
  | 'CassandraRequests'
  | 'GremlinRequests'
  | 'TableApiRequests'
  | 'CassandraAudit'
>;

/** The log that has an account's requests; `null`: the data plane's. */
export function apiLogOf({ api, kind }: Account): ApiFamily | null {
  if (kind === 'mongoClusters') return 'VCoreMongoRequests';
  if (kind === 'cassandraClusters') return 'CassandraAudit';
  return API_LOGS[api];
}

const API_LOGS: Readonly<Record<Account['api'], ApiFamily | null>> = {
  sql: null,
  mongodb: 'MongoRequests',
  cassandra: 'CassandraRequests',
  gremlin: 'GremlinRequests',
  table: 'TableApiRequests',
};

interface Told {
  readonly operation: string | null;
  readonly columns: Columns;
}

type Writer = (act: RequestAct, trace: Trace) => Told;

export function apiRecord(family: ApiFamily, act: RequestAct, form: Form, trace: Trace): Written {
  return inEnvelope({ family, account: act.account, time: act.time, ...WRITERS[family](act, trace) }, form, trace);
}

const WRITERS: Readonly<Record<ApiFamily, Writer>> = {
  MongoRequests: mongo,
  VCoreMongoRequests: vcoreMongo,
  CassandraRequests: cassandra,
  GremlinRequests: gremlin,
  TableApiRequests: table,
  CassandraAudit: cassandraAudit,
};

function measures({ rng }: Trace): Columns {
  return { duration: (rng.next() * 8).toFixed(6), requestCharge: (1 + rng.next() * 9).toFixed(6) };
}

function lengths({ rng }: Trace): Columns {
  return { requestLength: `${rng.int(900)}`, responseLength: `${rng.int(4000)}` };
}

function caller(act: RequestAct): Columns {
  return { authorizationTokenType: act.key ?? '', address: act.ip, userAgent: act.agent, region: 'West Europe' };
}

/** What the API answers where HTTP would answer so. */
function codeFor(act: RequestAct, success: string, errors: Readonly<Record<number, string>>, other: string): string {
  return act.status < 300 ? success : (errors[act.status] ?? other);
}

const MONGO_ERRORS: Readonly<Record<number, string>> = { 409: '11000', 429: '16500', 412: '112', 403: '13' };

function mongo(act: RequestAct, trace: Trace): Told {
  return {
    operation: MONGO_COMMANDS[deedOf(act)] ?? 'ping',
    columns: {
      activityId: trace.activity,
      opCode: 'MongoOpCode_OP_MSG',
      errorCode: codeFor(act, '0', MONGO_ERRORS, '1'),
      ...measures(trace),
      databaseName: act.database,
      collectionName: act.container,
      retryCount: '0',
      ...caller(act),
      ...(act.type === 'Document' && !TEXT_TELLS.has(act.operation) ? {} : { piiCommandText: mongoText(act) }),
    },
  };
}

/** Commands that do one thing or another: accounts that want to know log their text. */
const TEXT_TELLS: ReadonlySet<string> = new Set(['Remove', 'Batch']);

function vcoreMongo(act: RequestAct, trace: Trace): Told {
  return {
    operation: MONGO_COMMANDS[deedOf(act)] ?? 'ping',
    columns: {
      activityId: trace.activity,
      clusterName: act.account.name,
      databaseName: act.database,
      collectionName: act.type === 'Document' ? act.container : '',
      clientIp: act.ip,
      duration: (trace.rng.next() * 8).toFixed(6),
      errorCode: codeFor(act, '0', MONGO_ERRORS, '1'),
      piiCommandText: mongoText(act),
      region: 'West Europe',
      ...lengths(trace),
      userAgent: act.agent,
      userId: act.principal ?? '',
    },
  };
}

/** Codes of the protocol: refused, already there, overloaded. */
const CQL_ERRORS: Readonly<Record<number, string>> = { 403: '8448', 409: '9216', 429: '4097' };

function cassandra(act: RequestAct, trace: Trace): Told {
  return {
    operation: CASSANDRA_OPERATIONS[deedOf(act)] ?? 'Query',
    columns: {
      activityId: trace.activity,
      opCode: '<empty>',
      errorCode: codeFor(act, '-1', CQL_ERRORS, '8704'),
      ...measures(trace),
      databaseName: act.database,
      // A statement about the table itself has its name in the text only.
      collectionName: act.type === 'Document' ? act.container : '<empty>',
      retryCount: '<empty>',
      ...caller(act),
      piiCommandText: cqlText(act),
    },
  };
}

function gremlin(act: RequestAct, trace: Trace): Told {
  return {
    operation: 'eval',
    columns: {
      activityId: trace.activity,
      errorCode: `${act.status < 300 ? 200 : act.status}`,
      ...measures(trace),
      databaseName: act.database,
      collectionName: act.container,
      ...caller(act),
      estimatedDelayFromRateLimitingInMilliseconds: '0',
      retriedDueToRateLimiting: 'False',
      ...lengths(trace),
      piiCommandText: gremlinText(act),
    },
  };
}

function table(act: RequestAct, trace: Trace): Told {
  return {
    operation: TABLE_OPERATIONS[deedOf(act)] ?? 'QueryEntities',
    columns: {
      activityId: trace.activity,
      clientRequestId: trace.correlation,
      errorCode: `${act.status < 300 ? 0 : act.status}`,
      ...measures(trace),
      tableName: act.container,
      ...caller(act),
      ...lengths(trace),
    },
  };
}

/** What is done in a cluster is written down before it is done: an attempt, or that it failed. */
function cassandraAudit(act: RequestAct, trace: Trace): Told {
  const operation = cqlOf(act);
  return {
    operation: null,
    columns: {
      batchId: '',
      clientIP: act.ip,
      clientPort: `${40_000 + trace.rng.int(20_000)}`,
      clusterName: act.account.name,
      coordinatorIP: '10.4.0.11',
      operation,
      operationNaked: operation,
      status: act.status < 300 ? 'ATTEMPT' : 'FAILED',
      user: act.principal ?? '',
    },
  };
}
