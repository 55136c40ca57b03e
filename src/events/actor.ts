import type { JsonObject } from '../lib/json.ts';
import { applicationName } from './applications.ts';
import type { Actor, ActorType, Auth } from './event.ts';
import { entraId, object, text } from './read.ts';

const CLAIM = 'http://schemas.microsoft.com/identity/claims';
const WS_CLAIM = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';

/**
 * Who a token says its bearer is. Names in order of what people recognise: user principal name, mail address, display name; a
 * service principal has none, so its application's name or id stands for it.
 */
export function actorFromClaims(
  claims: JsonObject | null,
  evidence: JsonObject | null,
  caller: string | null,
  userAgent: string | null,
): Actor | null {
  const id = entraId(
    text(claims, `${CLAIM}/objectidentifier`, 'oid', 'objectidentifier') ?? text(evidence, 'principalId'),
  );
  const appId = entraId(text(claims, 'appid', 'azp', `${CLAIM}/appid`));
  const named = text(
    claims,
    `${WS_CLAIM}/upn`,
    'upn',
    `${WS_CLAIM}/emailaddress`,
    'email',
    'unique_name',
    `${WS_CLAIM}/name`,
    'preferred_username',
  );
  const callerId = entraId(caller);
  const isCallerId = callerId !== null && /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(callerId);
  const name = named ?? (isCallerId ? null : caller) ?? text(claims, 'name', 'app_displayname');
  const actorId = id ?? (isCallerId ? callerId : null);
  if (actorId === null && name === null && appId === null) return null;
  return {
    id: actorId ?? name?.toLowerCase() ?? null,
    name,
    type: typeOf(claims, evidence, named),
    appId,
    appName: applicationName(appId, userAgent),
  };
}

function typeOf(claims: JsonObject | null, evidence: JsonObject | null, named: string | null): ActorType {
  if (text(claims, 'xms_mirid') !== null) return 'managed_identity';
  const idtyp = text(claims, 'idtyp')?.toLowerCase();
  const principal = text(evidence, 'principalType')?.toLowerCase();
  const scope = text(claims, `${CLAIM}/scope`, 'scp') ?? '';
  if (idtyp === 'user' || principal === 'user' || scope.includes('user_impersonation')) return 'user';
  if (idtyp === 'app' || principal === 'serviceprincipal') return 'service_principal';
  return named?.includes('@') ? 'user' : 'unknown';
}

/** What opened the data: a key and which, a token, Entra ID. Spellings by documentation and convention, unconfirmed by records but for keyType. */
export function authOf(keyType: string | null, principal: string | null): Auth | null {
  if (principal !== null) return 'entra';
  const type = (keyType ?? '').toLowerCase().replace(/[^a-z]/g, '');
  if (type === '') return null;
  if (type.includes('readonly')) return 'readonly_key';
  if (type.includes('primary')) return 'primary_key';
  if (type.includes('secondary')) return 'secondary_key';
  if (type.includes('resourcetoken')) return 'resource_token';
  return /aad|entra|rbac|jwt/.test(type) ? 'entra' : 'unknown';
}

/** Who a data-plane request is by: an Entra principal, else the key at the address it came from, for a key names no person. */
export function actorOfRequest(
  auth: Auth | null,
  principal: string | null,
  ip: string | null,
  userAgent: string | null,
): Actor | null {
  const appName = applicationName(null, userAgent);
  if (principal !== null) return { id: entraId(principal), name: null, type: 'unknown', appId: null, appName };
  if (auth === null || auth === 'entra' || auth === 'unknown') return null;
  return { id: ip === null ? auth : `${auth}@${ip}`, name: KEY_NAMES[auth], type: 'key', appId: null, appName };
}

const KEY_NAMES: Readonly<Record<Exclude<Auth, 'entra' | 'unknown'>, string>> = {
  primary_key: 'primary key',
  secondary_key: 'secondary key',
  readonly_key: 'read-only key',
  resource_token: 'resource token',
};

/** The `identity` of an export record: claims and evidence, whichever of the two layouts it has. */
export function identityOf(value: JsonObject): {
  readonly claims: JsonObject | null;
  readonly evidence: JsonObject | null;
} {
  const identity = object(value, 'identity');
  const authorization =
    object(identity, 'authorization') ?? object(value, 'authorization', 'Authorization_d', 'Authorization');
  const claims = object(identity, 'claims', 'claim') ?? object(value, 'claims', 'Claims_d', 'Claims');
  return { claims, evidence: object(authorization, 'evidence') };
}
