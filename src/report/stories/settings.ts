import type { Raised } from '../../alerts/alert.ts';
import type { Change } from '../../events/fact.ts';
import { isObject, type Json } from '../../lib/json.ts';
import { accountName, sentence, whenOf } from '../phrases.ts';
import { listText, plural, timeText, visible } from '../text.ts';
import { type Story, unknownBefore, worst } from './story.ts';

export function valueText(value: Json | undefined): string {
  if (value === undefined) return 'not known';
  if (value === null || value === '') return '(none)';
  if (Array.isArray(value))
    return value.length === 0 ? '(none)' : value.map((item: Json) => visible(`${item}`)).join(', ');
  if (isObject(value))
    return Object.entries(value)
      .map(([name, inner]) => `${name}: ${valueText(inner)}`)
      .join('; ');
  return visible(`${value}`);
}

function sinceText({ alert }: Raised): string {
  return `since ${timeText(alert.lastSeen, alert.firstSeen)}`;
}

export function backupDeleted(raised: Raised): Story {
  const { alert, detail } = raised;
  const name = accountName(alert.account);
  const amount = plural(alert.count, 'change');
  const fact = worst(detail.facts, (one) => (one.action === 'cosmosdb.account.delete' ? 2 : 1));
  const vault = `${fact?.fields['azure.backup_vault.name'] ?? 'unknown'}`;
  switch (fact?.action) {
    case 'cosmosdb.account.delete':
      return {
        what: 'account deleted',
        amount,
        reason: sentence(raised, `The account ${name} was deleted`, whenOf(raised, 'change')),
      };
    case 'cosmosdb.long_term_protection.disable':
      return {
        what: 'vaulted backup switched off',
        amount,
        reason: sentence(raised, `The vaulted backup of ${name} was switched off`, whenOf(raised, 'change')),
      };
    case 'azure.backup_instance.stop_protection':
      return {
        what: 'backup protection stopped',
        amount,
        reason: sentence(raised, `The backup of ${name} in the vault ${vault} was stopped`, whenOf(raised, 'change')),
      };
    case 'azure.backup_instance.delete':
      return {
        what: 'backup instance deleted',
        amount,
        reason: sentence(raised, `The backup of ${name} in the vault ${vault} was deleted`, whenOf(raised, 'change')),
      };
    case 'azure.backup_vault.delete':
      return {
        what: 'backup vault deleted',
        amount,
        reason: sentence(
          raised,
          `The vault ${vault}, which holds backups of ${name}, was deleted`,
          whenOf(raised, 'change'),
        ),
      };
    case 'azure.backup_vault.write':
      return {
        what: 'backup vault weakened',
        amount,
        reason: sentence(
          raised,
          `The vault ${vault}, which holds backups of ${name}, was weakened (${changeText(fact.change)})`,
          whenOf(raised, 'change'),
        ),
      };
    default:
      return policyWeakened(raised, name, amount, fact?.change ?? undefined);
  }
}

const POLICY: Readonly<Record<string, (value: Json | undefined) => string>> = {
  backupRetentionIntervalInHours: (hours) =>
    Number(hours) % 24 === 0 ? plural(Number(hours) / 24, 'day') : plural(Number(hours), 'hour'),
  tier: (tier) => `${/\d+/.exec(`${tier}`)?.[0] ?? tier} days`,
  backupIntervalInMinutes: (minutes) => `every ${plural(Number(minutes), 'minute')}`,
};

function policyWeakened(raised: Raised, name: string, amount: string, change: Change | undefined): Story {
  const property = change?.property.split('.').at(-1) ?? '';
  const text = (value: Json | undefined) =>
    value === undefined || value === null ? 'not known' : (POLICY[property] ?? valueText)(value);
  const isKept = property === 'tier' || property === 'backupRetentionIntervalInHours';
  const verb = isKept ? 'kept' : property === 'backupIntervalInMinutes' ? 'made' : 'stored';
  return {
    what: `backups ${verb} ${text(change?.after)}, was ${text(change?.before)}`,
    amount,
    reason: sentence(
      raised,
      `Backups of ${name} are ${verb} ${text(change?.after)} instead of ${text(change?.before)}`,
      sinceText(raised),
      unknownBefore(change),
    ),
  };
}

function changeText(change: Change | null): string {
  return change === null
    ? 'a setting'
    : `${change.property}: ${valueText(change.before)} -> ${valueText(change.after)}`;
}

export function deletionProtectionDisabled(raised: Raised): Story {
  const { alert, detail } = raised;
  const name = accountName(alert.account);
  const fact = detail.facts.at(-1);
  const amount = plural(alert.count, 'change');
  const others = detail.otherAccounts === 0 ? [] : [`${plural(detail.otherAccounts, 'other account')} lost it too`];
  if (fact?.action === 'cosmosdb.account.setting_changed') {
    return {
      what: 'keys may change structure again',
      amount,
      reason: sentence(
        raised,
        `${name} lets account keys create and delete containers again`,
        sinceText(raised),
        unknownBefore(fact.change),
      ),
    };
  }
  const lock = visible(`${fact?.fields['azure.lock.name'] ?? 'unknown'}`);
  const level =
    fact?.change?.before === undefined || fact.change.before === null ? '' : ` (${valueText(fact.change.before)})`;
  const scope = `${fact?.fields['azure.lock.scope'] ?? ''}`;
  const through = scopeText(scope, alert.account);
  if (fact?.action === 'azure.lock.write') {
    return {
      what: `lock weakened to ${valueText(fact.change?.after)}`,
      amount,
      reason: sentence(
        raised,
        `The lock ${lock} that protects ${name}${through} was weakened from ${valueText(fact.change?.before)} to ${valueText(fact.change?.after)}`,
        whenOf(raised, 'change'),
        others,
      ),
    };
  }
  return {
    what: 'delete lock removed',
    amount,
    reason: sentence(
      raised,
      `The lock ${lock}${level} that protected ${name}${through} was removed`,
      whenOf(raised, 'change'),
      others,
    ),
  };
}

function scopeText(scope: string, account: string | null): string {
  if (scope === '' || scope === account) return '';
  const group = /\/resourcegroups\/([^/]+)$/.exec(scope)?.[1];
  return group === undefined ? ' through its subscription' : ` through its resource group ${visible(group)}`;
}

export function loggingChanged(raised: Raised): Story {
  const { alert, detail } = raised;
  const name = accountName(alert.account);
  const fact = worst(detail.facts, (one) => (one.change?.effect === 'strengthened' ? 0 : 1));
  const amount = plural(alert.count, 'change');
  const setting = visible(`${fact?.fields['azure.diagnostic_setting.name'] ?? fact?.change?.property ?? 'unknown'}`);
  if (fact?.action === 'azure.diagnostic_setting.delete') {
    return {
      what: 'diagnostic setting deleted',
      amount,
      reason: sentence(
        raised,
        `The diagnostic setting ${setting} of ${name} was deleted`,
        whenOf(raised, 'change'),
        unknownBefore(fact.change),
      ),
    };
  }
  if (fact?.action === 'cosmosdb.account.setting_changed') {
    const category = fact.change?.property.split('.').at(-1) ?? 'unknown';
    return {
      what: `${category} log switched off`,
      amount,
      reason: sentence(raised, `The log ${category} of ${name} was switched off`, whenOf(raised, 'change')),
    };
  }
  const lost = lostCategories(fact?.change ?? null);
  if (lost.length === 0) {
    return {
      what: 'logs go to another place',
      amount,
      reason: sentence(raised, `Logs of ${name} no longer go where they went (${setting})`, whenOf(raised, 'change')),
    };
  }
  return {
    what: lost.length === 1 ? `${lost[0]} log switched off` : `${lost.length} logs switched off`,
    amount,
    reason: sentence(
      raised,
      `The ${lost.length === 1 ? 'log' : 'logs'} ${listText(lost, 3)} of ${name} ${lost.length === 1 ? 'was' : 'were'} switched off (${setting}: on -> off)`,
      whenOf(raised, 'change'),
    ),
  };
}

function lostCategories(change: Change | null): string[] {
  const categories = (value: Json | undefined): string[] =>
    value !== undefined && isObject(value) && Array.isArray(value['categories'])
      ? (value['categories'] as string[])
      : [];
  const after = new Set(categories(change?.after));
  return categories(change?.before).filter((category) => !after.has(category));
}
