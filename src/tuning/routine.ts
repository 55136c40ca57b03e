import type { Alert, Raised } from '../alerts/alert.ts';
import { type Level, levelRank } from '../ir/ir.ts';
import { identity } from '../lib/hash.ts';
import { type Doing, type Habit, isUsual, usualHours, usualOf } from './habit.ts';
import { agentName } from './memory.ts';
import { dayText, listedText, timesText } from './words.ts';

/*
 * A routine is what one caller does to one account again and again, as one rule tells it. It is *unknown* until it was done 3 times on 3 days;
 * then it is *recognised*, and *open* as long as it is done again within 8 days. What an open routine does, from where and with what it was
 * done on 3 days before, and at an hour that it was done at before, is of level low. Everything else keeps its level, and rises if two things
 * are new at once while it is open: one thing changes in the course of work, two at once is what a stolen sign-in looks like. The decision is made of what opened earlier, and is kept: what comes later may only raise it.
 */

/** Seconds since 1970. */
type Second = number;

/** An alert as something that somebody did, which may be done again. */
export interface Occurrence extends Doing {
  /** Of the alert. */
  readonly id: string;
  readonly pattern: Pattern;
}

/** What is done, to what, by whom. */
export interface Pattern {
  /** The same for the same logs, wherever they are read. 32 hex digits. */
  readonly id: string;
  readonly ruleId: string;
  readonly rule: string;
  readonly account: string;
  readonly caller: { readonly id: string; readonly name: string };
  /** JSON of what its alerts are folded by beside account and caller: a container. */
  readonly what: string;
}

/** What tuning decides of an alert's level. */
export type Marks = Pick<Alert, 'level' | 'routine' | 'levelReason'>;

export interface RoutineSettings {
  /** It is open as long as it is done again within so many seconds. */
  readonly openFor: number;
}

const DAY = 86_400;
export const ROUTINE_SETTINGS: RoutineSettings = { openFor: 8 * DAY };

/** Hours are judged once it was done so often. */
const HOURS_FROM = 5;
/** More than so many times what there was at most is another thing; less than so many is never many. */
const MANY_TIMES = 3;
const MANY = 10;

/** Of the key, what says who did it: it is not what was done. */
const WHO = new Set(['cosmosdb.account', 'actor.id', 'actor.name', 'actor.type', 'actor.app_id', 'source.ip']);

/**
 * Null: it is nothing that can be learnt. Only what a rule calls routine can; nothing that left an account weaker can, whatever the rule says;
 * and the caller must be one, and certain.
 */
export function occurrenceOf({ alert, detail }: Raised): Occurrence | null {
  const [actor, ...others] = alert.actors;
  const isLearnable = detail.rule.routine === true && alert.changes.length === 0 && detail.silence === null;
  if (!isLearnable || actor === undefined || others.length > 0 || alert.account === null) return null;
  if (alert.caller !== null && alert.caller !== 'exact') return null;
  const caller = actor.id ?? actor.name ?? actor.appId;
  if (caller === null) return null;
  const { ruleId, rule, account } = alert;
  const what = JSON.stringify(
    Object.entries(alert.key)
      .filter(([field]) => !WHO.has(field))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const name = actor.appName ?? actor.name ?? caller;
  return {
    id: alert.id,
    pattern: {
      id: identity('routine', ruleId, account, caller, what),
      ...{ ruleId, rule, account, what },
      caller: { id: caller, name },
    },
    opened: Math.floor(Date.parse(alert.firstSeen) / 1000),
    addresses: alert.sourceIps.length === 0 ? [''] : alert.sourceIps,
    applications: applicationsOf(actor.appId, detail.userAgents),
    count: alert.count,
  };
}

/** An application by its id; where the log has none, by what its client calls itself, without the version. */
function applicationsOf(appId: string | null, agents: readonly string[]): string[] {
  if (appId !== null) return [appId];
  const names = agents.map(agentName);
  return names.length === 0 ? [''] : [...new Set(names)];
}

/** Was it done often enough to be told apart from chance? */
export function isRecognised({ count, days }: Habit): boolean {
  return count >= 3 && days.length >= 3;
}

export function isOpen(habit: Habit, at: Second, { openFor }: RoutineSettings): boolean {
  return isRecognised(habit) && at - habit.last <= openFor;
}

/** What an alert is judged by: what opened before it. */
export interface Known {
  /** Null: it was never done. */
  readonly habit: Habit | null;
  /** How many others do the same to the account as a routine. */
  readonly others: number;
}

/** The level of an alert, by what is known of what it does. @param level as the rule has it */
export function markRoutine(level: Level, now: Occurrence, known: Known, settings = ROUTINE_SETTINGS): Marks {
  const { habit, others } = known;
  if (habit === null) return { level, routine: null, levelReason: others === 0 ? null : newCaller(others) };
  if (!isRecognised(habit)) return { level, routine: null, levelReason: null };
  const news = newsOf(now, habit);
  if (news.length === 0 && isOpen(habit, now.opened, settings)) {
    const lower = levelRank(level) > levelRank('low') ? 'low' : level;
    return { level: lower, routine: now.pattern.id, levelReason: `routine: ${habitText(now, habit)}` };
  }
  if (news.length === 0)
    return { level, routine: null, levelReason: `not routine any more: ${habitText(now, habit)}, then not again` };
  const isStrange = news.filter(({ what }) => what !== 'amount').length > 1 && isOpen(habit, now.opened, settings);
  const texts = listedText(news.map(({ text }) => text));
  return {
    level: isStrange ? raised(level) : level,
    routine: null,
    levelReason: `${isStrange ? 'unlike' : 'not'} the routine: ${texts}; ${habitText(now, habit)}`,
  };
}

/**
 * What is decided stays: a repeat lowers nothing, and raises nothing as long as the routine covers it.
 * @param level as the rule has it now
 */
export function keepMarks(before: Marks, now: Marks, level: Level): Marks {
  if (now.routine !== null)
    return before.routine === null ? { ...before, level } : { ...now, levelReason: before.levelReason };
  const isNews = before.routine !== null || levelRank(now.level) > levelRank(before.level);
  return isNews ? now : { ...before, level: now.level };
}

function newCaller(others: number): string {
  return `not routine: first time by this caller; ${others === 1 ? 'one other does' : `${others} others do`} it as a routine`;
}

interface News {
  readonly what: 'address' | 'application' | 'hour' | 'amount';
  readonly text: string;
}

/** What of it the routine does not have. */
function newsOf({ addresses, applications, opened, count }: Occurrence, habit: Habit): News[] {
  const news: News[] = [];
  const address = addresses.find((one) => !isUsual(habit.addresses, one));
  if (address !== undefined)
    news.push({ what: 'address', text: address === '' ? 'from an address that is not known' : `from ${address}` });
  const application = applications.find((one) => !isUsual(habit.applications, one));
  if (application !== undefined) {
    const text = application === '' ? 'with an application that is not known' : `with application ${application}`;
    news.push({ what: 'application', text });
  }
  const hour = hourOf(opened);
  if (habit.count >= HOURS_FROM && !isNear(hour, usualHours(habit)))
    news.push({ what: 'hour', text: `at ${clockText(hour)}` });
  if (count > Math.max(MANY, MANY_TIMES * habit.most))
    news.push({ what: 'amount', text: `${count} at once, ${habit.most} at most before` });
  return news;
}

/** Tuning raises by one, and never to critical: that is for rules to say. */
function raised(level: Level): Level {
  switch (level) {
    case 'informational':
      return 'low';
    case 'low':
      return 'medium';
    case 'medium':
    case 'high':
      return 'high';
    case 'critical':
      return 'critical';
  }
}

/** `27 times since 2 Nov, about 04:00, by Terraform from 198.51.100.7` */
function habitText({ opened, pattern }: Occurrence, habit: Habit): string {
  const usual = usualOf(habit.addresses).filter((address) => address !== '');
  const from = usual.length === 0 ? '' : usual.length === 1 ? ` from ${usual[0]}` : ` from ${usual.length} addresses`;
  const since = dayText(habit.first, opened);
  return `${timesText(habit.count)} since ${since}, ${hoursText(habit)}, by ${pattern.caller.name}${from}`;
}

/** `about 04:00`, `between 09:00 and 17:00`, `at any hour`; UTC. */
export function hoursText(habit: Habit): string {
  const hours = usualHours(habit);
  const { from, span } = arcOf(hours);
  if (span <= 2) return `about ${clockText(Math.round(((habit.last % DAY) + DAY) / 3600) % 24)}`;
  return isWorkday(span) ? `between ${clockText(from)} and ${clockText((from + span) % 24)}` : 'at any hour';
}

/** Hours that lie close are one time of the day, and what lies between them belongs to it; others are each for itself. */
function isWorkday(span: number): boolean {
  return span <= 12;
}

/** The shortest part of a day that holds all of them, past midnight too. */
function arcOf(hours: ReadonlySet<number>): { readonly from: number; readonly span: number } {
  let best = { from: 0, span: 24 };
  for (const hour of hours) {
    let gap = 0;
    while (gap < 23 && !hours.has((hour + 1 + gap) % 24)) gap += 1;
    if (24 - gap < best.span) best = { from: (hour + 1 + gap) % 24, span: 24 - gap };
  }
  return best;
}

/** Within an hour of those at which it was done. */
function isNear(hour: number, hours: ReadonlySet<number>): boolean {
  const { from, span } = arcOf(hours);
  if (isWorkday(span)) return (hour - from + 25) % 24 < span + 2;
  return [hour, (hour + 1) % 24, (hour + 23) % 24].some((one) => hours.has(one));
}

function hourOf(second: Second): number {
  return Math.floor((((second % DAY) + DAY) % DAY) / 3600);
}

function clockText(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}
