import { applyPatch, type SettingsState } from '../accounts/diff.ts';
import { asText, at } from '../accounts/values.ts';
import type { Change } from '../events/fact.ts';
import type { JsonObject } from '../lib/json.ts';
import { type Action, isDone } from './telling.ts';

/** Firewall rules of a cluster that were seen, by lower-case name: what each lets in. */
export type FirewallRules = Map<string, string>;

const PROPERTY = 'firewallRules';

export interface FirewallChange {
  /** Null: the rule says what it said before. */
  readonly change: Change | null;
  readonly state: SettingsState;
}

/**
 * What an action on a firewall rule of a cluster changes; updates the rules. All rules together are one setting. A rule that was never
 * seen may be new or not, so what was let in before is unknown; without a rule, whichever, less is let in.
 */
export function firewallAction(action: Action, rules: FirewallRules, state: SettingsState): FirewallChange {
  const { event } = action.tellings[0]!;
  const name = event.resourceId.split('/').at(-1)!;
  if (event.action === 'cosmosdb.firewall_rule.delete') {
    const isKnown = rules.delete(name);
    return isKnown ? changed(action, rules, state) : { change: narrowed(rules), state };
  }
  const range = rangeIn(event.body);
  if (range === null) return { change: unknown(), state };
  rules.set(name, range);
  return changed(action, rules, state);
}

function changed(action: Action, rules: FirewallRules, state: SettingsState): FirewallChange {
  const applied = applyPatch('cluster', state, new Map([[PROPERTY, listOf(rules)]]), action.time);
  return { change: applied.changes[0] ?? null, state: applied.state };
}

function listOf(rules: FirewallRules): string[] {
  return [...new Set(rules.values())].sort();
}

function narrowed(rules: FirewallRules): Change {
  return { property: PROPERTY, before: undefined, after: listOf(rules), effect: 'strengthened', exposure: null };
}

function unknown(): Change {
  return { property: PROPERTY, before: undefined, after: null, effect: 'unknown_before', exposure: null };
}

/** As the settings of accounts have them: one address, all of Azure (0.0.0.0), everybody (0.0.0.0/0), or `first-last`. */
function rangeIn(body: JsonObject | null): string | null {
  const [first, last] =
    body === null ? [] : ['startIpAddress', 'endIpAddress'].map((name) => asText(at(body, `properties.${name}`)));
  if (first === undefined || last === undefined) return null;
  if (first === last) return first;
  return first === '0.0.0.0' && last === '255.255.255.255' ? '0.0.0.0/0' : `${first}-${last}`;
}

/** Done, and about a firewall rule of a cluster. */
export function isFirewall(action: Action): boolean {
  return isDone(action) && action.tellings[0]!.event.action.startsWith('cosmosdb.firewall_rule.');
}
