import { isObject, type Json, type JsonObject } from '../lib/json.ts';
import { foldId } from './scopes.ts';
import { asBoolean, asText, at } from './values.ts';

/** What a diagnostic setting delivers, and where. Sorted; destinations are lower-case ids, a hub's name behind its rule. */
export interface Delivery {
  readonly categories: readonly string[];
  readonly destinations: readonly string[];
  /** Azure's group `allLogs`: also the categories that are not in our lists. */
  readonly all?: true;
}

/** What Azure's groups of categories stand for, by kind of resource. */
interface Groups {
  readonly allLogs: readonly string[];
  /** Inferred from what the categories tell, not confirmed. */
  readonly audit: readonly string[];
}

const AUDIT = [
  'CassandraRequests',
  'ControlPlaneRequests',
  'DataPlaneRequests',
  'GremlinRequests',
  'MongoRequests',
  'TableApiRequests',
];

/** Source: monitor-reference of Cosmos DB (2026-11). */
const OF_ACCOUNTS: Groups = {
  allLogs: [
    ...AUDIT,
    'DataPlaneRequests15M',
    'DataPlaneRequests5M',
    'PartitionKeyRUConsumption',
    'PartitionKeyStatistics',
    'QueryRuntimeStatistics',
  ],
  audit: AUDIT,
};
const OF_MONGO: Groups = { allLogs: ['vCoreMongoRequests'], audit: ['vCoreMongoRequests'] };
const OF_CASSANDRA: Groups = { allLogs: ['CassandraAudit', 'CassandraLogs'], audit: ['CassandraAudit'] };

function groupsOf(scope: string): Groups {
  const id = scope.toLowerCase();
  if (id.includes('/mongoclusters/')) return OF_MONGO;
  return id.includes('/cassandraclusters/') ? OF_CASSANDRA : OF_ACCOUNTS;
}

/**
 * What the body of a diagnostic setting delivers; null if it is none.
 * @param scope id of the resource whose logs they are, or of the setting itself: its kind says what a group stands for
 */
export function deliveryIn(body: JsonObject | null, scope = ''): Delivery | null {
  const properties = body === null ? undefined : at(body, 'properties');
  if (!isObject(properties)) return null;
  const groups = groupsOf(scope);
  const categories = new Set<string>();
  let all = false;
  for (const log of enabledLogs(at(properties, 'logs'))) {
    all ||= asText(at(log, 'categoryGroup'))?.toLowerCase() === 'alllogs';
    for (const category of categoriesIn(log, groups)) categories.add(category);
  }
  const delivery = { categories: [...categories].sort(), destinations: destinationsIn(properties) };
  return all ? { ...delivery, all } : delivery;
}

function enabledLogs(logs: Json | undefined): JsonObject[] {
  const list = Array.isArray(logs) ? (logs as readonly Json[]) : [];
  return list.filter(isObject).filter((log) => asBoolean(at(log, 'enabled')) !== false);
}

/** In Azure's spelling, where it is known. */
function categoriesIn(log: JsonObject, groups: Groups): readonly string[] {
  const group = asText(at(log, 'categoryGroup'))?.toLowerCase();
  if (group === 'alllogs') return groups.allLogs;
  if (group === 'audit') return groups.audit;
  const category = asText(at(log, 'category'));
  if (category === undefined) return [];
  return [groups.allLogs.find((known) => known.toLowerCase() === category.toLowerCase()) ?? category];
}

function destinationsIn(properties: JsonObject): string[] {
  const found: string[] = [];
  const rule = asText(at(properties, 'eventHubAuthorizationRuleId'));
  const hub = asText(at(properties, 'eventHubName'));
  if (rule !== undefined)
    found.push(hub === undefined ? foldId(rule) : `${foldId(rule)}/eventhubs/${hub.toLowerCase()}`);
  for (const name of ['storageAccountId', 'workspaceId', 'marketplacePartnerId']) {
    const id = asText(at(properties, name));
    if (id !== undefined) found.push(foldId(id));
  }
  return found.sort();
}

/**
 * What was delivered and is delivered no more, by whatever setting: a category that none of them has, or, for the categories that
 * stay, a destination that none of them reaches. Another setting that ships a category, to wherever, makes good for both.
 * @returns readable names, categories first
 */
export function lostBetween(before: Delivery, after: Delivery | null, others: readonly Delivery[]): string[] {
  if (before.destinations.length === 0) return [];
  const settings = after === null ? others : [...others, after];
  const ships = settings.filter((delivery) => delivery.destinations.length > 0);
  const lost: string[] = [];
  const kept: string[] = [];
  for (const category of before.categories) (ships.some((one) => has(one, category)) ? kept : lost).push(category);
  const watched = kept.filter((category) => !ships.some((one) => one !== after && has(one, category)));
  const reached = after?.destinations ?? [];
  const moved = watched.length === 0 ? [] : before.destinations.filter((place) => !reached.includes(place));
  return [...lost, ...moved];
}

function has(delivery: Delivery, category: string): boolean {
  return delivery.all === true || delivery.categories.some((own) => own.toLowerCase() === category.toLowerCase());
}
