import type { VaultAct } from '../acts.ts';
import type { Form } from '../forms.ts';
import { KEY_VAULT_ID, WORKSPACE } from '../world.ts';
import type { Written } from './activityLog.ts';
import { stampOf, type Trace } from './trace.ts';

const OBJECT_ID = 'http://schemas.microsoft.com/identity/claims/objectidentifier';
const CLIENT = 'azsdk-net-Security.KeyVault.Keys/4.6';
const VERSION = '7.4';

/** Key Vault's AuditEvent. It calls a refused request a success: the HTTP status tells. */
export function vaultRecord(act: VaultAct, form: Form, trace: Trace): Written {
  return { time: act.time, value: form === 'log_analytics' ? row(act, trace) : exported(act, trace) };
}

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
