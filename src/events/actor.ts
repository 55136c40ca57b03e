import type { JsonObject } from '../lib/json.ts';
import { applicationName } from './applications.ts';
import type { Actor, ActorType, Auth } from './event.ts';
import { entraId, isEntraId, lower, object, text } from './read.ts';

const CLAIM = 'http://schemas.microsoft.com/identity/claims';
const WS_CLAIM = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';

/** What a record tells of who made a request. */
export interface Identity {
  /** The claims of the caller's token. */
  readonly claims: JsonObject | null;
  /** The role assignment that allowed the request. */
  readonly evidence: JsonObject | null;
  /** REST and Log Analytics: a user principal name, or an object id. */
  readonly caller: string | null;
  readonly userAgent: string | null;
}

/**
 * Who made a request. Names in order of what people recognise: user principal name, mail address, display name; a managed identity has
 * the name of its resource, another service principal mostly none.
 */
export function actorOf({ claims, evidence, caller, userAgent }: Identity): Actor | null {
  const callerId = isEntraId(entraId(caller)) ? entraId(caller) : null;
  const type = typeOf(claims, evidence);
  const id =
    entraId(text(claims, `${CLAIM}/objectidentifier`, 'oid', 'objectidentifier')) ??
    callerId ??
    assignedTo(evidence, type);
  const appId = entraId(text(claims, 'appid', 'azp', `${CLAIM}/appid`));
  const name =
    userName(claims) ??
    (callerId === null ? caller : null) ??
    nameOfManaged(claims) ??
    text(claims, 'name', 'app_displayname');
  if (id === null && name === null && appId === null) return null;
  return { id: id ?? name?.toLowerCase() ?? null, name, type, appId, appName: applicationName(appId, userAgent) };
}

function userName(claims: JsonObject | null): string | null {
  return text(
    claims,
    `${WS_CLAIM}/upn`,
    'upn',
    `${WS_CLAIM}/emailaddress`,
    'email',
    'unique_name',
    `${WS_CLAIM}/name`,
    'preferred_username',
  );
}

function nameOfManaged(claims: JsonObject | null): string | null {
  return text(claims, 'xms_mirid')?.split('/').at(-1) ?? null;
}

/** A role may be assigned to a group, or to another than the user who acts: then the assignment does not say who it was. */
function assignedTo(evidence: JsonObject | null, type: ActorType): string | null {
  const kind = lower(evidence, 'principalType');
  const isOther = kind !== null && kind !== 'user' && kind !== 'serviceprincipal';
  if (isOther || (kind === 'serviceprincipal' && type === 'user')) return null;
  return entraId(text(evidence, 'principalId'));
}

/** An application acts for a user where its token has a scope; for itself where it has none. */
function typeOf(claims: JsonObject | null, evidence: JsonObject | null): ActorType {
  if (text(claims, 'xms_mirid') !== null) return 'managed_identity';
  const kind = lower(claims, 'idtyp');
  if (kind === 'user' || kind === 'app') return kind === 'user' ? 'user' : 'service_principal';
  const scope = text(claims, `${CLAIM}/scope`, 'scp');
  if (scope !== null || userName(claims)?.includes('@')) return 'user';
  const principal = lower(evidence, 'principalType');
  if (principal === 'user' || principal === 'serviceprincipal')
    return principal === 'user' ? 'user' : 'service_principal';
  return text(claims, 'appidacr', 'azpacr') === null ? 'unknown' : 'service_principal';
}

/**
 * What opened the data: Entra ID, a key and which, a token. The spellings of keyType are Azure's; the others follow documentation and
 * convention, unconfirmed by a record.
 */
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

/** Claims and evidence of a record, in whichever of the layouts: below `identity`, or at the top, as objects or as texts. */
export function identityIn(value: JsonObject): Pick<Identity, 'claims' | 'evidence'> {
  const identity = object(value, 'identity');
  const authorization = object(identity, 'authorization') ?? object(value, 'Authorization_d', 'authorization');
  const claims = object(identity, 'claims', 'claim') ?? object(value, 'Claims_d', 'claims');
  return { claims, evidence: object(authorization, 'evidence') };
}

/** One person as two records tell: the first, with what it lacks taken from the later one; itself where it lacks nothing. */
export function fillActor(first: Actor, later: Actor): Actor {
  const filled: Actor = {
    id: first.id ?? later.id,
    name: first.name ?? later.name,
    type: first.type === 'unknown' ? later.type : first.type,
    appId: first.appId ?? later.appId,
    // A program's name belongs to its id.
    appName: first.appName ?? (first.appId === null || first.appId === later.appId ? later.appName : null),
  };
  const isFuller = (Object.keys(filled) as (keyof Actor)[]).some((field) => filled[field] !== first[field]);
  return isFuller ? filled : first;
}
