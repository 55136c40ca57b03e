import { keyOf, vaultNameOf } from '../accounts/scopes.ts';
import { type Event, type Micros, SECOND } from '../events/event.ts';
import { type Json, type JsonObject, objectIn } from '../lib/json.ts';
import type { AccountView, Around } from './around.ts';
import { type Action, isDone } from './telling.ts';

/** What is known of a key in a vault. */
interface KeyState {
  /** The newest version that was made; null: none was seen. */
  readonly newest: string | null;
  readonly isGone: boolean;
  readonly isDisabled: boolean;
  readonly isExpired: boolean;
}

const UNHEARD_OF: KeyState = { newest: null, isGone: false, isDisabled: false, isExpired: false };

/** Keys by `vault/key`, as the records so far tell. A key that was never heard of is usable. */
export type Keys = Map<string, KeyState>;

export function keyUsable(keys: Keys, vault: string, key: string): boolean {
  const { isGone, isDisabled, isExpired } = keys.get(`${vault}/${key}`) ?? UNHEARD_OF;
  return !isGone && !isDisabled && !isExpired;
}

/** What an action on a key means; updates what is known of the key. Null: the record names no key. */
export function keyAction(action: Action, keys: Keys): Around | null {
  const { event } = action.tellings[0]!;
  const found = keyOf(objectId(event));
  if (found === null) return null;
  const id = `${found.vault}/${found.key}`;
  const state = keys.get(id) ?? UNHEARD_OF;
  const name = nameOf(event, found.version, state);
  if (isDone(action)) keys.set(id, next(name, state, found.version, event));
  return {
    action,
    name,
    concerns: (account) => dependsOn(account, found.vault, found.key),
    change: null,
    thing: LOST.has(name) ? () => ({ id: `key|${id}`, ends: name !== 'azure.key.purge', before: true }) : null,
    fields: { 'azure.key.name': found.key, 'azure.key_vault.name': found.vault },
  };
}

const LOST: ReadonlySet<string> = new Set([
  'azure.key.disable',
  'azure.key.delete',
  'azure.key.purge',
  'azure.key.expire',
  'azure.key.expired',
]);

/** There is no "disable" operation: it is an update, which counts only for the version in use, not for one that was rotated away. */
function nameOf(event: Event, version: string | null, state: KeyState): string {
  if (event.action !== 'azure.key.update') return event.action;
  if (!isCurrent(version, state)) return event.action;
  const attributes = attributesOf(event);
  if (isFalse(attributes['enabled'])) return 'azure.key.disable';
  return hasExpired(attributes['exp'], event.time) ? 'azure.key.expire' : event.action;
}

function isCurrent(version: string | null, { newest }: KeyState): boolean {
  return version === null || newest === null || version === newest;
}

function hasExpired(expires: Json | undefined, at: Micros): boolean {
  return expires !== undefined && expires !== null && Number(expires) * SECOND <= at;
}

/** What is known of a key after an action on it: a key that is recovered may still be disabled, one that is enabled have expired. */
function next(name: string, state: KeyState, version: string | null, event: Event): KeyState {
  switch (name) {
    case 'azure.key.create':
    case 'azure.key.rotate':
      return { ...UNHEARD_OF, newest: version ?? state.newest };
    case 'azure.key.delete':
    case 'azure.key.purge':
      return { ...state, isGone: true };
    case 'azure.key.recover':
      return { ...state, isGone: false };
    case 'azure.key.expired':
      return { ...state, isExpired: true };
    case 'azure.key.update':
    case 'azure.key.disable':
    case 'azure.key.expire':
      return isCurrent(version, state) ? updated(state, event) : state;
    default:
      return state;
  }
}

/** An update that does not name an attribute leaves it as it was. */
function updated(state: KeyState, event: Event): KeyState {
  const { enabled, exp } = attributesOf(event);
  return {
    ...state,
    isDisabled: enabled === undefined ? state.isDisabled : isFalse(enabled),
    isExpired: exp === undefined ? state.isExpired : hasExpired(exp, event.time),
  };
}

/** The key that a record is about: `properties.id` of an AuditEvent, else its request, else the ARM id. */
export function objectId(event: Event): string {
  const properties = propertiesOf(event);
  for (const name of ['id', 'requestUri']) {
    const value = properties[name];
    if (typeof value === 'string' && keyOf(value) !== null) return value;
  }
  return event.resourceId;
}

export function propertiesOf(event: Event): JsonObject {
  return objectIn(event.raw, 'properties') ?? event.raw;
}

function attributesOf(event: Event): Readonly<Record<string, Json | undefined>> {
  const key = objectIn(propertiesOf(event), 'keyProperties');
  return (key && objectIn(key, 'attributes')) ?? {};
}

function isFalse(value: Json | undefined): boolean {
  return value === false || (typeof value === 'string' && value.toLowerCase() === 'false');
}

export function dependsOn(account: AccountView, vault: string, key: string): boolean {
  const current = account.keyUri === null ? null : keyOf(account.keyUri);
  return current !== null && current.vault === vault && current.key === key;
}

export function hasKeyIn(account: AccountView, vault: string): boolean {
  return account.keyUri !== null && vaultNameOf(account.keyUri) === vault;
}
