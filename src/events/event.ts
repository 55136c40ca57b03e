import { compareText } from '../lib/compare.ts';
import type { JsonObject } from '../lib/json.ts';

/** Microseconds since 1970, UTC, a whole number. Azure writes 100 ns; its seventh digit is dropped (exact up to the year 2255). */
export type Micros = number;

export const SECOND: Micros = 1_000_000;
export const MINUTE: Micros = 60 * SECOND;
export const HOUR: Micros = 60 * MINUTE;

/** The kind of a log: Azure's category name, or `ActivityLog`. */
export type Family =
  | 'ActivityLog'
  | 'ControlPlaneRequests'
  | 'DataPlaneRequests'
  | 'DataPlaneRequests5M'
  | 'DataPlaneRequests15M'
  | 'MongoRequests'
  | 'VCoreMongoRequests'
  | 'CassandraRequests'
  | 'GremlinRequests'
  | 'TableApiRequests'
  | 'QueryRuntimeStatistics'
  | 'PartitionKeyStatistics'
  | 'PartitionKeyRUConsumption'
  | 'CassandraAudit'
  | 'AuditEvent';

const REQUESTS: ReadonlySet<string> = new Set<Family>([
  'DataPlaneRequests',
  'DataPlaneRequests5M',
  'DataPlaneRequests15M',
  'MongoRequests',
  'VCoreMongoRequests',
  'CassandraRequests',
  'GremlinRequests',
  'TableApiRequests',
  'CassandraAudit',
]);

/** Is it a log of requests to the data? ControlPlaneRequests only has the name of one. */
export function tellsRequests(family: string): boolean {
  return REQUESTS.has(family);
}

/** The wire form of a record. Order = trust when copies of one record are merged (REST first). */
export const VARIANTS = ['rest', 'log_analytics', 'export', 'event_grid'] as const;
export type Variant = (typeof VARIANTS)[number];

/** Weakest first. An action's outcome is the strongest of its records. */
export type Outcome = 'started' | 'accepted' | 'failure' | 'success';

export type ActorType = 'user' | 'service_principal' | 'managed_identity' | 'key' | 'unknown';

/** Who acted. `id`: Entra object id, dashed and lower case, or `primary_key@203.0.113.7` for a key. */
export interface Actor {
  readonly id: string | null;
  readonly name: string | null;
  readonly type: ActorType;
  /** Entra application id, dashed and lower case. */
  readonly appId: string | null;
  /** A known program's name ("Azure CLI", "Terraform"), else null. */
  readonly appName: string | null;
}

export type Auth = 'entra' | 'primary_key' | 'secondary_key' | 'readonly_key' | 'resource_token' | 'unknown';

export type Api = 'sql' | 'mongodb' | 'cassandra' | 'gremlin' | 'table';

/** Where a record stood. `line` counts from 1; `index` is its place in a document of several records, from 0. */
export interface Position {
  readonly source: string;
  readonly line: number;
  readonly index: number;
}

/** By file, then place in it. */
export function comparePosition(a: Position, b: Position): number {
  return compareText(a.source, b.source) || a.line - b.line || a.index - b.index;
}

/** What the configuration says of a source, `source.name` with it: fields that rules may ask for. */
export type Labels = Readonly<Record<string, string>>;

/**
 * One normalised record. Ids and names that are compared are lower case; `raw` keeps the original spelling.
 * Nothing sensitive is left in it: normalise dropped it.
 */
export interface Event {
  readonly family: Family;
  readonly variant: Variant;
  /** Finds redeliveries and copies in other wire forms. */
  readonly recordId: string;
  readonly time: Micros;
  /** The operation name as logged, lower case: `microsoft.documentdb/databaseaccounts/listkeys/action`, `delete`. */
  readonly operation: string;
  /** From the closed vocabulary of `actions.ts`; an unknown operation keeps its raw name (lower case). */
  readonly action: string;
  readonly outcome: Outcome;
  /** Lower-case ARM id of the resource that the record is about; a bare name where the log has no more; '' if none. */
  readonly resourceId: string;
  /**
   * What all records of one action share (family, correlation or activity id, target, operation without phase), ready for
   * hashing; null: the record is an action of its own.
   */
  readonly actionKey: string | null;
  /** Correlation id (Activity Log, Key Vault) or activity id (resource logs), lower case. */
  readonly correlationId: string | null;
  /** `httpRequest.clientRequestId` of an Activity Log record, lower case. */
  readonly clientRequestId: string | null;
  /** ControlPlaneRequests: which of the pair; `bare` for a name without Start/Complete, and for every other family. */
  readonly phase: 'start' | 'complete' | 'bare';
  /** HTTP status, or the API's error code (Mongo); null if the record has none. */
  readonly status: number | null;
  /** HTTP method in upper case, where the record tells it. */
  readonly method: string | null;
  readonly actor: Actor | null;
  readonly sourceIp: string | null;
  readonly userAgent: string | null;
  /** Lower-case ARM id of the databaseAccount, mongoCluster or cassandraCluster that the record itself names, else null. */
  readonly account: string | null;
  /** The same id as somebody spelled it; null: the record has it in capitals or small letters only. Kept for display and commands. */
  readonly accountSpelled: string | null;
  readonly api: Api | null;
  readonly auth: Auth | null;
  /** The region that answered a request, as Azure calls it: `West Europe`. */
  readonly region: string | null;
  /** Original spelling. */
  readonly database: string | null;
  /** Container, collection, table or graph. Original spelling. */
  readonly container: string | null;
  /** Requests that the record stands for (aggregates: many). */
  readonly count: number;
  /** The ARM request body of the record, parsed: Activity Log `requestbody`, ControlPlaneRequests `resourceDetails`. */
  readonly body: JsonObject | null;
  /** The record as it came, `properties` parsed if it was a string, sensitive fields dropped. */
  readonly raw: JsonObject;
  readonly position: Position;
  /** Of the source that gave it; absent where files are read. */
  readonly labels?: Labels;
}

/** What an alert keeps of a record. */
export interface Evidence {
  readonly id: string;
  readonly time: Micros;
  readonly family: Family;
  readonly action: string;
  readonly outcome: Outcome;
  readonly position: Position;
}
