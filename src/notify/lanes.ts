import { rankOf } from '../alerts/lifecycle.ts';
import { LEVELS, type Level } from './levels.ts';
import { DIGEST, type Gathered, type WaitingRow } from './ports.ts';

/**
 * The messages about one alert, in their order, and behind one that tells of several those about the others. Only the first can be sent, and
 * nothing while it is on its way.
 */
interface Lane {
  /** The alert. */
  readonly key: string;
  readonly rows: WaitingRow[];
  /** The highest of its rows: an urgent message hastens those that must go before it. */
  level: Level;
  isBusy: boolean;
}

/**
 * What waits for one receiver, and which is next: the highest level first, then the rules in turn, then the oldest. So a rule with 10,000 alerts
 * delays those of another by one message, and a critical one by none.
 */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  /** Lanes whose first row is due. Both maps keep the order in which their turn comes. */
  readonly #ready = new Map<Level, Map<string, Set<Lane>>>();
  /** Lanes whose first row is not due yet, the next one last. */
  #asleep: Lane[] = [];
  #count = 0;

  get size(): number {
    return this.#count;
  }

  has(alert: string): boolean {
    return this.#lanes.has(alert);
  }

  add(row: WaitingRow): void {
    const lane = this.#lanes.get(row.lane) ?? this.#open(row);
    if (!lane.isBusy) this.#takeOut(lane);
    if (!lane.isBusy)
      this.#drop(
        lane,
        lane.rows.filter((one) => isReplaced(one, row)),
      );
    // What tells of others stands before all that is said of them.
    const first = lane.isBusy || lane.rows[0]?.leads === true ? 1 : 0;
    const at = row.leads ? first : lane.rows.findIndex(({ id }) => id > row.id);
    lane.rows.splice(at < 0 ? lane.rows.length : Math.max(at, first), 0, row);
    this.#count++;
    if (rankOf(row.level) > rankOf(lane.level)) lane.level = row.level;
    if (!lane.isBusy) this.#place(lane);
  }

  /** The next row that is due and at least of this level; null: none. Its lane is busy until `done` or `again`. */
  take(now: number, lowest: Level): WaitingRow | null {
    this.#wake(now);
    for (const level of LEVELS) {
      if (rankOf(level) < rankOf(lowest)) return null;
      const rules = this.#ready.get(level);
      const [turn] = rules ?? [];
      if (rules === undefined || turn === undefined) continue;
      const [rule, lanes] = turn;
      const [lane] = lanes;
      lanes.delete(lane!);
      rules.delete(rule);
      if (lanes.size > 0) rules.set(rule, lanes);
      lane!.isBusy = true;
      return lane!.rows[0]!;
    }
    return null;
  }

  /** The row is settled, and those that it told too. */
  done({ lane: key, id }: WaitingRow, also: readonly number[] = []): void {
    const lane = this.#lanes.get(key)!;
    lane.isBusy = false;
    this.#drop(
      lane,
      lane.rows.filter((row) => row.id === id || also.includes(row.id)),
    );
    const others = lane.rows[0]?.leads === true ? [] : lane.rows.filter(({ alert }) => alert !== key);
    this.#drop(lane, others);
    this.#place(lane);
    for (const row of others) this.add({ ...row, lane: row.alert });
  }

  /** The row, which is on its way, tells of these too; what else is said of their alerts waits behind it. */
  gather({ lane: key }: WaitingRow, gathered: readonly Gathered[]): void {
    const home = this.#lanes.get(key)!;
    const ids = new Set(gathered.map(({ id }) => id));
    home.rows[0] = { ...home.rows[0]!, leads: true };
    this.#drop(
      home,
      home.rows.filter(({ id }) => ids.has(id)),
    );
    for (const alert of new Set(gathered.map((one) => one.alert))) {
      const lane = this.#lanes.get(alert);
      if (lane === undefined || lane === home || lane.isBusy) continue;
      this.#takeOut(lane);
      this.#lanes.delete(alert);
      this.#count -= lane.rows.length;
      for (const row of lane.rows) if (!ids.has(row.id)) this.add({ ...row, lane: key });
    }
  }

  /** The row is tried again. */
  again(row: WaitingRow, changes: Pick<WaitingRow, 'due' | 'notBefore' | 'attempts'>): void {
    const lane = this.#lanes.get(row.lane)!;
    lane.isBusy = false;
    lane.rows[0] = { ...lane.rows[0]!, ...changes };
    this.#place(lane);
  }

  /** What failed before need not wait any longer, but for what the receiver said. */
  hasten(now: number): void {
    for (const lane of this.#asleep) {
      const [row] = lane.rows;
      if (row!.attempts > 0) lane.rows[0] = { ...row!, due: Math.min(row!.due, Math.max(now, row!.notBefore ?? 0)) };
    }
    this.#asleep.sort((a, b) => dueOf(b) - dueOf(a));
  }

  /** When something is due; null: nothing waits for a time. What is due already is `now`. */
  next(now: number, lowest: Level): number | null {
    this.#wake(now);
    const isReady = [...this.#ready].some(([level, rules]) => rules.size > 0 && rankOf(level) >= rankOf(lowest));
    if (isReady) return now;
    const lane = this.#asleep.findLast(({ level }) => rankOf(level) >= rankOf(lowest));
    return lane === undefined ? null : dueOf(lane);
  }

  #open({ lane: key, level }: WaitingRow): Lane {
    const lane = { key, rows: [], level, isBusy: false };
    this.#lanes.set(key, lane);
    return lane;
  }

  #drop(lane: Lane, rows: readonly WaitingRow[]): void {
    for (const row of rows) lane.rows.splice(lane.rows.indexOf(row), 1);
    this.#count -= rows.length;
  }

  /** Where it belongs by its first row; nowhere if it has none. A lane that is not busy stands in one place. */
  #place(lane: Lane): void {
    const [first] = lane.rows;
    if (first === undefined) {
      this.#lanes.delete(lane.key);
      return;
    }
    lane.level = lane.rows.reduce((level, row) => (rankOf(row.level) > rankOf(level) ? row.level : level), first.level);
    // From the end: what is added is mostly due last, and then nothing moves.
    let at = this.#asleep.length;
    if (at > 0 && dueOf(this.#asleep[at - 1]!) < first.due)
      at = this.#asleep.findIndex((other) => dueOf(other) <= first.due);
    this.#asleep.splice(at, 0, lane);
  }

  #takeOut(lane: Lane): void {
    const [first] = lane.rows;
    if (first === undefined) return;
    const rules = this.#ready.get(lane.level);
    const lanes = rules?.get(first.rule);
    if (lanes?.delete(lane)) {
      if (lanes.size === 0) rules!.delete(first.rule);
      return;
    }
    this.#asleep = this.#asleep.filter((other) => other !== lane);
  }

  /** Oldest first, though they fell asleep in any order. */
  #wake(now: number): void {
    const woken: Lane[] = [];
    for (let lane = this.#asleep.at(-1); lane !== undefined && dueOf(lane) <= now; lane = this.#asleep.at(-1)) {
      woken.push(this.#asleep.pop()!);
    }
    woken.sort((a, b) => dueOf(a) - dueOf(b) || a.rows[0]!.id - b.rows[0]!.id);
    for (const lane of woken) {
      const rules = this.#ready.get(lane.level) ?? new Map<string, Set<Lane>>();
      this.#ready.set(lane.level, rules);
      const { rule } = lane.rows[0]!;
      rules.set(rule, (rules.get(rule) ?? new Set()).add(lane));
    }
  }
}

/** News of an alert take the place of telling it again, and what cannot wait that of what waits for a digest. */
function isReplaced(one: WaitingRow, by: WaitingRow): boolean {
  if (by.repetition > 0 || one.leads || one.alert !== by.alert) return false;
  return one.repetition > 0 || (one.grouping === DIGEST && by.grouping !== DIGEST && one.id < by.id);
}

function dueOf(lane: Lane): number {
  return lane.rows[0]!.due;
}
