import type { VaultAct } from '../acts.ts';
import { type Form, formOf } from '../forms.ts';
import { KEY_VAULT_ID, WORKSPACE } from '../world.ts';
import type { Written } from './envelope.ts';
import { stampOf, type Trace } from './trace.ts';

const OBJECT_ID = 'http://schemas.microsoft.com/identity/claims/objectidentifier';
const CLIENT = 'azsdk-net-Security.KeyVault.Keys/4.6';
const VERSION = '7.4';

/** Key Vault's AuditEvent. It calls a refused request a success: the HTTP status tells. */
export function vaultRecord(act: VaultAct, form: Form, trace: Trace): Written {
  return { time: act.time, value: WRITERS[formOf('AuditEvent', form)]!(act, trace) };
}

type Writer = (act: VaultAct, trace: Trace) => object;

const WRITERS: Readonly<Partial<Record<Form, Writer>>> = {
  export: exported,
  log_analytics: row,
  azure_diagnostics: diagnosticsRow,
};

function claimOf({ who }: VaultAct): object {
  return { [OBJECT_ID]: who.oid, upn: who.name, appid: who.appId };
}

function requestUri({ object }: VaultAct): string {
  return `${object}?api-version=${VERSION}`;
}

function keyProperties({ enabled }: VaultAct): object | null {
  return enabled === undefined ? null : { type: 'RSA', size: 2048, attributes: { enabled } };
}

function signatureOf({ status }: VaultAct): string {
  return status === 403 ? 'Forbidden' : 'OK';
}

function exported(act: VaultAct, trace: Trace): object {
  const key = keyProperties(act);
  return {
    time: stampOf(act.time, trace),
    category: 'AuditEvent',
    operationName: act.operation,
    operationVersion: VERSION,
    resourceId: KEY_VAULT_ID.toUpperCase(),
    resultType: 'Success',
    resultSignature: signatureOf(act),
    resultDescription: '',
    durationMs: '35',
    callerIpAddress: act.who.ip,
    correlationId: trace.correlation,
    identity: { claim: claimOf(act) },
    properties: {
      clientInfo: CLIENT,
      requestUri: requestUri(act),
      id: act.object,
      httpStatusCode: act.status,
      isRbacAuthorized: act.status !== 403,
      tlsVersion: 'TLS1_3',
      ...(key === null ? {} : { keyProperties: key }),
    },
  };
}

/** A row of AZKVAuditLogs. */
function row(act: VaultAct, trace: Trace): object {
  const key = keyProperties(act);
  return {
    TenantId: WORKSPACE,
    SourceSystem: 'Azure',
    TimeGenerated: stampOf(act.time, trace),
    OperationName: act.operation,
    OperationVersion: VERSION,
    ResultType: 'Success',
    ResultSignature: signatureOf(act),
    DurationMs: 35,
    CallerIpAddress: act.who.ip,
    CorrelationId: trace.correlation,
    Identity: { claim: claimOf(act) },
    ClientInfo: CLIENT,
    RequestUri: requestUri(act),
    Id: act.object,
    HttpStatusCode: act.status,
    IsRbacAuthorized: act.status !== 403,
    Tlsversion: 'TLS1_3',
    ...(key === null ? {} : { KeyProperties: key }),
    Type: 'AZKVAuditLogs',
    _ResourceId: KEY_VAULT_ID.toLowerCase(),
  };
}

/** A row of AzureDiagnostics: every claim and every attribute of a key is a column. */
function diagnosticsRow(act: VaultAct, trace: Trace): object {
  const { who, enabled } = act;
  return {
    TenantId: WORKSPACE,
    TimeGenerated: stampOf(act.time, trace),
    ResourceId: KEY_VAULT_ID.toUpperCase(),
    Category: 'AuditEvent',
    ResourceProvider: 'MICROSOFT.KEYVAULT',
    ResourceType: 'VAULTS',
    OperationName: act.operation,
    OperationVersion: VERSION,
    ResultType: 'Success',
    ResultSignature: signatureOf(act),
    DurationMs: 35,
    CallerIPAddress: who.ip,
    CorrelationId: trace.correlation,
    identity_claim_http_schemas_microsoft_com_identity_claims_objectidentifier_g: who.oid,
    identity_claim_upn_s: who.name,
    identity_claim_appid_g: who.appId,
    clientInfo_s: CLIENT,
    requestUri_s: requestUri(act),
    id_s: act.object,
    httpStatusCode_d: act.status,
    isRbacAuthorized_b: act.status !== 403,
    tlsVersion_s: 'TLS1_3',
    ...(enabled === undefined ? {} : { keyProperties_type_s: 'RSA', keyProperties_attributes_enabled_b: enabled }),
    Type: 'AzureDiagnostics',
    _ResourceId: KEY_VAULT_ID.toLowerCase(),
  };
}
