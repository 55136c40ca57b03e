import type { Raised } from '../../alerts/alert.ts';
import type { Change, Fact } from '../../events/fact.ts';
import type { Json } from '../../lib/json.ts';
import { nameOf } from '../phrases.ts';
import { plural, visible } from '../text.ts';
import { changeText, valueText } from '../values.ts';
import { type ChangeWords, changeStory, isPutBack, type Story, unknownBefore } from './story.ts';

export function backupDeleted(raised: Raised): Story {
  const isOver = isPutBack(raised);
  return changeStory(raised, raised.detail.facts, rankOf, (fact) => wordsOf(fact, nameOf(raised), isOver));
}

/** What cannot be undone is worse than what can; the account's deletion is the end of both. */
function rankOf({ action }: Fact): number {
  if (action === 'cosmosdb.account.delete') return 2;
  return action === 'azure.backup_vault.delete' || action === 'azure.backup_instance.delete' ? 1 : 0;
}

function wordsOf(fact: Fact, name: string, isOver: boolean): ChangeWords {
  const vault = visible(`${fact.fields['azure.backup_vault.name'] ?? 'unknown'}`);
  const act = (what: string, text: string): ChangeWords => ({ what, text, tense: 'act' });
  switch (fact.action) {
    case 'cosmosdb.account.delete':
      return act('account deleted', `The account ${name} was deleted`);
    case 'cosmosdb.long_term_protection.disable':
      return act('vaulted backup switched off', `The vaulted backup of ${name} was switched off`);
    case 'azure.backup_instance.stop_protection':
      return act('backup protection stopped', `The backup of ${name} in the vault ${vault} was stopped`);
    case 'azure.backup_instance.delete':
      return act('backup instance deleted', `The backup of ${name} in the vault ${vault} was deleted`);
    case 'azure.backup_vault.delete':
      return act('backup vault deleted', `The vault ${vault}, which holds backups of ${name}, was deleted`);
    case 'azure.backup_vault.write': {
      const change = fact.change === null ? 'a setting' : changeText(fact.change);
      return act(
        'backup vault weakened',
        `The vault ${vault}, which holds backups of ${name}, was weakened (${change})`,
      );
    }
    default:
      return policyWords(fact.change, name, isOver ? 'were' : 'are');
  }
}

/** How a value of the backup policy is said behind `backups kept`, `backups made`. */
interface Policy {
  readonly verb: string;
  readonly value: (value: Json) => string;
}

const POLICY: Readonly<Record<string, Policy>> = {
  backupRetentionIntervalInHours: { verb: 'kept', value: (hours) => durationOf(Number(hours) * 60) },
  tier: { verb: 'kept', value: (tier) => `${/\d+/.exec(`${tier}`)?.[0] ?? visible(`${tier}`)} days` },
  backupIntervalInMinutes: { verb: 'made', value: (minutes) => everyText(Number(minutes)) },
  type: {
    verb: 'taken',
    value: (type) => (`${type}`.toLowerCase() === 'continuous' ? 'continuously' : 'periodically'),
  },
  backupStorageRedundancy: { verb: 'stored', value: (kind) => redundancyText(`${kind}`) },
};

const OTHER: Policy = { verb: 'set to', value: valueText };

function policyWords(change: Change | null, name: string, be: string): ChangeWords {
  const { verb, value } = POLICY[change?.property.split('.').at(-1) ?? ''] ?? OTHER;
  const text = (one: Json | undefined) => (one === undefined || one === null ? 'not known' : value(one));
  const after = text(change?.after);
  const isKnown = change !== null && change.effect !== 'unknown_before';
  return {
    what: `backups ${verb} ${after}${isKnown ? `, was ${text(change.before)}` : ''}`,
    text: `Backups of ${name} ${be} ${verb} ${after}${isKnown ? ` instead of ${text(change.before)}` : ''}`,
    tense: 'state',
    more: unknownBefore(change),
  };
}

const HOUR = 60;
const DAY = 24 * HOUR;

function durationOf(minutes: number): string {
  if (minutes % DAY === 0) return plural(minutes / DAY, 'day');
  return minutes % HOUR === 0 ? plural(minutes / HOUR, 'hour') : plural(minutes, 'minute');
}

/** `every day`, `every 4 hours`. */
function everyText(minutes: number): string {
  return `every ${durationOf(minutes).replace(/^1 /, '')}`;
}

const PLACES: Readonly<Record<string, string>> = {
  geo: 'in two regions',
  zone: 'in several zones of one region',
  local: 'in one data center',
};

/** Azure's words for it are Geo, Zone and Local. */
function redundancyText(kind: string): string {
  const place = PLACES[kind.toLowerCase()];
  return place === undefined ? visible(kind) : `${place} (${visible(kind)})`;
}
