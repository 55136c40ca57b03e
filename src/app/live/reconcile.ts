import type { Raised } from '../../alerts/alert.ts';
import { goOn, isWithdrawn, openAlert, retell, withdraw } from '../../alerts/lifecycle.ts';
import type { Draft } from '../../alerts/raise.ts';
import { raise, type Stands } from '../../alerts/raise.ts';
import type { AlertNews, StoredAlert } from '../../alerts/stored.ts';
import { isRequest } from '../../events/fact.ts';
import { identity } from '../../lib/hash.ts';
import { completeAlert } from '../../report/story.ts';
import type { AlertRow, AlertStore } from '../../store/alerts.ts';
import { callerKey } from '../told.ts';
import type { LiveTuning } from './tuning.ts';

/** What is known of an alert beside its own facts. */
export interface Surroundings {
  readonly stands: Stands;
  complete(raised: Raised): Pick<Raised['detail'], 'spelled' | 'otherAccounts' | 'blinded'>;
  /** Why what a stored alert told of is not told any more. */
  whyGone(stored: StoredAlert): string;
}

/** The alerts of one rule in one scope as they are worked out now, from a second on: stored ones that reach there are the same, or gone. */
export interface Worked {
  readonly scope: string;
  readonly ruleId: string;
  /** JSON of the only key that was looked at; null: of all. */
  readonly fold: string | null;
  readonly from: number;
  /** What opened before it is kept as it is, but for going on: what it was made of is not all there any more. */
  readonly known: number;
  readonly drafts: readonly Draft[];
}

interface Candidate {
  readonly draft: Draft;
  readonly fold: string;
  readonly raised: Raised;
  row: AlertRow | null;
}

/** Compares what is worked out with what is stored, and keeps the difference. Everything is told as news that people may want to hear. */
export class Reconciler {
  readonly #store: AlertStore;
  readonly #around: Surroundings;
  readonly #tuning: LiveTuning;
  readonly #news: AlertNews[] = [];
  readonly #gone: { readonly row: AlertRow; readonly ruleId: string }[] = [];
  readonly #told: { readonly id: string; readonly ruleId: string; readonly evidence: ReadonlySet<string> }[] = [];
  readonly #now: number;
  /** What ended before it and is not stored was told, and is gone. */
  readonly #forgotten: number;

  /** @param now milliseconds */
  constructor(store: AlertStore, around: Surroundings, tuning: LiveTuning, now: number) {
    this.#store = store;
    this.#around = around;
    this.#tuning = tuning;
    this.#now = now;
    this.#forgotten = store.forgotten();
  }

  /** @param note for the history of what opens */
  add({ scope, ruleId, fold, from, known, drafts }: Worked, note: string | null = null): void {
    const rows = this.#store.rows(scope, ruleId, Math.max(from, known), fold);
    const candidates = drafts
      .filter(({ last }) => last >= known)
      .map((draft): Candidate => {
        const raised = raise(draft, this.#around.stands);
        return { draft, fold: JSON.stringify(draft.key), raised, row: null };
      });
    const left = new Set(rows);
    for (const match of [isSame, isOverlapping]) {
      for (const one of candidates) {
        if (one.row !== null) continue;
        one.row = [...left].find((row) => match(one, row)) ?? null;
        if (one.row !== null) left.delete(one.row);
      }
    }
    for (const one of candidates) {
      const isCut = one.row === null ? one.draft.opened < known : one.row.opened < known;
      const isForgotten = one.row === null && one.draft.last < this.#forgotten;
      if ((one.row === null && isCut) || isForgotten) continue;
      this.#tell(scope, one, { note, isCut });
    }
    for (const row of left) if (!isWithdrawn(row) && row.opened >= known) this.#gone.push({ row, ruleId });
  }

  /** What became of all that was added; of alerts that are gone last, because another may hold now what they held. */
  finish(): readonly AlertNews[] {
    for (const { row, ruleId } of this.#gone) {
      const stored = this.#store.get(row.id)!;
      const evidence = stored.alert.evidence.map(({ id }) => id);
      const into = this.#told.find(
        (one) => one.ruleId === ruleId && one.id !== row.id && evidence.some((id) => one.evidence.has(id)),
      );
      const why = into === undefined ? this.#around.whyGone(stored) : 'its records are part of another alert now';
      const news = withdraw(stored, why, into?.id ?? null, this.#now);
      this.#store.save(news.stored, row);
      this.#tuning.unlearn(row.id);
      this.#news.push(news);
    }
    return this.#news;
  }

  #tell(
    scope: string,
    { draft, fold, raised, row }: Candidate,
    { note, isCut }: { readonly note: string | null; readonly isCut: boolean },
  ): void {
    const around = this.#around.complete(raised);
    const digest = digestOf(raised, around);
    const evidence = new Set(raised.alert.evidence.map(({ id }) => id));
    const { ruleId, settledId } = raised.alert;
    const id = row?.id ?? this.#newId(settledId);
    this.#told.push({ id, ruleId, evidence });
    if (row !== null && row.digest === digest && !isWithdrawn(row)) return;
    const caller = callerKey(raised);
    const isFirst = caller === null ? null : this.#isFirst(raised, caller, draft.opened);
    const before = row === null ? null : this.#store.get(row.id)!;
    const whole = this.#tuning.mark({ ...raised, detail: { ...raised.detail, ...around, isFirst } }, before);
    const now = { alert: completeAlert(whole), detail: whole.detail };
    const { stored, news } =
      before === null
        ? opened(openAlert(now, id, this.#now, note))
        : retell(before, isCut ? goOn(before, now) : now, this.#now);
    const hasControl = raised.detail.facts.some((fact) => !isRequest(fact)) || hasRelated(raised);
    this.#store.save(stored, {
      ruleId,
      fold,
      scope,
      opened: isCut ? row!.opened : draft.opened,
      last: draft.last,
      hasControl,
      digest,
      caller,
    });
    this.#tuning.learn(stored, before === null);
    if (news !== null) this.#news.push(news);
  }

  #isFirst({ alert }: Raised, caller: string, opened: number): boolean {
    const first = this.#store.firstBy(alert.ruleId, alert.account, caller);
    return first === null || opened <= first;
  }

  /** The identity of its opening, unless an older alert that began there has it. */
  #newId(settledId: string): string {
    let id = settledId;
    for (let n = 2; this.#store.row(id) !== null; n++) id = identity(settledId, n);
    return id;
  }
}

function opened(news: AlertNews): { readonly stored: StoredAlert; readonly news: AlertNews } {
  return { stored: news.stored, news };
}

function isSame({ raised }: Candidate, row: AlertRow): boolean {
  return row.settledId === raised.alert.settledId;
}

function isOverlapping({ draft, fold }: Candidate, row: AlertRow): boolean {
  return !isWithdrawn(row) && row.fold === fold && row.opened <= draft.last && draft.opened <= row.last;
}

/** Requests that change the structure of an account are related, too. */
function hasRelated({ detail }: Raised): boolean {
  return detail.facts.some(({ action }) => /^cosmosdb\.(?:container|database)\./.test(action));
}

function digestOf({ alert, detail }: Raised, around: object): string {
  return identity(JSON.stringify([alert, detail.isOngoing, detail.holds, detail.labels, detail.silence, around]));
}
