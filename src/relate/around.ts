import type { Change, Thing } from '../events/fact.ts';
import type { Json } from '../lib/json.ts';
import type { Action } from './telling.ts';

/** What an account is to the things around it, at one moment. */
export interface AccountView {
  readonly id: string;
  /** `keyVaultKeyUri` as known. */
  readonly keyUri: string | null;
  /** Lower-case ids of what its diagnostic settings deliver to. */
  readonly destinations: ReadonlySet<string>;
}

/**
 * An action on something that stands around accounts (a lock, key, vault, backup instance, log destination): it becomes one fact per
 * known account that it concerns, and one without an account if it concerns none.
 */
export interface Around {
  readonly action: Action;
  readonly name: string;
  readonly concerns: (account: AccountView) => boolean;
  readonly change: Change | null;
  readonly thing: ((account: string) => Thing) | null;
  readonly fields: Readonly<Record<string, Json | undefined>>;
}
