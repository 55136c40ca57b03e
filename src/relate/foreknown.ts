import type { SettingsState } from '../accounts/diff.ts';
import type { Micros } from '../events/event.ts';
import type { Instances } from './backups.ts';
import type { Lock } from './locks.ts';
import type { Deliveries } from './logging.ts';

/** What an inventory says of one account. */
export interface KnownAccount {
  /** From when on it is the state; before that it only makes the account and its relations known. */
  readonly at: Micros;
  readonly settings: SettingsState;
  readonly deliveries: Deliveries;
  readonly locks: readonly Lock[];
}

/** What ties an account to things around it, whatever the time. */
export interface Relations {
  readonly keyUri: string | null;
  readonly destinations: ReadonlySet<string>;
}

/** What is known without any record: from inventories, and declared accounts. */
export interface Foreknown {
  /** Lower-case ARM ids. */
  readonly accounts: ReadonlySet<string>;
  /** From when on `locks` and `vaults` are the state. */
  readonly at: Micros;
  readonly locks: readonly Lock[];
  readonly vaults: ReadonlyMap<string, SettingsState>;
  readonly instances: Instances;
  /** In order of time. */
  stateOf(account: string): readonly KnownAccount[];
  relationsOf(account: string): Relations;
}

export const NOTHING_FOREKNOWN: Foreknown = {
  accounts: new Set(),
  at: Number.POSITIVE_INFINITY,
  locks: [],
  vaults: new Map(),
  instances: new Map(),
  stateOf: () => [],
  relationsOf: () => ({ keyUri: null, destinations: new Set() }),
};
