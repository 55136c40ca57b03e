import type { StoredAlert } from '../alerts/stored.ts';
import { pagesOf } from '../report/pages.ts';
import type { Addressee } from './ports.ts';
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

/** All that stand under the names that were decided for. */
export function addresseesOf(decisions: readonly Decision[], configs: ReceiverConfigs): readonly Addressee[] {
  return decisions.flatMap(({ receiver, groupWait, repeat }) =>
    (configs.get(receiver) ?? []).map((_, at) => ({ receiver: keyOf(receiver, at), groupWait, repeat })),
  );
}

function keyOf(name: string, at: number): string {
  return `${name}/${at}`;
}

/** Links of an alert, or of the list of all. @param externalUrl where people reach the console; null: nobody said */
export function linksFrom(externalUrl: string | null): (stored: StoredAlert | null) => Links {
  return (stored) => pagesOf(stored, externalUrl);
}
