import type { Raised } from '../../alerts/alert.ts';
import type { Change, Fact } from '../../events/fact.ts';
import { isObject, type Json } from '../../lib/json.ts';
import { nameOf } from '../phrases.ts';
import { listText, visible } from '../text.ts';
import { type ChangeWords, changeStory, type Story, unknownBefore } from './story.ts';

export function loggingChanged(raised: Raised): Story {
  return changeStory(raised, raised.detail.facts, rankOf, (fact) => wordsOf(fact, nameOf(raised)));
}

function rankOf({ action, change }: Fact): number {
  if (change?.effect === 'strengthened') return 0;
  if (action === 'azure.diagnostic_setting.delete') return 3;
  return action === 'cosmosdb.account.setting_changed' || lostCategories(change).length > 0 ? 2 : 1;
}

function wordsOf(fact: Fact, name: string): ChangeWords {
  const setting = visible(`${fact.fields['azure.diagnostic_setting.name'] ?? fact.change?.property ?? 'unknown'}`);
  if (fact.action === 'azure.diagnostic_setting.delete') {
    return {
      what: 'diagnostic setting deleted',
      named: `diagnostic setting ${setting} deleted`,
      text: `The diagnostic setting ${setting} of ${name} was deleted`,
      tense: 'act',
      more: unknownBefore(fact.change),
    };
  }
  if (fact.action === 'cosmosdb.account.setting_changed') {
    const category = visible(fact.change?.property.split('.').at(-1) ?? 'unknown');
    return {
      what: `${category} log switched off`,
      text: `The log ${category} of ${name} was switched off`,
      tense: 'act',
    };
  }
  const lost = lostCategories(fact.change);
  if (lost.length === 0) {
    return {
      what: 'logs go to another place',
      text: `Logs of ${name} no longer go where they went (${setting})`,
      tense: 'act',
    };
  }
  const [log, was] = lost.length === 1 ? ['log', 'was'] : ['logs', 'were'];
  return {
    what: lost.length === 1 ? `${lost[0]} log switched off` : `${lost.length} logs switched off`,
    text: `The ${log} ${listText(lost, 3)} of ${name} ${was} switched off (${setting}: on -> off)`,
    tense: 'act',
  };
}

function lostCategories(change: Change | null): string[] {
  const after = new Set(categoriesOf(change?.after));
  return categoriesOf(change?.before)
    .filter((category) => !after.has(category))
    .map(visible);
}

function categoriesOf(value: Json | undefined): readonly string[] {
  const list = value !== undefined && isObject(value) ? value['categories'] : undefined;
  return Array.isArray(list) ? (list as readonly string[]) : [];
}
