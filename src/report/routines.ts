import type { Look } from './context.ts';
import { accountName } from './phrases.ts';
import { painter } from './style.ts';
import { cutMiddle, indented, listText, padEnd, plural, visible, wrap } from './text.ts';

/** A routine as a service tells it. */
export interface ToldRoutine {
  readonly id: string;
  readonly rule: string;
  readonly account: string;
  readonly caller: { readonly id: string; readonly name: string };
  readonly what: Readonly<Record<string, unknown>>;
  readonly state: 'learning' | 'open' | 'closed';
  readonly count: number;
  readonly days: number;
  readonly about: string;
  readonly addresses: readonly string[];
  readonly applications: readonly string[];
  readonly firstSeen: string;
  readonly lastSeen: string;
}

const [ID, STATE, LAST] = [10, 10, 18];

/** Routines as a table: on a first line when and where, below it who does what how often. At most `width` columns. */
export function routineTable(routines: readonly ToldRoutine[], look: Look): string {
  const paint = painter(look.colour);
  const room = look.width - ID - STATE - LAST;
  const head = `${padEnd('ID', ID)}${padEnd('STATE', STATE)}${padEnd('LAST (UTC)', LAST)}ACCOUNT`;
  const rows = routines.flatMap((routine) => [
    `${paint(visible(routine.id.slice(0, 8)), 'dim')}  ${padEnd(routine.state, STATE)}${padEnd(minute(routine.lastSeen), LAST)}${cutMiddle(accountName(routine.account), Math.max(8, room))}`,
    ...indented(sentenceOf(routine), look.width, ID),
  ]);
  return `${[head, ...rows].join('\n')}\n`;
}

/** `cosmosdb_access_keys_viewed by Terraform: 27 times on 27 days, about 04:00` */
function sentenceOf({ rule, caller, count, days, about, state, what }: ToldRoutine): string {
  const times = `${plural(count, 'time')} on ${plural(days, 'day')}`;
  const of = Object.values(what).filter((value) => typeof value === 'string');
  const on = of.length === 0 ? '' : ` (${of.map((value) => visible(value as string)).join(', ')})`;
  return `${visible(rule)}${on} by ${visible(caller.name)}: ${times}${state === 'learning' ? '' : `, ${about}`}`;
}

/** One routine whole. */
export function routineText(
  routine: ToldRoutine & { readonly alerts: readonly { readonly id: string; readonly firstSeen: string }[] },
  look: Look,
): string {
  const from = routine.addresses.map((one) => (one === '' ? 'not known' : visible(one)));
  const withWhat = routine.applications.map((one) => (one === '' ? 'not known' : visible(one)));
  const lines = [
    ...wrap(sentenceOf(routine), look.width),
    `State         ${routine.state}`,
    `Account       ${visible(routine.account)}`,
    `Since         ${minute(routine.firstSeen)} UTC, last ${minute(routine.lastSeen)}`,
    `From          ${from.length === 0 ? 'nowhere often enough' : listText(from, 8)}`,
    `Applications  ${withWhat.length === 0 ? 'none often enough' : listText(withWhat, 8)}`,
    '',
    `Alerts (the newest ${routine.alerts.length})`,
    ...routine.alerts.map(({ id, firstSeen }) => `  ${minute(firstSeen)}  ${visible(id)}`),
    '',
    `Full id  ${visible(routine.id)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function minute(iso: string): string {
  return visible(iso).slice(0, 16).replace('T', ' ');
}
