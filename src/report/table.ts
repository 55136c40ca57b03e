import type { Look, ToldAlert, ToldAlerts } from './context.ts';
import { nameOf, whoOf, whoText } from './phrases.ts';
import { storyOf } from './story.ts';
import { LEVEL_WIDTH, levelCell, painter } from './style.ts';
import { capital, cutMiddle, indented, padEnd, visible, widthOf, wrap } from './text.ts';

const ID = 10;
const MIN_ACCOUNT = 16;
const MIN_WHAT = 24;

/** The alerts as a table: on a first line what and where, on the next how often, by whom and from where. At most `width` columns. */
export function* tableOf(told: ToldAlerts, look: Look): Generator<string> {
  if (told.length === 0) return;
  const layout = layoutOf(told, look);
  const { whenWidth, accountWidth } = layout;
  yield `${padEnd('ID', ID)}${padEnd('LEVEL', LEVEL_WIDTH)}${padEnd('WHEN (UTC)', whenWidth + 2)}${padEnd('ACCOUNT', accountWidth)}WHAT\n`;
  for (const one of told) yield rowOf(one, layout, look);
}

interface Layout {
  readonly whenWidth: number;
  readonly accountWidth: number;
  /** Columns before WHAT. */
  readonly before: number;
}

function layoutOf(told: ToldAlerts, look: Look): Layout {
  const whenWidth = look.width < 72 ? 12 : 17;
  let longest = 'ACCOUNT'.length;
  for (const { raised } of told) longest = Math.max(longest, widthOf(nameOf(raised)));
  const room = look.width - ID - LEVEL_WIDTH - (whenWidth + 2) - MIN_WHAT;
  const accountWidth = Math.max(MIN_ACCOUNT, Math.min(longest + 2, room));
  return { whenWidth, accountWidth, before: ID + LEVEL_WIDTH + whenWidth + 2 + accountWidth };
}

function rowOf({ alert, raised }: ToldAlert, { whenWidth, accountWidth, before }: Layout, look: Look): string {
  const paint = painter(look.colour);
  const story = storyOf(raised);
  const minute = alert.firstSeen.slice(0, 16).replace('T', ' ');
  const when = look.width < 72 ? minute.slice(5) : minute;
  const account = padEnd(cutMiddle(nameOf(raised), accountWidth - 2), accountWidth);
  const [what = '', ...more] = wrap(capital(story.what), Math.max(8, look.width - before));
  const level = levelCell(alert.level, paint);
  const amount =
    look.localOffset === null ? story.amount : `${story.amount}, ${localText(alert.firstSeen, look.localOffset)}`;
  const lines = [
    `${paint(alert.id.slice(0, 8), 'dim')}  ${level}${padEnd(when, whenWidth + 2)}${account}${what}`,
    ...more.map((line) => ' '.repeat(before) + line),
    ...secondLines(raised, amount, before, look.width),
    ...exceptedLines(alert, look.width),
  ];
  return `${lines.join('\n')}\n`;
}

/** The reader's own time, beside UTC. */
export function localText(iso: string, offsetOf: (iso: string) => number): string {
  return `${new Date(Date.parse(iso) + offsetOf(iso) * 60_000).toISOString().slice(11, 16)} local`;
}

/** `2 changes until 03:19    by X with Y, from Z`. */
function secondLines(raised: ToldAlert['raised'], amount: string, before: number, width: number): string[] {
  const { alert, detail } = raised;
  const until =
    alert.firstSeen === alert.lastSeen || detail.silence !== null
      ? ''
      : ` until ${untilText(alert.firstSeen, alert.lastSeen)}`;
  const state = alert.status === 'resolved' ? ', ended' : '';
  const left = `${' '.repeat(ID)}${amount}${until}${state}`;
  const text = whoText(whoOf(raised));
  const start = Math.min(before, width - 22, Math.max(ID + 27, widthOf(left) + 2));
  if (text === '') return [left];
  const right = wrap(text, Math.max(20, width - start));
  if (widthOf(left) + 2 > start) return [left, ...right.map((line) => ' '.repeat(start) + line)];
  return [padEnd(left, start) + right[0], ...right.slice(1).map((line) => ' '.repeat(start) + line)];
}

function exceptedLines({ exception }: ToldAlert['alert'], width: number): string[] {
  return exception === undefined ? [] : indented(`covered by the exception ${visible(exception)}`, width, ID);
}

function untilText(first: string, last: string): string {
  return first.slice(0, 10) === last.slice(0, 10) ? last.slice(11, 16) : last.slice(0, 16).replace('T', ' ');
}
