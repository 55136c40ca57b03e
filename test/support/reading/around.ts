import { accountIn, covers, keyParts, nameOf, namesAccount, scopeOf } from './arm.ts';
import { inner } from './normalise.ts';
import type { Past } from './past.ts';
import { type Action, isDone, type Json, type Raw, SECOND } from './types.ts';

/** What stands around an account (locks, diagnostic settings, keys, backups), as it was after everything up to a time. */

export function lockScope(lock: string): string {
  return scopeOf(lock, 'microsoft.authorization/locks');
}

const LOCK_LEVELS = ['cannotdelete', 'readonly'];

export function lockStrength(level: string | null | undefined): number {
  return LOCK_LEVELS.indexOf(level?.toLowerCase() ?? '');
}

/** Its level; undefined: never seen, or deleted. */
export function lockLevel(past: Past, lock: string, before: number): string | undefined {
  const last = past.actions.findLast(
    (one) => one.kind.startsWith('lock.') && one.target === lock && isDone(one.outcome) && one.at < before,
  );
  if (last === undefined || last.kind === 'lock.delete' || isGoneWithAccount(past, lock, last.at, before))
    return undefined;
  return String(inner(inner(last.body ?? {}, 'properties'), 'level'));
}

/** What lies below an account is deleted with it. */
function isGoneWithAccount(past: Past, child: string, since: number, before: number): boolean {
  const account = accountIn(child);
  const deletion = account === null ? null : past.lastDeletion(account, before);
  return deletion !== null && deletion.at >= since;
}

export function isLockedAsStrongly(past: Past, account: string, level: string): boolean {
  const locks = new Set(past.actions.filter(({ kind }) => kind === 'lock.write').map(({ target }) => target));
  return [...locks].some(
    (lock) =>
      covers(lockScope(lock), account) &&
      lockStrength(lockLevel(past, lock, Number.POSITIVE_INFINITY)) >= lockStrength(level),
  );
}

export interface Shipping {
  readonly categories: readonly string[];
  readonly destinations: readonly string[];
}

export function shippingOf(body: Raw | null): Shipping {
  const properties = inner(body ?? {}, 'properties');
  const logs = ((inner(properties, 'logs') ?? []) as readonly Raw[]).filter((log) => log['enabled'] === true);
  const places = ['workspaceId', 'storageAccountId', 'eventHubAuthorizationRuleId', 'eventHubName'];
  return {
    categories: logs.map((log) => String(log['categoryGroup'] ?? log['category']).toLowerCase()).sort(),
    destinations: places.flatMap((place) => {
      const value = inner(properties, place);
      return value === undefined ? [] : [`${place}=${String(value).toLowerCase()}`];
    }),
  };
}

/** What a diagnostic setting ships; undefined: never seen, or deleted. */
export function shipping(past: Past, setting: string, before: number): Shipping | undefined {
  const last = past.actions.findLast(
    (one) =>
      one.kind.startsWith('diagnostic_setting.') && one.target === setting && isDone(one.outcome) && one.at < before,
  );
  const isGone = last === undefined || last.kind === 'diagnostic_setting.delete';
  return isGone || isGoneWithAccount(past, setting, last.at, before) ? undefined : shippingOf(last.body);
}

export function settingsWithLogs(past: Past, account: string): string[] {
  const all = past.actions.filter(({ kind }) => kind === 'diagnostic_setting.write').map(({ target }) => target);
  return [...new Set(all)].filter((setting) => scopeOf(setting, 'microsoft.insights/diagnosticsettings') === account);
}

export function otherShipping(past: Past, setting: string, at: number): Shipping[] {
  const account = scopeOf(setting, 'microsoft.insights/diagnosticsettings');
  return settingsWithLogs(past, account)
    .filter((other) => other !== setting)
    .map((other) => shipping(past, other, at))
    .filter((other) => other !== undefined);
}

/** Is a category not shipped any more to a place that it was shipped to? Another setting may still ship it, to any place. */
export function isLogLost(before: Shipping, after: Shipping | null, others: readonly Shipping[]): boolean {
  return before.categories.some(
    (category) =>
      !others.some((other) => other.destinations.length > 0 && hasCategory(other, category)) &&
      before.destinations.some(
        (place) => after === null || !hasCategory(after, category) || !after.destinations.includes(place),
      ),
  );
}

function hasCategory(one: Shipping, category: string): boolean {
  return one.categories.includes('alllogs') || one.categories.includes(category);
}

/** `vault/name` of the key that an account depends on. */
export function keyOfAccount(past: Past, account: string, at: number): string | null {
  const uri = past.settings(account, at)['keyVaultKeyUri'];
  if (typeof uri !== 'string') return null;
  const { vault, name } = keyParts(uri);
  return `${vault}/${name}`;
}

export function keyOf(action: Action): string {
  const { vault, name } = keyParts(action.object ?? '');
  return `${vault}/${name}`;
}

/** The newest version of a key that was made up to then; null: none seen. */
function currentVersion(past: Past, key: string, at: number): string | null {
  const made = past.actions.findLast(
    (one) => one.kind === 'key.create' && keyOf(one) === key && one.outcome === 'success' && one.at <= at,
  );
  return made === undefined ? null : keyParts(made.object!).version;
}

/** An update of an old version concerns nobody. */
export function isOfCurrent(past: Past, action: Action): boolean {
  const { version } = keyParts(action.object ?? '');
  const current = currentVersion(past, keyOf(action), action.at);
  return version === '' || current === null || version === current;
}

export interface KeyState {
  readonly isGone: boolean;
  readonly isDisabled: boolean;
  readonly isExpired: boolean;
}

export function attribute(action: Action, name: 'enabled' | 'exp'): Json | undefined {
  return inner(inner(action.columns['keyproperties'], 'attributes'), name);
}

export function isExpiry(action: Action): boolean {
  const expiry = attribute(action, 'exp');
  return typeof expiry === 'number' && expiry * SECOND <= action.at;
}

/** A key's current version after everything before `before`. */
export function keyState(past: Past, key: string, before: number): KeyState {
  let state = { isGone: false, isDisabled: false, isExpired: false };
  for (const one of past.actions) {
    if (!one.kind.startsWith('key.') || keyOf(one) !== key || !isDone(one.outcome) || one.at >= before) continue;
    if (one.kind === 'key.create') state = { isGone: false, isDisabled: false, isExpired: false };
    if (one.kind === 'key.delete' || one.kind === 'key.purge') state = { ...state, isGone: true };
    if (one.kind === 'key.recover') state = { ...state, isGone: false };
    if (one.kind !== 'key.update' || !isOfCurrent(past, one)) continue;
    const enabled = attribute(one, 'enabled');
    if (enabled !== undefined) state = { ...state, isDisabled: enabled === false };
    if (attribute(one, 'exp') !== undefined) state = { ...state, isExpired: isExpiry(one) };
  }
  return state;
}

/** The account that a backup instance protects: its data source decides alone, else the longest known name in its own. */
export function protectedAccount(past: Past, instance: string, at: number): string | null {
  const source = dataSource(past, instance, at);
  if (source !== null) return past.isKnown(source, at) ? source : null;
  const named = past.known(at).filter((account) => namesAccount(nameOf(instance), nameOf(account)));
  return named.toSorted((a, b) => nameOf(b).length - nameOf(a).length)[0] ?? null;
}

/** The last that a write named, unless the instance was deleted since. */
function dataSource(past: Past, instance: string, at: number): string | null {
  let found: string | null = null;
  for (const one of past.actions) {
    if (one.target !== instance || !isDone(one.outcome) || one.at > at) continue;
    const source = inner(inner(inner(one.body ?? {}, 'properties'), 'dataSourceInfo'), 'resourceID');
    if (typeof source === 'string') found = source.toLowerCase();
    if (one.kind === 'backup_instance.delete' && one.at < at) found = null;
  }
  return found;
}

export function vaultOf(instance: string): string {
  return instance.slice(0, instance.lastIndexOf('/backupinstances/'));
}

/** Accounts with an instance in a backup vault, by the records of its instances, less deletions. */
export function accountsIn(past: Past, vault: string, at: number): string[] {
  const all = past.actions.filter(({ kind }) => kind.startsWith('backup_instance.')).map(({ target }) => target);
  const there = [...new Set(all)].filter((instance) => {
    const last = past.actions.findLast((one) => one.target === instance && isDone(one.outcome) && one.at < at);
    return vaultOf(instance) === vault && last !== undefined && last.kind !== 'backup_instance.delete';
  });
  const accounts = there.map((instance) => protectedAccount(past, instance, at)).filter((account) => account !== null);
  return [...new Set(accounts)];
}

const VAULT_LADDERS: { readonly [property: string]: readonly string[] } = {
  'securitySettings.softDeleteSettings.state': ['off', 'on', 'alwayson'],
  'securitySettings.immutabilitySettings.state': ['disabled', 'unlocked', 'locked'],
};
export const VAULT_PROPERTIES = Object.keys(VAULT_LADDERS);

export function vaultStrength(property: string, value: string): number {
  return VAULT_LADDERS[property]!.indexOf(value.toLowerCase());
}

export function vaultValue(body: Raw | null, property: string): string | null {
  let value = inner(body ?? {}, 'properties');
  for (const name of property.split('.')) value = inner(value, name);
  return typeof value === 'string' ? value : null;
}

/** The last value that a write of the vault named before. */
export function vaultBefore(past: Past, vault: string, property: string, before: number): string | null {
  const writes = past.actions.filter(
    (one) => one.kind === 'backup_vault.write' && one.target === vault && isDone(one.outcome) && one.at < before,
  );
  return writes.map(({ body }) => vaultValue(body, property)).findLast((value) => value !== null) ?? null;
}
