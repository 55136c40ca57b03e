import type { HistoryEntry, StoredAlert } from '../../alerts/stored.ts';
import type { AlertTrail } from '../../api/contract.ts';
import { DEFAULT_FOLD, type Rule } from '../../ir/ir.ts';
import { printDuration } from '../../lib/duration.ts';
import { isoOf } from '../../lib/iso.ts';
import type { DeliveryEntry } from '../../notify/ports.ts';
import type { Routing } from '../../notify/route.ts';
import { durationText, listText, plural } from '../../report/text.ts';
import type { StepRow } from '../../store/marks.ts';

type Item = AlertTrail['items'][number];

/** What is known of how an alert was decided, beside itself. */
export interface TrailParts {
  /** Null: there is no such rule any more. */
  readonly rule: Rule | null;
  readonly steps: readonly StepRow[];
  /** As the routes are now. */
  readonly routing: Routing;
  readonly deliveries: readonly DeliveryEntry[];
}

/** How it was decided what an alert is and who is told, in the order of the decisions. */
export function trailOf(stored: StoredAlert, { rule, steps, routing, deliveries }: TrailParts): readonly Item[] {
  const opened = isoOf(stored.createdAt);
  return [
    { at: opened, step: 'matched', text: matchedText(stored) },
    { at: opened, step: 'levelled', text: levelText(stored) },
    { at: opened, step: 'folded', text: foldText(stored, rule) },
    ...stored.history.flatMap(grown),
    ...frozen(stored, opened),
    ...steps.map(({ at, step, text }) => ({ at: isoOf(at), step, text })),
    ...routed(stored, routing),
    ...deliveries.map(delivered),
  ];
}

function matchedText({ alert, detail }: StoredAlert): string {
  const { file, line } = detail.rule.place;
  const where = `${alert.rule} (${file}:${line})`;
  if (detail.silence !== null) return `${where}: no record for more than ${durationText(detail.silence.hours * 3600)}`;
  const holds = detail.holds.map((name) => name.replace(/^_/, '').replaceAll('_', ' '));
  return `${where}${holds.length === 0 ? '' : `; of it holds: ${listText(holds, 5)}`}`;
}

function levelText({ alert, detail: { levelWhy, rule } }: StoredAlert): string {
  if (alert.levelReason !== null && alert.routine !== null) return `${alert.level}: ${alert.levelReason}`;
  const tuned = alert.levelReason === null ? '' : `; ${alert.levelReason}`;
  if (levelWhy === null)
    return alert.level === rule.level ? `${alert.level}: the rule's own level${tuned}` : `${alert.level}${tuned}`;
  return `${alert.level} because of ${levelWhy.when.replace(/^_/, '').replaceAll('_', ' ')} (line ${levelWhy.line} of the rule)${tuned}`;
}

function foldText({ alert }: StoredAlert, rule: Rule | null): string {
  const fields = Object.keys(alert.key);
  const same = fields.length === 0 ? 'actions' : `actions with the same ${listText(fields, 4)}`;
  const gap = rule?.kind === 'detection' ? `, at most ${printDuration((rule.fold ?? DEFAULT_FOLD).gap)} apart,` : '';
  return `${plural(alert.count, 'action')} so far: ${same}${gap} make one alert`;
}

/** What came to it later. */
function grown({ at, what, by, why }: HistoryEntry): Item[] {
  if (by !== null || (what !== 'grown' && what !== 'amended')) return [];
  if (/^(?:told now|not kept back)/.test(why)) return [];
  return [{ at: isoOf(at), step: /(?:^|; )level \w+ became/.test(why) ? 'levelled' : 'folded', text: why }];
}

/** What was decided once, from what was known then. */
function frozen({ alert }: StoredAlert, opened: string): Item[] {
  const routine: string | null = alert.routine;
  const levelReason: string | null = alert.levelReason;
  const story: string | null = alert.story;
  return [
    ...(routine === null ? [] : [{ at: opened, step: 'routine', text: `part of the routine ${routine}` } as const]),
    ...(levelReason === null ? [] : [{ at: opened, step: 'levelled', text: levelReason } as const]),
    ...(story === null ? [] : [{ at: opened, step: 'story', text: `part of the story of ${story}` } as const]),
  ];
}

function routed({ marks }: StoredAlert, { decisions, looked }: Routing): Item[] {
  const step = 'routed';
  const isKept = marks !== null;
  const kept = isKept ? 'when nothing keeps it back: ' : '';
  if (decisions.length > 0)
    return decisions.map(({ receiver, path, why }) => ({
      at: null,
      step,
      text: `${kept}to ${receiver} by ${path}: ${why}`,
    }));
  const last = looked.at(-1);
  const why = last === undefined ? 'there are no routes' : `no route takes it; ${last.path}: ${last.why}`;
  return [{ at: null, step, text: `to nobody: ${why}` }];
}

function delivered({ kind, receiver, state, queuedAt, attempts }: DeliveryEntry): Item {
  const last = attempts.at(-1);
  const why = last?.reason == null ? '' : `: ${last.reason}`;
  return { at: isoOf(last?.at ?? queuedAt), step: 'delivered', text: `${kind} to ${receiver}: ${state}${why}` };
}
