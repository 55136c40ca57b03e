import type { Api } from './event.ts';

const ACCOUNT =
  /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.documentdb\/(?:databaseaccounts|mongoclusters|cassandraclusters)\/[^/]+/;

/** An ARM id as it is compared: lower case, no closing slash, one leading slash. */
export function foldId(id: string): string {
  return slashed(id).toLowerCase();
}

/** @param id as `foldId` gives it */
export function subscriptionOf(id: string): string | null {
  return /^\/subscriptions\/([^/]+)/.exec(id)?.[1] ?? null;
}

/** The account, cluster for MongoDB or Cassandra cluster that an id names or lies below; null if it names none. */
export function accountOf(id: string): string | null {
  return ACCOUNT.exec(foldId(id))?.[0] ?? null;
}

/** The part of an id below its account, in its own spelling; empty if there is none. */
export function belowAccount(id: string): string {
  const account = accountOf(id);
  return account === null ? '' : slashed(id).slice(account.length);
}

/**
 * An id as somebody spelled it: the first of the texts that mean it and have both capitals and small letters. The export writes ids in
 * capitals and tables in small letters, but names in Cosmos DB are told apart by case. null: none has its own spelling.
 */
export function spelled(id: string, texts: readonly (string | null)[]): string | null {
  const folded = foldId(id);
  for (const text of [id, ...texts]) {
    if (text === null || foldId(text) !== folded) continue;
    if (text !== text.toLowerCase() && text !== text.toUpperCase()) return slashed(text);
  }
  return null;
}

/** The account that an id lies below, in the id's own spelling. */
export function accountIn(spelledId: string | null): string | null {
  const account = spelledId === null ? null : accountOf(spelledId);
  return account === null ? null : spelledId!.slice(0, account.length);
}

function slashed(id: string): string {
  const trimmed = id.trim().replace(/\/+$/, '');
  return trimmed === '' || trimmed.startsWith('/') ? trimmed : `/${trimmed}`;
}

const API_PATHS: Readonly<Record<string, Api>> = {
  sqldatabases: 'sql',
  mongodbdatabases: 'mongodb',
  cassandrakeyspaces: 'cassandra',
  gremlindatabases: 'gremlin',
};

/** What an ARM path below an account names. */
export function armPath(below: string): {
  readonly api: Api | null;
  readonly database: string | null;
  readonly container: string | null;
} {
  const found =
    /\/(sqldatabases|mongodbdatabases|cassandrakeyspaces|gremlindatabases)\/([^/]+)(?:\/(?:containers|collections|tables|views|graphs)\/([^/]+))?/i.exec(
      below,
    );
  if (found) return { api: API_PATHS[found[1]!.toLowerCase()]!, database: found[2]!, container: found[3] ?? null };
  const old =
    /\/apis\/([^/]+)\/(?:databases|keyspaces)\/([^/]+)(?:\/(?:collections|containers|graphs|tables)\/([^/]+))?/i.exec(
      below,
    );
  if (old) return { api: oldApi(old[1]!), database: old[2]!, container: old[3] ?? null };
  const table = /\/tables\/([^/]+)/i.exec(below);
  return table
    ? { api: 'table', database: null, container: table[1]! }
    : { api: null, database: null, container: null };
}

function oldApi(name: string): Api | null {
  const folded = name.toLowerCase();
  return (['sql', 'mongodb', 'cassandra', 'gremlin', 'table'] as const).find((api) => api === folded) ?? null;
}
