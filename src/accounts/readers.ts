import { isObject, type Json, type JsonObject } from '../lib/json.ts';
import { asNumber, asSet, asText, at, namedSet, splitSet } from './values.ts';

/** Readers of the settings that need more than a path and a type. `undefined`: not named. */

/** A key's URI without version: a new version of the same key is no change. '' = no key of the customer's. */
export function keyUri(value: Json | undefined): Json | undefined {
  if (value === null || value === '') return '';
  const uri = asText(value)?.toLowerCase().replace(/\/+$/, '');
  return uri?.replace(/^(https?:\/\/[^/]+\/keys\/[^/]+)\/[^/]+$/, '$1');
}

/** API versions before 2020-04-01 have a comma list. */
export function ipRules(body: JsonObject): Json | undefined {
  const rules = namedSet(at(body, 'properties.ipRules'), 'ipAddressOrRange');
  return (rules ?? splitSet(at(body, 'properties.ipRangeFilter'))) as Json | undefined;
}

export function vaultFirewall(body: JsonObject): Json | undefined {
  const acls = at(body, 'properties.networkAcls');
  if (!isObject(acls)) return undefined;
  return { defaultAction: asText(at(acls, 'defaultAction')) ?? 'Allow', bypass: asText(at(acls, 'bypass')) ?? 'None' };
}

/** Subnet ids in a text of unknown layout; an empty text is no subnet. */
export function subnets(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string') return undefined;
  const ids = value.match(/\/subscriptions\/[^\s,;"'\]}]+/gi);
  if (ids !== null) return asSet(ids) as Json;
  return value.trim() === '' || value.trim() === '[]' ? [] : undefined;
}

/** A periodic policy has no zero: it stands in records of accounts that have another policy, and says nothing. */
export function positive(value: Json | undefined): Json | undefined {
  const number = asNumber(value);
  return number !== undefined && number > 0 ? number : undefined;
}

/** Names of private endpoint connections: a list of connections, or a text of unknown layout with their ids; an empty text is none. */
export function connections(value: Json | undefined): Json | undefined {
  const list = namedSet(value, 'id') ?? (typeof value === 'string' ? idsIn(value) : undefined);
  return list && (asSet(list.map((id) => id.split('/').at(-1))) as Json);
}

function idsIn(text: string): readonly string[] | undefined {
  const ids = text.match(/\/privateEndpointConnections\/[^\s,;"'\]}/]+/gi);
  return ids ?? (text.trim() === '' || text.trim() === '[]' ? [] : undefined);
}
