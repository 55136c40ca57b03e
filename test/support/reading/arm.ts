const ACCOUNT =
  /^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.documentdb\/databaseaccounts\/[^/]+)(?:\/|$)/;

/** The account that a resource id names: its own, or that of a scope or a child. */
export function accountIn(resource: string): string | null {
  return ACCOUNT.exec(resource.toLowerCase())?.[1] ?? null;
}

export function nameOf(resource: string): string {
  return resource.slice(resource.lastIndexOf('/') + 1);
}

/** By path segment: `alpha` does not cover `alpha2`. */
export function covers(scope: string, resource: string): boolean {
  return resource === scope || resource.startsWith(`${scope}/`);
}

/** What stands before `/providers/...` of a lock or a diagnostic setting. */
export function scopeOf(resource: string, child: string): string {
  return resource.slice(0, resource.lastIndexOf(`/providers/${child}/`));
}

/** `https://kv.vault.azure.net/keys/name/version/` -> vault, name and version, lower case. */
export function keyParts(uri: string): { readonly vault: string; readonly name: string; readonly version: string } {
  const [, , host = '', , name = '', version = ''] = uri.toLowerCase().split('/');
  return { vault: host.split('.')[0]!, name, version };
}

/** Identity of a container: lower-case `database/name`. */
export function containerId(database: string | null, container: string | null): string | null {
  if (container === null) return null;
  return (database === null ? container : `${database}/${container}`).toLowerCase();
}

/** A backup instance names an account at dash boundaries. */
export function namesAccount(instance: string, account: string): boolean {
  return `-${instance}-`.includes(`-${account}-`);
}
