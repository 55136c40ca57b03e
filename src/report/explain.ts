import { commandLines } from './command.ts';
import type { Look, ToldAlert } from './context.ts';
import { nameOf } from './phrases.ts';
import { stepsOf } from './steps.ts';
import { impactOf, storyOf } from './story.ts';
import { levelText, painter } from './style.ts';
import { capital, durationText, indented, listText, padEnd, plural, visible, widthOf, wrap } from './text.ts';
import { firstsText, levelReasonText } from './tuned.ts';
import { valueText } from './values.ts';

/** One alert whole: what changed, why it fired, how the caller is known, the records, what to do. */
export function explainOf({ alert, raised }: ToldAlert, look: Look): string {
  const paint = painter(look.colour);
  const name = nameOf(raised);
  const head = `${levelText(alert.level, paint)}  ${capital(storyOf(raised).what)}`;
  const gap = look.width - alert.level.length - 2 - widthOf(storyOf(raised).what) - widthOf(name);
  const title = gap < 2 ? [head, `${' '.repeat(alert.level.length + 2)}${name}`] : [`${head}${' '.repeat(gap)}${name}`];
  const sections: string[][] = [
    [...title, ...wrap(alert.reason, look.width), ...exceptedLines(alert)],
    changes(raised, look.width),
    why(raised, look.width),
    caller({ alert, raised }, look.width),
    records(raised, look.width),
    steps(raised, look),
    ['Why it matters', ...indented(impactOf(raised), look.width)],
    raised.detail.rule.falsePositives.length === 0
      ? []
      : ['Usually harmless', ...raised.detail.rule.falsePositives.flatMap((text) => indented(`- ${text}`, look.width))],
    attack({ alert, raised }),
    [`Full id  ${alert.id}`],
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

function exceptedLines({ exception }: ToldAlert['alert']): string[] {
  return exception === undefined ? [] : [`Covered by the exception ${visible(exception)}`];
}

function timeOf(micros: number): string {
  return new Date(micros / 1000).toISOString().slice(11, 19);
}

function changes({ detail }: ToldAlert['raised'], width: number): string[] {
  if (detail.changes.length === 0) return [];
  const lines = detail.changes.flatMap(({ time, change }) => {
    const text = `${change.property}   ${valueText(change.before)} -> ${valueText(change.after)}`;
    const exposure = change.exposure === null ? '' : `, now open to ${EXPOSED[change.exposure]}`;
    const [first = '', ...rest] = wrap(text, width - 12);
    return [
      `  ${timeOf(time)}  ${first}`,
      ...rest.map((line) => ' '.repeat(12) + line),
      `            ${EFFECTS[change.effect]}${exposure}`,
    ];
  });
  return ['What changed', ...lines];
}

const EXPOSED = {
  none: 'nobody from outside',
  ranges: 'the listed ranges',
  azure: 'all Azure customers',
  internet: 'the internet',
} as const;
const EFFECTS = {
  weakened: 'weakened',
  strengthened: 'strengthened',
  neutral: 'neither weaker nor stricter',
  unknown_before: 'what it was before is not known',
} as const;

function why({ alert, detail }: ToldAlert['raised'], width: number): string[] {
  const { levelWhy, rule } = detail;
  const tuned = levelReasonText(alert.levelReason);
  const level =
    tuned !== null && alert.level !== rule.level
      ? `level ${alert.level}, see below`
      : levelWhy === null
        ? `level ${alert.level}, the rule's own`
        : `level ${alert.level} because of ${levelWhy.when.replace(/^_/, '').replaceAll('_', ' ')} (line ${levelWhy.line} of the rule)`;
  const firsts = firstsText(detail.firsts);
  const fields = Object.keys(alert.key);
  const folded =
    detail.silence === null
      ? `${plural(alert.count, 'action')} with the same ${listText(fields, 4)} make one alert.`
      : `Silence of more than ${durationText(detail.silence.hours * 3600)} is one alert.`;
  return [
    'Why the rule fired',
    ...indented(`${alert.rule}, ${level}.`, width),
    ...indented(`${visible(rule.place.file)}:${rule.place.line}`, width),
    ...indented(folded, width),
    ...(tuned === null ? [] : indented(`${tuned}.`, width)),
    ...(firsts === null ? [] : indented(`New here: ${firsts}.`, width)),
  ];
}

function caller({ alert, raised }: ToldAlert, width: number): string[] {
  if (alert.caller === null) return [];
  const { candidates } = raised.detail;
  const text = {
    exact: 'exact: the activity id of one log is the clientRequestId in the Activity Log',
    likely: 'likely: the only matching action in the Activity Log within 10 minutes',
    unknown: `unknown: no record of the Activity Log matches alone${candidates.length === 0 ? '' : `; candidates: ${listText(candidates.map(visible), 5)}`}`,
  }[alert.caller];
  return ['How the caller is known', ...indented(text, width)];
}

function records({ alert, detail }: ToldAlert['raised'], width: number): string[] {
  if (alert.evidence.length === 0) return [];
  const lines = alert.evidence.map((evidence, at) => {
    const { source, line } = detail.positions[at]!;
    const head = `  ${evidence.time.slice(11, 19)}  ${padEnd(evidence.family, 21)} ${padEnd(evidence.outcome, 8)} `;
    const place = `${visible(source)}:${line}`;
    return widthOf(head + place) <= width ? head + place : `${head}\n${indented(place, width, 12).join('\n')}`;
  });
  return [`Records (${alert.evidence.length})`, ...lines];
}

function steps(raised: ToldAlert['raised'], look: Look): string[] {
  const filled = stepsOf(raised);
  if (filled.length === 0) return [];
  const lines = filled.flatMap(({ text, command, note }, at) => {
    const [first = '', ...rest] = wrap(text, look.width - 5);
    const told = [`  ${at + 1}. ${first}`, ...rest.map((line) => `     ${line}`)];
    if (command !== null) told.push(...commandLines(command, look, 5));
    if (note !== null) told.push(...indented(`(${note})`, look.width, 5));
    return told;
  });
  return ['What to do now', ...lines];
}

function attack({ alert }: ToldAlert): string[] {
  const text = (list: ToldAlert['alert']['attack']) =>
    list.map(({ tactic, technique }) => `${tactic} ${technique}`).join(', ');
  if (alert.attack.length === 0 && alert.published.length === 0) return [];
  const published = alert.published.length === 0 ? '' : `   (published by the vendor: ${text(alert.published)})`;
  return [`ATT&CK  ${text(alert.attack) || 'none'}${published}`];
}
