import { isObject, type Json, type JsonObject } from '../lib/json.ts';
import { type Delivery, deliveryIn } from './diagnostics.ts';
import { accountOf, diagnosticSettingOf, foldId, lockScope, vaultNameOf } from './scopes.ts';
import { settingsIn } from './settings.ts';
import { asText, at } from './values.ts';

/** What ARM documents say of accounts and of what stands around them. All ids in lower case. */
export interface Inventory {
  /** Settings by account id. */
  readonly accounts: ReadonlyMap<string, ReadonlyMap<string, Json>>;
  /** Diagnostic settings by account id, then by name. */
  readonly deliveries: ReadonlyMap<string, ReadonlyMap<string, Delivery>>;
  readonly locks: readonly { readonly id: string; readonly scope: string; readonly level: string | null }[];
  /** Settings of key vaults by name, and of backup vaults by id. */
  readonly vaults: ReadonlyMap<string, ReadonlyMap<string, Json>>;
  /** Backup instances by id. */
  readonly instances: ReadonlyMap<string, { readonly vault: string; readonly dataSource: string | null }>;
  /** Role assignments by id: the Entra object id that holds the role. */
  readonly assignments: ReadonlyMap<string, string>;
  /** What was read and is none of these: the type of a resource, or why it is none. */
  readonly ignored: readonly string[];
}

type Mutable = {
  accounts: Map<string, ReadonlyMap<string, Json>>;
  deliveries: Map<string, Map<string, Delivery>>;
  locks: { id: string; scope: string; level: string | null }[];
  vaults: Map<string, ReadonlyMap<string, Json>>;
  instances: Map<string, { vault: string; dataSource: string | null }>;
  assignments: Map<string, string>;
  ignored: string[];
};

/**
 * Reads what `az ... show`, `az ... list` and ARM's REST answers print: single resources, arrays, pages (`{"value":[...]}`, of Resource Graph
 * `{"data":[...]}`). A property that a document does not name is unknown, not its default.
 */
export function readInventory(documents: readonly Json[]): Inventory {
  const found: Mutable = {
    accounts: new Map(),
    deliveries: new Map(),
    locks: [],
    vaults: new Map(),
    instances: new Map(),
    assignments: new Map(),
    ignored: [],
  };
  for (const document of documents) readDocument(document, found);
  return found;
}

function readDocument(document: Json, found: Mutable): void {
  const page = isObject(document) ? (document['value'] ?? document['data']) : document;
  if (Array.isArray(page)) for (const item of page as readonly Json[]) readDocument(item, found);
  else if (isObject(document)) read(document, found);
  else found.ignored.push('a document that is no JSON object');
}

function read(resource: JsonObject, found: Mutable): void {
  const id = foldId(asText(at(resource, 'id')) ?? '');
  const body = withProperties(resource);
  const setting = diagnosticSettingOf(id);
  const scope = lockScope(id);
  const principal = /\/roleassignments\/[^/]+$/.test(id) ? asText(at(body, 'properties.principalId')) : undefined;
  const instance = /^(.*\/backupvaults\/[^/]+)\/backupinstances\/[^/]+$/.exec(id);
  if (setting !== null) readDelivery(setting, body, found);
  else if (scope !== null) found.locks.push({ id, scope, level: asText(at(body, 'properties.level')) ?? null });
  else if (principal !== undefined) found.assignments.set(id, principal.toLowerCase());
  else if (instance !== null) found.instances.set(id, { vault: instance[1]!, dataSource: dataSourceOf(body) });
  else if (accountOf(id) === id && id !== '') readAccount(id, body, found);
  else if (/\/microsoft\.keyvault\/vaults\/[^/]+$/.test(id))
    found.vaults.set(vaultNameOf(id)!, settingsIn('vault', body));
  else if (/\/backupvaults\/[^/]+$/.test(id)) found.vaults.set(id, settingsIn('backup_vault', body));
  else found.ignored.push(asText(at(resource, 'type')) ?? 'a document without id');
}

/** The Azure CLI prints resources flat; ARM nests them below `properties`. */
function withProperties(resource: JsonObject): JsonObject {
  return isObject(at(resource, 'properties')) ? resource : { ...resource, properties: resource };
}

/** A list and a single answer about one account complete each other; the later one wins. */
function readAccount(id: string, body: JsonObject, found: Mutable): void {
  found.accounts.set(id, new Map([...(found.accounts.get(id) ?? []), ...settingsIn('account', body)]));
}

function readDelivery(setting: { scope: string; name: string }, body: JsonObject, found: Mutable): void {
  const account = accountOf(setting.scope);
  const delivery = deliveryIn(body, setting.scope);
  if (account === null || account !== setting.scope || delivery === null) return;
  const settings = found.deliveries.get(account) ?? new Map<string, Delivery>();
  settings.set(setting.name, delivery);
  found.deliveries.set(account, settings);
}

function dataSourceOf(body: JsonObject): string | null {
  const id = asText(at(body, 'properties.dataSourceInfo.resourceID'));
  return id === undefined ? null : foldId(id);
}
