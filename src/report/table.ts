import type { Look, ToldAlert } from './context.ts';
import { accountName, whoOf } from './phrases.ts';
import { storyOf } from './story.ts';
import { levelText, painter } from './style.ts';
import { cutMiddle, padEnd, widthOf, wrap } from './text.ts';

const ID = 10;
const LEVEL = 10;
const MIN_ACCOUNT = 16;
const MIN_WHAT = 24;

/** The alerts as a table: on a first line what and where, on the next how often, by whom and from where. At most `width` columns. */
export function tableOf(told: readonly ToldAlert[], look: Look): string {
  if (told.length === 0) return '';
  const paint = painter(look.colour);
  const whenWidth = look.width < 72 ? 12 : 17;
  const names = told.map(({ alert }) => accountName(alert.account));
  const longest = Math.max(...names.map(widthOf), 'ACCOUNT'.length) + 2;
  const room = look.width - ID - LEVEL - (whenWidth + 2) - MIN_WHAT;
  const accountWidth = Math.max(MIN_ACCOUNT, Math.min(longest, room));
  const before = ID + LEVEL + whenWidth + 2 + accountWidth;
  const whatWidth = Math.max(MIN_WHAT, look.width - before);
  const head = `${padEnd('ID', ID)}${padEnd('LEVEL', LEVEL)}${padEnd('WHEN (UTC)', whenWidth + 2)}${padEnd('ACCOUNT', accountWidth)}WHAT`;
  const lines = [head];
  for (const [at, { alert, raised }] of told.entries()) {
    const story = storyOf(raised);
    const when =
      look.width < 72 ? alert.firstSeen.slice(5, 16).replace('T', ' ') : alert.firstSeen.slice(0, 16).replace('T', ' ');
    const account = padEnd(cutMiddle(names[at]!, accountWidth - 2), accountWidth);
    const what = wrap(capital(story.what), whatWidth);
    const level = levelText(alert.level, paint) + ' '.repeat(LEVEL - alert.level.length);
    lines.push(`${paint(alert.id.slice(0, 8), 'dim')}  ${level}${padEnd(when, whenWidth + 2)}${account}${what[0]}`);
    for (const more of what.slice(1)) lines.push(' '.repeat(before) + more);
    lines.push(...secondLines(raised, story.amount, before, look.width));
  }
  return `${lines.join('\n')}\n`;
}

/** `2 changes until 03:19    by X with Y, from Z`. */
function secondLines(raised: ToldAlert['raised'], amount: string, before: number, width: number): string[] {
  const { alert, detail } = raised;
  const who = whoOf(raised);
  const until =
    alert.firstSeen === alert.lastSeen || detail.silence !== null
      ? ''
      : ` until ${untilText(alert.firstSeen, alert.lastSeen)}`;
  const state = alert.status === 'resolved' ? ', ended' : '';
  const left = `${' '.repeat(ID)}${amount}${until}${state}`;
  const text = [who.name, who.from].filter(Boolean).join(', ');
  const start = Math.min(before, Math.max(ID + 27, widthOf(left) + 2));
  if (text === '') return [left];
  const right = wrap(text, Math.max(20, width - start));
  if (widthOf(left) + 2 > start) return [left, ...right.map((line) => ' '.repeat(start) + line)];
  return [padEnd(left, start) + right[0], ...right.slice(1).map((line) => ' '.repeat(start) + line)];
}

function untilText(first: string, last: string): string {
  return first.slice(0, 10) === last.slice(0, 10) ? last.slice(11, 16) : last.slice(0, 16).replace('T', ' ');
}

export function capital(text: string): string {
  return text[0] === undefined ? text : text[0].toUpperCase() + text.slice(1);
}
