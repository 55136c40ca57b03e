import type { Look } from './context.ts';
import { accountName } from './phrases.ts';
import { indented, listText, numberText, padEnd, plural, visible, widthOf } from './text.ts';

/** An exception or silence of a running service. */
export interface KeptBack {
  readonly name: string;
  readonly spec: {
    readonly match: Readonly<Record<string, unknown>>;
    readonly owner: string;
    readonly reason: string;
    readonly expires?: string | undefined;
    readonly from?: string | undefined;
    readonly until?: string | undefined;
    readonly weekly?: readonly unknown[] | undefined;
  };
  readonly origin: string;
  readonly isInForce: boolean;
  readonly kept: number;
}

/** On a first line its name, state and end; below it what it asks for, and why. */
export function tuningTable(items: readonly KeptBack[], look: Look): string {
  const rows = items.map(({ name, spec, origin, isInForce, kept }) => [
    visible(name),
    isInForce ? 'in force' : 'at rest',
    origin,
    numberText(kept),
    visible(spec.expires ?? spec.until ?? 'never'),
  ]);
  const head = ['NAME', 'STATE', 'FROM', 'KEPT', 'ENDS'];
  const widths = head.map((title, at) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[at]!))));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => padEnd(cell, widths[at]!))
      .join('  ')
      .trimEnd();
  const told = items.flatMap(({ spec }, at) => [
    line(rows[at]!),
    ...indented(visible(matchText(spec)), look.width, 4),
    ...indented(`${visible(spec.reason)} (${visible(spec.owner)})`, look.width, 4),
  ]);
  return `${[line(head), ...told].join('\n')}\n`;
}

function matchText({ match, weekly }: KeptBack['spec']): string {
  const asked = Object.entries(match).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const said = asked.map(([name, value]) => `${name}: ${valueText(value)}`);
  return [...said, ...(weekly === undefined ? [] : [`weekly: ${weekly.map(weeklyText).join('; ')}`])].join(', ');
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value))
    return Object.entries(value as object)
      .map(([name, one]) => `${name}=${valueText(one)}`)
      .join(' ');
  return value.every((one) => typeof one === 'string') ? listText(value, 5) : value.map(weeklyText).join('; ');
}

function weeklyText(weekly: unknown): string {
  const {
    days,
    from = '00:00',
    to = '00:00',
    zone = 'UTC',
  } = weekly as {
    readonly days?: readonly string[];
    readonly from?: string;
    readonly to?: string;
    readonly zone?: string;
  };
  return `${days === undefined ? 'every day' : days.join(' ')} ${from} to ${to} ${zone}`;
}

export interface Previewed {
  readonly asked: number;
  readonly count: number;
  readonly open: number;
  readonly alerts: readonly {
    readonly id: string;
    readonly rule: string;
    readonly level: string;
    readonly account: string | null;
    readonly firstSeen: string;
  }[];
  readonly warnings: readonly string[];
}

/** What it would have kept back. */
export function previewText({ asked, count, open, alerts, warnings }: Previewed, look: Look): string {
  const rows = alerts.slice(0, 20).map(({ id, level, firstSeen, rule, account }) => {
    const when = visible(firstSeen.slice(0, 16).replace('T', ' '));
    return `  ${visible(id.slice(0, 8))}  ${when}  ${visible(level)}  ${visible(rule)}  ${accountName(account)}`;
  });
  const more = count - rows.length;
  return `${[
    `It would keep back ${numberText(count)} of ${plural(asked, 'stored alert')}, ${numberText(open)} of them open.`,
    ...rows,
    ...(more > 0 ? [`  and ${numberText(more)} more`] : []),
    ...warnings.flatMap((one) => indented(`warning: ${visible(one)}`, look.width, 0)),
  ].join('\n')}\n`;
}
