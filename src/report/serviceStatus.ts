import type { Look } from './context.ts';
import { painter } from './style.ts';
import { durationText, numberText, padEnd, plural, visible, widthOf, wrap } from './text.ts';

/** How a running service is. */
export interface ServiceStatus {
  readonly version: string;
  readonly startedAt: string;
  readonly ready: boolean;
  readonly why: string | null;
  readonly sources: readonly {
    readonly name: string;
    readonly type: string;
    readonly state: string;
    readonly why: string | null;
    readonly lagSeconds: number | null;
    readonly lastRecordAt: string | null;
    readonly accepted: number;
    readonly rejected: number;
  }[];
  readonly alerts: { readonly open: number; readonly acknowledged: number; readonly resolved: number };
  readonly records: { readonly accepted: number; readonly rejected: number };
  readonly accounts: number;
  readonly rules: { readonly active: number; readonly disabled: number };
  readonly store: { readonly bytes: number; readonly events: number };
  readonly queue: { readonly batches: number; readonly bytes: number };
  readonly deliveries: { readonly waiting: number; readonly dead: number };
  /** Of the configuration; not in force. */
  readonly refused: readonly { readonly path: string; readonly why: string }[];
}

/** @param nowMs the reader's clock, for how long ago things were */
export function statusText(status: ServiceStatus, url: string, nowMs: number, look: Look): string {
  const paint = painter(look.colour);
  const { alerts, records, rules, store, queue, deliveries } = status;
  const state = status.ready ? 'ready' : paint(`not ready: ${visible(status.why ?? 'it does not say why')}`, 'red');
  const rows: readonly (readonly [string, string])[] = [
    [
      'Alerts',
      `${numberText(alerts.open)} open, ${numberText(alerts.acknowledged)} acknowledged, ${numberText(alerts.resolved)} resolved`,
    ],
    ['Records', `${numberText(records.accepted)} since the start, ${numberText(records.rejected)} rejected`],
    ['Accounts', numberText(status.accounts)],
    ['Rules', `${rules.active}${rules.disabled === 0 ? '' : `, ${rules.disabled} switched off`}`],
    ['Store', `${(store.bytes / 1e6).toFixed(1)} MB, ${plural(store.events, 'event')}`],
    [
      'Waiting',
      `${plural(queue.batches, 'batch', 'batches')} to be stored, ${plural(deliveries.waiting, 'message')} to be sent${deliveries.dead === 0 ? '' : `, ${plural(deliveries.dead, 'message')} given up`}`,
    ],
  ];
  const lines = [
    `cosmowatch ${visible(status.version)} at ${url}: ${state}`,
    `Up for ${durationText((nowMs - Date.parse(status.startedAt)) / 1000)}`,
    '',
    ...rows.flatMap(([name, value]) => row(name, value, look.width)),
    '',
    plural(status.sources.length, 'source'),
    ...status.sources.flatMap((one) => sourceLines(one, nowMs, look)),
    ...refusedLines(status.refused, look),
  ];
  return `${lines.join('\n')}\n`;
}

function refusedLines(refused: ServiceStatus['refused'], look: Look): string[] {
  if (refused.length === 0) return [];
  const paint = painter(look.colour);
  return [
    '',
    `${plural(refused.length, 'part')} of the configuration ${refused.length === 1 ? 'is' : 'are'} not in force`,
    ...refused.flatMap(({ path, why }) => [
      `  ${paint(visible(path), 'yellow')}`,
      ...wrap(visible(why), look.width - 4).map((one) => `    ${one}`),
    ]),
  ];
}

const NAME = 10;

function row(name: string, value: string, width: number): string[] {
  const [first = '', ...more] = wrap(value, width - NAME);
  return [padEnd(name, NAME) + first, ...more.map((line) => ' '.repeat(NAME) + line)];
}

function sourceLines(source: ServiceStatus['sources'][number], nowMs: number, look: Look): string[] {
  const paint = painter(look.colour);
  const name = `${visible(source.name)} (${visible(source.type)})`;
  const last =
    source.lastRecordAt === null
      ? 'nothing yet'
      : `last heard of ${durationText((nowMs - Date.parse(source.lastRecordAt)) / 1000)} ago`;
  const parts = [
    source.state === 'running' ? 'running' : paint(visible(source.state), source.state === 'failed' ? 'red' : 'yellow'),
    `${numberText(source.accepted)} accepted`,
    ...(source.rejected === 0 ? [] : [`${numberText(source.rejected)} rejected`]),
    last,
    ...(source.lagSeconds === null ? [] : [`${durationText(source.lagSeconds)} behind`]),
  ];
  const line = `  ${name}  ${parts.join(', ')}`;
  const fits = widthOf(line) <= look.width || look.colour;
  const told = fits ? [line] : [`  ${name}`, ...wrap(parts.join(', '), look.width - 4).map((one) => `    ${one}`)];
  const why = source.why === null ? [] : wrap(visible(source.why), look.width - 4).map((one) => `    ${one}`);
  return [...told, ...why];
}
