import type { AlertActor } from '../alerts/alert.ts';
import { fits, type Match, matching, type Routable } from '../alerts/match.ts';
import type { StoredAlert } from '../alerts/stored.ts';
import type { Callers } from '../alerts/summary.ts';
import { visibleCharacters } from '../lib/visible.ts';
import { isInRange } from './addresses.ts';
import { type Weekly, within } from './calendar.ts';
import { CONFIGURED, isReached, type Maker } from './reach.ts';
import { type ExceptionSpec, expand, type Lists, timeOf } from './spec.ts';

/*
 * An exception hides an alert only if it covers all of it: every actor, application and address that it asks of must be named, of every
 * action, and the whole time of the alert must lie in its times. What is not known, is not named: an action without an actor is covered by no
 * exception that asks for one, and neither is an alert with more actors than one lists.
 *
 * It is asked of the alert as it is now. The time of an alert is from its first to its last action; one that tells of a state that still stands
 * goes on until now. So what was over when an exception ended stays hidden, and what still stands then is told.
 */

/** Milliseconds since 1970. */
type Millis = number;

export interface Exception {
  /** Its name. */
  readonly id: string;
  readonly maker: Maker;
  readonly owner: string;
  readonly reason: string;
  readonly expires: Millis;
  readonly match: Match;
  /** Null: any. */
  readonly actors: readonly string[] | null;
  readonly applications: readonly string[] | null;
  readonly addresses: readonly string[] | null;
  readonly times: readonly Weekly[] | null;
}

/** What of an alert exceptions ask. */
export type Coverable = Routable & Pick<StoredAlert, 'detail'>;

export type Coverage =
  /** `until`: when it is to be asked again, if nothing of the alert changes; null: never. */
  | { readonly covers: true; readonly until: Millis | null; readonly why: string }
  | { readonly covers: false; readonly why: string };

/** @param spec one that was checked */
export function exceptionOf(id: string, spec: ExceptionSpec, lists: Lists, maker: Maker = CONFIGURED): Exception {
  const { actor, application, address, time, labels = {}, ...others } = spec.match;
  const named = (asked: string | readonly string[] | undefined) => (asked === undefined ? null : expand(asked, lists));
  return {
    id,
    maker,
    owner: spec.owner,
    reason: spec.reason,
    expires: timeOf(spec.expires)!,
    match: {
      ...Object.fromEntries(Object.entries(others).map(([name, asked]) => [name, named(asked) ?? undefined])),
      labels: Object.fromEntries(Object.entries(labels).map(([name, asked]) => [name, expand(asked, lists)])),
    },
    actors: named(actor),
    applications: named(application),
    addresses: named(address),
    times: time ?? null,
  };
}

/** Does it cover all of the alert, and why, or what not. @param now milliseconds */
export function coverage(exception: Exception, stored: Coverable, now: Millis): Coverage {
  if (!isReached(exception.maker.reach, stored)) return not('it is outside of what its maker may see');
  const { matched, why } = matching(exception.match, stored);
  if (!matched) return not(why);
  const { alert, detail } = stored;
  const left = leftOut(exception, alert.actors, alert.sourceIps, detail.callers ?? UNKNOWN);
  if (left !== null) return not(left);
  const until = untilOf(exception, stored, now);
  return until === 'too long' ? not('its time goes beyond') : { covers: true, until, why: whyOf(exception, why) };
}

const UNKNOWN: Callers = { applications: [], isWhole: { actors: false, applications: false, addresses: false } };

function not(why: string): Coverage {
  return { covers: false, why };
}

/** What of the alert is not named; null: nothing. */
function leftOut(
  { actors, applications, addresses }: Exception,
  own: readonly AlertActor[],
  ips: readonly string[],
  { applications: programs, isWhole }: Callers,
): string | null {
  const isNamed = (names: readonly string[], ...values: (string | null)[]): boolean =>
    values.some((value) => value !== null && names.some((name) => fits(name, value)));
  if (actors !== null) {
    if (!isWhole.actors || isFullOrEmpty(own)) return 'not all of its actors are known';
    const other = own.find(({ id, name }) => !isNamed(actors, id, name));
    if (other !== undefined) return `actor ${visibleCharacters(other.name ?? other.id ?? 'unknown')} is not named`;
  }
  if (applications !== null) {
    if (!isWhole.applications || isFullOrEmpty(programs)) return 'not all of its applications are known';
    const other = programs.find(({ id, name }) => !isNamed(applications, id, name));
    if (other !== undefined) return `application ${visibleCharacters(other.name ?? other.id ?? '')} is not named`;
  }
  if (addresses !== null) {
    if (!isWhole.addresses || isFullOrEmpty(ips)) return 'not all of its addresses are known';
    const other = ips.find((ip) => !addresses.some((range) => isInRange(ip, range)));
    if (other !== undefined) return `address ${visibleCharacters(other)} is not named`;
  }
  return null;
}

/** An alert lists a hundred at most: of a full list nobody knows who is missing. */
function isFullOrEmpty(list: readonly unknown[]): boolean {
  return list.length === 0 || list.length >= 100;
}

function untilOf({ expires, times }: Exception, { alert, detail }: Coverable, now: Millis): Millis | null | 'too long' {
  const isOngoing = detail.isOngoing && alert.status !== 'resolved';
  const first = Date.parse(alert.firstSeen);
  const last = isOngoing ? Math.max(Date.parse(alert.lastSeen), now) : Date.parse(alert.lastSeen);
  const end = times === null ? Number.POSITIVE_INFINITY : within(times, first);
  if (last >= expires || end === null || last >= end) return 'too long';
  return isOngoing ? Math.min(expires, end) : null;
}

function whyOf({ actors, applications, addresses, times }: Exception, why: string): string {
  const said = [
    why,
    ...(actors === null ? [] : ['each actor is named']),
    ...(applications === null ? [] : ['each application is named']),
    ...(addresses === null ? [] : ['each address is in its ranges']),
    ...(times === null ? [] : ['all of it lies in its times']),
  ];
  return said.filter((one, at) => at > 0 || one !== 'every alert matches').join('; ');
}
