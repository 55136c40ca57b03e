import type { AccountDetail, AccountItem, RuleOnAccount } from '../../api/contract.ts';
import { isAccountSeen, isSeen } from '../../api/item.ts';
import type { AccountsPort, Scope } from '../../api/ports.ts';
import type { Clock } from '../../lib/clock.ts';
import { isoOf } from '../../lib/iso.ts';
import { type Client, type ControlRecord, clientsOf, controlRecords } from '../../store/accountQueries.ts';
import { worstOpen } from '../../store/alertCounts.ts';
import type { Db } from '../../store/db.ts';
import { type LogHour, type LogSpan, logHours, logSpans } from '../../store/logHours.ts';
import type { KnownAccount, Overview } from '../../store/overview.ts';
import type { AccountRules } from '../accountRules.ts';
import { blindSpots } from '../blindSpots.ts';
import type { Live } from '../live/live.ts';
import { actorsOf, keyReadsOf } from './whoActs.ts';

export interface AccountsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly overview: Overview;
  readonly live: () => Live;
  readonly reach: () => AccountRules;
  /** Lower-case ARM ids of accounts whose silence is an alert. */
  readonly expected: () => readonly string[];
}

const HOUR = 3600;
const HOURS = 7 * 24;
/** Hours that one mark of the list of accounts stands for. */
const STEP = 3;
/** Control-plane records that are looked at to say who acts on an account, and clients that are named. */
const LOOKED_AT = 5000;
const CLIENTS = 100;

/** Accounts as the API tells of them. What lies outside somebody's scope is not there for them. */
export function accountsPort(deps: AccountsDeps): AccountsPort {
  const { db, overview } = deps;
  const list = (scope: Scope, only: string | null): AccountItem[] => {
    const seen = overview
      .accounts()
      .filter(({ id }) => isAccountSeen(id, scope) && (only === null || isCalled(id, only)));
    const from = firstHour(deps.clock);
    const hours = Map.groupBy(logHours(db, from), ({ account }) => account);
    const spans = Map.groupBy(logSpans(db), ({ account }) => account);
    const worst = new Map(worstOpen(db, scope).map(({ account, id }) => [account, id]));
    return seen.map((known) => {
      const own = { hours: hours.get(known.id) ?? [], spans: spans.get(known.id) ?? [] };
      return itemOf(known, own, from, worstOf(deps, worst.get(known.id), scope), deps);
    });
  };
  return {
    list: async (scope) => list(scope, null),
    async get(name, scope) {
      const [item] = list(scope, name);
      return item === undefined ? null : detailOf(item, deps);
    },
  };
}

function isCalled(id: string, name: string): boolean {
  return id === name || id.slice(id.lastIndexOf('/') + 1) === name;
}

/** Start of the first of the hours of the last week, the one under way included. */
function firstHour(clock: Clock): number {
  return (Math.floor(clock.now() / 1000 / HOUR) - HOURS + 1) * HOUR;
}

function worstOf({ live }: AccountsDeps, id: string | undefined, scope: Scope): AccountItem['worst'] {
  const stored = id === undefined ? null : live().alert(id);
  if (stored === null || !isSeen(stored, scope)) return null;
  const { level, title, reason, firstSeen } = stored.alert;
  return { id: stored.alert.id, level, title, reason, firstSeen };
}

interface Logs {
  readonly hours: readonly LogHour[];
  readonly spans: readonly LogSpan[];
}

function itemOf(
  { id, firstSeen, lastSeen, openAlerts }: KnownAccount,
  { hours, spans }: Logs,
  from: number,
  worst: AccountItem['worst'],
  deps: AccountsDeps,
): AccountItem {
  const logs = logsOf(deps, id);
  const newest = Math.max(lastSeen ?? 0, ...spans.map(({ last }) => Math.floor(last / 1000)));
  return {
    id,
    name: nameOf(id),
    subscription: /^\/subscriptions\/([^/]+)/.exec(id)?.[1] ?? null,
    isExpected: deps.expected().includes(id),
    firstSeen: firstSeen === null ? null : isoOf(firstSeen),
    lastSeen: newest === 0 ? null : isoOf(newest),
    openAlerts,
    worst,
    logs: spans.map(({ family, last }) => ({
      family,
      lastRecord: isoOf(last / 1000),
      records: recordsBy(hours, family, from, STEP),
    })),
    rules: countsOf(deps.reach().of(id, logs)),
    blindSpots: blindSpots(new Map([[id, logs]])).map(({ why }) => why),
  };
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

function logsOf({ live }: AccountsDeps, id: string): ReadonlySet<string> {
  return live().logs(id);
}

function recordsBy(hours: readonly LogHour[], family: string, from: number, step: number): number[] {
  const sums = new Array<number>(HOURS / step).fill(0);
  for (const { family: own, hour, records } of hours) {
    const at = Math.floor((hour - from) / HOUR / step);
    if (own === family && at < sums.length) sums[at] = (sums[at] ?? 0) + records;
  }
  return sums;
}

function countsOf(rules: readonly RuleOnAccount[]): AccountItem['rules'] {
  const of = (wanted: RuleOnAccount['state']): number => rules.filter(({ state }) => state === wanted).length;
  return { can: of('can'), partly: of('partly'), cannot: of('cannot'), off: of('off') };
}

function detailOf(item: AccountItem, deps: AccountsDeps): AccountDetail {
  const { db, clock, live, reach } = deps;
  const from = firstHour(clock);
  const hours = logHours(db, from, item.id);
  const spans = logSpans(db).filter(({ account }) => account === item.id);
  const records: readonly ControlRecord[] = controlRecords(db, item.id, LOOKED_AT);
  return {
    ...item,
    hoursFrom: isoOf(from * 1000),
    hours: spans.map(({ family, first, last }) => ({
      family,
      firstRecord: isoOf(first / 1000),
      lastRecord: isoOf(last / 1000),
      records: recordsBy(hours, family, from, 1),
    })),
    coverage: reach().of(item.id, logsOf(deps, item.id)),
    actors: actorsOf(records),
    clients: clientsOf(db, item.id, CLIENTS).map(clientOf),
    keyReads: keyReadsOf(records),
    settings: [...live().settings(item.id)].map(([name, value]) => ({ name, value })),
    isBounded: records.length === LOOKED_AT,
  };
}

function clientOf({ client, first, last, requests, bytes }: Client): AccountDetail['clients'][number] {
  return { client, firstSeen: isoOf(first * 1000), lastSeen: isoOf(last * 1000), requests, bytes };
}
