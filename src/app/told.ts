import type { Alert, AlertDetail, Raised } from '../alerts/alert.ts';
import { byOpening, isoOf } from '../alerts/raise.ts';
import { type Micros, SECOND, tellsRequests } from '../events/event.ts';
import { LEVELS, type Level, levelRank, type Rule } from '../ir/ir.ts';
import { Sorter, type Spill } from '../lib/sorter.ts';
import type { ToldAlerts as Told, ToldAlert } from '../report/context.ts';
import { completeAlert } from '../report/story.ts';
import { byOpened, type Marks, type Member, memberOf, STORY_WINDOW, Stories, UNMARKED } from '../tuning/stories.ts';
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
  /** The exception that covers an alert; null: none. */
  readonly excepting: (alert: Alert, detail: AlertDetail) => string | null;
}

/** Bytes of one alert in memory, roughly. */
const SIZE = 6000;
/** The same of what stories look at. */
const MEMBER = 400;

/** Collects alerts, and sorts them outside memory if there are many. */
export class AlertSorter implements ToldAlerts {
  readonly #sorter: Sorter<Raised>;
  /** All alerts, shown or not, as far as stories look at them. */
  readonly #members: Sorter<Member>;
  readonly #minRank: number;
  readonly #since: string;
  readonly #found = noneOf();
  readonly #counts = noneOf();
  readonly #blinded: Blinded;
  readonly #spellings: Known['spellings'];
  readonly #excepting: Known['excepting'];
  #worst: Raised | null = null;
  /** Per rule and action: the accounts it raised the rule for. Requests concern one account, so they are not kept here. */
  readonly #accounts = new Map<string, Set<string | null>>();
  /** Per rule, account and caller: when the first alert opened, shown or not. Requests are too many, and nobody asks it of them. */
  readonly #firsts = new Map<string, string>();

  constructor(
    spill: () => Spill,
    budget: number,
    shown: Shown,
    rules: readonly Rule[],
    { blinded, spellings, excepting }: Known,
  ) {
    const { minLevel, since } = shown;
    this.#minRank = levelRank(minLevel);
    this.#since = since === null ? '' : isoOf(Math.floor(since / SECOND));
    this.#blinded = blinded;
    this.#spellings = spellings;
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
      spill: spill(),
      budget,
    });
    this.#members = new Sorter({
      compare: byOpened,
      encode: JSON.stringify,
      decode: (line) => JSON.parse(line) as Member,
      spill: spill(),
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
    const { alert, detail } = raised;
    const member = memberOf(alert);
    if (member !== null) this.#members.add(member, MEMBER);
    if (alert.lastSeen < this.#since && !detail.isOngoing) return;
    this.#found[alert.level] += 1;
    if (levelRank(alert.level) < this.#minRank) return;
    this.#counts[alert.level] += 1;
    if (this.#worst === null || isWorse(raised, this.#worst)) this.#worst = raised;
    this.#sorter.add(raised, SIZE);
  }

  get length(): number {
    return this.#sorter.size;
  }

  get worst(): string | null {
    return this.#worst?.alert.id ?? null;
  }

  get counts(): Readonly<Record<Level, number>> {
    return this.#counts;
  }

  get found(): Readonly<Record<Level, number>> {
    return this.#found;
  }

  *[Symbol.iterator](): Generator<ToldAlert> {
    const marked = new Marked(this.#members.sorted());
    for (const raised of this.#sorter.sorted()) {
      const others = Math.max(0, ...sharedIds(raised).map((id) => (this.#accounts.get(id)?.size ?? 1) - 1));
      const caller = callerKey(raised);
      const isFirst = caller === null ? null : this.#firsts.get(caller) === raised.alert.firstSeen;
      const blinded = this.#blinded.by(raised);
      const spelled = this.#spellings.get(raised.alert.account ?? '') ?? null;
      const detail = { ...raised.detail, spelled, otherAccounts: others, isFirst, blinded };
      const whole = { alert: { ...raised.alert, ...marked.of(raised.alert) }, detail };
      const alert = completeAlert(whole);
      const exception = this.#excepting(alert, whole.detail);
      yield { alert: exception === null ? alert : { ...alert, exception }, raised: whole };
    }
  }

  close(): void {
    this.#sorter.close();
    this.#members.close();
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
    const second = Math.floor(Date.parse(firstSeen) / 1000);
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

function sharedIds({ alert, detail }: Raised): string[] {
  return detail.facts.filter(({ family }) => !tellsRequests(family)).map((fact) => `${alert.ruleId}|${fact.id}`);
}
