import { identity } from '../../lib/hash.ts';
import type { Json, JsonObject } from '../../lib/json.ts';
import { vaultAction } from '../actions.ts';
import { actorOf, identityIn } from '../actor.ts';
import { type Event, type Outcome, SECOND, type Variant } from '../event.ts';
import { isDiagnosticsRow, isVaultRow } from '../open.ts';
import { address, get, lower, number, object, text } from '../read.ts';
import { foldId } from '../resource.ts';
import { ABSENT, type Form, type LogFamily } from './family.ts';
import { timeOf } from './resourceLog.ts';

/** Other services call a category `AuditEvent` too: a resource id must be one of Key Vault's. */
function recognise(value: JsonObject): Variant | null {
  if (isVaultRow(value)) return 'log_analytics';
  if (lower(value, 'category') !== 'auditevent') return null;
  const resource = lower(value, 'resourceId', '_ResourceId') ?? '';
  if (resource.includes('/providers/') && !resource.includes('/microsoft.keyvault/')) return null;
  if (get(value, 'TimeGenerated') === undefined) return 'export';
  return isDiagnosticsRow(value) ? 'log_analytics' : null;
}

/** `resultType` says "Success" even of an answer 403, so the status decides; without one, the result does. */
function outcomeOf(value: JsonObject, status: number | null): Outcome {
  if (status !== null) return status >= 200 && status < 300 ? 'success' : 'failure';
  return (lower(value, 'resultType') ?? 'success').startsWith('succe') ? 'success' : 'failure';
}

const FLAT = 'identity_claim_';
const FLAT_CLAIMS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    http_schemas_microsoft_com_identity_claims_objectidentifier: 'oid',
    http_schemas_xmlsoap_org_ws_2005_05_identity_claims_upn: 'upn',
    http_schemas_xmlsoap_org_ws_2005_05_identity_claims_name: 'unique_name',
  }),
);

/** AzureDiagnostics has a column for each claim. */
function claimsOf(value: JsonObject, properties: JsonObject): JsonObject | null {
  const { claims } = identityIn(value);
  if (claims !== null) return claims;
  const found: Record<string, Json> = Object.create(null);
  for (const [column, claim] of Object.entries(properties)) {
    if (!column.startsWith(FLAT)) continue;
    const name = column.slice(FLAT.length);
    found[FLAT_CLAIMS.get(name) ?? name] ??= claim;
  }
  return Object.keys(found).length === 0 ? null : found;
}

function normalise(value: JsonObject, { variant, time, position }: Form): Event {
  const properties = object(value, 'properties') ?? {};
  const resourceId = foldId(text(value, 'resourceId', '_ResourceId') ?? '');
  const operation = lower(value, 'operationName') ?? '';
  const status = number(properties, 'httpStatusCode');
  const correlation = lower(value, 'correlationId');
  const userAgent = text(properties, 'clientInfo');
  const thing = text(properties, 'id', 'requestUri');
  const vault = resourceId.split('/').at(-1);
  const parts = ['AuditEvent', vault, correlation, operation, thing, status, Math.floor(time / SECOND)];
  return {
    ...ABSENT,
    family: 'AuditEvent',
    variant,
    recordId: identity(...parts),
    time,
    operation,
    action: vaultAction(operation),
    outcome: outcomeOf(value, status),
    resourceId,
    actionKey: correlation === null ? null : parts.join('\u001f').toLowerCase(),
    correlationId: correlation,
    status,
    actor: actorOf({ claims: claimsOf(value, properties), evidence: null, caller: null, userAgent }),
    sourceIp: address(text(value, 'callerIpAddress')),
    userAgent,
    raw: value,
    position,
  };
}

export const keyVault: LogFamily = { family: 'AuditEvent', recognise, time: timeOf, normalise };
