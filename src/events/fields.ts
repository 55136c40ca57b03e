import type { Json } from '../lib/json.ts';
import type { Event } from './event.ts';

/** One canonical field: the same name over all families. Names follow the Elastic Common Schema where it has one. */
export interface Field {
  readonly name: string;
  readonly type: 'keyword' | 'date' | 'ip' | 'long' | 'boolean' | 'any';
  readonly meaning: string;
  /** May it tell more than a reader should see? Canonical fields never carry a secret; personal data is not marked. */
  readonly sensitive: boolean;
  /** Read from an event; null where relate alone can say it. */
  readonly of: ((event: Event) => Json | null | undefined) | null;
}

const field = (name: string, type: Field['type'], meaning: string, of: Field['of'] = null): Field => ({
  name,
  type,
  meaning,
  sensitive: false,
  of,
});

/** The one dictionary of canonical fields. Raw fields have their own names beside them. */
export const FIELDS: readonly Field[] = [
  field('@timestamp', 'date', 'when it happened, ISO 8601 in UTC', ({ time }) => new Date(time / 1000).toISOString()),
  field('event.action', 'keyword', 'what was done, from the list of actions', ({ action }) => action),
  field('event.outcome', 'keyword', 'success, failure, accepted or started', ({ outcome }) => outcome),
  field('event.family', 'keyword', "Azure's category name, or ActivityLog", ({ family }) => family),
  field('event.id', 'keyword', 'the action; what is counted'),
  field('event.count', 'long', 'requests that an aggregated record stands for', ({ count }) => count),
  field('actor.id', 'keyword', 'Entra object id, or which key at which address', ({ actor }) => actor?.id),
  field('actor.name', 'keyword', 'user principal name, or what the key is called', ({ actor }) => actor?.name),
  field(
    'actor.type',
    'keyword',
    'user, service_principal, managed_identity, key or unknown',
    ({ actor }) => actor?.type,
  ),
  field('actor.app_id', 'keyword', 'Entra application id', ({ actor }) => actor?.appId),
  field('actor.app_name', 'keyword', 'name of a known program', ({ actor }) => actor?.appName),
  field('source.ip', 'ip', 'address of the caller', ({ sourceIp }) => sourceIp),
  field('user_agent.original', 'keyword', 'user agent of the caller', ({ userAgent }) => userAgent),
  field('azure.subscription_id', 'keyword', 'subscription', ({ resourceId }) => segment(resourceId, 'subscriptions')),
  field('azure.resource_group', 'keyword', 'resource group, lower case', ({ resourceId }) =>
    segment(resourceId, 'resourcegroups'),
  ),
  field(
    'azure.resource_id',
    'keyword',
    'ARM id of what the record is about, lower case',
    ({ resourceId }) => resourceId || null,
  ),
  field('cosmosdb.account', 'keyword', 'ARM id of the account concerned, lower case', ({ account }) => account),
  field('cosmosdb.account_name', 'keyword', 'its name', ({ account }) => account?.split('/').at(-1)),
  field('cosmosdb.api', 'keyword', 'sql, mongodb, cassandra, gremlin or table', ({ api }) => api),
  field('cosmosdb.database', 'keyword', 'database or keyspace', ({ database }) => database),
  field('cosmosdb.container', 'keyword', 'container, collection, table or graph', ({ container }) => container),
  field('cosmosdb.container_id', 'keyword', 'database/name in lower case: names that differ in case only are one'),
  field(
    'cosmosdb.auth',
    'keyword',
    'entra, primary_key, secondary_key, readonly_key, resource_token or unknown',
    ({ auth }) => auth,
  ),
  field('cosmosdb.region', 'keyword', 'the region that answered a request', ({ region }) => region),
  field(
    'cosmosdb.full_keys_refused',
    'boolean',
    'true: the read-only keys were read within a minute after the same caller was refused the full ones',
  ),
  field('cosmosdb.change.property', 'keyword', 'the setting that changed, as a path below properties'),
  field('cosmosdb.change.before', 'any', 'its value before; absent if not known'),
  field('cosmosdb.change.after', 'any', 'its value after'),
  field('cosmosdb.change.effect', 'keyword', 'weakened, strengthened, neutral or unknown_before'),
  field('cosmosdb.change.exposure', 'keyword', 'who may reach the account after it: none, ranges, azure or internet'),
  field(
    'cosmosdb.first_use.what',
    'keyword',
    'what of a new client was not there before: address, client, caller; combination: each was, but not together',
  ),
  field('cosmosdb.first_use.days', 'long', 'for how many days the requests of the account were known before it'),
  field('cosmosdb.first_use.bytes', 'long', 'what a new client read in its first hours, about'),
  field('cosmosdb.private_endpoint.name', 'keyword', 'name of a private endpoint connection'),
  field('azure.lock.name', 'keyword', 'name of a lock'),
  field('azure.lock.scope', 'keyword', 'what a lock protects'),
  field('azure.diagnostic_setting.name', 'keyword', 'name of a diagnostic setting'),
  field(
    'azure.diagnostic_setting.delivers',
    'keyword',
    'logs that the diagnostic settings of the account, as far as known, still deliver',
  ),
  field('azure.key.name', 'keyword', 'name of a key in a vault'),
  field('azure.key_vault.name', 'keyword', 'name of a key vault'),
  field('azure.key_vault.moved', 'boolean', "true: an account's key is in another vault than before"),
  field(
    'azure.access.kind',
    'keyword',
    'how access to a vault was removed: access_policy, role_assignment or firewall',
  ),
  field('azure.principal.id', 'keyword', 'whose access was removed'),
  field('azure.principal.name', 'keyword', 'whose access was removed, by name'),
  field('azure.backup_instance.name', 'keyword', 'name of a backup instance'),
  field('azure.backup_vault.name', 'keyword', 'name of a backup vault'),
  field('source.name', 'keyword', 'the source that the record came from, as the configuration names it'),
];

const BY_NAME: ReadonlyMap<string, Field> = new Map(FIELDS.map((one) => [one.name, one]));

/** The canonical field of that name; undefined for a raw field. */
export function fieldNamed(name: string): Field | undefined {
  return BY_NAME.get(name.toLowerCase());
}

const READABLE = FIELDS.filter((one): one is Field & { of: NonNullable<Field['of']> } => one.of !== null);

/** The canonical fields of one event. A field without a value is absent. */
export function canonicalFields(event: Event): Record<string, Json> {
  // What the dictionary names is never a label.
  const fields: Record<string, Json> = { ...event.labels };
  for (const { name, of } of READABLE) {
    const value = of(event);
    if (value !== null && value !== undefined) fields[name] = value;
  }
  return fields;
}

function segment(resourceId: string, name: string): string | null {
  const parts = resourceId.split('/');
  const at = parts.indexOf(name);
  return at < 0 ? null : (parts[at + 1] ?? null);
}

/** Raw fields whose values never leave normalise, by name, wherever they stand. Names are compared without case, `_` and `-`. */
export const SENSITIVE: readonly { readonly name: RegExp; readonly meaning: string }[] = [
  { name: /^pii/, meaning: 'text of commands and queries, with the data in them' },
  { name: /^(?:querytext|commandtext)$/, meaning: 'text of queries' },
  { name: /password|^pwd$|secret/, meaning: 'passwords and secrets' },
  { name: /connectionstring/, meaning: 'connection strings hold keys' },
  { name: /(?:primary|secondary)(?:readonly)?(?:master)?key$/, meaning: 'keys of an account' },
  { name: /^(?:account|storage|master|shared|api)key$|^sharedaccess/, meaning: 'keys of other resources' },
  { name: /^(?:sas|access|refresh|id|authorization|bearer)token$|^sasuri$/, meaning: 'tokens' },
];

const decided = new Map<string, boolean>();
const DECIDED = 10_000;

/** @param name of a raw field, as written; AzureDiagnostics has a type behind it (`piiCommandText_s`) */
export function isSensitive(name: string): boolean {
  const known = decided.get(name);
  if (known !== undefined) return known;
  const bare = name
    .toLowerCase()
    .replace(/_[sgdbt]$/, '')
    .replace(/[_-]/g, '');
  const answer = SENSITIVE.some((one) => one.name.test(bare));
  if (decided.size < DECIDED) decided.set(name, answer);
  return answer;
}
