import type { StatisticAct } from '../acts.ts';
import type { Form } from '../forms.ts';
import { type Columns, inEnvelope, type Written } from './envelope.ts';
import type { Trace } from './trace.ts';

/** Logs of what requests cost and where data lies. Their members are spelt as records of 2019 to 2026 spell them: not alike. */
export function statisticRecord(act: StatisticAct, form: Form, trace: Trace): Written {
  const { family, account, time } = act;
  const operation = family === 'PartitionKeyRUConsumption' ? 'Read' : null;
  return inEnvelope({ family, account, time, operation, columns: columnsOf(act, trace) }, form, trace);
}

function columnsOf({ family, account, container }: StatisticAct, { activity, rng }: Trace): Columns {
  switch (family) {
    case 'QueryRuntimeStatistics':
      return {
        activityId: activity,
        databasename: account.database,
        collectionname: container,
        partitionkeyrangeid: '0',
        querytext: '{"query":"SELECT * FROM c WHERE (c.p1 = true)","parameters":[]}',
      };
    case 'PartitionKeyStatistics':
      return {
        subscriptionId: account.subscription,
        regionName: 'West Europe',
        databaseName: account.database,
        collectionname: container,
        partitionkey: '["a1"]',
        sizeKb: `${1000 + rng.int(9000)}`,
      };
    case 'PartitionKeyRUConsumption':
      return {
        activityId: activity,
        regionName: 'West Europe',
        databaseName: account.database,
        collectionName: container,
        partitionKey: '["a1"]',
        partitionKeyRangeId: '0',
        requestCharge: (1 + rng.next() * 9).toFixed(6),
      };
  }
}
