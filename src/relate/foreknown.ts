import type { SettingsState } from '../accounts/diff.ts';
import type { Inventory } from '../accounts/inventory.ts';
import { accountOf } from '../accounts/scopes.ts';
import type { Micros } from '../events/event.ts';
import type { Json } from '../lib/json.ts';
import type { Instances } from './backups.ts';
import type { Lock } from './locks.ts';
import { type Deliveries, destinationsOf } from './logging.ts';
import type { Assignments } from './vaults.ts';

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

/** What an inventory says of things around accounts, from a time on. */
export interface KnownAround {
  readonly at: Micros;
  readonly locks: readonly Lock[];
  readonly vaults: ReadonlyMap<string, SettingsState>;
}

/** What is known without any record: from inventories, and declared accounts. */
export interface Foreknown {
  /** Lower-case ARM ids. */
  readonly accounts: ReadonlySet<string>;
  /** In order of time. */
  readonly around: readonly KnownAround[];
  readonly instances: Instances;
  readonly assignments: Assignments;
  /** In order of time. */
  stateOf(account: string): readonly KnownAccount[];
  relationsOf(account: string): Relations;
}

const NO_RELATIONS: Relations = { keyUri: null, destinations: new Set() };

/** @param at microseconds; null: the end of the clock */
export function foreknow(
  inventories: readonly { readonly inventory: Inventory; readonly at: Micros | null }[],
  declared: readonly string[],
): Foreknown {
  const dated = inventories
    .map(({ inventory, at }) => ({ inventory, at: at ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => a.at - b.at);
  const states = new Map<string, KnownAccount[]>();
  for (const { inventory, at } of dated) {
    for (const [account, state] of accountsOf(inventory, at))
      states.set(account, [...(states.get(account) ?? []), state]);
  }
  return {
    accounts: new Set([...declared, ...states.keys()]),
    around: dated.map(({ inventory, at }) => aroundOf(inventory, at)),
    instances: new Map(dated.flatMap(({ inventory }) => [...inventory.instances])),
    assignments: new Map(dated.flatMap(({ inventory }) => [...inventory.assignments])),
    stateOf: (account) => states.get(account) ?? [],
    relationsOf: (account) => relationsIn(states.get(account)),
  };
}

function accountsOf(inventory: Inventory, at: Micros): Map<string, KnownAccount> {
  const locked = inventory.locks.map((lock) => lock.scope).filter((scope) => accountOf(scope) === scope);
  const ids = new Set([...inventory.accounts.keys(), ...inventory.deliveries.keys(), ...locked]);
  return new Map(
    [...ids].map((account) => [
      account,
      {
        at,
        settings: known(inventory.accounts.get(account), at),
        deliveries: new Map(inventory.deliveries.get(account)),
        locks: inventory.locks.filter((lock) => lock.scope === account),
      },
    ]),
  );
}

function aroundOf(inventory: Inventory, at: Micros): KnownAround {
  return {
    at,
    locks: inventory.locks.filter((lock) => accountOf(lock.scope) !== lock.scope),
    vaults: new Map([...inventory.vaults].map(([id, settings]) => [id, known(settings, at)])),
  };
}

function known(values: ReadonlyMap<string, Json> | undefined, at: Micros): SettingsState {
  return new Map([...(values ?? [])].map(([property, value]) => [property, { value, at, silently: false }]));
}

function relationsIn(states: readonly KnownAccount[] | undefined): Relations {
  const last = states?.at(-1);
  if (last === undefined) return NO_RELATIONS;
  const uri = last.settings.get('keyVaultKeyUri')?.value;
  return { keyUri: typeof uri === 'string' ? uri : null, destinations: destinationsOf(last.deliveries) };
}
