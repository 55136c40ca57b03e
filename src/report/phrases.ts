import type { AlertActor, Raised } from '../alerts/alert.ts';
import { listText, plural, timeText, visible } from './text.ts';

/** The blocks that every sentence is built of: who, from where, when, how sure. */

export function accountName(account: string | null): string {
  return account === null ? 'no known account' : visible(account.split('/').at(-1)!);
}

/** The name of an alert's account in the spelling of the logs. */
export function nameOf({ alert, detail }: Raised): string {
  return accountName(detail.spelled ?? alert.account);
}

/** The resource group that an id names, as it spells it; null: it names none. */
export function groupOf(id: string | null): string | null {
  return /\/resourcegroups\/([^/]+)/i.exec(id ?? '')?.[1] ?? null;
}

export function actorName(actor: AlertActor): string {
  return visible(actor.name ?? actor.id ?? actor.appId ?? 'an unnamed caller');
}

/** `ops-admin@contoso.example with Azure CLI`, `the primary key`, `the managed identity app-1`. */
function actorText(actor: AlertActor): string {
  const program = actor.appName === null || actor.type === 'key' ? '' : ` with ${visible(actor.appName)}`;
  if (actor.type === 'managed_identity') return `the managed identity ${actorName(actor)}${program}`;
  return `${actorName(actor)}${program}`;
}

function fromText(ips: readonly string[]): string {
  if (ips.length === 0) return '';
  return ips.length <= 2
    ? `from ${ips.map(visible).join(' and ')}`
    : `from ${plural(ips.length, 'address', 'addresses')}`;
}

export interface Who {
  /** Behind the verb: `by X with Y from Z`, `with the primary key from Z (a key names no person)`; empty if nobody is named. */
  readonly phrase: string;
  /** A clause of its own for what is not known; empty if all is. */
  readonly unknown: string;
  /** Short, for tables: as `phrase`, without the address. */
  readonly name: string;
  readonly from: string;
}

/** `by X with Y, from Z`, as far as it is known. */
export function whoText({ name, from }: Who, unnamed = ''): string {
  return [name || unnamed, from].filter(Boolean).join(', ');
}

/** Who an alert's actions are by. Blame is never guessed: how the caller is known is said. */
export function whoOf({ alert, detail }: Raised): Who {
  const from = fromText(alert.sourceIps);
  const { actors } = alert;
  // Time did it.
  if (detail.facts.length > 0 && detail.facts.every(({ action }) => action === 'azure.key.expired'))
    return { phrase: '', unknown: '', name: '', from: '' };
  if (actors.length === 0) {
    const unknown = alert.caller === 'unknown' ? unknownText(detail.candidates) : UNNAMED;
    return {
      phrase: from,
      unknown,
      name: alert.caller === 'unknown' ? `caller not known${candidateHint(detail.candidates)}` : '',
      from,
    };
  }
  const [first] = actors;
  const only = actors.length === 1 ? first! : null;
  if (only?.type === 'key') {
    const name = `with the ${actorName(only)}`;
    return {
      phrase: spaced(name, from, '(a key names no person)'),
      unknown: '',
      name: `${name} (a key names no person)`,
      from,
    };
  }
  const isLikely = alert.caller === 'likely';
  const named =
    only !== null
      ? `by ${actorText(only)}`
      : `by ${plural(actors.length, 'caller')}: ${listText(actors.map(actorName), 2)}`;
  const name = isLikely ? `probably ${named}` : named;
  const how = isLikely ? '(the only matching action within 10 minutes)' : '';
  const address = from === '' ? 'from an address that the log does not give' : from;
  const unknown = alert.caller === 'unknown' ? unknownText(detail.candidates) : '';
  return { phrase: spaced(name, address, how), unknown, name, from };
}

const UNNAMED = 'caller not known, because this log names none';

function unknownText(candidates: readonly string[]): string {
  const base = 'caller unknown: no Activity Log record that matches';
  if (candidates.length === 0) return base;
  return `${base} alone; ${plural(candidates.length, 'candidate')}: ${listText(candidates.map(visible), 3)}`;
}

function candidateHint(candidates: readonly string[]): string {
  return candidates.length === 0 ? '' : `: ${plural(candidates.length, 'candidate')}`;
}

export function spaced(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

/** `at T`; for several: `by 3 changes from T1 to T2`, `3 times from T1 to T2`. The first time has no day: it stands beside. */
export function whenOf({ alert }: Raised, thing: string | null): string {
  const first = timeText(alert.firstSeen, alert.firstSeen);
  if (alert.count <= 1) return `at ${first}`;
  const count = thing === null ? plural(alert.count, 'time') : `by ${plural(alert.count, thing)}`;
  if (alert.firstSeen === alert.lastSeen) return `${count} at ${first}`;
  return `${count} ${spanOf(alert)}`;
}

/** `from 03:12:07 to 03:19:31 UTC`. */
export function spanOf({ firstSeen, lastSeen }: { readonly firstSeen: string; readonly lastSeen: string }): string {
  const isSameDay = firstSeen.slice(0, 10) === lastSeen.slice(0, 10);
  const from = isSameDay ? firstSeen.slice(11, 19) : timeText(firstSeen, firstSeen);
  return `from ${from} ${isSameDay ? 'to' : 'until'} ${timeText(lastSeen, firstSeen)}`;
}

export function confirmationOf({ detail }: Raised): string {
  return detail.unconfirmed ? 'accepted, not yet confirmed (Azure has not said how it ended)' : 'confirmed';
}

/** One sentence of its parts: what, when, who; how sure; what is not known. */
export function sentence(
  raised: Raised,
  what: string,
  when: string,
  more: readonly string[] = [],
  howNew = '',
): string {
  const who = whoOf(raised);
  const event = [spaced(what, when, who.phrase), howNew].filter(Boolean).join(', ');
  const clauses = [event, confirmationOf(raised), ...more, who.unknown];
  return `${clauses.filter((clause) => clause !== '').join('; ')}.`;
}
