import { applyFull, applyPatch, isPatch, type SettingsState } from '../accounts/diff.ts';
import { covers, vaultNameOf } from '../accounts/scopes.ts';
import { settingsIn } from '../accounts/settings.ts';
import type { Change } from '../events/fact.ts';
import { isObject, type Json, type JsonObject, objectIn } from '../lib/json.ts';
import type { Around } from './around.ts';
import { hasKeyIn } from './keys.ts';
import { type Action, isDone } from './telling.ts';

/** What is known of a vault (of keys, or of backups), by lower-case name or ARM id. */
export type VaultSettings = Map<string, SettingsState>;

/** Who holds a role at a vault, by lower-case id of the assignment: the Entra object id. */
export type Assignments = Map<string, string>;

/** The settings that a done write changes; updates what is known. */
export function vaultChanges(
  action: Action,
  resource: 'vault' | 'backup_vault',
  id: string,
  known: VaultSettings,
): readonly Change[] {
  const { event } = action.tellings[0]!;
  if (!isDone(action) || event.body === null) return [];
  const values = settingsIn(resource, event.body);
  const state = known.get(id) ?? new Map();
  const apply = isPatch(event.method, resource, event.body) ? applyPatch : applyFull;
  const { changes, state: after } = apply(resource, state, values, action.time);
  known.set(id, after);
  return changes;
}

/** What an action on a key vault means for the accounts whose key it holds: mostly nothing, else one fact a loss. */
export function vaultAction(action: Action, known: VaultSettings, assignments: Assignments): Around[] {
  const { event } = action.tellings[0]!;
  const vault = vaultNameOf(event.resourceId);
  if (vault === null) return [];
  const concerns: Around['concerns'] = (account) => hasKeyIn(account, vault);
  const plain: Around = {
    action,
    name: event.action,
    concerns,
    change: null,
    thing: isVaultLoss(event.action) ? () => ({ id: `vault|${vault}`, ends: false, before: null }) : null,
    fields: { 'azure.key_vault.name': vault },
  };
  const removed = isDone(action) ? removals(action, vault, known, assignments) : [];
  if (removed.length === 0) return [plain];
  return removed.map(({ kind, principal, change }) => ({
    ...plain,
    name: 'azure.key_vault.access_removed',
    change,
    thing: () => ({
      id: change === null ? `access|${vault}` : `vault|${vault}|${change.property}`,
      ends: change !== null && change.before !== undefined,
      before: change?.before ?? null,
    }),
    fields: { ...plain.fields, 'azure.access.kind': kind, 'azure.principal.id': principal ?? undefined },
  }));
}

function isVaultLoss(action: string): boolean {
  return action === 'azure.key_vault.delete' || action === 'azure.key_vault.purge';
}

interface Removal {
  readonly kind: 'access_policy' | 'role_assignment' | 'firewall';
  readonly principal: string | null;
  readonly change: Change | null;
}

function removals(action: Action, vault: string, known: VaultSettings, assignments: Assignments): Removal[] {
  const { event } = action.tellings[0]!;
  switch (event.action) {
    case 'azure.role_assignment.write': {
      const principal = principalIn(event.body);
      if (principal !== null) assignments.set(event.resourceId, principal);
      return [];
    }
    case 'azure.role_assignment.delete':
      return [{ kind: 'role_assignment', principal: assignments.get(event.resourceId) ?? null, change: null }];
    case 'azure.key_vault.access_policy_write':
      return policyRemovals(action, vault, known);
    case 'azure.key_vault.write':
      return vaultChanges(action, 'vault', vault, known).flatMap(removalOf);
    default:
      return [];
  }
}

/** `accessPolicies/remove` names whom it takes the access from; `replace` is compared with what was known, `add` takes nothing. */
function policyRemovals(action: Action, vault: string, known: VaultSettings): Removal[] {
  const { event } = action.tellings[0]!;
  const verb = event.resourceId.split('/').at(-1);
  if (verb === 'remove') {
    const named = objectIds(event.body);
    return (named.length > 0 ? named : [null]).map((principal) => ({ kind: 'access_policy', principal, change: null }));
  }
  return verb === 'replace' ? vaultChanges(action, 'vault', vault, known).flatMap(removalOf) : [];
}

function removalOf(change: Change): Removal[] {
  if (change.property === 'accessPolicies') {
    const after = new Set(change.after as readonly string[]);
    const lost = ((change.before ?? []) as readonly string[]).filter((id) => !after.has(id));
    return lost.map((principal) => ({ kind: 'access_policy', principal, change }));
  }
  return change.property === 'networkAcls' && shutsTrustedServicesOut(change.after)
    ? [{ kind: 'firewall', principal: null, change }]
    : [];
}

function shutsTrustedServicesOut(acls: Json): boolean {
  if (!isObject(acls)) return false;
  const text = (name: string) => String(acls[name] ?? '').toLowerCase();
  return text('defaultAction') === 'deny' && text('bypass') !== 'azureservices';
}

function objectIds(body: JsonObject | null): string[] {
  const values = body === null ? undefined : settingsIn('vault', body).get('accessPolicies');
  return Array.isArray(values) ? (values as string[]) : [];
}

function principalIn(body: JsonObject | null): string | null {
  const properties = body === null ? {} : (objectIn(body, 'properties') ?? body);
  const principal = properties['principalId'] ?? properties['PrincipalId'];
  return typeof principal === 'string' ? principal.toLowerCase() : null;
}

/** Is a role assignment one at the vault itself (not at its group or subscription)? */
export function isAtVault(resourceId: string): boolean {
  const scope = resourceId.split('/providers/microsoft.authorization/')[0] ?? '';
  return /\/vaults\/[^/]+/.test(scope) && covers(/^(.*?\/vaults\/[^/]+)/.exec(scope)![1]!, scope);
}
