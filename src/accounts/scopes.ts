import { accountOf, foldId } from '../events/resource.ts';

/**
 * Resource ids compare by path segment, in lower case: `alpha` does not cover `alpha2`. Every function takes ids as they are logged.
 */

export { accountOf, foldId };

/** Is `id` the scope itself or something below it? */
export function covers(scope: string, id: string): boolean {
  const [outer, inner] = [foldId(scope), foldId(id)];
  return outer !== '' && (inner === outer || inner.startsWith(`${outer}/`));
}

const LOCK = /^(.*)\/providers\/microsoft\.authorization\/locks\/[^/]+$/;

/** What a lock protects: a subscription, a group or a resource, and all below it. */
export function lockScope(lockId: string): string | null {
  return LOCK.exec(foldId(lockId))?.[1] ?? null;
}

const SETTING = /^(.*)\/providers\/microsoft\.insights\/diagnosticsettings\/([^/]+)$/;

/** Whose logs a diagnostic setting delivers, and its name. */
export function diagnosticSettingOf(id: string): { readonly scope: string; readonly name: string } | null {
  const found = SETTING.exec(foldId(id));
  return found ? { scope: found[1]!, name: found[2]! } : null;
}

/** A key in a vault; names are unique in Azure, so a vault's ARM id and its host name mean the same. */
export interface KeyRef {
  readonly vault: string;
  readonly key: string;
  readonly version: string | null;
}

/** The key that a URI (`https://VAULT.vault.azure.net/keys/KEY/VERSION`) or an ARM id names. */
export function keyOf(uriOrId: string): KeyRef | null {
  const text = uriOrId
    .trim()
    .toLowerCase()
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '');
  const uri = /^https?:\/\/([^./:]+)\.[^/]+\/(?:keys|deletedkeys)\/([^/]+)(?:\/([^/]+))?/.exec(text);
  const arm = uri ?? /\/(?:vaults|managedhsms)\/([^/]+)\/keys\/([^/]+)(?:\/versions\/([^/]+))?$/.exec(text);
  if (arm === null) return null;
  const version = arm[3] ?? null;
  return { vault: arm[1]!, key: arm[2]!, version: version !== null && KEY_VERBS.has(version) ? null : version };
}

/** What stands where a version would, in requests about a key as a whole. */
const KEY_VERBS: ReadonlySet<string> = new Set([
  'create',
  'import',
  'rotate',
  'recover',
  'backup',
  'restore',
  'purge',
  'versions',
  'rotationpolicy',
]);

/** The vault of a key URI, a vault URI or an ARM id, by its name. */
export function vaultNameOf(uriOrId: string): string | null {
  const text = uriOrId.trim().toLowerCase();
  return (
    /^https?:\/\/([^./:]+)\.(?:vault|managedhsm)\./.exec(text)?.[1] ??
    /\/(?:vaults|managedhsms)\/([^/]+)/.exec(text)?.[1] ??
    null
  );
}

/**
 * The account that a backup instance protects. A data source id decides alone; else the instance's name, which Azure builds from the
 * account's name: at dash boundaries, the longest name of a known account wins.
 * @param known lower-case ARM ids
 */
export function backupInstanceAccount(
  name: string,
  dataSource: string | null,
  known: readonly string[],
): string | null {
  if (dataSource !== null) {
    const account = accountOf(dataSource);
    return account !== null && known.includes(account) ? account : null;
  }
  const parts = `-${name.toLowerCase()}-`;
  let best: string | null = null;
  for (const id of known) {
    const own = id.slice(id.lastIndexOf('/') + 1);
    const longest = best === null ? 0 : best.length - best.lastIndexOf('/') - 1;
    const isBetter = own.length > longest || (own.length === longest && best !== null && id < best);
    if (isBetter && parts.includes(`-${own}-`)) best = id;
  }
  return best;
}
