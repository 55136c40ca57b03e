import type { Routable } from '../alerts/match.ts';
import type { StoredAlert } from '../alerts/stored.ts';
import { nextTime } from '../lib/schedule.ts';
import { pagesOf } from '../report/pages.ts';
import { type Addressee, DIGEST, type Grouping } from './ports.ts';
import type { Links, Receiver, ReceiverKind, ReceiverPorts } from './receiver.ts';
import type { Decision } from './route.ts';

/** `receivers` of the configuration: what the schema of each entry's kind made of it. */
export type ReceiverConfigs = ReadonlyMap<string, readonly { readonly kind: ReceiverKind; readonly config: unknown }[]>;

/** Every receiver by its name and index: `slack-security/0`. */
export function createReceivers(configs: ReceiverConfigs, ports: ReceiverPorts): ReadonlyMap<string, Receiver> {
  return new Map(
    [...configs].flatMap(([name, entries]) =>
      entries.map(({ kind, config }, at): [string, Receiver] => [keyOf(name, at), kind.create(config, ports)]),
    ),
  );
}

/** All that stand under the names that were decided for. @param now milliseconds */
export function addresseesOf(
  decisions: readonly Decision[],
  configs: ReceiverConfigs,
  stored: Routable,
  now: number,
): readonly Addressee[] {
  return decisions.flatMap((decision) => {
    const { receiver, groupWait, repeat } = decision;
    const grouping = groupingOf(decision, stored, now);
    return (configs.get(receiver) ?? []).map(({ kind }, at) => {
      const own = { receiver: keyOf(receiver, at), groupWait, repeat };
      return grouping === null || kind.takesSeveral === undefined ? own : { ...own, grouping };
    });
  });
}

function groupingOf({ path, groupBy, digest }: Decision, stored: Routable, now: number): Grouping | null {
  if (digest !== null) return { key: DIGEST, due: nextTime(digest, now) };
  if (groupBy === null) return null;
  return { key: `group ${path} ${JSON.stringify(groupBy.map((name) => groupValue(name, stored)))}`, due: null };
}

/** Null: the alert has none, which is a group too. */
function groupValue(name: string, { alert, subscription, labels }: Routable): string | null {
  if (name.startsWith('labels.')) return labels[name.slice(7)] ?? null;
  const values: Readonly<Record<string, string | null>> = {
    level: alert.level,
    rule: alert.ruleId,
    account: alert.account,
    subscription,
  };
  return values[name] ?? null;
}

function keyOf(name: string, at: number): string {
  return `${name}/${at}`;
}

/** Links of an alert, or of the list of all. @param externalUrl where people reach the console; null: nobody said */
export function linksFrom(externalUrl: string | null): (stored: StoredAlert | null) => Links {
  return (stored) => pagesOf(stored, externalUrl);
}
