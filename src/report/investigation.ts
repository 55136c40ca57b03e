import type { Look } from './context.ts';
import { jsonText } from './lines.ts';
import { accountName } from './phrases.ts';
import { painter } from './style.ts';
import { indented, padEnd, plural, visible, wrap } from './text.ts';

/** A record that an alert names as evidence. */
export interface ShownRecord {
  readonly id: string;
  readonly time: string;
  readonly family: string;
  readonly action: string;
  readonly outcome: string;
  readonly position: { readonly source: string; readonly line: number; readonly index: number } | null;
  readonly record: unknown;
  readonly matched: {
    readonly rule: string;
    readonly alone: boolean;
    readonly selections: readonly string[];
    readonly fields: readonly { readonly asks: string; readonly values: readonly unknown[] }[];
  } | null;
}

/** Records of an alert: when and what each was, where it stood, what of it matched, and the record itself. */
export function recordsText(records: readonly ShownRecord[], look: Look): string {
  if (records.length === 0) return 'The alert names no records.\n';
  return `${records.map((record, at) => recordLines(record, at, look).join('\n')).join('\n\n')}\n`;
}

function recordLines(
  { time, family, action, outcome, position, record, matched }: ShownRecord,
  at: number,
  look: Look,
) {
  const paint = painter(look.colour);
  const head = `${at + 1}. ${second(time)}  ${visible(family)}  ${visible(action)}  ${visible(outcome)}`;
  return [
    paint(head, 'bold'),
    ...(position === null ? [] : indented(`at ${visible(position.source)}:${position.line}`, look.width, 3)),
    ...matchedLines(matched, look),
    ...(record === null
      ? indented('The record is not kept, or not any more.', look.width, 3)
      : jsonText(record, 2)
          .split('\n')
          .map((line) => `   ${visible(line)}`)),
  ];
}

function matchedLines(matched: ShownRecord['matched'], look: Look): string[] {
  if (matched === null) return [];
  const { rule, alone, selections, fields } = matched;
  const held = selections.length === 0 ? '' : `: ${selections.join(', ')}`;
  const others = alone ? '' : ', with what other records tell';
  return [
    ...indented(visible(`matched by ${rule}${others}${held}`), look.width, 3),
    ...fields.flatMap(({ asks, values }) => {
      const found = values.length === 0 ? '' : `  (${values.map((value) => jsonText(value)).join(', ')})`;
      return indented(visible(`${asks}${found}`), look.width, 5);
    }),
  ];
}

/** What lies around an alert. */
export interface ShownAround {
  readonly from: string;
  readonly until: string;
  readonly account: string | null;
  readonly actors: readonly string[];
  readonly addresses: readonly string[];
  readonly requests: 'kept' | 'off' | 'hidden';
  readonly items: readonly {
    readonly at: string;
    readonly seconds: number;
    readonly lane: 'actor' | 'address' | 'other';
    readonly kind: 'event' | 'requests';
    readonly log: string;
    readonly action: string;
    readonly outcome: string | null;
    readonly account: string | null;
    readonly actor: string | null;
    readonly address: string | null;
    readonly target: string | null;
    readonly count: number;
    readonly errors: number;
    readonly isEvidence: boolean;
  }[];
  readonly leftOut: { readonly actor: number; readonly address: number; readonly other: number };
}

const LANES = { actor: 'Its actors', address: 'Its addresses', other: 'The rest of its account' } as const;
const WHEN = 23;

/** The timeline in its lanes, one after the other. `*` marks what the alert names as evidence. */
export function aroundText(around: ShownAround, look: Look): string {
  const lanes = (Object.keys(LANES) as (keyof typeof LANES)[]).map((lane) => laneLines(around, lane, look));
  const head = [
    ...wrap(
      `${second(around.from)} to ${second(around.until)} UTC, ${visible(accountName(around.account))}`,
      look.width,
    ),
    ...notes(around).flatMap((note) => wrap(note, look.width)),
  ];
  return `${[head, ...lanes].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function notes({ requests }: ShownAround): string[] {
  switch (requests) {
    case 'off':
      return ['Requests are not counted here: key_figures is off.'];
    case 'hidden':
      return ['Requests are not shown: the token sees alerts of some labels only.'];
    case 'kept':
      return [];
  }
}

function laneLines(around: ShownAround, lane: keyof typeof LANES, look: Look): string[] {
  const who = { actor: around.actors, address: around.addresses, other: [] }[lane];
  const items = around.items.filter((item) => item.lane === lane);
  const left = around.leftOut[lane];
  const title = `${LANES[lane]}${who.length === 0 ? '' : `: ${who.slice(0, 5).join(', ')}${who.length > 5 ? ', ...' : ''}`}`;
  return [
    ...wrap(painter(look.colour)(visible(title), 'bold'), look.width),
    ...(items.length === 0 ? ['  nothing'] : items.flatMap((item) => itemLines(item, around, look))),
    ...(left === 0 ? [] : [`  and ${left} more`]),
  ];
}

function itemLines(item: ShownAround['items'][number], { account }: ShownAround, look: Look): string[] {
  const { kind, action, outcome, count, errors, seconds } = item;
  const step = seconds > 60 ? ` in ${seconds / 3600} h` : '';
  const failed = errors > 0 ? `, ${errors} failed` : '';
  const what = kind === 'event' ? `${action}  ${outcome}` : `${action}  ${plural(count, 'request')}${step}${failed}`;
  const where = item.account === account || item.account === null ? '' : ` on ${accountName(item.account)}`;
  const target = kind === 'requests' && item.target !== null ? ` in ${item.target}` : '';
  const by = [item.actor === null ? '' : `by ${item.actor}`, item.address === null ? '' : `from ${item.address}`];
  const text = [`${what}${where}${target}`, by.filter((part) => part !== '').join(' ')].filter((part) => part !== '');
  const [first = '', ...more] = wrap(visible(text.join('  ')), look.width - WHEN);
  const mark = item.isEvidence ? '*' : ' ';
  return [padEnd(`${mark} ${second(item.at)}`, WHEN) + first, ...more.map((line) => ' '.repeat(WHEN + 2) + line)];
}

function second(iso: string): string {
  return visible(iso.slice(0, 19).replace('T', ' '));
}
