import type { Raised } from '../../alerts/alert.ts';
import { isoOf } from '../../alerts/raise.ts';
import { SECOND } from '../../events/event.ts';
import type { Change, Fact } from '../../events/fact.ts';
import type { Json } from '../../lib/json.ts';
import { accountName, sentence, whenOf } from '../phrases.ts';
import { listText, plural, timeText, visible } from '../text.ts';
import { valueText } from './settings.ts';
import { type Story, unknownBefore, worst } from './story.ts';

/** What a change left open, worst last. */
const RANK = [null, 'none', 'ranges', 'azure', 'internet'] as const;

const AROUND: Readonly<Record<string, readonly [headline: string, sentence: string]>> = {
  'cosmosdb.private_endpoint.write': ['private endpoint written', 'A private endpoint of {account} was written'],
  'cosmosdb.private_endpoint.approve': ['private endpoint approved', 'A private endpoint of {account} was approved'],
  'cosmosdb.private_endpoint.delete': ['private endpoint deleted', 'A private endpoint of {account} was deleted'],
  'cosmosdb.network_perimeter.write': [
    'network perimeter changed',
    'The network security perimeter of {account} was changed',
  ],
  'cosmosdb.network_perimeter.delete': [
    'network perimeter removed',
    '{account} was taken out of its network security perimeter',
  ],
  'cosmosdb.firewall_rule.write': ['firewall rule written', 'A firewall rule of {account} was written'],
  'cosmosdb.firewall_rule.delete': ['firewall rule deleted', 'A firewall rule of {account} was deleted'],
  'cosmosdb.virtual_network.delete': [
    'virtual network deleted',
    'A virtual network that may reach {account} was deleted',
  ],
};

const OPENING: ReadonlySet<string> = new Set([
  'ipRules',
  'isVirtualNetworkFilterEnabled',
  'virtualNetworkRules',
  'publicNetworkAccess',
]);

export function networkAccessChanged(raised: Raised): Story {
  const { alert, detail } = raised;
  const name = accountName(alert.account);
  const amount = plural(alert.count, 'change');
  const fact = worst(detail.facts, rankOf);
  if (fact?.change == null) return aroundStory(raised, fact, name, amount);
  const closed = closedAgain(raised, name, amount);
  return closed ?? opened(raised, fact.change, name, amount);
}

function rankOf({ change }: Fact): number {
  if (change === null) return 0.5;
  if (change.effect === 'strengthened') return 0;
  return OPENING.has(change.property) ? 1 + RANK.indexOf(change.exposure) : 1;
}

function aroundStory(raised: Raised, fact: Fact | undefined, name: string, amount: string): Story {
  const [headline, text] = AROUND[fact?.action ?? ''] ?? [
    'network access changed',
    'Network access to {account} was changed',
  ];
  const endpoint = fact?.fields['cosmosdb.private_endpoint.name'];
  const named =
    endpoint === undefined
      ? text
      : text.replace('A private endpoint', `The private endpoint ${visible(`${endpoint}`)}`);
  return {
    what: headline,
    amount,
    reason: sentence(raised, named.replace('{account}', name), whenOf(raised, 'change')),
  };
}

function opened(raised: Raised, change: Change, name: string, amount: string): Story {
  const detail = changeDetail(change);
  const say = (what: string, text: string): Story => ({
    what,
    amount,
    reason: sentence(
      raised,
      `Network access to ${name} ${text} (${detail})`,
      whenOf(raised, 'change'),
      unknownBefore(change),
    ),
  });
  if (change.effect === 'strengthened') return say('network access narrowed', 'was narrowed');
  if (OPENING.has(change.property)) {
    const verb = change.effect === 'unknown_before' ? 'is open to' : 'was opened to';
    if (change.exposure === 'internet') return say('open to the internet', `${verb} the internet`);
    if (change.exposure === 'azure') return say('open to all Azure customers', `${verb} all Azure customers`);
  }
  if (change.property === 'ipRules') {
    const ranges = added(change);
    if (ranges.length > 0)
      return say(`open to ${plural(ranges.length, 'more range')}`, `was opened to ${listText(ranges, 3)}`);
  }
  if (change.property === 'publicNetworkAccess') return say('public access on', 'was opened: public access is on');
  if (change.property === 'minimalTlsVersion')
    return say(`${tls(change.after)} allowed again`, `allows ${tls(change.after)} again`);
  if (change.property === 'virtualNetworkRules') return say('virtual network rules changed', 'was changed');
  return say('network access changed', 'was changed');
}

function added(change: Change): string[] {
  const before = new Set(Array.isArray(change.before) ? (change.before as readonly string[]) : []);
  return Array.isArray(change.after)
    ? (change.after as readonly string[]).filter((range) => !before.has(range)).map(visible)
    : [];
}

function changeDetail(change: Change): string {
  if (change.property === 'ipRules' && Array.isArray(change.after)) {
    if (change.after.length === 0) return change.effect === 'unknown_before' ? 'no IP rules' : 'no IP rules left';
    const ranges = added(change);
    if (change.before !== undefined && ranges.length > 0) return `${listText(ranges, 3)} added to its IP rules`;
  }
  return `${change.property}: ${valueText(change.before)} -> ${valueText(change.after)}`;
}

function tls(value: Json): string {
  return `${value}`.toLowerCase() === 'tls' ? 'TLS 1.0' : `TLS ${`${value}`.replace(/^tls/i, '').split('').join('.')}`;
}

/** The last change took back what the first ones opened. */
function closedAgain(raised: Raised, name: string, amount: string): Story | null {
  const { alert, detail } = raised;
  const last = detail.changes.at(-1)?.change;
  if (alert.status !== 'resolved' || last?.effect !== 'strengthened' || detail.changes.length < 2) return null;
  const widest =
    detail.changes.find(({ change }) => change.exposure === 'internet' || change.exposure === 'azure') ??
    detail.changes[0]!;
  const to =
    widest.change.exposure === 'internet'
      ? 'the internet'
      : widest.change.exposure === 'azure'
        ? 'all Azure customers'
        : 'more ranges';
  const since = timeText(isoOf(Math.floor(widest.time / SECOND)), alert.firstSeen);
  const now = last.property === 'ipRules' ? ` (only ${valueText(last.after)})` : '';
  return {
    what: 'closed again',
    amount,
    reason: sentence(
      raised,
      `Network access to ${name}, open to ${to} since ${since}, was closed again${now}`,
      `at ${timeText(alert.lastSeen, alert.firstSeen)}`,
    ),
  };
}
