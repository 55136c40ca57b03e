import type { AccountDetail } from '../../api/contract.ts';
import { isoOf } from '../../lib/iso.ts';
import type { ControlRecord } from '../../store/accountQueries.ts';

/** Addresses and actions of one actor that are named, and actors. */
const NAMED = 10;
const ACTORS = 100;

/** Actions that give a key or connection string to who asks. */
const KEY_READS: ReadonlySet<string> = new Set([
  'cosmosdb.keys.list',
  'cosmosdb.keys.list_readonly',
  'cosmosdb.connection_strings.list',
]);

/** Who acted, by control-plane records; those that came last first. @param records newest first */
export function actorsOf(records: readonly ControlRecord[]): AccountDetail['actors'] {
  const named = records.filter((one) => one.actor !== null);
  return [...Map.groupBy(named, actorKey).values()].slice(0, ACTORS).map((own) => {
    const { id, name, type, appName } = own.find(({ actor }) => actor!.name !== null)?.actor ?? own[0]!.actor!;
    return { id, name, type, appName, addresses: addressesOf(own), ...spanOf(own), actions: countsOf(own) };
  });
}

/** Who got a key, and how often. @param records newest first */
export function keyReadsOf(records: readonly ControlRecord[]): AccountDetail['keyReads'] {
  const reads = records.filter(({ action, outcome }) => KEY_READS.has(action) && outcome === 'success');
  const groups = Map.groupBy(reads, (one) => JSON.stringify([actorKey(one), one.action]));
  return [...groups.values()].map((own) => {
    const named = own.find(({ actor }) => actor?.name != null)?.actor ?? own[0]!.actor;
    return {
      name: named?.name ?? named?.id ?? 'a caller not known',
      addresses: addressesOf(own),
      action: own[0]!.action,
      count: own.length,
      ...spanOf(own),
    };
  });
}

function actorKey({ actor }: ControlRecord): string {
  return actor?.id ?? actor?.name ?? actor?.type ?? '';
}

function addressesOf(own: readonly ControlRecord[]): string[] {
  return [...new Set(own.flatMap(({ sourceIp }) => sourceIp ?? []))].slice(0, NAMED);
}

function spanOf(own: readonly ControlRecord[]): { readonly firstSeen: string; readonly lastSeen: string } {
  const times = own.map(({ time }) => time);
  return { firstSeen: isoOf(Math.min(...times) / 1000), lastSeen: isoOf(Math.max(...times) / 1000) };
}

function countsOf(own: readonly ControlRecord[]): AccountDetail['actors'][number]['actions'] {
  return [...Map.groupBy(own, ({ action }) => action)]
    .map(([action, some]) => ({ action, count: some.length }))
    .sort((a, b) => b.count - a.count)
    .slice(0, NAMED);
}
