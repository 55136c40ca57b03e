import { isObject, type Json, type JsonObject } from '../lib/json.ts';
import { foldId } from './scopes.ts';
import { asBoolean, asText, at } from './values.ts';

/** What a diagnostic setting delivers, and where. Sorted; destinations are lower-case ids, a hub's name behind its rule. */
export interface Delivery {
  readonly categories: readonly string[];
  readonly destinations: readonly string[];
}

/** Every category of an account's resource logs. `audit` is Azure's group of those that tell who did what. */
const AUDIT = [
  'CassandraRequests',
  'ControlPlaneRequests',
  'DataPlaneRequests',
  'GremlinRequests',
  'MongoRequests',
  'TableApiRequests',
];
const ALL = [
  ...AUDIT,
  'DataPlaneRequests15M',
  'DataPlaneRequests5M',
  'PartitionKeyRUConsumption',
  'PartitionKeyStatistics',
  'QueryRuntimeStatistics',
].sort();

/** What the body of a diagnostic setting delivers; null if it is none. */
export function deliveryIn(body: JsonObject | null): Delivery | null {
  const properties = body === null ? undefined : at(body, 'properties');
  if (!isObject(properties)) return null;
  const logs = at(properties, 'logs');
  const categories = new Set<string>();
  for (const log of Array.isArray(logs) ? (logs as readonly Json[]) : []) {
    if (isObject(log) && asBoolean(at(log, 'enabled')) !== false)
      for (const category of categoriesIn(log)) categories.add(category);
  }
  return { categories: [...categories].sort(), destinations: destinationsIn(properties) };
}

function categoriesIn(log: JsonObject): readonly string[] {
  const group = asText(at(log, 'categoryGroup'))?.toLowerCase();
  if (group === 'alllogs') return ALL;
  if (group === 'audit') return AUDIT;
  const category = asText(at(log, 'category'));
  return category === undefined ? [] : [category];
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
 * stay, a destination that none of them reaches. Each as a readable name.
 */
export function lostBetween(before: Delivery, after: Delivery | null, others: readonly Delivery[]): string[] {
  const still = [...others, ...(after === null ? [] : [after])].filter((delivery) => delivery.destinations.length > 0);
  const isDelivered = (category: string) => still.some((delivery) => hasCategory(delivery, category));
  const lost = before.destinations.length === 0 ? [] : before.categories.filter((category) => !isDelivered(category));
  if (before.categories.length === 0) return lost;
  const moved = before.destinations.filter((destination) =>
    before.categories.some(
      (category) =>
        isDelivered(category) &&
        !others.some((other) => hasCategory(other, category)) &&
        !still.some((delivery) => hasCategory(delivery, category) && delivery.destinations.includes(destination)),
    ),
  );
  return [...lost, ...moved];
}

function hasCategory(delivery: Delivery, category: string): boolean {
  return delivery.categories.some((own) => own.toLowerCase() === category.toLowerCase());
}
