import type { AlertNews } from '../alerts/stored.ts';
import { unlinked } from '../lib/visible.ts';
import { headlineFor } from '../report/messageWords.ts';
import { accountName } from '../report/phrases.ts';
import { cutMiddle, listText, numberText, plural, visible } from '../report/text.ts';
import { type Counted, countsOf, highestOf } from './counts.ts';
import type { NoticeText } from './receiver.ts';

/** Several alerts of one group in one message: each with its headline, the highest first. */
export function groupNotice(news: readonly AlertNews[]): NoticeText {
  const { alerts, accounts, rules } = countsOf(news);
  const level = levelOf(news);
  const sorted = [...news].sort((a, b) => rank(a) - rank(b));
  return {
    kind: 'group',
    level,
    title: unlinked(`[${level}] ${plural(alerts, 'alert')}: ${namesOf(accounts, 2)}`),
    text: unlinked(`${plural(alerts, 'alert')} of ${plural(rules.length, 'rule')} at once, each listed below.`),
    lines: sorted.map(({ stored }) => `${headlineFor(stored)} (alert ${stored.alert.id.slice(0, 8)})`),
    about: 'group',
    isOver: false,
  };
}

/** What low levels had to say since the last digest: how many of what, where. */
export function digestNotice(news: readonly AlertNews[]): NoticeText {
  const { alerts, accounts, rules, levels } = countsOf(news);
  const level = levelOf(news);
  const over = news.filter(({ stored }) => stored.alert.status === 'resolved').length;
  const kinds = levels.map(({ name, count }) => `${numberText(count)} ${name}`);
  return {
    kind: 'digest',
    level,
    title: unlinked(`[${level}] digest: ${plural(alerts, 'alert')} on ${plural(accounts.length, 'account')}`),
    text: unlinked(
      `Since the last digest: ${listText(kinds, 5)}; ${over === 0 ? 'none is over' : `${numberText(over)} of them over`}.`,
    ),
    lines: [...lines('Rule', rules), ...lines('Account', accounts)],
    about: 'digest',
    isOver: false,
  };
}

function lines(what: string, counted: readonly Counted[]): string[] {
  return counted.map(({ name, count }) => `${what} ${visible(accountName(name))}: ${plural(count, 'alert')}`);
}

function namesOf(accounts: readonly Counted[], most: number): string {
  if (accounts.length === 0) return 'no single account';
  return listText(
    accounts.map(({ name, count }) => `${cutMiddle(visible(accountName(name)), 24)} ${numberText(count)}`),
    most,
  );
}

function levelOf(news: readonly AlertNews[]) {
  return highestOf(news.map(({ stored }) => stored.alert.level)) ?? 'informational';
}

const LEVEL_RANKS = ['critical', 'high', 'medium', 'low', 'informational'];

function rank({ stored }: AlertNews): number {
  return LEVEL_RANKS.indexOf(stored.alert.level);
}
