import type { Raised } from '../../alerts/alert.ts';
import type { Fact } from '../../events/fact.ts';
import { nameOf } from '../phrases.ts';
import { plural, visible } from '../text.ts';
import { valueText } from '../values.ts';
import { type ChangeWords, changeStory, isPutBack, type Story } from './story.ts';

export function deletionProtectionDisabled(raised: Raised): Story {
  return changeStory(raised, raised.detail.facts, rankOf, (fact) => wordsOf(fact, raised));
}

function rankOf({ action }: Fact): number {
  return action === 'azure.lock.delete' ? 2 : action === 'azure.lock.write' ? 1 : 0;
}

function wordsOf(fact: Fact, raised: Raised): ChangeWords {
  const name = nameOf(raised);
  if (fact.action === 'cosmosdb.account.setting_changed') {
    return {
      what: 'keys may change structure again',
      text: `${name} ${isPutBack(raised) ? 'let' : 'lets'} account keys create and delete containers again`,
      tense: 'state',
    };
  }
  const { otherAccounts } = raised.detail;
  const more = otherAccounts === 0 ? [] : [`${plural(otherAccounts, 'other account')} lost it too`];
  const lock = visible(`${fact.fields['azure.lock.name'] ?? 'unknown'}`);
  const through = scopeText(`${fact.fields['azure.lock.scope'] ?? ''}`, raised.alert.account);
  const { before, after } = fact.change ?? {};
  if (fact.action === 'azure.lock.write') {
    return {
      what: `lock weakened to ${valueText(after)}`,
      named: `lock ${lock} weakened to ${valueText(after)}`,
      text: `The lock ${lock} that protects ${name}${through} was weakened from ${valueText(before)} to ${valueText(after)}`,
      tense: 'act',
      more,
    };
  }
  const level = before === undefined || before === null ? '' : ` (${valueText(before)})`;
  return {
    what: 'delete lock removed',
    named: `lock ${lock} removed`,
    text: `The lock ${lock}${level} that protected ${name}${through} was removed`,
    tense: 'act',
    more,
  };
}

function scopeText(scope: string, account: string | null): string {
  if (scope === '' || scope === account) return '';
  const group = /\/resourcegroups\/([^/]+)$/.exec(scope)?.[1];
  return group === undefined ? ' through its subscription' : ` through its resource group ${visible(group)}`;
}
