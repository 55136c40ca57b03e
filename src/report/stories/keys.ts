import type { Raised } from '../../alerts/alert.ts';
import { accountName, sentence, whenOf } from '../phrases.ts';
import { plural } from '../text.ts';
import { type Story, unknownBefore } from './story.ts';

export function accessKeysViewed(raised: Raised): Story {
  const kinds = new Set(raised.detail.facts.map((fact) => fact.action));
  const isReadonly = kinds.size === 1 && kinds.has('cosmosdb.keys.list_readonly');
  const kind = isReadonly ? 'read-only' : 'access';
  return viewed(raised, `${kind} keys`);
}

export function connectionStringViewed(raised: Raised): Story {
  return viewed(raised, 'connection strings');
}

function viewed(raised: Raised, things: string): Story {
  const { count, account } = raised.alert;
  return {
    what: count === 1 ? `${things} viewed` : `${things} viewed ${count} times`,
    amount: plural(count, 'read'),
    reason: sentence(
      raised,
      `The ${things} of ${accountName(account)} were read`,
      whenOf(raised, null),
      [],
      raised.detail.isFirst === true ? 'for the first time in these logs' : '',
    ),
  };
}

const LOST: Readonly<Record<string, string>> = {
  'azure.key.disable': 'disabled',
  'azure.key.delete': 'deleted',
  'azure.key.purge': 'purged',
  'azure.key.expire': 'given an expiry in the past',
  'azure.key.expired': 'expired',
  'azure.key_vault.delete': 'deleted with its vault',
  'azure.key_vault.purge': 'purged with its vault',
};

export function customerManagedKeyChanged(raised: Raised): Story {
  const { alert, detail } = raised;
  const name = accountName(alert.account);
  const fact = detail.facts.findLast(
    (one) => LOST[one.action] !== undefined || one.action === 'azure.key_vault.access_removed',
  );
  const amount = plural(alert.count, 'change');
  if (fact === undefined) return changed(raised, name, amount);
  const vault = `${fact.fields['azure.key_vault.name'] ?? 'unknown'}`;
  const key = fact.fields['azure.key.name'];
  const subject = key === undefined ? `The key in the vault ${vault}` : `The key ${key} in the vault ${vault}`;
  if (fact.action === 'azure.key_vault.access_removed') {
    const whose = fact.fields['azure.principal.id'];
    return {
      what: 'access to the key removed',
      amount,
      reason: sentence(
        raised,
        `Access${whose === undefined ? '' : ` of ${whose}`} to the vault ${vault}, which holds the key of ${name}, was removed`,
        whenOf(raised, 'change'),
      ),
    };
  }
  const verb = LOST[fact.action]!;
  return {
    what: fact.action.endsWith('.purge') ? 'encryption key purged, data is lost' : `encryption key ${verb}`,
    amount,
    reason: sentence(raised, `${subject}, which encrypts ${name}, was ${verb}`, whenOf(raised, 'change')),
  };
}

function changed(raised: Raised, name: string, amount: string): Story {
  const last = raised.detail.changes.at(-1)?.change;
  const isIdentity = last?.property === 'defaultIdentity';
  const what = isIdentity ? 'identity for the encryption key changed' : 'encryption key changed';
  const old = last === undefined || last.before === undefined || last.before === '' ? '' : ` instead of ${last.before}`;
  const sentenceText = isIdentity
    ? `${name} fetches its encryption key as ${last?.after}${old}`
    : `${name} is encrypted with ${last?.after ?? 'another key'}${old}`;
  return {
    what,
    amount,
    reason: sentence(raised, sentenceText, `since ${raised.alert.lastSeen.slice(11, 19)} UTC`, unknownBefore(last)),
  };
}
