import { type ArmAct, arm, expecting, type VaultAct } from './acts.ts';
import { type Account, BACKUP_VAULT_ID, HUB_RULE, idOf, KEY_URI, KEY_VAULT_ID, type Person } from './world.ts';

/** Acts on what stands around accounts: locks, logs, backups, the key's vault. Times in milliseconds. */

type Outcome = ArmAct['outcome'];

export function lockOf(scope: string): string {
  return `${scope}/providers/Microsoft.Authorization/locks/keep`;
}

/** @param weakens accounts that were held more strongly before */
export function writeLock(
  time: number,
  who: Person,
  scope: string,
  level: 'CanNotDelete' | 'ReadOnly',
  weakens: readonly Account[] = [],
): ArmAct {
  return arm(time, who, 'Microsoft.Authorization/locks/write', lockOf(scope), {
    body: { properties: { level } },
    tells: { rule: 'deletion_protection_disabled', accounts: weakens, needsBody: true },
  });
}

export function deleteLock(
  time: number,
  who: Person,
  scope: string,
  held: readonly Account[],
  outcome: Outcome = 'success',
): ArmAct {
  return arm(time, who, 'Microsoft.Authorization/locks/delete', lockOf(scope), {
    outcome,
    tells: { rule: 'deletion_protection_disabled', accounts: held },
  });
}

const CATEGORIES = ['ControlPlaneRequests', 'DataPlaneRequests', 'MongoRequests'];

const TO_HUB = { eventHubAuthorizationRuleId: HUB_RULE, eventHubName: 'cosmos-logs' };

export interface DiagnosticWrite {
  readonly name?: string;
  readonly off?: readonly string[];
  readonly destination?: object;
  /** It takes something away that nothing else delivers. */
  readonly isLoss?: boolean;
  readonly outcome?: Outcome;
}

export function writeDiagnostics(time: number, who: Person, account: Account, write: DiagnosticWrite = {}): ArmAct {
  const { name = 'to-security', off = [], destination = TO_HUB, outcome = 'success' } = write;
  const logs = CATEGORIES.map((category) => ({ category, enabled: !off.includes(category) }));
  return arm(time, who, 'Microsoft.Insights/diagnosticSettings/write', settingOf(account, name), {
    outcome,
    body: { properties: { ...destination, logs } },
    tells: { rule: 'logging_changed', accounts: (write.isLoss ?? off.length > 0) ? [account] : [], needsBody: true },
  });
}

export function deleteDiagnostics(time: number, who: Person, account: Account, outcome: Outcome = 'success'): ArmAct {
  return arm(time, who, 'Microsoft.Insights/diagnosticSettings/delete', settingOf(account, 'to-security'), {
    outcome,
    tells: { rule: 'logging_changed', accounts: [account] },
  });
}

function settingOf(account: Account, name: string): string {
  return `${idOf(account)}/providers/Microsoft.Insights/diagnosticSettings/${name}`;
}

const INSTANCES = 'Microsoft.DataProtection/backupVaults/backupInstances';

/** Azure builds an instance's name from that of what it protects. */
function instanceOf(name: string): string {
  return `${BACKUP_VAULT_ID}/backupInstances/${name}-${name}-4b1d6c52-7a0e-4f7c-9b1e-2f5f0c9c7d11`;
}

export function protect(time: number, who: Person, name: string, dataSource: string, type: string): ArmAct {
  const dataSourceInfo = { resourceID: dataSource, datasourceType: type, objectType: 'Datasource' };
  return arm(time, who, `${INSTANCES}/write`, instanceOf(name), {
    body: { properties: { friendlyName: name, dataSourceInfo, policyInfo: { policyId: `${BACKUP_VAULT_ID}/p` } } },
  });
}

/** @param accounts the account that it protects; none: another service's */
export function unprotect(
  time: number,
  who: Person,
  name: string,
  accounts: readonly Account[],
  verb: 'delete' | 'stopProtection/action' = 'delete',
  outcome: Outcome = 'success',
): ArmAct {
  return arm(time, who, `${INSTANCES}/${verb}`, instanceOf(name), {
    outcome,
    tells: { rule: 'backup_deleted', accounts },
  });
}

/** @param weakens accounts that have an instance in the vault, if soft delete was on before */
export function writeBackupVault(
  time: number,
  who: Person,
  softDelete: 'On' | 'Off',
  weakens: readonly Account[] = [],
): ArmAct {
  const securitySettings = {
    softDeleteSettings: { state: softDelete, retentionDurationInDays: 14 },
    immutabilitySettings: { state: 'Unlocked' },
  };
  return arm(time, who, 'Microsoft.DataProtection/backupVaults/write', BACKUP_VAULT_ID, {
    body: { location: 'westeurope', properties: { storageSettings: [], securitySettings } },
    tells: { rule: 'backup_deleted', accounts: weakens, needsBody: true },
  });
}

/** The vault that holds the key; `bypass` says whether Azure's own services pass its firewall. */
export function writeKeyVault(
  time: number,
  who: Person,
  bypass: 'AzureServices' | 'None',
  shutsOut: readonly Account[] = [],
): ArmAct {
  const networkAcls = { defaultAction: 'Deny', bypass, ipRules: [], virtualNetworkRules: [] };
  return arm(time, who, 'Microsoft.KeyVault/vaults/write', KEY_VAULT_ID, {
    body: { location: 'westeurope', properties: { sku: { family: 'A', name: 'standard' }, networkAcls } },
    tells: { rule: 'customer_managed_key_changed', accounts: shutsOut, needsBody: true },
  });
}

const ASSIGNMENT = `${KEY_VAULT_ID}/providers/Microsoft.Authorization/roleAssignments/7d2c1c52-5f8b-4a0e-9d3e-6a8f2b1c9e55`;

/** The account's identity may use the key. */
export function grantKey(time: number, who: Person, principalId: string): ArmAct {
  return arm(time, who, 'Microsoft.Authorization/roleAssignments/write', ASSIGNMENT, {
    body: { properties: { principalId, principalType: 'ServicePrincipal', scope: KEY_VAULT_ID } },
  });
}

export function revokeKey(time: number, who: Person, loses: readonly Account[], outcome: Outcome = 'success'): ArmAct {
  return arm(time, who, 'Microsoft.Authorization/roleAssignments/delete', ASSIGNMENT, {
    outcome,
    tells: { rule: 'customer_managed_key_changed', accounts: loses, needsBody: true },
  });
}

export function changeKey(
  time: number,
  who: Person,
  operation: string,
  options: { key?: string; version?: string; enabled?: boolean; status?: number; hits?: Account } = {},
): VaultAct {
  const { key = KEY_URI, version, enabled, status = 200, hits } = options;
  return {
    kind: 'vault',
    time,
    who,
    operation,
    object: version === undefined ? key : `${key}/${version}`,
    status,
    ...(enabled === undefined ? {} : { enabled }),
    ...(hits === undefined
      ? {}
      : { expect: [{ ...expecting('customer_managed_key_changed', hits, '', who.oid), needsBody: true }] }),
  };
}
