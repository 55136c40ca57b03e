import type { Alert, AlertDetail, Raised } from '../alerts/alert.ts';
import { byOpening, isoOf } from '../alerts/raise.ts';
import { type Micros, SECOND, tellsRequests } from '../events/event.ts';
import { LEVELS, type Level, levelRank, type Rule } from '../ir/ir.ts';
import { Sorter, type Spill } from '../lib/sorter.ts';
import type { ToldAlerts as Told, ToldAlert } from '../report/context.ts';
import { completeAlert } from '../report/story.ts';
import type { Memory, Seen } from '../tuning/memory.ts';
import { Routines } from '../tuning/routines.ts';
import { type Marks, type Member, memberOf, STORY_WINDOW, Stories, UNMARKED } from '../tuning/stories.ts';
import type { Blinded } from './blinded.ts';

/** The alerts of a scan, sorted by firstSeen, rule and id. There may be more than memory holds, so they are given one by one. */
export interface ToldAlerts extends Told {
  /** Removes what was put on disk. */
  close(): void;
}

/** Which alerts are shown. */
interface Shown {
  readonly minLevel: Level;
  /** Those that ended before it are history, of which nothing is given. */
  readonly since: Micros | null;
}

/** What is known of accounts beside their alerts. */
interface Known {
  readonly blinded: Blinded;
  /** By lower-case ARM id. */
  readonly spellings: ReadonlyMap<string, string>;
  /** What the control plane told of who was there. */
  readonly memory: Memory;
  /** The exception that covers an alert; null: none. */
  readonly excepting: (alert: Alert, detail: AlertDetail) => string | null;
}

/** Bytes of one alert in memory, roughly. */
const SIZE = 6000;

/** How many alerts there are, and which is the worst of those that are shown. */
interface Totals {
  readonly found: Record<Level, number>;
  readonly counts: Record<Level, number>;
  worst: Raised | null;
  length: number;
}

/**
 * Collects alerts, and sorts them outside memory if there are many. What they teach of each other is worked out in their order, each time that
 * they are gone through: what one knows does not depend on which are shown.
 */
export class AlertSorter implements ToldAlerts {
  readonly #sorter: Sorter<Raised>;
  readonly #minRank: number;
  readonly #since: string;
  readonly #blinded: Blinded;
  readonly #spellings: Known['spellings'];
  readonly #memory: Memory;
  readonly #excepting: Known['excepting'];
  #totals: Totals | null = null;
  /** Per rule and action: the accounts it raised the rule for. Requests concern one account, so they are not kept here. */
  readonly #accounts = new Map<string, Set<string | null>>();
  /** Per rule, account and caller: when the first alert opened, shown or not. Requests are too many, and nobody asks it of them. */
  readonly #firsts = new Map<string, string>();

  constructor(
    spill: Spill,
    budget: number,
    shown: Shown,
    rules: readonly Rule[],
    { blinded, spellings, memory, excepting }: Known,
  ) {
    const { minLevel, since } = shown;
    this.#minRank = levelRank(minLevel);
    this.#since = since === null ? '' : isoOf(Math.floor(since / SECOND));
    this.#blinded = blinded;
    this.#spellings = spellings;
    this.#memory = memory;
    this.#excepting = excepting;
    const metas = new Map(rules.map(({ meta }) => [meta.id, meta]));
    this.#sorter = new Sorter({
      compare: byOpening,
      // A rule's texts are the same for all its alerts: they do not go to disk with each.
      encode: ({ alert, detail: { rule: _, ...detail } }) => JSON.stringify({ alert, detail }),
      decode: (line) => {
        const { alert, detail } = JSON.parse(line) as Raised;
        return { alert, detail: { ...detail, rule: metas.get(alert.ruleId)! } };
      },
      spill,
      budget,
    });
  }

  add(raised: Raised): void {
    for (const id of sharedIds(raised)) {
      const accounts = this.#accounts.get(id);
      if (accounts) accounts.add(raised.alert.account);
      else this.#accounts.set(id, new Set([raised.alert.account]));
    }
    const caller = callerKey(raised);
    const known = caller === null ? undefined : this.#firsts.get(caller);
    if (caller !== null && (known === undefined || raised.alert.firstSeen < known)) {
      this.#firsts.set(caller, raised.alert.firstSeen);
    }
    const { account, firstSeen, lastSeen } = raised.alert;
    if (account !== null) this.#memory.see(account, seenBy(raised), secondOfIso(firstSeen), secondOfIso(lastSeen));
    this.#sorter.add(raised, SIZE);
  }

  get length(): number {
    return this.#total().length;
  }

  get worst(): string | null {
    return this.#total().worst?.alert.id ?? null;
  }

  get counts(): Readonly<Record<Level, number>> {
    return this.#total().counts;
  }

  get found(): Readonly<Record<Level, number>> {
    return this.#total().found;
  }

  /** Once all are there. */
  #total(): Totals {
    if (this.#totals !== null) return this.#totals;
    const totals: Totals = { found: noneOf(), counts: noneOf(), worst: null, length: 0 };
    for (const raised of this.#levelled()) {
      const { level } = raised.alert;
      if (!this.#isReached(raised)) continue;
      totals.found[level] += 1;
      if (!this.#isShown(raised)) continue;
      totals.counts[level] += 1;
      totals.length += 1;
      if (totals.worst === null || isWorse(raised, totals.worst)) totals.worst = raised;
    }
    this.#totals = totals;
    return totals;
  }

  /** All of them, at the level that is told. What ended before the time that is asked for has taught by then. */
  *#levelled(): Generator<Raised> {
    const routines = new Routines();
    for (const raised of this.#sorter.sorted()) yield routines.mark(raised);
  }

  /** Those that are shown. Stories are made of all, at the levels that are told. */
  *#marked(): Generator<Raised> {
    const stories = new Marked(membersOf(this.#levelled()));
    for (const raised of this.#levelled()) {
      if (!this.#isReached(raised) || !this.#isShown(raised)) continue;
      yield { ...raised, alert: { ...raised.alert, ...stories.of(raised.alert) } };
    }
  }

  #isReached({ alert, detail }: Raised): boolean {
    return alert.lastSeen >= this.#since || detail.isOngoing;
  }

  #isShown({ alert }: Raised): boolean {
    return levelRank(alert.level) >= this.#minRank;
  }

  *[Symbol.iterator](): Generator<ToldAlert> {
    for (const raised of this.#marked()) {
      const { account, firstSeen } = raised.alert;
      const others = Math.max(0, ...sharedIds(raised).map((id) => (this.#accounts.get(id)?.size ?? 1) - 1));
      const caller = callerKey(raised);
      const detail = {
        ...raised.detail,
        spelled: this.#spellings.get(account ?? '') ?? null,
        otherAccounts: others,
        isFirst: caller === null ? null : this.#firsts.get(caller) === firstSeen,
        firsts: account === null ? [] : this.#memory.firsts(account, seenBy(raised), secondOfIso(firstSeen)),
        blinded: this.#blinded.by(raised),
      };
      const whole = { ...raised, detail };
      const alert = completeAlert(whole);
      const exception = this.#excepting(alert, whole.detail);
      yield { alert: exception === null ? alert : { ...alert, exception }, raised: whole };
    }
  }

  close(): void {
    this.#sorter.close();
  }
}

/** Goes over all alerts in order, a story ahead of those that are asked for. */
class Marked {
  readonly #members: Iterator<Member>;
  readonly #marks = new Map<string, { readonly opened: number; readonly marks: Marks }>();
  readonly #stories = new Stories(({ id, opened }, marks) => this.#marks.set(id, { opened, marks }));
  /** Up to which second all are known. */
  #known = Number.NEGATIVE_INFINITY;

  constructor(members: Iterator<Member>) {
    this.#members = members;
  }

  /** In order of their openings. */
  of({ id, firstSeen }: Pick<Raised['alert'], 'id' | 'firstSeen'>): Marks {
    const second = secondOfIso(firstSeen);
    while (this.#known <= second + STORY_WINDOW) this.#goOn();
    const found = this.#marks.get(id)?.marks ?? UNMARKED;
    // Those that are not shown are asked for by nobody.
    for (const [other, { opened }] of this.#marks) {
      if (opened >= second) break;
      this.#marks.delete(other);
    }
    return found;
  }

  #goOn(): void {
    const { done, value } = this.#members.next();
    if (done) this.#stories.finish();
    else this.#stories.add(value);
    this.#known = done ? Number.POSITIVE_INFINITY : value.opened;
  }
}

function* membersOf(all: Iterable<Raised>): Generator<Member> {
  for (const { alert } of all) {
    const member = memberOf(alert);
    if (member !== null) yield member;
  }
}

function noneOf(): Record<Level, number> {
  return Object.fromEntries(LEVELS.map((level) => [level, 0])) as Record<Level, number>;
}

function isWorse(a: Raised, b: Raised): boolean {
  const order = levelRank(a.alert.level) - levelRank(b.alert.level);
  return order > 0 || (order === 0 && byOpening(a, b) < 0);
}

/** Who raised which rule for which account; null: nobody or several, or in requests. */
export function callerKey({ alert, detail }: Raised): string | null {
  const [actor, ...others] = alert.actors;
  if (actor === undefined || others.length > 0 || detail.facts.some(({ family }) => tellsRequests(family))) return null;
  return [alert.ruleId, alert.account, actor.id ?? actor.name ?? actor.appId].join('|');
}

/** Who and what an alert tells of. */
export function seenBy({ alert, detail }: Raised): Seen {
  return { actors: alert.actors, addresses: alert.sourceIps, agents: detail.userAgents };
}

export function secondOfIso(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000);
}

function sharedIds({ alert, detail }: Raised): string[] {
  return detail.facts.filter(({ family }) => !tellsRequests(family)).map((fact) => `${alert.ruleId}|${fact.id}`);
}
