import fc from 'fast-check';
import { account, alone, arm, common, control, mostly, single, toldBy, who } from './parts.ts';
import type { Act } from './telling.ts';
import { ACCOUNTS, BACKUP_VAULTS, GROUPS, HUB, INSTANCES, SUBSCRIPTION, VAULTS, vaultId, WORKSPACE } from './world.ts';

/** What happens around an account: locks, diagnostic settings, keys, backups, private endpoints. */

const DB = 'DocumentDB/databaseAccounts';

const lockScope = fc.constantFrom(...ACCOUNTS, GROUPS[0], GROUPS[1], SUBSCRIPTION, `${ACCOUNTS[0]}/sqlDatabases/shop`);
const lock = fc
  .tuple(lockScope, fc.constantFrom('keep', 'keep2'))
  .map(([scope, name]) => `${scope}/providers/Microsoft.Authorization/locks/${name}`);
export const lockWrite = fc
  .tuple(lock, fc.constantFrom('CanNotDelete', 'ReadOnly'))
  .chain(([resource, level]) =>
    alone(arm('Authorization/locks/write', resource, { method: 'PUT', body: { properties: { level } } })),
  );
export const lockDelete = lock.chain((resource) => alone(arm('Authorization/locks/delete', resource)));

const logs = fc.constantFrom(
  [{ categoryGroup: 'allLogs', enabled: true }],
  [
    { category: 'ControlPlaneRequests', enabled: true },
    { category: 'DataPlaneRequests', enabled: true },
  ],
  [
    { category: 'ControlPlaneRequests', enabled: true },
    { category: 'DataPlaneRequests', enabled: false },
  ],
);
const places = fc.constantFrom<object>(
  { eventHubAuthorizationRuleId: `${HUB}/authorizationRules/send`, eventHubName: 'cosmos' },
  { workspaceId: WORKSPACE },
  { eventHubAuthorizationRuleId: `${HUB}/authorizationRules/send`, eventHubName: 'cosmos', workspaceId: WORKSPACE },
);

export const diagnosticAct = fc
  .tuple(account, fc.constantFrom('ship', 'audit'), fc.constantFrom('write', 'delete', 'write'), logs, places)
  .chain(([on, name, operation, all, place]) => {
    const resource = `${on}/providers/Microsoft.Insights/diagnosticSettings/${name}`;
    const body = operation === 'write' ? { properties: { logs: all, ...place } } : null;
    const method = operation === 'write' ? 'PUT' : 'DELETE';
    return toldBy(
      arm(`Insights/diagnosticSettings/${operation}`, resource, { method, body }),
      control('DiagnosticLogUpdate', on),
    );
  });
export const hubDelete = alone(arm('EventHub/namespaces/delete', HUB, { method: 'DELETE' }));

const keyName = mostly(['cmk', 'other']);
export const vaultAct = fc
  .tuple(
    mostly(VAULTS),
    keyName,
    fc.constantFrom('v1', 'v2', ''),
    fc.constantFrom('disable', 'enable', 'expire', 'KeyDelete', 'KeyPurge', 'KeyRecover', 'KeyCreate', 'VaultDelete'),
    common,
    who,
    fc.nat(5),
  )
  .map(([vault, name, version, what, given, person, luck]): Act => {
    const isUpdate = ['disable', 'enable', 'expire'].includes(what);
    const object =
      what === 'VaultDelete' ? null : versioned(name, what === 'KeyCreate' ? version || 'v2' : isUpdate ? version : '');
    const attributes = isUpdate ? (what === 'expire' ? { exp: 1_767_000_000 } : { enabled: what === 'enable' }) : null;
    const operation = isUpdate ? 'KeyUpdate' : what;
    const code = luck === 0 ? '403' : '200';
    return single({ ...given, log: 'audit', vault, operation, object, code, attributes, who: person });
  });

function versioned(name: string, version: string): string {
  return version === '' ? name : `${name}/${version}`;
}

export const keyVaultDelete = fc
  .constantFrom(...VAULTS)
  .chain((vault) => alone(arm('KeyVault/vaults/delete', vaultId(vault), { method: 'DELETE' })));

/** The same in the Activity Log, beside the vault's own log or without it. */
export const keyDeleteToldTwice = fc.tuple(mostly(VAULTS), keyName, common, who).chain(([vault, name, given, person]) =>
  toldBy(
    arm('KeyVault/vaults/keys/delete', `${vaultId(vault)}/keys/${name}`, { method: 'DELETE' }),
    fc.constant({
      ...given,
      log: 'audit',
      vault,
      operation: 'KeyDelete',
      object: name,
      code: '200',
      attributes: null,
      who: person,
    } as const),
  ),
);

const instance = fc
  .tuple(fc.constantFrom(...BACKUP_VAULTS), fc.constantFrom(...INSTANCES))
  .map(([vault, name]) => `${vault}/backupInstances/${name}`);
const BACKUP = 'DataProtection/backupVaults';
export const instanceWrite = fc.tuple(instance, fc.option(account)).chain(([resource, source]) => {
  const body = source === null ? { properties: {} } : { properties: { dataSourceInfo: { resourceID: source } } };
  return alone(arm(`${BACKUP}/backupInstances/write`, resource, { method: 'PUT', body }));
});
export const instanceGone = fc
  .tuple(instance, fc.constantFrom('delete', 'stopProtection/action'))
  .chain(([resource, how]) => alone(arm(`${BACKUP}/backupInstances/${how}`, resource)));
export const backupVaultDelete = fc
  .constantFrom(...BACKUP_VAULTS)
  .chain((resource) => alone(arm(`${BACKUP}/delete`, resource, { method: 'DELETE' })));
export const backupVaultWrite = fc
  .tuple(
    fc.constantFrom(...BACKUP_VAULTS),
    fc.constantFrom('On', 'Off', 'AlwaysOn'),
    fc.constantFrom('Disabled', 'Unlocked', 'Locked'),
  )
  .chain(([resource, softDelete, immutability]) => {
    const securitySettings = {
      softDeleteSettings: { state: softDelete },
      immutabilitySettings: { state: immutability },
    };
    return alone(arm(`${BACKUP}/write`, resource, { method: 'PUT', body: { properties: { securitySettings } } }));
  });
export const protectionDisabled = account.chain((on) => alone(arm(`${DB}/disableLongTermProtection/action`, on)));

export const endpointAct = fc
  .tuple(account, mostly(['pe-1', 'pe-2']), mostly(['write', 'delete', 'approve']))
  .chain(([on, name, what]) =>
    what === 'approve'
      ? alone(arm(`${DB}/PrivateEndpointConnectionsApproval/action`, on))
      : alone(
          arm(`${DB}/privateEndpointConnections/${what}`, `${on}/privateEndpointConnections/${name}`, {
            method: what === 'write' ? 'PUT' : 'DELETE',
          }),
        ),
  );
