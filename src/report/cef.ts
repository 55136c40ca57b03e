import ipaddr from 'ipaddr.js';
import type { StoredAlert } from '../alerts/stored.ts';
import type { Level } from '../ir/ir.ts';
import { VERSION } from '../lib/version.ts';
import { visibleCharacters } from '../lib/visible.ts';
import type { AlertMessage } from './message.ts';
import { bounded } from './text.ts';
import { changeText } from './values.ts';

/**
 * An alert as a line of CEF, version 0: in the header `\` and `|` are escaped, in values `\` and `=`. A line has no end in it, because hidden
 * characters are made visible first. https://docs.nxlog.co/integrate/cef-logging.html has the format with its lengths.
 */
export const CEF_SEVERITIES: Readonly<Record<Level, number>> = {
  critical: 10,
  high: 8,
  medium: 5,
  low: 3,
  informational: 0,
};

/** @param told milliseconds; @param most characters of a value, at most what CEF allows it */
export function cefOf(message: AlertMessage, stored: StoredAlert, told: number, most: number): string {
  const { alert, revision } = stored;
  const [actor] = alert.actors;
  const ip = alert.sourceIps.find((one) => ipaddr.IPv4.isValidFourPartDecimal(one) || ipaddr.IPv6.isValid(one));
  const change = alert.changes.at(-1);
  const page = message.links[0]?.url;
  const values: readonly (readonly [string, string | number | null | undefined, number?])[] = [
    ['rt', told],
    ['start', Date.parse(alert.firstSeen)],
    ['end', Date.parse(alert.lastSeen)],
    ['cnt', alert.count],
    ['act', message.change],
    ['externalId', alert.id, 40],
    ['suid', actor?.id, 1023],
    ['suser', actor?.name, 1023],
    ['sourceServiceName', actor?.appName, 1023],
    ['src', ip],
    ['msg', `${message.headline}. ${message.follow ?? message.reason}`, 1023],
    ['request', page, 1023],
    ...custom('cs1', 'accountId', alert.account),
    ...custom('cs2', 'attack', alert.attack.map(({ tactic, technique }) => `${tactic}/${technique}`).join(' ')),
    ...custom('cs3', 'change', change === undefined ? null : changeText(change)),
    ...custom('cs4', 'level', alert.level),
    ...custom('cs5', 'status', alert.resolution === null ? alert.status : `${alert.status} (${alert.resolution})`),
    ...custom('cs6', 'caller', alert.caller),
    ...custom('cn1', 'revision', revision),
  ];
  return cefLine(
    alert.rule,
    alert.title,
    alert.level,
    values.map(([name, value, own = 4000]) => [name, value, Math.min(own, most)]),
  );
}

export type CefValue = readonly [name: string, value: string | number | null | undefined, most: number];

/** What is not known is left out. */
export function cefLine(id: string, name: string, level: Level, values: readonly CefValue[]): string {
  const header = ['CEF:0', 'cosmowatch', 'cosmowatch', VERSION, id, name].map((text) => headerText(text));
  const extension = values.flatMap(([key, value, most]) =>
    value === null || value === undefined || value === '' ? [] : [`${key}=${valueText(`${value}`, most)}`],
  );
  return `${[...header, CEF_SEVERITIES[level]].join('|')}|${extension.join(' ')}`;
}

function custom(key: string, label: string, value: string | number | null) {
  return value === null || value === '' ? [] : ([[`${key}Label`, label] as const, [key, value] as const] as const);
}

function headerText(text: string): string {
  return bounded(visibleCharacters(text), 200).replace(/[\\|]/g, '\\$&');
}

function valueText(text: string, most: number): string {
  const shown = visibleCharacters(text);
  // What says how much is missing has to fit as well.
  return (shown.length <= most ? shown : bounded(shown, most - 30)).replace(/[\\=]/g, '\\$&');
}
