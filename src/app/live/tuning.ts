import type { Alert, FirstTime, Raised } from '../../alerts/alert.ts';
import type { StoredAlert } from '../../alerts/stored.ts';
import { type Event, SECOND, tellsRequests } from '../../events/event.ts';
import type { Db } from '../../store/db.ts';
import { MemoryStore } from '../../store/memory.ts';
import { RoutineStore } from '../../store/routines.ts';
import { daysUnseen, type NetworkOf, sightingsOf } from '../../tuning/memory.ts';
import { keepMarks, type Marks, markRoutine, occurrenceOf, type RoutineSettings } from '../../tuning/routine.ts';
import { secondOfIso, seenBy } from '../told.ts';

export interface TuningSettings extends RoutineSettings {
  /** Does a source know who sends to it? Nothing is learnt from one that does not, and nothing lowered. */
  readonly isTrusted: (source: string) => boolean;
  readonly networkOf: NetworkOf;
}

/** So many new things are told of an alert. */
const FIRSTS = 20;

/** What the service knows of the past of accounts, and what it says of new alerts. All writing is done inside a transaction. */
export class LiveTuning {
  readonly #routines: RoutineStore;
  readonly #memory: MemoryStore;
  #settings: TuningSettings;

  constructor(db: Db, settings: TuningSettings) {
    this.#routines = new RoutineStore(db);
    this.#memory = new MemoryStore(db);
    this.#settings = settings;
  }

  use(settings: TuningSettings): void {
    this.#settings = settings;
  }

  /** An alert with its level and what is new about it, as known when it opened; what was said of it before stays. */
  mark(raised: Raised, before: StoredAlert | null): Raised {
    const marks = this.#marks(raised);
    const kept = before === null ? marks : keepMarks(before.alert, marks, raised.alert.level);
    const { level, routine, levelReason } = kept;
    const firsts = this.#firsts(raised, before);
    return {
      alert: { ...raised.alert, level, routine, levelReason },
      detail: { ...raised.detail, firsts },
    };
  }

  #marks(raised: Raised): Marks {
    const { level } = raised.alert;
    const now = this.#isTrusted(raised) ? occurrenceOf(raised) : null;
    if (now === null) return { level, routine: null, levelReason: null };
    const habit = this.#routines.habit(now.pattern.id, now.opened);
    const others = habit === null ? this.#routines.others(now.pattern, now.opened) : 0;
    return markRoutine(level, now, { habit, others }, this.#settings);
  }

  /** What was told stays; of what came later it is asked when it came. */
  #firsts(raised: Raised, before: StoredAlert | null): readonly FirstTime[] {
    const { account, firstSeen, lastSeen } = raised.alert;
    const since = account === null ? null : this.#memory.since(account);
    if (account === null || since === null) return before?.detail.firsts ?? [];
    const told = before?.detail.firsts ?? [];
    const known = new Set(
      before === null ? [] : this.#sightings({ alert: before.alert, detail: before.detail }).map(keyOf),
    );
    const at = secondOfIso(before === null ? firstSeen : lastSeen);
    const added = this.#sightings(raised)
      .filter((sighting) => !known.has(keyOf(sighting)))
      .flatMap(({ kind, value, name }) => {
        const span = this.#memory.span(account, kind, value);
        const days = daysUnseen(span === null ? [] : [span], since, at);
        return days === null ? [] : [{ kind, value: name, days }];
      });
    return [...told, ...added].slice(0, FIRSTS);
  }

  /** @param stored as it is kept now */
  learn(stored: StoredAlert, isNew: boolean): void {
    const raised: Raised = stored;
    if (!this.#isTrusted(raised)) return;
    const occurrence = occurrenceOf(raised);
    if (occurrence !== null && stored.verdict !== 'true') this.#routines.keep(occurrence);
    const { account, firstSeen, lastSeen } = stored.alert;
    // What the control plane tells is remembered as it comes, with what raises no alert.
    if (account === null || !stored.detail.facts.some(({ family }) => tellsRequests(family))) return;
    const seen = { first: secondOfIso(firstSeen), last: secondOfIso(lastSeen), count: isNew ? 1 : 0 };
    this.#memory.see(account, this.#sightings(raised), seen);
  }

  /** An alert is not told any more, or was an attack: nobody is to learn from it. */
  unlearn(id: Alert['id']): void {
    this.#routines.forgetAlert(id);
  }

  saw({ account, actor, sourceIp, userAgent, time }: Event, source: string): void {
    if (account === null || !this.#settings.isTrusted(source)) return;
    const one = <T>(value: T | null): T[] => (value === null ? [] : [value]);
    const seen = { actors: one(actor), addresses: one(sourceIp), agents: one(userAgent) };
    const second = Math.floor(time / SECOND);
    this.#memory.see(account, sightingsOf(seen, this.#settings.networkOf), { first: second, last: second, count: 1 });
  }

  /** @param now seconds since 1970 */
  prune(now: number): void {
    this.#routines.prune(now);
    this.#memory.prune(now);
  }

  #sightings(raised: Raised): ReturnType<typeof sightingsOf> {
    return sightingsOf(seenBy(raised), this.#settings.networkOf);
  }

  /** Every source that told of it must be known to be who it says. */
  #isTrusted({ detail }: Raised): boolean {
    const told = [detail.labels, ...detail.facts.map(({ labels = {} }) => labels)];
    const sources = new Set(told.flatMap((labels) => labels['source.name'] ?? []));
    return [...sources].every((source) => this.#settings.isTrusted(source));
  }
}

function keyOf({ kind, value }: { readonly kind: string; readonly value: string }): string {
  return `${kind}|${value}`;
}
