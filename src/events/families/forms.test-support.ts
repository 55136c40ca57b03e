import type { Json, JsonObject } from '../../lib/json.ts';

/** One act, written in each form in which Azure would write it. Times are whole seconds, as ARM's records of one act differ below. */

export const SUBSCRIPTION = '5f1e2d3c-0a1b-4c2d-8e3f-112233445566';
export const ACCOUNT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-data/providers/Microsoft.DocumentDB/databaseAccounts/contoso-orders`;
export const CLUSTER = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-data/providers/Microsoft.DocumentDB/mongoClusters/contoso-mongo`;
export const VAULT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-sec/providers/Microsoft.KeyVault/vaults/kv-data`;
export const USER = 'c62973cc-5684-4b0e-a73e-9e3c40b6e1f0';
export const CLI = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';
export const TIME = '2026-11-10T08:00:01.2345678Z';
export const NOW = Date.UTC(2026, 10, 11);

/** Text of a command that no event may hold. */
export const CANARY = 'canary-4471';

const CLAIMS: JsonObject = {
  appid: CLI,
  'http://schemas.microsoft.com/identity/claims/objectidentifier': USER,
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': 'ops.admin@contoso.example',
  'http://schemas.microsoft.com/identity/claims/scope': 'user_impersonation',
};

export interface Act {
  readonly operation: string;
  readonly resource: string;
  /** Start, Accept, Success or Failure, as the export says it. */
  readonly result: string;
  readonly properties?: JsonObject;
  readonly claims?: JsonObject;
  readonly correlation?: string;
}

const CORRELATION = '640d87e7-41e6-4a4c-a69a-82a4cd304787';
const LONG: Readonly<Record<string, string>> = {
  Start: 'Started',
  Accept: 'Accepted',
  Success: 'Succeeded',
  Failure: 'Failed',
};

export function activityExport({ operation, resource, result, properties, claims, correlation }: Act): JsonObject {
  return {
    time: TIME,
    resourceId: resource.toUpperCase(),
    operationName: operation.toUpperCase(),
    category: 'Administrative',
    resultType: result,
    resultSignature: `${LONG[result]}.`,
    durationMs: '0',
    callerIpAddress: '203.0.113.10',
    correlationId: (correlation ?? CORRELATION).toUpperCase(),
    identity: {
      authorization: { evidence: { principalId: USER.replaceAll('-', ''), principalType: 'User' } },
      claims: claims ?? CLAIMS,
    },
    properties: properties ?? {},
  };
}

export function activityRest({ operation, resource, result, properties, claims, correlation }: Act): JsonObject {
  return {
    authorization: { action: operation, scope: resource },
    caller: 'ops.admin@contoso.example',
    claims: claims ?? CLAIMS,
    correlationId: correlation ?? CORRELATION,
    eventDataId: 'a40b6f5a-c03c-4679-a09e-80a21fadd280',
    eventName: { value: 'EndRequest', localizedValue: 'End request' },
    eventTimestamp: TIME,
    httpRequest: {
      clientRequestId: '4A391409-591b-4960-ac6c-c27f5bfeaaf0',
      clientIpAddress: '203.0.113.10',
      method: 'POST',
    },
    operationName: { value: operation, localizedValue: 'some words' },
    resourceId: resource,
    status: { value: LONG[result]!, localizedValue: LONG[result]! },
    properties: properties ?? {},
  };
}

export function activityRow({ operation, resource, result, properties, claims, correlation }: Act): JsonObject {
  return {
    TimeGenerated: TIME,
    OperationNameValue: operation.toUpperCase(),
    ActivityStatusValue: result,
    CorrelationId: correlation ?? CORRELATION,
    Caller: 'ops.admin@contoso.example',
    CallerIpAddress: '203.0.113.10',
    CategoryValue: 'Administrative',
    HTTPRequest: JSON.stringify({ clientRequestId: '4a391409-591b-4960-ac6c-c27f5bfeaaf0', method: 'POST' }),
    _ResourceId: resource.toLowerCase(),
    Claims: JSON.stringify(claims ?? CLAIMS),
    Authorization: JSON.stringify({ action: operation, scope: resource }),
    Properties: JSON.stringify(properties ?? {}),
    Type: 'AzureActivity',
  };
}

/** Event Grid tells of ends only. */
export function activityGrid({ operation, resource, result, claims, correlation }: Act): JsonObject {
  const kind = operation.split('/').at(-1)!;
  const verb = kind === 'write' ? 'Write' : kind === 'delete' ? 'Delete' : 'Action';
  return {
    id: '7a1e3ad5-7ad8-4b83-9a4e-4f0f14b8f7f0',
    topic: `/subscriptions/${SUBSCRIPTION}`,
    subject: resource,
    eventType: `Microsoft.Resources.Resource${verb}${result}`,
    eventTime: TIME,
    data: {
      claims: claims ?? CLAIMS,
      correlationId: correlation ?? CORRELATION,
      httpRequest: {
        clientRequestId: '4a391409-591b-4960-ac6c-c27f5bfeaaf0',
        clientIpAddress: '203.0.113.10',
        method: 'POST',
      },
      operationName: operation,
      resourceUri: resource,
      status: LONG[result]!,
    },
    dataVersion: '2',
    metadataVersion: '1',
  };
}

export function activityCloudEvent(act: Act): JsonObject {
  const { id, topic, subject, eventType, eventTime, data } = activityGrid(act);
  return {
    specversion: '1.0',
    id: id!,
    source: topic!,
    subject: subject!,
    type: eventType!,
    time: eventTime!,
    data: data!,
  };
}

export interface Logged {
  readonly category: string;
  readonly operation?: string;
  readonly resource?: string;
  /** Names as the export has them; values as texts. */
  readonly properties: Readonly<Record<string, string>>;
}

export function resourceExport({ category, operation, resource, properties }: Logged): JsonObject {
  return {
    time: TIME,
    resourceId: (resource ?? ACCOUNT).toUpperCase(),
    category,
    ...(operation === undefined ? {} : { operationName: operation }),
    properties,
  };
}

/** The table's names differ from the export's in their first letter, and in a few that the caller gives. Numbers are numbers. */
export function resourceRow(
  { category, operation, resource, properties }: Logged,
  table = `CDB${category}`,
): JsonObject {
  const columns: Record<string, Json> = {};
  for (const [name, value] of Object.entries(properties)) {
    columns[TABLE_NAMES[name] ?? name.charAt(0).toUpperCase() + name.slice(1)] = numberOr(value);
  }
  return {
    TenantId: 'a279fe91-6f63-4016-a373-cfd71513fa93',
    TimeGenerated: TIME,
    ...(operation === undefined ? {} : { OperationName: operation }),
    ...columns,
    AccountName: 'CONTOSO-ORDERS',
    _ResourceId: (resource ?? ACCOUNT).toLowerCase(),
    Type: table,
  };
}

const TABLE_NAMES: Readonly<Record<string, string>> = {
  region: 'RegionName',
  piiCommandText: 'PIICommandText',
  httpstatusCode: 'HttpStatusCode',
};

export function diagnosticsRow({ category, operation, resource, properties }: Logged): JsonObject {
  const columns: Record<string, Json> = {};
  for (const [name, value] of Object.entries(properties)) {
    columns[`${name}_${name.endsWith('Id') && value.length === 36 ? 'g' : 's'}`] = value;
  }
  return {
    TimeGenerated: TIME,
    ResourceId: (resource ?? ACCOUNT).toUpperCase(),
    Category: category,
    ResourceProvider: 'MICROSOFT.DOCUMENTDB',
    ...(operation === undefined ? {} : { OperationName: operation }),
    ...columns,
    Type: 'AzureDiagnostics',
  };
}

function numberOr(value: string): Json {
  return value !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
}

/** A request to a vault: a key disabled. */
export const VAULT_FORMS: Readonly<Record<string, JsonObject>> = {
  export: {
    time: TIME,
    category: 'AuditEvent',
    operationName: 'KeyUpdate',
    resourceId: VAULT.toUpperCase(),
    resultType: 'Success',
    callerIpAddress: '203.0.113.10',
    correlationId: '7b3a0c63-b672-483c-aaae-a8ac906301bf',
    identity: {
      claim: {
        'http://schemas.microsoft.com/identity/claims/objectidentifier': USER,
        upn: 'ops.admin@contoso.example',
        appid: CLI,
      },
    },
    properties: {
      clientInfo: 'azsdk',
      id: 'https://kv-data.vault.azure.net/keys/cosmos-cmk/0123456789abcdef0123456789abcdef',
      requestUri: 'https://kv-data.vault.azure.net/keys/cosmos-cmk?api-version=7.4',
      httpStatusCode: 200,
      keyProperties: { type: 'RSA', attributes: { enabled: false } },
    },
  },
  table: {
    TimeGenerated: TIME,
    OperationName: 'KeyUpdate',
    ResultType: 'Success',
    CallerIpAddress: '203.0.113.10',
    CorrelationId: '7b3a0c63-b672-483c-aaae-a8ac906301bf',
    ClientInfo: 'azsdk',
    Id: 'https://kv-data.vault.azure.net/keys/cosmos-cmk/0123456789abcdef0123456789abcdef',
    RequestUri: 'https://kv-data.vault.azure.net/keys/cosmos-cmk?api-version=7.4',
    HttpStatusCode: 200,
    Identity: JSON.stringify({ claim: { oid: USER, upn: 'ops.admin@contoso.example', appid: CLI } }),
    KeyProperties: JSON.stringify({ type: 'RSA', attributes: { enabled: false } }),
    _ResourceId: VAULT.toLowerCase(),
    Type: 'AZKVAuditLogs',
  },
  diagnostics: {
    TimeGenerated: TIME,
    Category: 'AuditEvent',
    OperationName: 'KeyUpdate',
    ResourceProvider: 'MICROSOFT.KEYVAULT',
    ResourceId: VAULT.toUpperCase(),
    ResultType: 'Success',
    CallerIPAddress: '203.0.113.10',
    CorrelationId: '7b3a0c63-b672-483c-aaae-a8ac906301bf',
    clientInfo_s: 'azsdk',
    id_s: 'https://kv-data.vault.azure.net/keys/cosmos-cmk/0123456789abcdef0123456789abcdef',
    requestUri_s: 'https://kv-data.vault.azure.net/keys/cosmos-cmk?api-version=7.4',
    httpStatusCode_d: 200,
    identity_claim_oid_g: USER,
    identity_claim_upn_s: 'ops.admin@contoso.example',
    identity_claim_appid_g: CLI,
    keyProperties_attributes_enabled_b: false,
    Type: 'AzureDiagnostics',
  },
};
