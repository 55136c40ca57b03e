import { listText, numberText, plural, visible } from '../report/text.ts';
import { LEVELS, type Level } from './levels.ts';
import type { NoticeText } from './receiver.ts';

/** What a week was like. Milliseconds since 1970. */
export interface WeekFacts {
  readonly from: number;
  readonly to: number;
  readonly sources: readonly { readonly name: string; readonly isRunning: boolean; readonly progress: number | null }[];
  /** Names of logs that came, of any account. */
  readonly logs: readonly string[];
  readonly accounts: { readonly known: number; readonly heard: number };
  /** `blind`: names of those that can find nothing in the logs that came. */
  readonly rules: { readonly active: number; readonly disabled: number; readonly blind: readonly string[] };
  readonly alerts: Readonly<Partial<Record<Level, number>>>;
  readonly open: number;
  /** What people were not told of, and why. */
  readonly hidden: readonly { readonly why: string; readonly count: number }[];
  /** Only receivers with messages that did not arrive. */
  readonly deliveries: readonly { readonly receiver: string; readonly dead: number; readonly waiting: number }[];
}

const SHOWN = 5;

/** Shows that the quiet is real: what was watched, what could have fired, what came, what was hidden, what did not arrive. */
export function weekNotice(facts: WeekFacts): NoticeText {
  const { alerts, accounts, rules, open } = facts;
  const total = LEVELS.reduce((sum, level) => sum + (alerts[level] ?? 0), 0);
  return {
    kind: 'week',
    level: null,
    title: `Week to ${dayOf(facts.to)}: ${plural(total, 'alert')}, ${plural(accounts.known, 'account')} watched`,
    text: `${levelsText(alerts)}. ${plural(open, 'alert')} ${open === 1 ? 'is' : 'are'} open now.`,
    lines: [
      `Accounts: ${numberText(accounts.heard)} of ${numberText(accounts.known)} were heard of this week`,
      `Logs that came: ${facts.logs.length === 0 ? 'none' : listText(facts.logs.map(visible), 10)}`,
      ...facts.sources.map(sourceLine),
      rulesLine(rules),
      ...hiddenLines(facts.hidden),
      ...deliveryLines(facts.deliveries),
    ],
    about: 'week',
    isOver: false,
  };
}

function levelsText(alerts: WeekFacts['alerts']): string {
  const counts = LEVELS.flatMap((level) =>
    alerts[level] === undefined ? [] : [`${numberText(alerts[level])} ${level}`],
  );
  return counts.length === 0 ? 'No alerts' : `Alerts: ${listText(counts, 5)}`;
}

function sourceLine({ name, isRunning, progress }: WeekFacts['sources'][number]): string {
  const read =
    progress === null ? '' : `, read up to ${new Date(progress).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `Source ${visible(name)}: ${isRunning ? 'running' : 'not running'}${read}`;
}

function rulesLine({ active, disabled, blind }: WeekFacts['rules']): string {
  const off = disabled === 0 ? '' : `; ${numberText(disabled)} switched off`;
  const able = `Rules: ${numberText(active - blind.length)} of ${numberText(active)} can fire in the logs that came${off}`;
  return blind.length === 0 ? able : `${able}; not ${listText(blind.map(visible), SHOWN)}`;
}

function hiddenLines(hidden: WeekFacts['hidden']): string[] {
  if (hidden.length === 0) return ['Hidden: nothing'];
  return hidden.map(({ why, count }) => `Hidden: ${plural(count, 'alert')} by ${visible(why)}`);
}

function deliveryLines(deliveries: WeekFacts['deliveries']): string[] {
  if (deliveries.length === 0) return ['Deliveries: all arrived'];
  return deliveries.map(
    ({ receiver, dead, waiting }) =>
      `Deliveries to ${visible(receiver)}: ${numberText(dead)} dead, ${numberText(waiting)} waiting`,
  );
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
