import { levelRank } from '../ir/ir.ts';
import { commandLines } from './command.ts';
import type { Look, ToldAlert } from './context.ts';
import { nameOf, whoOf, whoText } from './phrases.ts';
import { stepsOf } from './steps.ts';
import { impactOf, storyOf } from './story.ts';
import { levelCell, painter } from './style.ts';
import { capital, listText, padEnd, plural, wrap } from './text.ts';

const INDENT = 7;
/** Columns before what happened. */
const HEAD = 33;

/** Alerts of one rule, caller and hour are one story: the same reader of the keys of five accounts is told once. */
interface Chapter {
  readonly told: ToldAlert[];
}

/** A day told in order of time: who did what, where, why it matters, what to do first. */
export function dayOf(told: Iterable<ToldAlert>, look: Look): string {
  return chaptersOf(told)
    .map((chapter) => chapterText(chapter, look))
    .join('\n');
}

function chaptersOf(told: Iterable<ToldAlert>): Chapter[] {
  const chapters = new Map<string, Chapter>();
  for (const one of told) {
    const { alert } = one;
    const actor = alert.actors[0];
    const isSmall = alert.level === 'low' && alert.rule === 'cosmosdb_item_deleted';
    const key = isSmall
      ? 'small deletions'
      : `${alert.rule}|${actor?.id}|${alert.level}|${alert.firstSeen.slice(0, 13)}|${actor?.appName === 'Terraform' ? '' : alert.account}`;
    const chapter = chapters.get(key);
    if (chapter) chapter.told.push(one);
    else chapters.set(key, { told: [one] });
  }
  return [...chapters.values()];
}

function chapterText({ told }: Chapter, look: Look): string {
  const paint = painter(look.colour);
  const { alert, raised } = told[0]!;
  const story = storyOf(raised);
  const names = [...new Set(told.map((one) => nameOf(one.raised)))];
  const level = levelCell(alert.level, paint);
  const what = told.length === 1 ? capital(story.what) : manyText(told);
  const start = `${alert.firstSeen.slice(11, 16)}  ${level}${padEnd(told.length === 1 ? names[0]! : plural(names.length, 'account'), 16)}`;
  const [first, ...more] = wrap(what, look.width - HEAD);
  const head = [start + first, ...more.map((line) => ' '.repeat(HEAD) + line)];
  const text = told.length === 1 ? alert.reason : chapterWho(told, names);
  const lines = [...head, ...block(text, look.width)];
  if (told.length === 1 && isLoud(alert.level)) {
    lines.push(...block(`Why it matters: ${impactOf(raised)}`, look.width));
    const step = stepsOf(raised)[0];
    if (step)
      lines.push(
        ...block(`First: ${step.text}`, look.width),
        ...(step.command === null ? [] : commandLines(step.command, look, INDENT)),
      );
  }
  lines.push(`${' '.repeat(INDENT)}${paint(alert.rule, 'dim')}`, '');
  return lines.join('\n');
}

function isLoud(level: ToldAlert['alert']['level']): boolean {
  return levelRank(level) >= levelRank('medium');
}

function manyText(told: readonly ToldAlert[]): string {
  if (told[0]!.alert.rule === 'cosmosdb_item_deleted')
    return `${plural(told.length, 'small deletion')} by applications`;
  return capital(storyOf(told[0]!.raised).what);
}

function chapterWho(told: readonly ToldAlert[], names: readonly string[]): string {
  if (told[0]!.alert.rule === 'cosmosdb_item_deleted')
    return `Ordinary life: one or a few items each, on ${listText(names, 3)}.`;
  return `${listText(names, 3)}: ${whoText(whoOf(told[0]!.raised))}. ${plural(told.length, 'alert')}.`;
}

function block(text: string, width: number): string[] {
  return wrap(text, width - INDENT).map((line) => ' '.repeat(INDENT) + line);
}
