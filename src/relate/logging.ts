import { type Delivery, deliveryIn, lostBetween } from '../accounts/diagnostics.ts';
import { covers, diagnosticSettingOf } from '../accounts/scopes.ts';
import type { Change, Effect } from '../events/fact.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import { type Action, isDone } from './telling.ts';

/** The diagnostic settings of one account as known, by lower-case name. */
export type Deliveries = Map<string, Delivery>;

export interface LoggingChange {
  readonly setting: string;
  readonly change: Change | null;
  /** The logs that all settings of the account, as far as known, deliver after the action. */
  readonly delivers: readonly string[];
}

/** What an action on a diagnostic setting of an account means; updates the settings. */
export function loggingAction(action: Action, deliveries: Deliveries): LoggingChange | null {
  const { event } = action.tellings[0]!;
  const setting = diagnosticSettingOf(event.resourceId)?.name;
  if (setting === undefined) return null;
  const before = deliveries.get(setting);
  const after = event.action === 'azure.diagnostic_setting.delete' ? null : deliveryIn(event.body, event.resourceId);
  // A write without a body tells that something was written, not what.
  const isSilent =
    !isDone(action) || (event.action === 'azure.diagnostic_setting.write' && (after === null || before === undefined));
  const change = isSilent ? null : changeOf(setting, before, after, othersOf(deliveries, setting));
  if (isDone(action)) {
    if (event.action === 'azure.diagnostic_setting.delete') deliveries.delete(setting);
    else if (after !== null) deliveries.set(setting, after);
  }
  const ships = [...deliveries.values()].filter(({ destinations }) => destinations.length > 0);
  return { setting, change, delivers: [...new Set(ships.flatMap(({ categories }) => categories))].sort() };
}

/** Does the account's logging reach as far as it did, whatever setting does it? */
export function reaches(deliveries: Deliveries, setting: string, before: Delivery): boolean {
  const now = deliveries.get(setting) ?? null;
  return lostBetween(before, now, othersOf(deliveries, setting)).length === 0;
}

/** Lower-case ids of everything that the settings deliver to. */
export function destinationsOf(deliveries: Deliveries): ReadonlySet<string> {
  return new Set([...deliveries.values()].flatMap((delivery) => delivery.destinations));
}

/** Is what was acted on one of the places, or does it hold one or lie in one (a namespace and its rule, a hub and its namespace)? */
export function isDestination(resource: string, destinations: ReadonlySet<string>): boolean {
  for (const destination of destinations) {
    if (covers(resource, destination) || covers(destination, resource)) return true;
    const namespace = /^(.*\/namespaces\/[^/]+)/.exec(destination)?.[1];
    if (namespace !== undefined && covers(namespace, resource)) return true;
  }
  return false;
}

function othersOf(deliveries: Deliveries, setting: string): Delivery[] {
  return [...deliveries].filter(([name]) => name !== setting).map(([, delivery]) => delivery);
}

function changeOf(
  setting: string,
  before: Delivery | undefined,
  after: Delivery | null,
  others: readonly Delivery[],
): Change | null {
  if (before !== undefined && after !== null && JSON.stringify(before) === JSON.stringify(after)) return null;
  return {
    property: `diagnosticSettings/${setting}`,
    before: before === undefined ? undefined : asJson(before),
    after: after === null ? null : asJson(after),
    effect: effectOf(before, after, others),
    exposure: null,
  };
}

function effectOf(before: Delivery | undefined, after: Delivery | null, others: readonly Delivery[]): Effect {
  if (before === undefined) return 'unknown_before';
  if (lostBetween(before, after, others).length > 0) return 'weakened';
  return after !== null && lostBetween(after, before, others).length > 0 ? 'strengthened' : 'neutral';
}

function asJson(delivery: Delivery): JsonObject {
  return { categories: delivery.categories as Json, destinations: delivery.destinations as Json } as JsonObject;
}
