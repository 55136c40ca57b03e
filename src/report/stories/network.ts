import type { Raised } from '../../alerts/alert.ts';
import type { Change, Exposure } from '../../events/fact.ts';
import { PORTAL_ADDRESSES } from '../../events/portal.ts';
import type { Json } from '../../lib/json.ts';
import { nameOf, sentence } from '../phrases.ts';
import { listText, plural, timeText, visible } from '../text.ts';
import { changeText, valueText } from '../values.ts';
import { around, isOpeningAround } from './around.ts';
import { type ChangeWords, changeStory, isoAt, isPutBack, type Story, type Told, unknownBefore } from './story.ts';

/** What a change left open, worst last. */
const RANK: readonly (Exposure | null)[] = [null, 'none', 'ranges', 'azure', 'internet'];

const OPENING: ReadonlySet<string> = new Set([
  'ipRules',
  'isVirtualNetworkFilterEnabled',
  'virtualNetworkRules',
  'publicNetworkAccess',
  'firewallRules',
]);

/** No change of a setting that could be told: of a firewall rule alone it is not known what it lets in, or let in. */
function isBare(change: Change | null): change is null {
  if (change === null) return true;
  return change.property === 'firewallRules' && (change.after === null || isUnknownDeletion(change));
}

function isUnknownDeletion({ before, effect }: Change): boolean {
  return before === undefined && effect === 'strengthened';
}

export function networkAccessChanged(raised: Raised): Story {
  const { detail } = raised;
  const closed = closedAgain(raised);
  if (closed !== null) return closed;
  const name = nameOf(raised);
  // Changes are kept longer than facts; what is no change of a setting stands only among the facts.
  const action = 'cosmosdb.account.setting_changed';
  const changes: Told[] = detail.changes
    .filter(({ change }) => !isBare(change))
    .map(({ time, change }) => ({ time, change, action }));
  const bare = detail.facts.filter(({ change }) => isBare(change)).map((fact) => ({ ...fact, change: null }));
  const told: Told[] = [...changes, ...bare];
  told.sort((a, b) => a.time - b.time);
  return changeStory(raised, told, rankOf, (one) =>
    one.change === null ? around(one, name) : settingWords(one.change, name),
  );
}

function rankOf({ change, action }: Told): number {
  if (change === null) return isOpeningAround(action) ? 0.6 : 0.5;
  if (change.effect === 'strengthened') return 0;
  // Of settings that one request opened, the list of addresses says most.
  const most = change.property === 'ipRules' ? 0.1 : 0;
  return OPENING.has(change.property) ? 1 + RANK.indexOf(change.exposure) + most : 1;
}

/** Lists of addresses, as people call them. */
const LISTS: Readonly<Record<string, string>> = { ipRules: 'IP rules', firewallRules: 'firewall rules' };

/** Nothing was opened if it is not known what was open before. */
function settingWords(change: Change, name: string): ChangeWords {
  const isKnown = change.effect !== 'unknown_before';
  const say = (what: string, text: string): ChangeWords => ({
    what,
    text: `${text} (${changeDetail(change)})`,
    tense: isKnown ? 'act' : 'state',
    more: unknownBefore(change),
  });
  const access = `Network access to ${name}`;
  if (change.effect === 'strengthened') return say('network access narrowed', `${access} was narrowed`);
  const verb = isKnown ? 'was opened to' : 'is open to';
  if (OPENING.has(change.property) && change.exposure === 'internet')
    return say('open to the internet', `${access} ${verb} the internet`);
  if (OPENING.has(change.property) && change.exposure === 'azure')
    return say('open to all Azure customers', `${access} ${verb} all Azure customers`);
  switch (change.property) {
    case 'ipRules':
    case 'firewallRules': {
      const ranges = added(change);
      if (ranges.length === 0) break;
      return say(`open to ${rangesHeadline(ranges, isKnown)}`, `${access} ${verb} ${rangesText(ranges)}`);
    }
    case 'virtualNetworkRules': {
      const subnets = added(change);
      if (subnets.length === 0) break;
      const count = plural(subnets.length, isKnown ? 'more subnet' : 'subnet');
      return say(`open to ${count}`, `${access} ${verb} ${count}`);
    }
    case 'publicNetworkAccess':
      if (valueText(change.after).toLowerCase() === 'disabled')
        return say('public access off', `Public access to ${name} is off`);
      if (valueText(change.after).toLowerCase() !== 'enabled') break;
      return say('public access on', `Public access to ${name} ${isKnown ? 'was switched' : 'is'} on`);
    case 'minimalTlsVersion':
      return isKnown
        ? say(`${tls(change.after)} allowed again`, `${name} was made to accept ${tls(change.after)} again`)
        : say(`${tls(change.after)} and newer accepted`, `${name} accepts ${tls(change.after)} and newer`);
  }
  return isKnown
    ? say('network access changed', `${access} was changed`)
    : say('network access set', `${access} is set`);
}

/** Ranges or subnets that were not there before, as far as that is known. */
function added(change: Change): string[] {
  const before = new Set(Array.isArray(change.before) ? (change.before as readonly string[]) : []);
  return Array.isArray(change.after)
    ? (change.after as readonly string[]).filter((range) => !before.has(range)).map(visible)
    : [];
}

function withoutPortal(ranges: readonly string[]): { readonly isPortalIn: boolean; readonly others: string[] } {
  const isPortalIn = PORTAL_ADDRESSES.every((address) => ranges.includes(address));
  return { isPortalIn, others: ranges.filter((range) => !isPortalIn || !PORTAL_ADDRESSES.includes(range)) };
}

function rangesHeadline(ranges: readonly string[], isKnown: boolean): string {
  const { isPortalIn, others } = withoutPortal(ranges);
  const count = plural(others.length, isKnown ? 'more range' : 'range');
  if (!isPortalIn) return count;
  return others.length === 0 ? 'the Azure portal' : `the Azure portal and ${count}`;
}

/** The portal's addresses are told as what they are. */
function rangesText(ranges: readonly string[]): string {
  const { isPortalIn, others } = withoutPortal(ranges);
  return listText([...(isPortalIn ? ['the Azure portal'] : []), ...others], 3);
}

function changeDetail(change: Change): string {
  const isKnown = change.effect !== 'unknown_before';
  const rules = LISTS[change.property];
  if (rules !== undefined && Array.isArray(change.after)) {
    if (change.after.length === 0) return isKnown ? `no ${rules} left` : `no ${rules}`;
    const ranges = added(change);
    const { isPortalIn, others } = withoutPortal(ranges);
    const list = listText([...(isPortalIn ? ['its four fixed addresses'] : []), ...others], 3);
    if (ranges.length > 0) return isKnown ? `${list} added to its ${rules}` : `${rules}: ${list}`;
  }
  return isKnown ? changeText(change) : `${change.property}: ${valueText(change.after)}`;
}

function tls(value: Json): string {
  return `${value}`.toLowerCase() === 'tls'
    ? 'TLS 1.0'
    : `TLS ${visible(`${value}`).replace(/^tls/i, '').split('').join('.')}`;
}

/** The last change took back what the first ones opened: all of it, or so that fewer may reach the account than between. */
function closedAgain(raised: Raised): Story | null {
  const { alert, detail } = raised;
  const last = detail.changes.at(-1)?.change;
  if (last === undefined || detail.changes.length < 2) return null;
  const opened = detail.changes.filter(({ change }) => isOpened(change));
  const widest =
    opened.find(({ change }) => change.exposure === 'internet') ??
    opened.find(({ change }) => change.exposure === 'azure') ??
    (isPutBack(raised) ? detail.changes[0] : undefined);
  if (widest === undefined) return null;
  const isNarrower = last.exposure !== null && RANK.indexOf(last.exposure) < RANK.indexOf(widest.change.exposure);
  if (!isNarrower && !(isPutBack(raised) && last.effect === 'strengthened')) return null;
  const to = WIDE[widest.change.exposure ?? 'none'] ?? 'more ranges';
  const since = timeText(isoAt(widest.time), alert.firstSeen);
  const now = last.property === 'ipRules' ? `only ${valueText(last.after)}` : changeDetail(last);
  return {
    what: 'closed again',
    amount: plural(alert.count, 'change'),
    reason: sentence(
      raised,
      `Network access to ${nameOf(raised)}, open to ${to} since ${since}, was closed again (${now})`,
      `at ${timeText(isoAt(detail.changes.at(-1)!.time), alert.firstSeen)}`,
    ),
  };
}

function isOpened(change: Change): boolean {
  return OPENING.has(change.property) && change.effect !== 'strengthened';
}

const WIDE: Readonly<Record<string, string>> = { internet: 'the internet', azure: 'all Azure customers' };
