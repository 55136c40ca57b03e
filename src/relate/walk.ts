import {
  applyFull,
  applyPatch,
  isPatch,
  type SettingsState,
  stands as settingStands,
  valuesOf,
} from '../accounts/diff.ts';
import { keyOf, vaultNameOf } from '../accounts/scopes.ts';
import { columnsIn, type Resource, settingsIn } from '../accounts/settings.ts';
import { type Micros, tellsRequests } from '../events/event.ts';
import type { Change, Fact, Thing } from '../events/fact.ts';
import { identity } from '../lib/hash.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import type { AccountView, Around } from './around.ts';
import { Containers, containerId } from './containers.ts';
import { connectionName } from './endpoints.ts';
import { factOf } from './fact.ts';
import { type FirewallRules, firewallAction, isFirewall } from './firewall.ts';
import type { KnownAccount, Relations } from './foreknown.ts';
import { isKnownAt, type Life } from './lifetimes.ts';
import { type Lock, type Locks, lockAction, lockStrength, strongestLock } from './locks.ts';
import { type Deliveries, destinationsOf, loggingAction, reaches } from './logging.ts';
import { near } from './neighbours.ts';
import type { Sightings } from './sightings.ts';
import { type Action, isDone, type Telling } from './telling.ts';

/**
 * One account's records, walked in order of time against what is known of it. The walk is a pure function of its arguments; at its
 * end it knows how the account stands.
 */
export class AccountWalk {
  readonly #account: string;
  readonly #resource: Resource;
  readonly #lives: readonly Life[];
  readonly #containers: Containers;
  readonly #locks: Locks = new Map();
  readonly #relations: Relations;
  #settings: SettingsState = new Map();
  #deliveries: Deliveries = new Map();
  readonly #firewallRules: FirewallRules = new Map();
  #facts: Fact[] = [];

  constructor(
    account: string,
    lives: readonly Life[],
    sightings: Pick<Sightings, 'usedBetween'>,
    relations: Relations,
  ) {
    this.#account = account;
    this.#resource = resourceOf(account);
    this.#relations = relations;
    this.#lives = lives;
    this.#containers = new Containers(account, sightings);
  }

  /** The inventory's word on how the account stands at a time: it becomes the state, and is no change. */
  learn(known: KnownAccount): void {
    this.#settings = new Map([...this.#settings, ...known.settings]);
    this.#deliveries = new Map(known.deliveries);
    for (const lock of known.locks) this.#locks.set(lock.id, lock);
  }

  /** An action on the account itself; in order of time, together with `around`. */
  own(action: Action, elsewhere: ToldElsewhere): void {
    const { event } = action.tellings[0]!;
    if (isFirewall(action)) {
      this.#firewall(action);
      return;
    }
    switch (event.action) {
      case 'cosmosdb.account.write':
        this.#facts.push(this.#fact(action, {}));
        this.#write(action, elsewhere);
        return;
      case 'cosmosdb.account.delete':
        this.#facts.push(this.#fact(action, { thing: { id: `account|${this.#account}`, ends: false, before: null } }));
        if (isDone(action)) this.#forget(action.time);
        return;
      case 'cosmosdb.diagnostic_log.update':
        this.#facts.push(this.#fact(action, {}));
        this.#columns(action, elsewhere);
        return;
      case 'azure.diagnostic_setting.write':
      case 'azure.diagnostic_setting.delete':
        this.#logging(action);
        return;
      case 'azure.lock.write':
      case 'azure.lock.delete': {
        const around = lockAction(action, this.#locks);
        if (around === null || !this.around(around)) this.#facts.push(factOf(action, { account: null }));
        return;
      }
      default:
        this.#facts.push(this.#plain(action));
    }
  }

  /** An action on something around accounts. True if it concerns this one, which then has a fact of it. */
  around(around: Around): boolean {
    if (!isKnownAt(this.#lives, around.action.time) || !around.concerns(this.view())) return false;
    this.#facts.push(
      factOf(around.action, {
        name: around.name,
        account: this.#account,
        change: around.change,
        thing: around.thing?.(this.#account) ?? null,
        fields: { ...this.#keyInUse(around), ...around.fields },
      }),
    );
    return true;
  }

  /** Settings as they stand. */
  get settings(): ReadonlyMap<string, Json> {
    return valuesOf(this.#settings);
  }

  view(): AccountView {
    const known = this.#settings.get('keyVaultKeyUri');
    const uri = known === undefined ? this.#relations.keyUri : known.value;
    return {
      id: this.#account,
      keyUri: typeof uri === 'string' && uri !== '' ? uri : null,
      destinations: new Set([...this.#relations.destinations, ...destinationsOf(this.#deliveries)]),
    };
  }

  /** What befalls a vault befalls the key in it that the account uses. */
  #keyInUse({ fields }: Around): Record<string, Json | undefined> {
    const uri = fields['azure.key_vault.name'] === undefined ? null : this.view().keyUri;
    return { 'azure.key.name': uri === null ? undefined : keyOf(uri)?.key };
  }

  /** The facts so far, which are then forgotten: a walk holds what it needs, not what it told. */
  take(): Fact[] {
    const facts = this.#facts;
    this.#facts = [];
    return facts;
  }

  /** Does a setting, diagnostic setting or lock of this account stand as before, or stricter? */
  stands(thing: Thing, locksAround: Iterable<Lock>): boolean {
    const [kind, , name] = thing.id.split('|') as [string, string, string];
    switch (kind) {
      case 'setting':
        return settingStands(this.#resource, name, thing.before, this.#settings);
      case 'diagnostic':
        return reaches(this.#deliveries, name, thing.before as never);
      case 'lock': {
        const now = strongestLock([...this.#locks.values(), ...locksAround], this.#account);
        return lockStrength(now) >= lockStrength(thing.before as string | null);
      }
      default:
        return false;
    }
  }

  #forget(at: Micros): void {
    this.#settings = new Map();
    this.#deliveries = new Map();
    this.#firewallRules.clear();
    this.#locks.clear();
    this.#containers.forget(at);
  }

  /**
   * A PATCH of one log is applied before the columns of the other, which repeat everything. One action changes a setting once: what
   * the columns say beyond the PATCH is known from then on, but no second change.
   */
  #write(action: Action, elsewhere: ToldElsewhere): void {
    if (!isDone(action)) return;
    const told = new Set<string>();
    for (const telling of action.tellings) {
      const { body, method } = telling.event;
      if (body === null || telling.family === 'ControlPlaneRequests') continue;
      const values = settingsIn(this.#resource, body);
      const apply = isPatch(method, this.#resource, body) ? applyPatch : applyFull;
      this.#changed(action, apply(this.#resource, this.#settings, values, action.time), told);
    }
    this.#columns(action, elsewhere, told);
  }

  #columns(action: Action, elsewhere: ToldElsewhere, told = new Set<string>()): void {
    if (!isDone(action)) return;
    const isLogging = action.tellings[0]!.event.action === 'cosmosdb.diagnostic_log.update';
    if (elsewhere.endpoints) told.add('privateEndpointConnections');
    for (const { columns } of action.tellings) {
      if (columns === null) continue;
      const named = columnsIn(columns as JsonObject);
      // A record about logging may fill the other columns with anything.
      if (isLogging) onlyLogging(named);
      const result = applyFull(this.#resource, this.#settings, named, action.time);
      if (isLogging && elsewhere.logging) this.#settings = result.state;
      else this.#changed(action, result, told);
    }
  }

  #changed(
    action: Action,
    { changes, state }: { changes: readonly Change[]; state: SettingsState },
    told: Set<string>,
  ): void {
    this.#settings = state;
    for (const change of changes) {
      if (told.has(change.property)) continue;
      told.add(change.property);
      const before = change.effect === 'unknown_before' ? null : (change.before ?? null);
      this.#facts.push(
        this.#fact(action, {
          name: 'cosmosdb.account.setting_changed',
          id: identity(action.id, this.#account, change.property),
          target: this.#account,
          change,
          thing: {
            id: `setting|${this.#account}|${change.property}`,
            ends: change.effect !== 'unknown_before',
            before,
          },
          fields: change.property === 'keyVaultKeyUri' ? keyFields(change) : {},
        }),
      );
    }
  }

  #firewall(action: Action): void {
    const { change, state } = firewallAction(action, this.#firewallRules, this.#settings);
    this.#settings = state;
    const thing = {
      id: `setting|${this.#account}|firewallRules`,
      ends: change?.before !== undefined,
      before: change?.before ?? null,
    };
    this.#facts.push(this.#fact(action, { change, thing: change === null ? null : thing }));
  }

  #logging(action: Action): void {
    const told = loggingAction(action, this.#deliveries);
    if (told === null || !isKnownAt(this.#lives, action.time)) {
      this.#facts.push(factOf(action, { account: null }));
      return;
    }
    const before = told.change?.before;
    this.#facts.push(
      this.#fact(action, {
        change: told.change,
        thing:
          told.change === null
            ? null
            : { id: `diagnostic|${this.#account}|${told.setting}`, ends: before !== undefined, before: before ?? null },
        fields: {
          'azure.diagnostic_setting.name': told.setting,
          'azure.diagnostic_setting.delivers': told.delivers,
        },
      }),
    );
  }

  #plain(action: Action): Fact {
    const { event } = action.tellings[0]!;
    const name = this.#containers.nameOf(action);
    const id = containerId(event);
    const endpoint = name.startsWith('cosmosdb.private_endpoint.') ? connectionName(action) || undefined : undefined;
    return this.#fact(action, {
      name,
      ...(id !== null && tellsRequests(event.family) ? { target: `${this.#account}/containers/${id}` } : {}),
      ...(event.family === 'ControlPlaneRequests' && id !== null ? { target: event.resourceId } : {}),
      thing: NEVER_ENDS.has(name) ? { id: `${name}|${this.#account}`, ends: false, before: null } : null,
      fields: { 'cosmosdb.container_id': id ?? undefined, 'cosmosdb.private_endpoint.name': endpoint },
    });
  }

  #fact(action: Action, told: Omit<Parameters<typeof factOf>[1], 'account'>): Fact {
    return factOf(action, { ...told, account: this.#account });
  }
}

/** Things about the network or backups that no later record shows to be as before. */
const NEVER_ENDS: ReadonlySet<string> = new Set([
  'cosmosdb.private_endpoint.write',
  'cosmosdb.private_endpoint.approve',
  'cosmosdb.private_endpoint.delete',
  'cosmosdb.network_perimeter.write',
  'cosmosdb.network_perimeter.delete',
  'cosmosdb.virtual_network.delete',
  'cosmosdb.long_term_protection.disable',
]);

function onlyLogging(values: Map<string, Json>): void {
  for (const property of values.keys()) if (!property.startsWith('diagnosticLogs.')) values.delete(property);
}

/** Only an account's body tells by what it lacks whether it was a PATCH. */
export function resourceOf(account: string): Resource {
  return account.includes('/databaseaccounts/') ? 'account' : 'cluster';
}

function keyFields(change: Change): Record<string, Json | undefined> {
  const after = typeof change.after === 'string' ? keyOf(change.after) : null;
  const before = typeof change.before === 'string' ? vaultNameOf(change.before) : null;
  return {
    'azure.key.name': after?.key,
    'azure.key_vault.name': after?.vault,
    'azure.key_vault.moved': before !== null && after !== null && before !== after.vault ? true : undefined,
  };
}

/** What the Activity Log tells by itself within 10 minutes, so that ControlPlaneRequests only repeats it. */
export interface ToldElsewhere {
  readonly logging: boolean;
  readonly endpoints: boolean;
}

/** @param ordered the account's tellings by time */
export function toldElsewhere(action: Action, ordered: readonly Telling[]): ToldElsewhere {
  const around = near(ordered, action.time).filter(isDone);
  const has = (kind: string) => around.some(({ event }) => event.action.startsWith(kind));
  return { logging: has('azure.diagnostic_setting.'), endpoints: has('cosmosdb.private_endpoint.') };
}
