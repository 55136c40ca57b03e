import { type ErrorCode, UserError } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import { visibleCharacters } from '../lib/visible.ts';
import { type Ask, pagesOf, valuesIn } from './azureRest.ts';

/** What ARM says of the present state, as `accounts/inventory.ts` reads it. */
export interface ArmInventory {
  readonly documents: readonly JsonObject[];
  /** What could not be read, and why: nothing is known of it. */
  readonly unread: readonly string[];
}

/** Lists of a subscription, and what is asked of each resource in them. */
const LISTS: readonly { readonly path: string; readonly version: string; readonly below?: Below }[] = [
  {
    path: 'Microsoft.DocumentDB/databaseAccounts',
    version: '2025-10-15',
    below: { path: 'providers/Microsoft.Insights/diagnosticSettings', version: '2021-05-01-preview' },
  },
  {
    path: 'Microsoft.DocumentDB/mongoClusters',
    version: '2024-07-01',
    below: { path: 'providers/Microsoft.Insights/diagnosticSettings', version: '2021-05-01-preview' },
  },
  { path: 'Microsoft.Authorization/locks', version: '2020-05-01' },
  { path: 'Microsoft.KeyVault/vaults', version: '2023-07-01' },
  {
    path: 'Microsoft.DataProtection/backupVaults',
    version: '2024-04-01',
    below: { path: 'backupInstances', version: '2024-04-01' },
  },
];

interface Below {
  readonly path: string;
  readonly version: string;
}

/** What is wrong with one question, and not with asking: no role for it, no such thing, not taken. */
const OF_ONE_QUESTION: ReadonlySet<ErrorCode> = new Set(['CW-7004', 'CW-7005', 'CW-7006']);
const NEEDS = 'Reader on the subscription';

/**
 * Accounts, their diagnostic settings, locks, key vaults, backup vaults and instances of subscriptions, by GET. What one role does not
 * cover is named, and the rest is read. Throws only what `get` throws for what passes by itself.
 */
export async function armInventory(
  get: Ask,
  subscriptions: readonly string[],
  signal: AbortSignal,
): Promise<ArmInventory> {
  const documents: JsonObject[] = [];
  const unread: string[] = [];
  const read = async (path: string, version: string): Promise<readonly JsonObject[]> => {
    const found: JsonObject[] = [];
    try {
      for await (const page of pagesOf(get, `${path}?api-version=${version}`, NEEDS, signal))
        found.push(...valuesIn(page));
    } catch (error) {
      if (!(error instanceof UserError) || !OF_ONE_QUESTION.has(error.code)) throw error;
      // A resource that was deleted meanwhile has nothing to tell.
      if (error.code !== 'CW-7005') unread.push(visibleCharacters(`${path}: ${error.message}`));
    }
    documents.push(...found);
    return found;
  };
  for (const subscription of subscriptions)
    for (const { path, version, below } of LISTS)
      for (const { id } of await read(`/subscriptions/${subscription}/providers/${path}`, version))
        if (below !== undefined && typeof id === 'string') await read(`${pathOf(id)}/${below.path}`, below.version);
  return { documents, unread };
}

/** Names may hold what has a meaning in an address. */
function pathOf(id: string): string {
  return id.split('/').map(encodeURIComponent).join('/');
}
