const ACCOUNT =
  /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.documentdb\/(?:databaseaccounts|mongoclusters|cassandraclusters)\/[^/]+/;

/** An ARM id as it is compared: lower case, no closing slash, one leading slash. */
export function foldId(id: string): string {
  const folded = id.trim().toLowerCase().replace(/\/+$/, '');
  return folded === '' || folded.startsWith('/') ? folded : `/${folded}`;
}

/** The account, cluster for MongoDB or Cassandra cluster that an id names or lies below; null if it names none. */
export function accountOf(id: string): string | null {
  return ACCOUNT.exec(foldId(id))?.[0] ?? null;
}
