import type { Exposure } from '../events/fact.ts';
import { coversEverything, isAnyAzure } from './ranges.ts';
import type { Values } from './values.ts';

/**
 * Who may reach an account from outside its own network: nobody, listed ranges, all of Azure, everybody; null if that is not known.
 * Private endpoints and listed subnets are not outside.
 */
export function exposure(state: Values): Exposure | null {
  if (!answersPublicly(state)) return 'none';
  const rules = (state.get('ipRules') ?? state.get('firewallRules')) as readonly string[] | undefined;
  if (rules === undefined) return null;
  if (coversEverything(rules)) return 'internet';
  if (rules.some(isAnyAzure)) return 'azure';
  if (rules.length > 0) return 'ranges';
  const filter = state.get('isVirtualNetworkFilterEnabled');
  return filter === undefined ? null : filter === true ? 'none' : 'internet';
}

/** Unknown public access counts as enabled: it is Azure's default, and the wider of the two. */
export function answersPublicly(state: Values): boolean {
  const access = String(state.get('publicNetworkAccess') ?? 'Enabled').toLowerCase();
  return access !== 'disabled' && access !== 'securedbyperimeter';
}
