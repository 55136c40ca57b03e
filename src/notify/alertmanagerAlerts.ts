import type { AlertNews, StoredAlert } from '../alerts/stored.ts';
import { visibleCharacters } from '../lib/visible.ts';
import { accountName, groupOf, whoOf } from '../report/phrases.ts';
import { stepsOf } from '../report/steps.ts';
import { headlineOf, impactOf } from '../report/story.ts';
import { listText, plural, visible } from '../report/text.ts';
import { changeText } from '../report/values.ts';
import { countsOf, highestOf } from './counts.ts';
import { lifeText } from './heartbeat.ts';
import type { Level } from './levels.ts';
import type { Links, NoticeText, SignOfLife } from './receiver.ts';

/** A `postableAlert` of Alertmanager's API v2. */
export interface Firing {
  /** Its identity: only names of Azure and of ours, never a caller or an address. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

const MINUTE = 60_000;
/** So long an alert goes on firing without us: our death resolves nothing at once. */
const HOLDS = 60 * MINUTE;
/** The one that always fires stops so long after our last sign. */
const LIFE_HOLDS = 15 * MINUTE;
/** Characters of an annotation. */
const LONGEST = 4000;

/** @param level the one that it fires with: an older one is ended under its own labels. @param now milliseconds */
export function firingOf(stored: StoredAlert, level: Level, links: Links, now: number): Firing {
  const { alert, detail } = stored;
  const isOver = alert.status === 'resolved';
  const who = whoOf({ alert, detail });
  return {
    labels: filled({
      alertname: alert.rule,
      severity: level,
      // As the id spells it: a spelling that is learnt later would make it another alert.
      account: alert.account === null ? '' : accountName(alert.account),
      resource_group: groupOf(alert.account) ?? '',
      subscription: stored.subscription ?? '',
      alert_id: alert.id,
    }),
    annotations: filled({
      summary: headlineOf({ alert, detail }),
      description: alert.reason,
      who: (who.name || who.unknown).replace(/^by /, ''),
      source_ip: listText(alert.sourceIps.map(visible), 5),
      count: String(alert.count),
      change: alert.changes.length === 0 ? '' : changeText(alert.changes.at(-1)!),
      status: statusText(stored),
      why: impactOf({ alert, detail }),
      steps: stepsOf({ alert, detail })
        .map(({ text, command }, at) => `${at + 1}. ${text}${command === null ? '' : ` ${command}`}`)
        .join('\n'),
    }),
    ...times(Math.min(Date.parse(alert.firstSeen), now), isOver ? now : now + HOLDS),
    ...(links.console === null ? {} : { generatorURL: links.console }),
  };
}

function statusText({ alert }: StoredAlert): string {
  return alert.status === 'resolved' ? `resolved (${alert.resolution ?? 'ended'})` : alert.status;
}

export function floodFiring(news: readonly AlertNews[], id: string, links: Links, now: number): Firing {
  const { rules, accounts, levels, alerts } = countsOf(news);
  const level = highestOf(levels.map(({ name }) => name)) ?? 'low';
  const shown = (of: typeof rules): string =>
    listText(
      of.map(({ name, count }) => `${accountName(name)} ${count}`),
      5,
    );
  return {
    labels: { alertname: 'cosmowatch_flood', severity: level, flood: id },
    annotations: filled({
      summary: `[${level}] ${plural(alerts, 'alert')} held back`,
      description: `${shown(rules)}; ${shown(accounts)}. All are stored and listed; critical alerts are never held back.`,
    }),
    ...times(now, now + HOLDS),
    ...(links.console === null ? {} : { generatorURL: links.console }),
  };
}

/** Ends with what it is about, or after an hour in which it was not told again. */
export function noticeFiring(
  { kind, level, title, text, lines, about, isOver }: NoticeText,
  links: Links,
  now: number,
): Firing {
  return {
    labels: { alertname: `cosmowatch_${kind}`, severity: level ?? 'none', about },
    annotations: filled({ summary: title, description: [text, ...lines].join('\n') }),
    ...times(now, isOver ? now : now + HOLDS),
    ...(links.console === null ? {} : { generatorURL: links.console }),
  };
}

export function testFiring(by: string, id: string, now: number): Firing {
  return {
    labels: { alertname: 'cosmowatch_test', severity: 'none', test: id },
    annotations: filled({
      summary: '[test] cosmowatch can reach this Alertmanager',
      description: `Sent by ${visible(by)}. Nothing happened; nothing to do.`,
    }),
    ...times(now, now + MINUTE),
  };
}

/** Fires as long as we live: a rule over there tells when it stops. */
export function heartbeatFiring(alive: SignOfLife, links: Links, now: number): Firing {
  return {
    labels: { alertname: 'cosmowatch_heartbeat', severity: 'none' },
    annotations: filled({
      summary: 'cosmowatch is alive. This alert must never stop: alarm when it does.',
      description: `${lifeText(alive)}.`,
    }),
    ...times(now, now + LIFE_HOLDS),
    ...(links.console === null ? {} : { generatorURL: links.console }),
  };
}

function times(start: number, end: number): Pick<Firing, 'startsAt' | 'endsAt'> {
  return { startsAt: new Date(start).toISOString(), endsAt: new Date(end).toISOString() };
}

/** Without what is empty, which Alertmanager does not take as a label; made harmless, and cut. */
function filled(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => {
      const lines = text.split('\n').map(visibleCharacters).join('\n');
      return text === ''
        ? []
        : [[name, lines.length <= LONGEST ? lines : `${lines.slice(0, LONGEST - 4).toWellFormed()} ...`]];
    }),
  );
}
