import type { Raised } from '../alerts/alert.ts';
import { isObject, type Json } from '../lib/json.ts';
import { actorName } from './phrases.ts';

/** One thing to do: the text, a command ready to paste, or why there is none. */
export interface FilledStep {
  readonly text: string;
  readonly command: string | null;
  readonly note: string | null;
}

/** Names that may stand in a command. Anything else came from a log and could be more than a name. */
const SAFE_NAME = /^[A-Za-z0-9][A-Za-z0-9._()-]{0,89}$/;
const SAFE_ID = /^\/[A-Za-z0-9._()/-]{1,500}$/;
const SAFE_VALUE = /^[A-Za-z0-9][A-Za-z0-9:.,/_-]{0,200}$/;

type Filler = (raised: Raised) => string | null;

/** The rule's steps with this alert's own names in them. */
export function stepsOf(raised: Raised): FilledStep[] {
  return raised.detail.rule.mitigation.map(({ text, command }) => {
    const filledText = text.replaceAll(
      '{actor}',
      raised.alert.actors[0] ? actorName(raised.alert.actors[0]) : 'whoever it was',
    );
    if (command === null) return { text: filledText, command: null, note: null };
    const filled = fill(command, raised);
    return typeof filled === 'string'
      ? { text: filledText, command: filled, note: null }
      : { text: filledText, command: null, note: filled.why };
  });
}

function fill(template: string, raised: Raised): string | { readonly why: string } {
  let why: string | null = null;
  const command = template.replace(/\{([a-z_]+)\}/g, (whole, name: string) => {
    const filler = FILLERS[name];
    // Braces of a JMESPath or JSON in the command are no placeholders.
    if (filler === undefined) return whole;
    const value = filler(raised);
    if (value === null) why ??= REASONS[name] ?? 'the name has unusual characters; use the portal';
    return value ?? whole;
  });
  return why === null ? command : { why };
}

const REASONS: Readonly<Record<string, string>> = {
  network_before: 'it is stricter now, or what it was before is not known; set the ranges you need',
  backup_before: 'it is stricter now, or what it was before is not known; use the portal',
  hub: 'where its logs went is not known; use the portal',
  hub_rule: 'where its logs went is not known; use the portal',
  region: 'the region is not in the logs: az cosmosdb restore, with the region of the account',
  database: 'the database is not in the logs; use the portal',
  instance: 'no backup instance is named in the logs',
  backup_vault: 'no backup vault is named in the logs',
  vault_rg: 'no backup vault is named in the logs',
  vault: 'no key vault is named in the logs',
  key: 'no key is named in the logs',
};

function quoted(value: string | null | undefined, pattern: RegExp = SAFE_NAME): string | null {
  return value !== null && value !== undefined && pattern.test(value) ? `'${value}'` : null;
}

function part(raised: Raised, name: string): string | null {
  const parts = (raised.alert.account ?? '').split('/');
  const at = parts.indexOf(name);
  return at < 0 ? null : (parts[at + 1] ?? null);
}

const accountNameOf: Filler = ({ alert }) => alert.account?.split('/').at(-1) ?? null;
const sub: Filler = (raised) => quoted(part(raised, 'subscriptions'));
const rg: Filler = (raised) => quoted(part(raised, 'resourcegroups'));
const account: Filler = (raised) => quoted(accountNameOf(raised));

function joined(...parts: readonly (string | null)[]): string | null {
  return parts.includes(null) ? null : parts.join(' ');
}

function field(raised: Raised, name: string): string | null {
  const value = raised.detail.facts.findLast((fact) => fact.fields[name] !== undefined)?.fields[name];
  return value === undefined ? null : `${value}`;
}

function shifted(iso: string, seconds: number): string {
  return `'${new Date(Date.parse(iso) + seconds * 1000).toISOString().slice(0, 19)}Z'`;
}

/** What a setting was before the alert first weakened it. What was made stricter is not undone: an empty list would open the account. */
function beforeWeakened({ detail }: Raised, property: string): Json | undefined {
  return detail.changes.find(({ change }) => change.property === property && change.effect === 'weakened')?.change
    .before;
}

/** What a setting was before the alert's first change of it. */
function beforeOf({ detail }: Raised, property: string): Json | undefined {
  return detail.changes.find(({ change }) => change.property === property)?.change.before;
}

const FILLERS: Readonly<Record<string, Filler>> = {
  sub,
  rg,
  account,
  account_restored: (raised) => quoted(accountNameOf(raised) === null ? null : `${accountNameOf(raised)}-restored`),
  target: (raised) => {
    const values = [sub(raised), rg(raised), account(raised)];
    return values.includes(null) ? null : `--subscription ${values[0]} -g ${values[1]} -n ${values[2]}`;
  },
  id: ({ alert }) => quoted(alert.account, SAFE_ID),
  since: ({ alert }) => shifted(alert.firstSeen, -3600),
  before_first: ({ alert }) => shifted(alert.firstSeen, -60),
  database: (raised) => quoted(field(raised, 'cosmosdb.database')),
  region: () => null,
  key_kind: ({ alert }) => (alert.actors[0]?.id?.startsWith('secondary_key') ? 'secondary' : 'primary'),
  key: (raised) => quoted(field(raised, 'azure.key.name')),
  vault: (raised) => quoted(field(raised, 'azure.key_vault.name')),
  lock: (raised) => quoted(field(raised, 'azure.lock.name')),
  lock_level: (raised) => quoted(`${beforeOf(raised, 'lock') ?? 'CanNotDelete'}`),
  lock_target: (raised) => {
    const scope = field(raised, 'azure.lock.scope') ?? raised.alert.account ?? '';
    const group = /\/resourcegroups\/([^/]+)$/.exec(scope)?.[1];
    if (group !== undefined) return joined('--subscription', sub(raised), '-g', quoted(group));
    if (/^\/subscriptions\/[^/]+$/.test(scope)) return joined('--subscription', sub(raised));
    return joined(
      '--subscription',
      sub(raised),
      '-g',
      rg(raised),
      '--resource-name',
      account(raised),
      '--resource-type Microsoft.DocumentDB/databaseAccounts',
    );
  },
  setting: (raised) => quoted(field(raised, 'azure.diagnostic_setting.name') ?? 'to-security'),
  hub: (raised) => quoted(destination(raised)?.hub),
  hub_rule: (raised) => quoted(destination(raised)?.rule, SAFE_ID),
  network_before: networkBefore,
  backup_before: backupBefore,
  vault_rg: backupVaultGroup,
  backup_vault: (raised) => quoted(field(raised, 'azure.backup_vault.name')),
  instance: (raised) => quoted(field(raised, 'azure.backup_instance.name')),
};

function destination({ detail }: Raised): { rule: string; hub: string } | null {
  for (const { change } of detail.changes) {
    const before = change.before;
    const list = before !== undefined && isObject(before) ? before['destinations'] : undefined;
    const found = Array.isArray(list)
      ? list.map((one: Json) => /^(.*)\/eventhubs\/([^/]+)$/.exec(`${one}`)).find(Boolean)
      : null;
    if (found) return { rule: found[1]!, hub: found[2]! };
  }
  return null;
}

/** The group of the backup vault, which need not be the account's. */
function backupVaultGroup({ detail }: Raised): string | null {
  for (const { target } of detail.facts) {
    const group = /\/resourcegroups\/([^/]+)\/providers\/microsoft\.dataprotection\/backupvaults\//i.exec(
      target ?? '',
    )?.[1];
    if (group !== undefined) return quoted(group);
  }
  return null;
}

function networkBefore(raised: Raised): string | null {
  const options: (string | null)[] = [];
  const rules = beforeWeakened(raised, 'ipRules');
  if (Array.isArray(rules))
    options.push(joined('--ip-range-filter', rules.length === 0 ? "''" : quoted(rules.join(','), SAFE_VALUE)));
  const access = beforeWeakened(raised, 'publicNetworkAccess');
  if (typeof access === 'string') options.push(joined('--public-network-access', quoted(access)));
  const filter = beforeWeakened(raised, 'isVirtualNetworkFilterEnabled');
  if (typeof filter === 'boolean') options.push(`--enable-virtual-network ${filter}`);
  return options.length === 0 ? null : joined(...options);
}

function backupBefore(raised: Raised): string | null {
  const tier = beforeWeakened(raised, 'backupPolicy.continuousModeProperties.tier');
  if (typeof tier === 'string') return joined('--backup-policy-type Continuous --continuous-tier', quoted(tier));
  const periodic = 'backupPolicy.periodicModeProperties';
  const options = [
    ['--backup-interval', beforeWeakened(raised, `${periodic}.backupIntervalInMinutes`)],
    ['--backup-retention', beforeWeakened(raised, `${periodic}.backupRetentionIntervalInHours`)],
    ['--backup-redundancy', beforeWeakened(raised, `${periodic}.backupStorageRedundancy`)],
  ] as const;
  const known = options.filter(([, value]) => value !== undefined && value !== null);
  return known.length === 0 ? null : joined(...known.flatMap(([name, value]) => [name, quoted(`${value}`)]));
}
