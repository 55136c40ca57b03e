import type { JsonObject } from '../lib/json.ts';
import { type Ask, pagesOf, valuesIn } from './azureRest.ts';
import type { Millis } from './source.ts';

/**
 * Whose operations say something about a Cosmos DB account: its own, its locks and roles, its keys, its backups, its logging and where the
 * logs go, its endpoints. One question each, because a question may name one provider or none, and one without reads all that a
 * subscription does.
 */
export const PROVIDERS = [
  'Microsoft.DocumentDB',
  'Microsoft.Authorization',
  'Microsoft.KeyVault',
  'Microsoft.DataProtection',
  'Microsoft.Insights',
  'Microsoft.Network',
  'Microsoft.ManagedIdentity',
  'Microsoft.EventHub',
  'Microsoft.OperationalInsights',
  'Microsoft.Storage',
] as const;

/** The Activity Log keeps records for so long. */
export const KEPT_DAYS = 90;
/** Milliseconds that a question may reach back: a little less, because one that reaches further is refused. */
export const REACH = KEPT_DAYS * 86_400_000 - 60_000;
const NEEDS = 'Monitoring Reader (or Reader) on the subscription';

export interface Slice {
  readonly subscription: string;
  readonly provider: string;
  /** Both ends are included. */
  readonly from: Millis;
  readonly to: Millis;
}

/** The records of one provider in a span of time, a page at a time, newest first. */
export async function* activityLog(get: Ask, slice: Slice, signal: AbortSignal): AsyncGenerator<readonly JsonObject[]> {
  for await (const answer of pagesOf(get, pathOf(slice), NEEDS, signal)) yield valuesIn(answer);
}

/** Records as the logs that they are given as. */
export function linesOf(records: readonly JsonObject[]): Buffer {
  return Buffer.from(records.map((one) => `${JSON.stringify(one)}\n`).join(''));
}

function pathOf({ subscription, provider, from, to }: Slice): string {
  const [first, last] = [from, to].map((at) => new Date(at).toISOString());
  const filter = `eventTimestamp ge '${first}' and eventTimestamp le '${last}' and resourceProvider eq '${provider}'`;
  const query = new URLSearchParams({ 'api-version': '2015-04-01', $filter: filter });
  return `/subscriptions/${subscription}/providers/microsoft.insights/eventtypes/management/values?${query}`;
}
