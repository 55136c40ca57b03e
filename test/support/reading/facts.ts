import { accountIn, containerId, covers, keyParts, nameOf, scopeOf } from './arm.ts';
import * as around from './around.ts';
import { joinTellings } from './join.ts';
import { actionsOf, compare, mergeCopies } from './merge.ts';
import { normalise } from './normalise.ts';
import { Past, type Step } from './past.ts';
import {
  type Action,
  type Change,
  type Fact,
  type Family,
  isDone,
  type NaiveInput,
  secondOf,
  type Thing,
} from './types.ts';

/** The first layer: from the set of records to the set of facts. Only facts that concern an account are given. */
export function naivePast({ records, declared }: NaiveInput): Past {
  const recs = mergeCopies(records.map(normalise));
  const actions = joinTellings(actionsOf(recs)).toSorted((a, b) => a.at - b.at || compare(a.id, b.id));
  return new Past(recs, actions, declared);
}

export function naiveFacts(past: Past): Fact[] {
  const direct = past.actions.flatMap((action) => factsOf(past, action));
  const changes = past.accounts.flatMap((account) => past.steps(account).flatMap((step) => changeFacts(account, step)));
  return [...direct, ...changes].filter(
    (fact, index, all) => all.findIndex((other) => identityOf(other) === identityOf(fact)) === index,
  );
}

function identityOf({ id, account, change }: Fact): string {
  return `${id}|${account}|${change?.property}`;
}

interface Extra {
  readonly action?: string;
  readonly id?: string;
  readonly container?: string | null;
  readonly change?: Change | null;
  readonly thing?: Thing | null;
  readonly moved?: boolean;
}

function fact(action: Action, account: string, extra: Extra = {}): Fact {
  return {
    id: action.id,
    at: action.at,
    action: action.kind,
    outcome: action.outcome,
    account,
    who: action.who,
    ip: action.ip,
    caller: action.caller,
    count: action.count,
    container: null,
    change: null,
    thing: null,
    moved: false,
    ...extra,
  };
}

function factsOf(past: Past, action: Action): Fact[] {
  const [area] = action.kind.split('.');
  switch (area) {
    case 'item':
      return isChosen(past, action) ? [fact(action, action.account!, { container: containerOf(action) })] : [];
    case 'container':
      return containerFacts(past, action);
    case 'lock':
      return lockFacts(past, action);
    case 'diagnostic_setting':
      return diagnosticFacts(past, action);
    case 'key':
      return keyFacts(past, action);
    case 'key_vault':
      return keyVaultFacts(past, action);
    case 'backup_instance':
      return instanceFacts(past, action);
    case 'backup_vault':
      return backupVaultFacts(past, action);
    case 'event_hub':
      return hubFacts(past, action);
    default: {
      const account = action.account ?? accountIn(action.target);
      return account === null ? [] : [fact(action, account)];
    }
  }
}

/**
 * Requests told twice, in a quarter of an hour: of the logs by request the first with a success tells them, of the aggregates too; beside
 * each other, whichever has more of the action. A stamp closes its minutes.
 */
function isChosen(past: Past, action: Action): boolean {
  const [family] = action.families as [Family];
  const quarter = (of: Family, at: number) => Math.floor((secondOf(at) - (/M$/.test(of) ? 1 : 0)) / 900);
  const own = quarter(family, action.at);
  const chosen = [BY_REQUEST, AGGREGATED].map((families) =>
    families.find((one) =>
      past.recs.some(
        (rec) =>
          rec.family === one &&
          rec.account === action.account &&
          rec.outcome === 'success' &&
          quarter(one, rec.at) === own,
      ),
    ),
  );
  const sums = chosen.map((one) =>
    past.actions
      .filter(
        (other) =>
          other.families[0] === one &&
          other.account === action.account &&
          other.kind === action.kind &&
          other.outcome === action.outcome &&
          quarter(one!, other.at) === own,
      )
      .reduce((sum, { count }) => sum + count, 0),
  );
  const [request, aggregate] = chosen;
  if (request === undefined || aggregate === undefined) return chosen.includes(family);
  return family === (sums[1]! > sums[0]! ? aggregate : request);
}

const BY_REQUEST: readonly Family[] = ['DataPlaneRequests', 'MongoRequests'];
const AGGREGATED: readonly Family[] = ['DataPlaneRequests5M', 'DataPlaneRequests15M'];

function containerOf(action: Action): string | null {
  return containerId(action.database, action.container);
}

/** An ARM write of a container that was there is an update. */
function containerFacts(past: Past, action: Action): Fact[] {
  const container = containerOf(action);
  if (action.account === null || container === null) return [];
  if (action.kind !== 'container.write') return [fact(action, action.account, { container })];
  const kind = past.existed(action.account, container, action.at) ? 'container.update' : 'container.create';
  return [fact(action, action.account, { container, action: kind })];
}

function lockFacts(past: Past, action: Action): Fact[] {
  const scope = around.lockScope(action.target);
  const before = around.lockLevel(past, action.target, action.at);
  const isGone = action.kind === 'lock.delete';
  const after = isGone ? null : String((action.body?.['properties'] as { level?: string } | undefined)?.level);
  const step = around.lockStrength(after) - around.lockStrength(before);
  const effect = step < 0 ? 'weakened' : step > 0 ? 'strengthened' : 'neutral';
  const change: Change | null =
    before === undefined && !isGone
      ? null
      : { property: 'lock', before, after, effect: before === undefined ? 'unknown_before' : effect, exposure: null };
  const thing: Thing = { kind: 'lock', name: action.target, isForEver: before === undefined };
  const accounts = past.known(action.at).filter((account) => covers(scope, account));
  return accounts.map((account) => fact(action, account, { change, thing }));
}

function diagnosticFacts(past: Past, action: Action): Fact[] {
  const setting = action.target;
  const account = scopeOf(setting, 'microsoft.insights/diagnosticsettings');
  if (!past.isKnown(account, action.at)) return [];
  const before = around.shipping(past, setting, action.at);
  const after = action.kind === 'diagnostic_setting.delete' ? null : around.shippingOf(action.body);
  const property = `diagnosticSettings/${nameOf(setting)}`;
  const told = { property, before: before as never, after: after as never, exposure: null };
  const thing: Thing = { kind: 'diagnostic', name: setting, isForEver: before === undefined };
  if (before === undefined)
    return [fact(action, account, { change: after === null ? { ...told, effect: 'unknown_before' } : null, thing })];
  if (JSON.stringify(before) === JSON.stringify(after)) return [fact(action, account, { thing })];
  const others = around.otherShipping(past, setting, action.at);
  const isLess = around.isLogLost(before, after, others);
  const isMore = after !== null && around.isLogLost(after, before, others);
  const effect = isLess ? 'weakened' : isMore ? 'strengthened' : 'neutral';
  return [fact(action, account, { change: { ...told, effect }, thing })];
}

function keyFacts(past: Past, action: Action): Fact[] {
  if (!isDone(action.outcome)) return [];
  const key = around.keyOf(action);
  const accounts = past.known(action.at).filter((account) => around.keyOfAccount(past, account, action.at) === key);
  const kind = keyKind(past, action);
  const thing: Thing = { kind: 'key', name: key, isForEver: kind === 'key.purge' };
  return accounts.map((account) => fact(action, account, { action: kind, thing }));
}

function keyKind(past: Past, action: Action): string {
  if (action.kind !== 'key.update' || !around.isOfCurrent(past, action)) return action.kind;
  if (around.attribute(action, 'enabled') === false) return 'key.disable';
  return around.isExpiry(action) ? 'key.expire' : action.kind;
}

function keyVaultFacts(past: Past, action: Action): Fact[] {
  const vault = nameOf(action.target);
  const accounts = past.known(action.at).filter((account) => {
    const key = around.keyOfAccount(past, account, action.at);
    return key?.startsWith(`${vault}/`);
  });
  return accounts.map((account) => fact(action, account));
}

function instanceFacts(past: Past, action: Action): Fact[] {
  const account = around.protectedAccount(past, action.target, action.at);
  return account === null ? [] : [fact(action, account)];
}

function backupVaultFacts(past: Past, action: Action): Fact[] {
  const accounts = around.accountsIn(past, action.target, action.at);
  if (action.kind === 'backup_vault.delete') return accounts.map((account) => fact(action, account));
  return around.VAULT_PROPERTIES.flatMap((property) => {
    const after = around.vaultValue(action.body, property);
    const before = around.vaultBefore(past, action.target, property, action.at);
    if (after === null || before === null) return [];
    const step = around.vaultStrength(property, after) - around.vaultStrength(property, before);
    if (step === 0) return [];
    const change = { property, before, after, effect: step < 0 ? 'weakened' : 'strengthened', exposure: null } as const;
    const thing: Thing = { kind: 'vault', name: `${action.target}|${property}`, isForEver: false };
    return accounts.map((account) => fact(action, account, { change, thing }));
  });
}

/** The hub that a diagnostic setting of the account names. */
function hubFacts(past: Past, action: Action): Fact[] {
  const accounts = past.known(action.at).filter((account) =>
    around.settingsWithLogs(past, account).some((setting) => {
      const places = around.shipping(past, setting, action.at)?.destinations ?? [];
      return places.some((place) => covers(action.target, place.slice(place.indexOf('=') + 1)));
    }),
  );
  return accounts.map((account) => fact(action, account));
}

function changeFacts(account: string, { action, before, changes }: Step): Fact[] {
  if (!isDone(action.outcome)) return [];
  return changes.map((change) => {
    const { property } = change;
    const was = before['keyVaultKeyUri'];
    const moved =
      property === 'keyVaultKeyUri' &&
      typeof was === 'string' &&
      keyParts(was).vault !== keyParts(String(change.after)).vault;
    const thing: Thing = { kind: 'setting', name: property, isForEver: change.before === undefined };
    const id = `${action.id}|${property}`;
    return fact(action, account, { action: 'account.setting_changed', id, change, thing, moved });
  });
}
