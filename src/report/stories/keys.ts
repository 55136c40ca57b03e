import type { Raised } from '../../alerts/alert.ts';
import type { Fact } from '../../events/fact.ts';
import { nameOf, sentence, whenOf } from '../phrases.ts';
import { plural, visible } from '../text.ts';
import { type ChangeWords, changeStory, isPutBack, type Story, unknownBefore } from './story.ts';

export function accessKeysViewed(raised: Raised): Story {
  const { facts } = raised.detail;
  const isReadonly = facts.length > 0 && facts.every(({ action }) => action === 'cosmosdb.keys.list_readonly');
  const isFallback = isReadonly && facts.some(({ fields }) => fields['cosmosdb.full_keys_refused'] === true);
  return viewed(
    raised,
    `${isReadonly ? 'read-only' : 'access'} keys`,
    isFallback ? 'after reading the full keys was refused' : '',
  );
}

export function connectionStringViewed(raised: Raised): Story {
  return viewed(raised, 'connection strings');
}

function viewed(raised: Raised, things: string, circumstance = ''): Story {
  const { count } = raised.alert;
  const howNew = raised.detail.isFirst === true ? 'for the first time in these logs' : '';
  return {
    what: count === 1 ? `${things} viewed` : `${things} viewed ${count} times`,
    amount: plural(count, 'read'),
    reason: sentence(
      raised,
      `The ${things} of ${nameOf(raised)} were read`,
      whenOf(raised, null),
      [],
      [howNew, circumstance].filter(Boolean).join(', '),
    ),
  };
}

/** What befell a key, worst first. */
const LOST: Readonly<Record<string, readonly [headline: string, verb: string]>> = {
  'azure.key.purge': ['purged, data is lost', 'was purged'],
  'azure.key_vault.purge': ['purged, data is lost', 'was purged with its vault'],
  'azure.key.delete': ['deleted', 'was deleted'],
  'azure.key_vault.delete': ['deleted with its vault', 'was deleted with its vault'],
  'azure.key.disable': ['disabled', 'was disabled'],
  'azure.key.expire': ['given an expiry in the past', 'was given an expiry in the past'],
  'azure.key.expired': ['expired', 'expired'],
};

const RANKS: readonly string[] = [...Object.keys(LOST), 'azure.key_vault.access_removed'].reverse();

export function customerManagedKeyChanged(raised: Raised): Story {
  const rank = ({ action }: Fact): number => RANKS.indexOf(action);
  return changeStory(raised, raised.detail.facts, rank, (fact) => wordsOf(fact, raised));
}

function wordsOf(fact: Fact, raised: Raised): ChangeWords {
  const name = nameOf(raised);
  const vault = visible(`${fact.fields['azure.key_vault.name'] ?? 'unknown'}`);
  const written = fact.fields['azure.key.name'];
  const key = written === undefined ? 'key' : `key ${visible(`${written}`)}`;
  const lost = LOST[fact.action];
  if (lost !== undefined) {
    const [headline, verb] = lost;
    return {
      what: `encryption key ${headline}`,
      text: `The ${key} in the vault ${vault}, which encrypts ${name}, ${verb}`,
      tense: 'act',
    };
  }
  return fact.action === 'azure.key_vault.access_removed'
    ? accessWords(fact, `the vault ${vault}, which holds the ${key} of ${name},`)
    : settingWords(fact, name, isPutBack(raised));
}

function accessWords({ fields }: Fact, vault: string): ChangeWords {
  const what = 'access to the key removed';
  if (fields['azure.access.kind'] === 'firewall')
    return { what, text: `The firewall of ${vault} was closed to trusted Azure services`, tense: 'act' };
  const whose = fields['azure.principal.name'] ?? fields['azure.principal.id'];
  const of = whose === undefined ? '' : ` of ${visible(`${whose}`)}`;
  return { what, text: `Access${of} to ${vault} was removed`, tense: 'act' };
}

function settingWords({ change }: Fact, name: string, isOver: boolean): ChangeWords {
  const before = change?.before;
  const old = before === undefined || before === null || before === '' ? '' : ` instead of ${visible(`${before}`)}`;
  const after = visible(`${change?.after ?? 'another key'}`);
  const more = unknownBefore(change);
  if (change?.property === 'defaultIdentity') {
    const verb = isOver ? 'fetched' : 'fetches';
    return {
      what: 'identity for the encryption key changed',
      text: `${name} ${verb} its encryption key as ${after}${old}`,
      tense: 'state',
      more,
    };
  }
  return {
    what: `encryption key ${change?.effect === 'unknown_before' ? 'set' : 'changed'}`,
    text: `${name} ${isOver ? 'was' : 'is'} encrypted with ${after}${old}`,
    tense: 'state',
    more,
  };
}
