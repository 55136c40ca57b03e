const ACCOUNT =
  /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.documentdb\/(?:databaseaccounts|mongoclusters|cassandraclusters)\/[^/]+/;

/** An ARM id as it is compared: lower case, no closing slash, one leading slash. */
export function foldId(id: string): string {
  return slashed(id).toLowerCase();
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

function slashed(id: string): string {
  const trimmed = id.trim().replace(/\/+$/, '');
  return trimmed === '' || trimmed.startsWith('/') ? trimmed : `/${trimmed}`;
}
