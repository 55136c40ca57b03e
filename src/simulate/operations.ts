import type { ArmAct, Expectation, RequestAct, VaultAct } from './acts.ts';
import { type Account, HUB_RULE, idOf, KEY_URI, KEY_VERSION, type Person } from './world.ts';

/** Acts by name, so that life and attacks read like what they are. Times in milliseconds. */

const DOCUMENTDB = 'Microsoft.DocumentDB/databaseAccounts';

export function expecting(rule: string, account: Account, key: string, actor: string | null, count = 1): Expectation {
  return { rule: `cosmosdb_${rule}`, account, key, actor, count };
}

export type KeyKind = 'listKeys' | 'readonlykeys' | 'listConnectionStrings';

export function readKeys(
  time: number,
  who: Person,
  account: Account,
  kind: KeyKind,
  outcome: ArmAct['outcome'] = 'success',
): ArmAct {
  const rule = kind === 'listConnectionStrings' ? 'connection_string_viewed' : 'access_keys_viewed';
  return {
    kind: 'arm',
    time,
    who,
    operation: `${DOCUMENTDB}/${kind}/action`,
    resource: idOf(account),
    outcome,
    method: 'POST',
    ...(outcome === 'success'
      ? { expect: [expecting(rule, account, `${who.oid}|${who.ip}|${who.appId}`, who.oid)] }
      : {}),
  };
}

/** What an account is set to; the whole of it is sent by PUT and repeated by its log. */
export interface Settings {
  readonly ipRules: readonly string[];
  readonly publicNetworkAccess: 'Enabled' | 'Disabled';
  readonly tier: 'Continuous30Days' | 'Continuous7Days';
  readonly keyUri: string | null;
}

export const SETTINGS: Settings = {
  ipRules: ['203.0.113.0/24'],
  publicNetworkAccess: 'Enabled',
  tier: 'Continuous30Days',
  keyUri: null,
};

function ipRuleList(ranges: readonly string[]): { ipAddressOrRange: string }[] {
  return ranges.map((range) => ({ ipAddressOrRange: range }));
}

function columnsOf(settings: Settings): Record<string, string> {
  return { ipRangeFilter: settings.ipRules.join(',') };
}

export function putAccount(time: number, who: Person, account: Account, settings: Settings): ArmAct {
  return {
    kind: 'arm',
    time,
    who,
    operation: `${DOCUMENTDB}/write`,
    resource: idOf(account),
    outcome: 'success',
    method: 'PUT',
    takes: 45,
    body: {
      location: 'West Europe',
      properties: {
        databaseAccountOfferType: 'Standard',
        ipRules: ipRuleList(settings.ipRules),
        isVirtualNetworkFilterEnabled: false,
        virtualNetworkRules: [],
        publicNetworkAccess: settings.publicNetworkAccess,
        minimalTlsVersion: 'Tls12',
        disableKeyBasedMetadataWriteAccess: false,
        backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: settings.tier } },
        ...(settings.keyUri === null ? {} : { keyVaultKeyUri: settings.keyUri }),
      },
    },
    control: { account, name: 'AccountUpdate', columns: columnsOf(settings) },
  };
}

export function patchAccount(
  time: number,
  who: Person,
  account: Account,
  properties: object,
  after: Settings,
  expect: readonly Expectation[],
  outcome: ArmAct['outcome'] = 'success',
): ArmAct {
  return {
    kind: 'arm',
    time,
    who,
    operation: `${DOCUMENTDB}/write`,
    resource: idOf(account),
    outcome,
    method: 'PATCH',
    takes: 40,
    body: { properties },
    control: { account, name: 'AccountUpdate', columns: columnsOf(after) },
    ...(outcome === 'success' ? { expect } : {}),
  };
}

export function lockOf(scope: string): string {
  return `${scope}/providers/Microsoft.Authorization/locks/keep`;
}

export function writeLock(time: number, who: Person, scope: string, level: string): ArmAct {
  return {
    kind: 'arm',
    time,
    who,
    operation: 'Microsoft.Authorization/locks/write',
    resource: lockOf(scope),
    outcome: 'success',
    method: 'PUT',
    body: { properties: { level } },
  };
}

export function deleteLock(
  time: number,
  who: Person,
  scope: string,
  protectedAccounts: readonly Account[],
  outcome: ArmAct['outcome'] = 'success',
): ArmAct {
  return {
    kind: 'arm',
    time,
    who,
    operation: 'Microsoft.Authorization/locks/delete',
    resource: lockOf(scope),
    outcome,
    method: 'DELETE',
    ...(outcome === 'success'
      ? { expect: protectedAccounts.map((account) => expecting('deletion_protection_disabled', account, '', who.oid)) }
      : {}),
  };
}

const CATEGORIES = ['ControlPlaneRequests', 'DataPlaneRequests', 'MongoRequests'];

export function writeDiagnostics(time: number, who: Person, account: Account, off: readonly string[] = []): ArmAct {
  return {
    kind: 'arm',
    time,
    who,
    operation: 'Microsoft.Insights/diagnosticSettings/write',
    resource: `${idOf(account)}/providers/Microsoft.Insights/diagnosticSettings/to-security`,
    outcome: 'success',
    method: 'PUT',
    body: {
      properties: {
        eventHubAuthorizationRuleId: HUB_RULE,
        eventHubName: 'cosmos-logs',
        logs: CATEGORIES.map((category) => ({ category, enabled: !off.includes(category) })),
      },
    },
    ...(off.length === 0 ? {} : { expect: [expecting('logging_changed', account, '', who.oid)] }),
  };
}

export function deleteAccount(
  time: number,
  who: Person,
  account: Account,
  outcome: ArmAct['outcome'] = 'success',
): ArmAct {
  return {
    kind: 'arm',
    time,
    who,
    operation: `${DOCUMENTDB}/delete`,
    resource: idOf(account),
    outcome,
    method: 'DELETE',
    takes: 90,
    ...(outcome === 'success' ? { expect: [expecting('backup_deleted', account, '', who.oid)] } : {}),
    control: { account, name: 'AccountDelete', columns: {} },
  };
}

/** A container written through ARM: created, or updated if it was there. */
export function writeContainer(time: number, who: Person, account: Account, container: string): ArmAct {
  const uri = `${idOf(account)}/sqlDatabases/${account.database}/containers/${container}`;
  return {
    kind: 'arm',
    time,
    who,
    operation: `${DOCUMENTDB}/sqlDatabases/containers/write`,
    resource: uri,
    outcome: 'success',
    method: 'PUT',
    body: { properties: { resource: { id: container } } },
    control: {
      account,
      name: account.containers.includes(container) ? 'SqlContainersUpdate' : 'SqlContainersCreate',
      uri,
    },
  };
}

export function request(
  time: number,
  account: Account,
  from: Pick<RequestAct, 'ip' | 'agent' | 'key' | 'principal'>,
  rest: Partial<RequestAct>,
): RequestAct {
  const operation = rest.operation ?? 'Read';
  return {
    kind: 'request',
    time,
    account,
    operation,
    type: 'Document',
    database: account.database,
    container: account.containers[0]!,
    status: operation === 'Delete' ? 204 : operation === 'Create' ? 201 : 200,
    ...from,
    ...rest,
  };
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  PrimaryMasterKey: 'primary_key',
  SecondaryMasterKey: 'secondary_key',
};

/** Who a request is by, as an alert names it. */
export function actorOf({ key, principal, ip }: Pick<RequestAct, 'key' | 'principal' | 'ip'>): string | null {
  return principal ?? (key === null ? null : `${KEY_NAMES[key]}@${ip}`);
}

export function deleteItem(
  time: number,
  account: Account,
  container: string,
  from: Pick<RequestAct, 'ip' | 'agent' | 'key' | 'principal'>,
): RequestAct {
  const actor = actorOf(from);
  return request(time, account, from, {
    operation: 'Delete',
    container,
    expect: [expecting('item_deleted', account, `${account.database}/${container}|${actor}|${from.ip}`, actor)],
  });
}

export function changeKey(
  time: number,
  who: Person,
  operation: string,
  options: { version?: string; enabled?: boolean; status?: number; hits?: Account },
): VaultAct {
  const object = options.version === undefined ? KEY_URI : `${KEY_URI}/${options.version}`;
  return {
    kind: 'vault',
    time,
    who,
    operation,
    object,
    status: options.status ?? 200,
    ...(options.enabled === undefined ? {} : { enabled: options.enabled }),
    ...(options.hits === undefined
      ? {}
      : { expect: [expecting('customer_managed_key_changed', options.hits, '', who.oid)] }),
  };
}

export { KEY_URI, KEY_VERSION };
