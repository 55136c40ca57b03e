import { tellsRequests } from '../events/event.ts';
import { compareText } from '../lib/compare.ts';
import type { BlindSpot } from './contract.ts';

/** What cannot be seen of an account, by the logs that there are of it. */
export function blindSpots(seenBy: ReadonlyMap<string, ReadonlySet<string>>): BlindSpot[] {
  const spots: BlindSpot[] = [];
  for (const [account, families] of [...seenBy].sort(([a], [b]) => compareText(a, b))) {
    // The audit log of a cluster for Cassandra tells attempts only.
    if (![...families].some((family) => tellsRequests(family) && family !== 'CassandraAudit')) {
      spots.push({ account, why: 'no data-plane log, so cosmosdb_item_deleted cannot fire' });
    }
    if (!families.has('ActivityLog'))
      spots.push({ account, why: 'no Activity Log in these files, so no caller can be named' });
  }
  return spots;
}
