import type { Raised } from '../../alerts/alert.ts';
import type { Fact } from '../../events/fact.ts';
import { actorName, confirmationOf, nameOf, sentence, whenOf } from '../phrases.ts';
import { listText, plural, sizeText, timeText, visible } from '../text.ts';
import { isoAt, type Story } from './story.ts';

/** A key in the hands of somebody new: what it did first, and what was done with it after it was read. */

export function keyUsedFromNewAddress(raised: Raised): Story {
  const { count } = raised.alert;
  const days = Math.min(...raised.detail.facts.map(({ fields }) => Number(fields['cosmosdb.first_use.days'] ?? 0)));
  return {
    what: 'key used from an address never seen',
    amount: plural(count, 'new client'),
    reason: sentence(
      raised,
      `The data of ${nameOf(raised)} was used`,
      whenOf({ ...raised, alert: { ...raised.alert, count: 1 } }, null),
      [],
      `an address not seen in the ${plural(days, 'day')} before`,
    ),
  };
}

export function stolenKeyUsed(raised: Raised): Story {
  const { alert, detail } = raised;
  const uses = detail.facts.filter(({ action }) => action === 'cosmosdb.client.first_use');
  const large = detail.facts.filter(({ action }) => action === 'cosmosdb.client.large_read');
  const [use] = uses;
  const reads = detail.facts.filter(
    ({ action, time }) => /^cosmosdb\.(?:keys|connection)/.test(action) && time <= (use?.time ?? time),
  );
  const bytes = large.reduce((sum, { fields }) => sum + Number(fields['cosmosdb.first_use.bytes'] ?? 0), 0);
  const much = bytes === 0 ? '' : `, which read about ${sizeText(bytes)}`;
  const from = newcomers(uses.length > 0 ? uses : large);
  const then = use === undefined ? '' : ` at ${timeText(isoAt(use.time), alert.firstSeen)}`;
  return {
    what: `keys read, then used from ${from.addresses}${bytes === 0 ? '' : `, ${sizeText(bytes)} read`}`,
    amount: plural(alert.count, 'step'),
    reason: `The keys of ${nameOf(raised)} were read${readers(reads, alert.firstSeen)}, then used${then} from ${from.text}${much}; ${confirmationOf(raised)}.`,
  };
}

/** ` by ann@contoso.example from 198.51.100.23 at 03:12:07`. */
function readers(reads: readonly Fact[], day: string): string {
  const names = distinct(reads.flatMap(({ actor }) => (actor === null ? [] : [actorName(actor)])));
  const addresses = distinct(reads.flatMap(({ sourceIp }) => (sourceIp === null ? [] : [visible(sourceIp)])));
  const last = reads.at(-1);
  return [
    names.length === 0 ? '' : ` by ${listText(names, 2)}`,
    addresses.length === 0 ? '' : ` from ${listText(addresses, 2)}`,
    last === undefined ? '' : ` at ${timeText(isoAt(last.time), day)}`,
  ].join('');
}

/** `203.0.113.7, never seen before`; where only the program is new, that is said. */
function newcomers(uses: readonly Fact[]): { readonly addresses: string; readonly text: string } {
  const addresses = listText(
    distinct(uses.flatMap(({ sourceIp }) => (sourceIp === null ? [] : [visible(sourceIp)]))),
    2,
  );
  const isAddress = uses.some(({ fields }) => [fields['cosmosdb.first_use.what']].flat().includes('address'));
  if (isAddress) return { addresses, text: `${addresses}, never seen before` };
  const programs = distinct(
    uses.flatMap(({ userAgent }) => (userAgent === null ? [] : [visible(userAgent).slice(0, 60)])),
  );
  const by = programs.length === 0 ? 'a program' : listText(programs, 1);
  return { addresses, text: `${addresses} with ${by}, never seen before` };
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
