import type { Raised } from '../../alerts/alert.ts';
import { isoOf } from '../../alerts/raise.ts';
import { SECOND } from '../../events/event.ts';
import { accountName, sentence, spaced, spanOf, whenOf } from '../phrases.ts';
import { durationText, listText, plural, timeText, visible } from '../text.ts';
import type { Story } from './story.ts';

export function itemDeleted(raised: Raised): Story {
  const { alert, detail } = raised;
  const container = detail.facts[0]?.fields['cosmosdb.container'];
  const database = detail.facts[0]?.fields['cosmosdb.database'];
  const place = spaced(
    container === undefined
      ? ''
      : `from ${visible(database === undefined ? `${container}` : `${database}/${container}`)}`,
    `of ${accountName(alert.account)}`,
  );
  const isOne = alert.count === 1;
  const subject = isOne ? `1 item was deleted ${place}` : `${plural(alert.count, 'item')} were deleted ${place}`;
  const when = alert.firstSeen === alert.lastSeen ? `at ${timeText(alert.firstSeen, alert.firstSeen)}` : spanOf(alert);
  return {
    what: `${plural(alert.count, 'item')} deleted`,
    amount: plural(alert.count, 'item'),
    reason: sentence(raised, subject, when),
  };
}

const WORDS: Readonly<Record<string, string>> = {
  mongodb: 'collection',
  cassandra: 'table',
  gremlin: 'graph',
  table: 'table',
};

export function multipleTablesCreated(raised: Raised): Story {
  const { alert, detail } = raised;
  const api = detail.facts.find((fact) => fact.fields['cosmosdb.api'] !== undefined)?.fields['cosmosdb.api'];
  const word = WORDS[`${api}`] ?? 'container';
  const names = detail.values.map((value) => visible(value));
  const seconds =
    (Date.parse(alert.lastSeen) -
      Math.min(...detail.facts.map((fact) => fact.time / 1000), Date.parse(alert.firstSeen))) /
    1000;
  return {
    what: `${plural(alert.count, word)} created in ${durationText(Math.max(1, Math.ceil(seconds / 60)) * 60)}`,
    amount: plural(alert.count, word),
    reason: sentence(
      raised,
      `${plural(alert.count, word)} were created in ${accountName(alert.account)} (${listText(names, 2)})`,
      spanOf({ firstSeen: firstOf(raised), lastSeen: alert.lastSeen }),
    ),
  };
}

/** The window begins before the alert: with the first creation that counts. */
function firstOf({ alert, detail }: Raised): string {
  const first = detail.facts[0];
  return first === undefined ? alert.firstSeen : isoOf(Math.floor(first.time / SECOND));
}

export function noLogs(raised: Raised): Story {
  const { alert, detail } = raised;
  const { silence } = detail;
  const from = silence?.last == null ? null : isoOf(Math.floor(silence.last / SECOND));
  const seconds =
    (Date.parse(alert.lastSeen) - (from === null ? Date.parse(alert.firstSeen) : Date.parse(from))) / 1000;
  const hours = silence?.hours ?? 4;
  const name = accountName(alert.account);
  const after =
    from === null
      ? `No logs of ${name}, which is declared, have come`
      : `No logs of ${name} arrived after ${timeText(from, alert.firstSeen)} for ${durationText(seconds)}`;
  const again = silence?.ongoing === false ? `; logs again since ${timeText(alert.lastSeen, alert.firstSeen)}` : '';
  return {
    what: `no logs for ${Math.max(hours, Math.floor(seconds / 3600))} hours`,
    amount: silence?.ongoing === false ? `${durationText(seconds)}, logs again` : durationText(seconds),
    reason: `${after}${touchedText(raised)}${again}.`,
  };
}

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
    reason: sentence(raised, `${visible(alert.title)} on ${accountName(alert.account)}`, whenOf(raised, null)),
  };
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;
}
