import type { Family } from '../event.ts';
import { activityLog } from './activityLog.ts';
import { dataPlane5M, dataPlane15M } from './aggregates.ts';
import { cassandra } from './cassandra.ts';
import { cassandraAudit } from './cassandraAudit.ts';
import { controlPlane } from './controlPlane.ts';
import { dataPlane } from './dataPlane.ts';
import type { LogFamily } from './family.ts';
import { gremlin } from './gremlin.ts';
import { keyVault } from './keyVault.ts';
import { mongo } from './mongo.ts';
import { partitionKeyRuConsumption, partitionKeyStatistics, queryRuntimeStatistics } from './statistics.ts';
import { tableApi } from './tableApi.ts';
import { vcoreMongo } from './vcoreMongo.ts';

/** Every kind of log, in the order in which a record is offered to them: most frequent first. */
export const FAMILIES: readonly LogFamily[] = [
  dataPlane,
  mongo,
  activityLog,
  controlPlane,
  keyVault,
  vcoreMongo,
  cassandra,
  gremlin,
  tableApi,
  dataPlane5M,
  dataPlane15M,
  partitionKeyRuConsumption,
  queryRuntimeStatistics,
  partitionKeyStatistics,
  cassandraAudit,
];

/** Kinds of log that tell of no act: a record shows that the log lives, and nothing more. There may be one a request. */
export const SIGNS_OF_LIFE: ReadonlySet<Family> = new Set<Family>([
  'QueryRuntimeStatistics',
  'PartitionKeyStatistics',
  'PartitionKeyRUConsumption',
]);
