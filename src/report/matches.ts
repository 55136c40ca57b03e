import { painter } from './style.ts';
import { listText, plural, visible, wrap } from './text.ts';

/** What rules said of one event. */
export interface Matched {
  readonly index: number;
  /** Microseconds since 1970; null: none that can be read. */
  readonly time: number | null;
  readonly matched: readonly string[];
  readonly fired: readonly string[];
}

/** One event a line, for programs. */
export function matchLine({ index, matched, fired }: Matched): string {
  return `${JSON.stringify({ index, matched, fired })}\n`;
}

const INDEX = 8;
const TIME = 21;

export const MATCH_HEAD = `${'EVENT'.padStart(INDEX)}  ${'TIME (UTC)'.padEnd(TIME)}RULES\n`;

/** One event for people: a line a rule; empty if no rule says anything. */
export function matchRow(
  { index, time, matched, fired }: Matched,
  look: { readonly width: number; readonly colour: boolean },
): string {
  const paint = painter(look.colour);
  const room = Math.max(20, look.width - INDEX - TIME - 2);
  const lines = [
    ...matched.flatMap((title) => wrap(visible(title), room)),
    ...fired.flatMap((title) => wrap(`fired: ${visible(title)}`, room).map((line) => paint(line, 'bold'))),
  ];
  const head = `${`${index}`.padStart(INDEX)}  ${timeCell(time).padEnd(TIME)}`;
  return lines.map((line, at) => `${at === 0 ? head : ' '.repeat(INDEX + 2 + TIME)}${line}\n`).join('');
}

function timeCell(time: number | null): string {
  if (time === null) return 'no time';
  const date = new Date(time / 1000);
  return Number.isNaN(date.getTime()) ? 'no time' : date.toISOString().slice(0, 19).replace('T', ' ');
}

export interface MatchCounts {
  events: number;
  matched: number;
  fired: number;
  /** Events without a time that can be read. */
  timeless: number;
}

/** What all of it comes to, for people. @param correlations how many rules count events */
export function matchSummary(counts: MatchCounts, rules: number, correlations: number): string {
  const lines = [
    `${plural(counts.events, 'event')}, ${plural(rules, 'rule')}. ${plural(counts.matched, 'event')} matched; correlations fired at ${plural(counts.fired, 'event')}.`,
  ];
  if (counts.timeless > 0 && correlations > 0)
    lines.push(
      `note: ${plural(counts.timeless, 'event has', 'events have')} no time in "@timestamp" or "time"; no correlation counts them.`,
    );
  return `${lines.join('\n')}\n`;
}

/** Rules that cannot match anything as things are. */
export function disarmedLines(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return wrap(
    `note: ${plural(names.length, 'rule')} can match nothing, cosmowatch rules lint says why: ${listText(names.map(visible), 3)}`,
    80,
  );
}
