import type { Raised } from '../../alerts/alert.ts';
import { isoOf } from '../../alerts/raise.ts';
import { SECOND } from '../../events/event.ts';
import { armPath, belowAccount } from '../../events/resource.ts';
import type { Json } from '../../lib/json.ts';
import { nameOf, sentence, spanOf, whenOf } from '../phrases.ts';
import { capital, durationText, listText, plural, timeText, visible } from '../text.ts';
import type { Story } from './story.ts';

const SUMS: ReadonlyMap<string, string> = new Map([
  ['DataPlaneRequests5M', '5-minute'],
  ['DataPlaneRequests15M', '15-minute'],
]);

export function itemDeleted(raised: Raised): Story {
  const { alert, detail } = raised;
  const sum = detail.facts.map(({ family }) => SUMS.get(family)).find((text) => text !== undefined);
  const items = `${sum === undefined ? '' : 'about '}${plural(alert.count, 'item')}`;
  const when = alert.firstSeen === alert.lastSeen ? `at ${timeText(alert.firstSeen, alert.firstSeen)}` : spanOf(alert);
  const isNamed = detail.facts[0]?.fields['cosmosdb.container'] !== undefined;
  return {
    what: `${items} deleted`,
    amount: items,
    reason: sentence(
      raised,
      isNamed ? `${capital(items)} ${deletedFrom(raised)}` : `${unnamedItems(raised, items)} deleted`,
      when,
      isNamed ? [] : ['this log does not say which'],
      sum === undefined ? '' : `by the ${sum} totals`,
    ),
  };
}

/** `were deleted from shop/carts of orders-prod`. */
function deletedFrom(raised: Raised): string {
  const { 'cosmosdb.database': database, 'cosmosdb.container': container } = raised.detail.facts[0]!.fields;
  const place = visible(database === undefined ? `${container}` : `${database}/${container}`);
  return `${raised.alert.count === 1 ? 'was' : 'were'} deleted from ${place} of ${nameOf(raised)}`;
}

/** `An item of orders-prod was`. */
function unnamedItems(raised: Raised, items: string): string {
  if (raised.alert.count === 1) return `An item of ${nameOf(raised)} was`;
  return `${capital(items)} of ${nameOf(raised)} were`;
}

const WORDS: Readonly<Record<string, string>> = {
  mongodb: 'collection',
  cassandra: 'table',
  gremlin: 'graph',
  table: 'table',
};

export function multipleTablesCreated(raised: Raised): Story {
  const { alert } = raised;
  const things = plural(alert.count, WORDS[`${apiOf(raised)}`] ?? 'container');
  const first = firstOf(raised);
  const minutes = Math.max(1, Math.ceil((Date.parse(alert.lastSeen) - Date.parse(first)) / 60_000));
  return {
    what: `${things} created in ${durationText(minutes * 60)}`,
    amount: things,
    reason: sentence(
      raised,
      `${things} were created in ${nameOf(raised)} (${namesText(raised)})`,
      spanOf({ firstSeen: first, lastSeen: alert.lastSeen }),
    ),
  };
}

/** The one API of all that was created; null: several, or it is not known of all. */
export function apiOf({ alert, detail }: Raised): Json {
  const told = detail.facts.map(({ fields }) => fields['cosmosdb.api'] ?? null);
  const written = alert.targets.flatMap((target) => armPath(belowAccount(target)).api ?? []);
  const apis = new Set<Json>([...told, ...written]);
  return apis.size === 1 ? [...apis][0]! : null;
}

/** `database shop: c0, c1 and 2 more`, in the spelling of the log where it is known. */
function namesText({ detail }: Raised): string {
  const spelled = new Map(
    detail.facts.map(({ fields }) => {
      const { 'cosmosdb.database': database, 'cosmosdb.container': container } = fields;
      const path = database === undefined ? `${container}` : `${database}/${container}`;
      return [path.toLowerCase(), path];
    }),
  );
  const paths = detail.values.map((value) => visible(spelled.get(value) ?? value));
  const databases = new Map(paths.map((path) => databaseIn(path)).map((name) => [name.toLowerCase(), name]));
  const [database = ''] = databases.values();
  if (databases.size !== 1 || database === '') return listText(paths, 2);
  const names = paths.map((path) => path.slice(database.length + 1));
  return `database ${database}: ${listText(names, 2)}`;
}

function databaseIn(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}

/** The window begins before the alert: with the first creation that counts. */
function firstOf({ alert, detail }: Raised): string {
  const first = detail.facts[0];
  return first === undefined ? alert.firstSeen : isoOf(Math.floor(first.time / SECOND));
}

export function noLogs(raised: Raised): Story {
  const { alert, detail } = raised;
  const { silence } = detail;
  const source = alert.key['source.name'];
  if (typeof source === 'string') return silentSource(raised, source);
  const from = silence?.last == null ? null : isoOf(Math.floor(silence.last / SECOND));
  const seconds =
    (Date.parse(alert.lastSeen) - (from === null ? Date.parse(alert.firstSeen) : Date.parse(from))) / 1000;
  const hours = silence?.hours ?? 4;
  const name = nameOf(raised);
  const after =
    from === null
      ? `No logs of ${name}, which is declared, have come`
      : `No logs of ${name} arrived after ${timeText(from, alert.firstSeen)} for ${durationText(seconds)}`;
  const [end, sentenceEnd] = ENDS[silence?.ended ?? 'none'];
  const ended = sentenceEnd === '' ? '' : `; ${sentenceEnd} ${timeText(alert.lastSeen, alert.firstSeen)}`;
  return {
    what: `no logs for ${Math.max(hours, Math.floor(seconds / 3600))} hours`,
    amount: `${durationText(seconds)}${end}`,
    reason: `${after}${touchedText(raised)}${ended}.`,
  };
}

/** Nothing is known of the accounts whose logs a source brings while it gives none. */
function silentSource({ alert, detail: { silence } }: Raised, source: string): Story {
  const from = isoOf(Math.floor((silence?.last ?? 0) / SECOND));
  const lasted = durationText((Date.parse(alert.lastSeen) - Date.parse(from)) / 1000);
  const end = alert.status === 'resolved' ? `; it goes on since ${timeText(alert.lastSeen, alert.firstSeen)}` : '';
  return {
    what: `source ${visible(source)} has given nothing for ${lasted}`,
    amount: lasted,
    reason: `Source ${visible(source)} has given nothing after ${timeText(from, alert.firstSeen)} for ${lasted}, so nothing is known of the accounts whose logs it brings${end}.`,
  };
}

/** How a silence ended: short, and in the sentence. */
const ENDS = {
  logs_again: [', logs again', 'logs again since'],
  account_deleted: [', then deleted', 'the account was deleted at'],
  none: ['', ''],
} as const;

function touchedText(raised: Raised): string {
  const touched = raised.detail.silence?.touched ?? [];
  const last = touched.at(-1);
  if (last === undefined) return '';
  const what =
    last.action.startsWith('azure.diagnostic_setting') || last.action.startsWith('cosmosdb.')
      ? 'its diagnostic setting was'
      : 'the place its logs go to was';
  const verb = last.action.endsWith('.delete') ? 'deleted' : 'changed';
  const time = isoOf(Math.floor(last.time / SECOND));
  const by = last.actor?.name ?? last.actor?.id;
  return `; ${what} ${verb} at ${timeText(time, raised.alert.firstSeen)}${by == null ? '' : ` by ${visible(by)}`}`;
}

/** A rule that has no words of its own: its title, how often, who. */
export function anyRule(raised: Raised): Story {
  const { alert } = raised;
  return {
    what: lowerFirst(visible(alert.title)),
    amount: plural(alert.count, 'time'),
    reason: sentence(raised, `${visible(alert.title)} on ${nameOf(raised)}`, whenOf(raised, null)),
  };
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;
}
