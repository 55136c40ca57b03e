import type { AlertNews, StoredAlert } from '../../alerts/stored.ts';
import { identity } from '../../lib/hash.ts';
import type { Db } from '../../store/db.ts';
import { type MarkRow, MarkStore, NO_MARK, type StepRow } from '../../store/marks.ts';
import { lastsUntil } from '../../tuning/silence.ts';
import {
  dueOf,
  inhibitorOf,
  keepBack,
  letGo,
  NO_TUNING,
  type Standing,
  standingOf,
  type Told,
  type Tuning,
} from '../../tuning/standing.ts';

/** What the gate asks of alerts. All inside a transaction of the caller. */
export interface GateAlerts {
  alert(id: string): StoredAlert | null;
  /** News without a change: something that is told late. */
  tellAgain(id: string, kind: 'opened' | 'amended', why: string): AlertNews;
}

export interface Passed {
  /** What people are told now. */
  readonly told: readonly AlertNews[];
  /** All of it, marked. */
  readonly all: readonly AlertNews[];
}

interface Asked {
  readonly told: Told;
  readonly before: MarkRow;
  readonly mark: MarkRow;
}

/**
 * Stands between the news and the outbox: what exceptions, silences and stronger alerts keep back is marked, and told when nothing does any
 * more. The marks are stored; nothing is in memory but when silences were looked at last.
 */
export class Gate {
  readonly #marks: MarkStore;
  readonly #alerts: GateAlerts;
  #tuning: Tuning = NO_TUNING;
  #print = '';
  #looked: number | null = null;

  constructor(db: Db, alerts: GateAlerts) {
    this.#marks = new MarkStore(db);
    this.#alerts = alerts;
  }

  /** Other exceptions and silences. Of the alerts that there are they hold from the next `tick` on. */
  use(tuning: Tuning): void {
    this.#tuning = tuning;
    this.#print = identity(JSON.stringify(tuning));
  }

  get tuning(): Tuning {
    return this.#tuning;
  }

  /** What was decided of an alert, oldest first. */
  steps(alert: string): readonly StepRow[] {
    return this.#marks.steps(alert);
  }

  /** @param now milliseconds */
  pass(news: readonly AlertNews[], now: number): Passed {
    const [told, all, moved]: [AlertNews[], AlertNews[], StoredAlert[]] = [[], [], []];
    for (const one of news) {
      const asked = this.#ask(one, now);
      if (asked.told.news !== null) told.push(asked.told.news);
      all.push({ ...one, stored: { ...one.stored, marks: marksOf(asked.mark) } });
      if (asked.before.exception !== asked.mark.exception) moved.push(one.stored);
    }
    return { told: [...told, ...this.#followUp(moved, now)], all };
  }

  /**
   * What changed but by news: other exceptions and silences, silences that began or ended, exceptions that do not cover any more what goes on.
   * @returns what people are told because of it
   */
  tick(now: number): readonly AlertNews[] {
    const isNew = this.#marks.decidedBy() !== this.#print;
    const began = this.#tuning.silences.some((one) => this.#hasBegun(one, now));
    const told = this.#again(isNew ? this.#marks.all() : began ? this.#marks.open() : this.#marks.due(now), now);
    if (isNew) this.#marks.decideBy(this.#print);
    this.#looked = now;
    return told;
  }

  #hasBegun(silence: Tuning['silences'][number], now: number): boolean {
    if (lastsUntil(silence, now) === null) return false;
    return this.#looked === null || (lastsUntil(silence, this.#looked) ?? 0) < now;
  }

  #again(ids: readonly string[], now: number): readonly AlertNews[] {
    const [told, moved]: [AlertNews[], StoredAlert[]] = [[], []];
    for (const id of ids) {
      const stored = this.#alerts.alert(id);
      if (stored === null) continue;
      const { told: late, before, mark } = this.#ask({ kind: 'grown', stored, why: '' }, now);
      if (late.news !== null && late.news.kind !== 'grown') told.push(this.#late(id, before, late.news));
      if (before.exception !== mark.exception) moved.push(stored);
    }
    return [...told, ...this.#followUp(moved, now)];
  }

  #late(id: string, before: MarkRow, { kind }: AlertNews): AlertNews {
    const keeper = before.exception ?? before.silence ?? 'what inhibited it';
    return this.#alerts.tellAgain(
      id,
      kind as 'opened' | 'amended',
      `told now: ${keeper} does not keep it back any more`,
    );
  }

  /** An alert that is hidden inhibits nothing: what it would have told in their place nobody is told. */
  #followUp(moved: readonly StoredAlert[], now: number): readonly AlertNews[] {
    const ids = new Set<string>();
    for (const { alert } of moved) {
      for (const id of this.#marks.openOf(alert.account)) {
        const other = this.#alerts.alert(id);
        if (other !== null && inhibitorOf(other) === alert.id) ids.add(id);
      }
    }
    return ids.size === 0 ? [] : this.#again([...ids], now);
  }

  #ask(news: AlertNews, now: number): Asked {
    const { stored } = news;
    const { id } = stored.alert;
    const before = this.#marks.get(id) ?? NO_MARK;
    const standing = standingOf(stored, this.#tuning, now);
    const inhibitor = this.#inhibitor(stored);
    const isKept = standing.exception !== null || standing.silence !== null || inhibitor !== null;
    if (!isKept && before === NO_MARK) return { told: { news, owed: null }, before, mark: NO_MARK };
    const wasTold = this.#marks.wasTold(id);
    const hasWaited = isKept && !isKeptBy(before) && this.#marks.hold(id, wasTold, now);
    const isOpen = stored.alert.status !== 'resolved';
    const owed = hasWaited && isOpen ? (wasTold ? 'amended' : 'opened') : before.owed;
    const told = isKept ? keepBack(news, { owed, wasTold }) : letGo(news, { owed, wasTold });
    const mark: MarkRow = {
      exception: standing.exception?.id ?? null,
      silence: standing.silence?.id ?? null,
      silentUntil: standing.silence?.until ?? null,
      inhibitor,
      owed: told.owed,
      due: dueOf(standing),
    };
    this.#marks.save(id, mark);
    for (const step of stepsOf(before, mark, standing)) this.#marks.note(id, { ...step, at: now });
    return { told, before, mark };
  }

  #inhibitor(stored: StoredAlert): string | null {
    const by = inhibitorOf(stored);
    return by !== null && (this.#marks.get(by)?.exception ?? null) === null ? by : null;
  }
}

function isKeptBy({ exception, silence, inhibitor }: MarkRow): boolean {
  return exception !== null || silence !== null || inhibitor !== null;
}

function marksOf({ exception, silence, silentUntil }: MarkRow): StoredAlert['marks'] {
  return exception === null && silence === null ? null : { exception, silencedBy: silence, silencedUntil: silentUntil };
}

/** What of it is new, for the trail. */
function stepsOf(before: MarkRow, now: MarkRow, { exception, silence }: Standing): Omit<StepRow, 'at'>[] {
  const steps: Omit<StepRow, 'at'>[] = [];
  if (before.exception !== now.exception)
    steps.push({
      step: 'excepted',
      tuning: now.exception ?? '',
      text: exception === null ? `no exception covers it any more: ${before.exception}` : `hidden by ${exception.why}`,
    });
  if (before.silence !== now.silence)
    steps.push({
      step: 'silenced',
      tuning: now.silence ?? '',
      text: silence === null ? `not silenced any more: ${before.silence}` : `kept back by ${silence.why}`,
    });
  if (before.inhibitor !== now.inhibitor)
    steps.push({
      step: 'inhibited',
      tuning: now.inhibitor ?? '',
      text:
        now.inhibitor === null
          ? `not inhibited any more: ${before.inhibitor} is hidden`
          : `not told beside the stronger alert ${now.inhibitor}`,
    });
  return steps;
}
