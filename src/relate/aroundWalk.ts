import { stands as settingStands } from '../accounts/diff.ts';
import type { Micros } from '../events/event.ts';
import type { Thing } from '../events/fact.ts';
import type { Around } from './around.ts';
import { accountsIn, type Instances, instanceAction } from './backups.ts';
import type { Foreknown } from './foreknown.ts';
import { type Keys, keyAction, keyUsable } from './keys.ts';
import { type Lock, type Locks, lockAction } from './locks.ts';
import { isDestination } from './logging.ts';
import type { Action } from './telling.ts';
import { type Assignments, isAtVault, type VaultSettings, vaultAction, vaultChanges } from './vaults.ts';

/** The actions on things around accounts, walked in order of time: what each means, and for which accounts. */
export class AroundWalk {
  readonly list: Around[] = [];
  readonly #foreknown: Foreknown;
  readonly #knownAt: (time: Micros) => readonly string[];
  readonly #locks: Locks = new Map();
  readonly #keys: Keys = new Map();
  readonly #vaults: VaultSettings = new Map();
  readonly #assignments: Assignments;
  readonly #instances: Instances;
  #learnt = 0;

  constructor(foreknown: Foreknown, knownAt: (time: Micros) => readonly string[]) {
    this.#foreknown = foreknown;
    this.#knownAt = knownAt;
    this.#instances = new Map(foreknown.instances);
    this.#assignments = new Map(foreknown.assignments);
  }

  step(action: Action): void {
    this.#learnUntil(action.time);
    this.list.push(...this.#meaning(action));
  }

  end(): void {
    this.#learnUntil(Number.POSITIVE_INFINITY);
  }

  locks(): Iterable<Lock> {
    return this.#locks.values();
  }

  stands(thing: Thing): boolean {
    const [kind, id, property] = thing.id.split('|') as [string, string, string];
    switch (kind) {
      case 'key': {
        const [vault, key] = id.split('/') as [string, string];
        return keyUsable(this.#keys, vault, key);
      }
      case 'vault':
      case 'backup_vault':
        return settingStands(kind, property, thing.before, this.#vaults.get(id) ?? new Map());
      default:
        return false;
    }
  }

  #learnUntil(time: Micros): void {
    const { around } = this.#foreknown;
    for (; this.#learnt < around.length && around[this.#learnt]!.at <= time; this.#learnt++) {
      const { locks, vaults } = around[this.#learnt]!;
      for (const lock of locks) this.#locks.set(lock.id, lock);
      for (const [id, settings] of vaults) this.#vaults.set(id, settings);
    }
  }

  #meaning(action: Action): Around[] {
    const { event } = action.tellings[0]!;
    const kind = event.action;
    if (kind.startsWith('azure.lock.')) return some(lockAction(action, this.#locks));
    if (kind.startsWith('azure.key.')) return some(keyAction(action, this.#keys));
    if (kind.startsWith('azure.key_vault.')) return vaultAction(action, this.#vaults, this.#assignments);
    if (kind.startsWith('azure.role_assignment.') && isAtVault(event.resourceId)) {
      return vaultAction(action, this.#vaults, this.#assignments);
    }
    if (kind.startsWith('azure.backup_instance.')) {
      return some(instanceAction(action, this.#instances, this.#knownAt(action.time)));
    }
    if (kind.startsWith('azure.backup_vault.')) return this.#backupVault(action);
    return [this.#other(action)];
  }

  #backupVault(action: Action): Around[] {
    const { event } = action.tellings[0]!;
    const vault = event.resourceId;
    const accounts = accountsIn(vault, this.#instances, this.#knownAt(action.time));
    const changes = vaultChanges(action, 'backup_vault', vault, this.#vaults);
    const plain: Around = {
      action,
      name: event.action,
      concerns: (account) => accounts.has(account.id),
      change: null,
      thing:
        event.action === 'azure.backup_vault.delete'
          ? () => ({ id: `backup|${vault}`, ends: false, before: null })
          : null,
      fields: { 'azure.backup_vault.name': vault.split('/').at(-1)! },
    };
    if (changes.length === 0) return [plain];
    return changes.map((change) => ({
      ...plain,
      change,
      thing: () => ({
        id: `backup_vault|${vault}|${change.property}`,
        ends: change.before !== undefined,
        before: change.before ?? null,
      }),
    }));
  }

  /** A hub, storage account or workspace concerns the accounts whose logs go there; anything else concerns nobody. */
  #other(action: Action): Around {
    const { event } = action.tellings[0]!;
    const isLogPlace = /^azure\.(event_hub|storage_account|log_analytics)\./.test(event.action);
    return {
      action,
      name: event.action,
      concerns: (account) => isLogPlace && isDestination(event.resourceId, account.destinations),
      change: null,
      thing: null,
      fields: {},
    };
  }
}

function some<T>(item: T | null): T[] {
  return item === null ? [] : [item];
}
