import { identity } from '../../lib/hash.ts';
import type { JsonObject } from '../../lib/json.ts';
import { type Event, type Family, SECOND } from '../event.ts';
import { lower, text } from '../read.ts';
import { ABSENT, type Form, type LogFamily } from './family.ts';
import { columnsOf, resourceLogVariant, resourceOf, timeOf } from './resourceLog.ts';

type Statistic = Extract<Family, 'QueryRuntimeStatistics' | 'PartitionKeyStatistics' | 'PartitionKeyRUConsumption'>;

/** Logs that tell of no act against an account: their records only show that the log lives. */
function statistic(family: Statistic): LogFamily {
  const normalise = (value: JsonObject, { variant, time, position }: Form): Event => {
    const columns = columnsOf(value);
    const { resourceId, account } = resourceOf(value);
    const operation = lower(value, 'operationName') ?? family.toLowerCase();
    const activity = lower(columns, 'activityId');
    const database = text(columns, 'databaseName');
    const container = text(columns, 'collectionName');
    const key = text(columns, 'partitionKey', 'partitionKeyRangeId');
    const parts = [family, resourceId, activity, operation, database, container, key, Math.floor(time / SECOND)];
    return {
      ...ABSENT,
      family,
      variant,
      recordId: identity(...parts),
      time,
      operation,
      action: operation,
      outcome: 'success',
      resourceId,
      actionKey: activity === null ? null : parts.join('\u001f').toLowerCase(),
      correlationId: activity,
      account,
      database,
      container,
      raw: value,
      position,
    };
  };
  return { family, recognise: (value) => resourceLogVariant(value, family), time: timeOf, normalise };
}

export const queryRuntimeStatistics: LogFamily = statistic('QueryRuntimeStatistics');
export const partitionKeyStatistics: LogFamily = statistic('PartitionKeyStatistics');
export const partitionKeyRuConsumption: LogFamily = statistic('PartitionKeyRUConsumption');
