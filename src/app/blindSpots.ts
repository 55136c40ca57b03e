import type { BlindSpot } from './contract.ts';

const REQUESTS = /^(?!ControlPlane).*Requests/;

/** What cannot be seen of an account, by the logs that there are of it. */
export function blindSpots(seenBy: ReadonlyMap<string, ReadonlySet<string>>): BlindSpot[] {
  const spots: BlindSpot[] = [];
  for (const [account, families] of [...seenBy].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (![...families].some((family) => REQUESTS.test(family))) {
      spots.push({ account, why: 'no data-plane log, so cosmosdb_item_deleted cannot fire' });
    }
    if (!families.has('ActivityLog'))
      spots.push({ account, why: 'no Activity Log in these files, so no caller can be named' });
  }
  return spots;
}
