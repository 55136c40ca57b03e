import type { FirstTime } from '../alerts/alert.ts';
import type { Level } from '../ir/ir.ts';
import type { Json } from '../lib/json.ts';
import { commandLines } from './command.ts';
import type { Look } from './context.ts';
import { accountName } from './phrases.ts';
import { LEVEL_WIDTH, levelCell, levelText, painter } from './style.ts';
import { cutMiddle, durationText, indented, padEnd, plural, visible, widthOf, wrap } from './text.ts';
import { firstsText, levelReasonText } from './tuned.ts';
import { valueText } from './values.ts';

/** An alert of a running service: what a scan prints, and what became of it. */
export interface LivedAlert {
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly level: Level;
  readonly status: string;
  readonly resolution: string | null;
  readonly account: string | null;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly count: number;
  readonly caller: string | null;
  readonly sourceIps: readonly string[];
  readonly targets: readonly string[];
  readonly changes: readonly {
    readonly property: string;
    readonly before: unknown;
    readonly after: unknown;
    readonly effect: string;
  }[];
  readonly attack: readonly { readonly tactic: string; readonly technique: string }[];
  readonly evidence: readonly {
    readonly time: string;
    readonly family: string;
    readonly action: string;
    readonly outcome: string;
  }[];
  readonly reason: string;
  readonly inhibitedBy: string | null;
  readonly levelReason: string | null;
  readonly firsts: readonly FirstTime[];
  readonly exception: string | null;
  readonly silencedBy: string | null;
  readonly silencedUntil: string | null;
  readonly assignee: string | null;
  readonly verdict: string | null;
  readonly comments: readonly { readonly at: string; readonly by: string; readonly text: string }[];
  readonly history: readonly {
    readonly at: string;
    readonly what: string;
    readonly by: string | null;
    readonly why: string;
  }[];
}

const ID = 10;
const WHEN = 18;
const STATUS = 13;

/** Alerts as a table: on a first line when and where, below it the sentence. At most `width` columns. */
export function livedTable(alerts: readonly LivedAlert[], look: Look): string {
  const paint = painter(look.colour);
  const room = look.width - ID - LEVEL_WIDTH - STATUS - WHEN;
  const head = `${padEnd('ID', ID)}${padEnd('LEVEL', LEVEL_WIDTH)}${padEnd('STATUS', STATUS)}${padEnd('LAST SEEN (UTC)', WHEN)}ACCOUNT`;
  const rows = alerts.flatMap((alert) => {
    const cells = [
      `${paint(visible(alert.id.slice(0, 8)), 'dim')}  `,
      levelCell(alert.level, paint),
      padEnd(visible(alert.status), STATUS),
      padEnd(minute(alert.lastSeen), WHEN),
      cutMiddle(accountName(alert.account), Math.max(8, room)),
    ];
    return [cells.join('').trimEnd(), ...indented(visible(alert.reason), look.width, ID)];
  });
  return `${[head, ...rows].join('\n')}\n`;
}

/** What helps with an alert beside what it says. */
export interface Care {
  /** The alerts of its story, itself among them, oldest first; empty: it is part of none. */
  readonly story: readonly Pick<LivedAlert, 'id' | 'level' | 'firstSeen' | 'reason' | 'status'>[];
  readonly advice: {
    readonly impact: string;
    readonly steps: readonly { readonly text: string; readonly command: string | null }[];
  };
  readonly deliveries: readonly {
    readonly kind: string;
    readonly receiver: string;
    readonly state: string;
    readonly queuedAt: string;
    readonly attempts: readonly { readonly at: string; readonly result: string; readonly reason: string | null }[];
  }[];
  /** `at` null: as things are now. */
  readonly trail: readonly { readonly at: string | null; readonly step: string; readonly text: string }[];
}

/** One alert whole: what a scan would print of it, what to do, and its life. */
export function livedText(alert: LivedAlert, { advice, deliveries, story, trail }: Care, look: Look): string {
  const paint = painter(look.colour);
  const head = `${levelText(alert.level, paint)}  ${visible(alert.title)}`;
  const sections: string[][] = [
    [...wrap(head, look.width), ...wrap(visible(alert.reason), look.width)],
    facts(alert, look),
    list(
      'Story',
      story.map(
        ({ id, level, firstSeen, reason }) =>
          `${second(firstSeen)}  ${level}${id === alert.id ? ' (this one)' : ''}: ${reason}`,
      ),
      look,
    ),
    list(
      'What changed',
      alert.changes.map(
        ({ property, before, after, effect }) =>
          `${property}: ${valueText(before as Json)} -> ${valueText(after as Json)} (${effect.replaceAll('_', ' ')})`,
      ),
      look,
    ),
    advice.impact === '' ? [] : ['Why it matters', ...indented(visible(advice.impact), look.width, 2)],
    stepLines(advice.steps, look),
    list('Targets', alert.targets, look),
    list(
      'Records',
      alert.evidence.map(({ time, family, action, outcome }) => `${second(time)}  ${family}  ${action}  ${outcome}`),
      look,
    ),
    list(
      'Comments',
      alert.comments.map(({ at, by, text }) => `${second(at)}  ${by}: ${text}`),
      look,
    ),
    list(
      'History',
      alert.history.map(({ at, what, by, why }) => `${second(at)}  ${what}${by === null ? '' : ` by ${by}`}: ${why}`),
      look,
    ),
    list('Told', deliveries.map(deliveryLine), look),
    list(
      'Decided',
      trail.map(({ at, step, text }) => `${at === null ? padEnd('now', 19) : second(at)}  ${step}: ${text}`),
      look,
    ),
    [`Full id  ${visible(alert.id)}`],
  ];
  return `${sections
    .filter(({ length }) => length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function stepLines(steps: Care['advice']['steps'], look: Look): string[] {
  if (steps.length === 0) return [];
  return [
    'What to do',
    ...steps.flatMap(({ text, command }, at) => [
      ...indented(`${at + 1}. ${visible(text)}`, look.width, 2),
      ...(command === null ? [] : commandLines(command, look, 5)),
    ]),
  ];
}

function deliveryLine({ kind, receiver, state, queuedAt, attempts }: Care['deliveries'][number]): string {
  const last = attempts.at(-1);
  const why = last?.reason == null ? '' : `: ${last.reason}`;
  const tries = attempts.length < 2 ? '' : `, ${plural(attempts.length, 'attempt')}`;
  return `${second(queuedAt)}  ${receiver}  ${kind}: ${state}${tries}${why}`;
}

function facts(alert: LivedAlert, look: Look): string[] {
  const span = (Date.parse(alert.lastSeen) - Date.parse(alert.firstSeen)) / 1000;
  const firsts = firstsText(alert.firsts);
  const rows: readonly (readonly [string, string])[] = [
    ['Status', [alert.status, ...(alert.resolution === null ? [] : [`(${alert.resolution})`])].join(' ')],
    ...(alert.inhibitedBy === null
      ? []
      : [
          [
            'Told by',
            `${alert.inhibitedBy.slice(0, 8)}, which is stronger: this one is not told again by itself`,
          ] as const,
        ]),
    ...(alert.exception === null ? [] : [['Hidden by', `exception ${alert.exception}`] as const]),
    ...(alert.silencedBy === null ? [] : [['Silenced by', silencedText(alert)] as const]),
    ['Assigned to', alert.assignee ?? 'nobody'],
    ...(alert.verdict === null ? [] : [['Verdict', alert.verdict] as const]),
    ['Rule', alert.rule],
    ['Account', alert.account ?? 'none, or several'],
    [
      'Seen',
      `${second(alert.firstSeen)} to ${second(alert.lastSeen)} UTC${span > 0 ? `, ${durationText(span)}` : ''}; ${plural(alert.count, 'action')}`,
    ],
    ...(alert.sourceIps.length === 0 ? [] : [['From', alert.sourceIps.join(', ')] as const]),
    ...(alert.caller === null ? [] : [['Caller', alert.caller] as const]),
    ...(alert.levelReason === null ? [] : [['Level', levelReasonText(alert.levelReason)!] as const]),
    ...(firsts === null ? [] : [['New here', firsts] as const]),
    ...(alert.attack.length === 0
      ? []
      : [['ATT&CK', alert.attack.map(({ tactic, technique }) => `${tactic} ${technique}`).join(', ')] as const]),
  ];
  const width = Math.max(...rows.map(([name]) => widthOf(name))) + 2;
  return rows.flatMap(([name, value]) => {
    const [first = '', ...more] = wrap(visible(value), look.width - width);
    return [padEnd(name, width) + first, ...more.map((line) => ' '.repeat(width) + line)];
  });
}

function silencedText({ silencedBy, silencedUntil }: LivedAlert): string {
  return `${silencedBy}${silencedUntil === null ? '' : `, until ${second(silencedUntil)} UTC`}`;
}

/** A part with a heading; nothing if it is empty. What a line goes on with stands further in. */
function list(title: string, items: readonly string[], look: Look): string[] {
  const lines = items.flatMap((item) => {
    const [first = '', ...more] = wrap(visible(item), look.width - 4);
    return [`  ${first}`, ...more.map((line) => `    ${line}`)];
  });
  return lines.length === 0 ? [] : [`${title} (${items.length})`, ...lines];
}

function minute(iso: string): string {
  return visible(iso.slice(0, 16).replace('T', ' '));
}

function second(iso: string): string {
  return visible(iso.slice(0, 19).replace('T', ' '));
}
