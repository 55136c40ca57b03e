import { type Evidence, type Micros, SECOND } from '../../events/event.ts';
import { compareText } from '../../lib/compare.ts';
import { compareHits, type KeptHit, secondOf } from '../hits.ts';
import { type Entries, Pages } from './entries.ts';
import { evidenceLike, hitLike, learnPattern, type Pattern, type PatternDeps, type ToldAlike } from './pattern.ts';

/** What a walk knows of one record. */
export interface WalkedRecord {
  activity(record: number, part: number): number;
}

export interface LikeHitsDeps extends PatternDeps {
  /** Bytes of entries in memory. */
  readonly budget: number;
}

/** How many records an alert shows at each end. */
const ENDS = 3;

/** Up to so many requests of a second are compared each with each. */
const PAIRWISE = 32;

/**
 * Requests that rules match and that are alike but for time and id. Most applications delete the same way thousands of times an hour, so
 * each such request is kept as ten numbers, and told together with its likes as a *run*: those of one pattern, in one quarter of an hour,
 * no further apart than their rules' gap. Where copies may be among them (two of a second have one id, or a record of that second was read
 * by itself) each is told as it would have been alone.
 */
export class LikeHits {
  readonly #deps: LikeHitsDeps;
  readonly #patterns: Pattern[] = [];
  readonly #pages: Pages;
  readonly #files: string[] = [];
  /** Seconds with requests that were read by themselves. */
  readonly #mixed = new Set<number>();
  readonly #groups = new Map<string, number>();
  readonly #groupOf: number[] = [];

  constructor(deps: LikeHitsDeps) {
    this.#deps = deps;
    this.#pages = new Pages(deps.budget);
  }

  /** Records that follow stand in this file. */
  open(file: string): void {
    this.#files.push(file);
  }

  /** A request that was read by itself: it may be a copy of one of these. */
  alone({ fact, source }: KeptHit): void {
    if (source !== null) this.#mixed.add(secondOf(fact.time));
  }

  /** The pattern's number, from its first record; null: each is to be read by itself. */
  learn(bytes: Uint8Array): number | null {
    const pattern = learnPattern(bytes, this.#deps);
    if (pattern === null) return null;
    this.#patterns.push(pattern);
    const group = pattern.told?.group ?? '';
    if (!this.#groups.has(group)) this.#groups.set(group, this.#groups.size);
    this.#groupOf.push(this.#groups.get(group)!);
    return this.#patterns.length - 1;
  }

  add(pattern: number, time: Micros, walk: WalkedRecord, record: number, line: number, index: number): void {
    const { tally, told } = this.#patterns[pattern]!;
    if (!tally.add(time) || told === null) return;
    const entries = this.#pages.at(time);
    const at = entries.add(time);
    const { words } = entries;
    words[at] = pattern;
    words[at + 1] = walk.activity(record, 0);
    words[at + 2] = walk.activity(record, 1);
    words[at + 3] = walk.activity(record, 2);
    words[at + 4] = walk.activity(record, 3);
    words[at + 5] = this.#files.length - 1;
    words[at + 6] = line;
    words[at + 7] = index;
  }

  /** These and others, in order (`compareHits`). */
  *with(others: Iterable<KeptHit>): Generator<KeptHit> {
    const rest = others[Symbol.iterator]();
    let other = rest.next();
    for (const number of this.#pages.numbers()) {
      for (const hit of this.#toldIn(this.#pages.read(number))) {
        for (; !other.done && compareHits(other.value, hit) <= 0; other = rest.next()) yield other.value;
        yield hit;
      }
    }
    for (; !other.done; other = rest.next()) yield other.value;
  }

  close(): void {
    this.#pages.close();
  }

  #toldIn(entries: Entries): KeptHit[] {
    const told: KeptHit[] = [];
    const runs = new Map<number, number[]>();
    const end = (pattern: number, run: readonly number[]) => told.push(this.#run(pattern, run, entries));
    for (const second of secondsOf(entries)) {
      if (this.#mixed.has(secondOf(entries.times[second[0]!]!)) || this.#hasCopies(second, entries)) {
        for (const entry of second) told.push(this.#hit(entry, entries));
        continue;
      }
      for (const entry of second) {
        const pattern = entries.word(entry, 0);
        const run = runs.get(pattern);
        if (run !== undefined && this.#isNear(pattern, run.at(-1)!, entry, entries)) {
          run.push(entry);
          continue;
        }
        if (run !== undefined) end(pattern, run);
        runs.set(pattern, [entry]);
      }
    }
    for (const [pattern, run] of runs) end(pattern, run);
    return told.sort(compareHits);
  }

  #isNear(pattern: number, before: number, entry: number, { times }: Entries): boolean {
    return secondOf(times[entry]!) - secondOf(times[before]!) <= this.#told(pattern).gap;
  }

  /** Do two of them tell the same request? Activity ids are random, so their first digits nearly always say no. */
  #hasCopies(second: readonly number[], entries: Entries): boolean {
    if (second.length > PAIRWISE) return this.#hasCopiesAmongMany(second, entries);
    for (let at = 1; at < second.length; at++) {
      for (let before = 0; before < at; before++) if (this.#isCopy(second[at]!, second[before]!, entries)) return true;
    }
    return false;
  }

  #hasCopiesAmongMany(second: readonly number[], entries: Entries): boolean {
    const byDigits = Map.groupBy(second, (entry) => entries.word(entry, 1));
    if (byDigits.size === second.length) return false;
    return [...byDigits.values()].some((alike) =>
      alike.some((entry, at) => alike.slice(0, at).some((before) => this.#isCopy(entry, before, entries))),
    );
  }

  #isCopy(a: number, b: number, entries: Entries): boolean {
    for (let at = 1; at <= 4; at++) if (entries.word(a, at) !== entries.word(b, at)) return false;
    return this.#groupOf[entries.word(a, 0)] === this.#groupOf[entries.word(b, 0)];
  }

  #hit(entry: number, entries: Entries): KeptHit {
    const { id, time, position } = this.#partsOf(entry, entries);
    return hitLike(this.#told(entries.word(entry, 0)), id, time, position);
  }

  /** @param run entries in order of time */
  #run(pattern: number, run: readonly number[], entries: Entries): KeptHit {
    if (run.length === 1) return this.#hit(run[0]!, entries);
    const told = this.#told(pattern);
    const { hit } = told;
    const [first, ...more] = this.#ends(run, entries, told);
    const last = entries.times[run.at(-1)!]!;
    const { fact } = hitLike(told, first!.id, first!.time, first!.position);
    return { ...hit, fact: { ...fact, count: run.length * fact.count, run: { last, more } } };
  }

  /** The first few and the last few by (time, id), none twice. */
  #ends(run: readonly number[], entries: Entries, { hit }: ToldAlike): Evidence[] {
    const timeAt = (at: number): Micros => entries.times[run[at]!]!;
    const firstUntil = timeAt(Math.min(ENDS, run.length) - 1);
    const lastFrom = timeAt(Math.max(0, run.length - ENDS));
    const evidence = (entry: number): Evidence => {
      const { id, time, position } = this.#partsOf(entry, entries);
      return evidenceLike(hit, id, time, position);
    };
    const first = run
      .filter((_, at) => timeAt(at) <= firstUntil)
      .map(evidence)
      .sort(byTime)
      .slice(0, ENDS);
    const last = run
      .filter((_, at) => timeAt(at) >= lastFrom)
      .map(evidence)
      .sort(byTime)
      .slice(-ENDS);
    return [...first, ...last.filter(({ id }) => first.every((one) => one.id !== id))];
  }

  #partsOf(entry: number, entries: Entries) {
    const time = entries.times[entry]!;
    const id = this.#told(entries.word(entry, 0)).idOf(entries.activity(entry), secondOf(time));
    const source = this.#files[entries.word(entry, 5)]!;
    return { id, time, position: { source, line: entries.word(entry, 6), index: entries.word(entry, 7) } };
  }

  #told(pattern: number): ToldAlike {
    return this.#patterns[pattern]!.told!;
  }
}

function byTime(a: Evidence, b: Evidence): number {
  return a.time - b.time || compareText(a.id, b.id);
}

/** Entries in order of time, second by second. */
function* secondsOf({ times, count }: Entries): Generator<number[]> {
  const order = orderOf(times, count);
  let [second, current]: [number[], number] = [[], Number.NaN];
  for (const entry of order) {
    const own = Math.floor(times[entry]! / SECOND);
    if (own !== current && second.length > 0) {
      yield second;
      second = [];
    }
    current = own;
    second.push(entry);
  }
  if (second.length > 0) yield second;
}

/** Records mostly come in order. */
function orderOf(times: Float64Array, count: number): Uint32Array {
  const order = new Uint32Array(count);
  let isSorted = true;
  for (let at = 0; at < count; at++) {
    order[at] = at;
    if (at > 0 && times[at]! < times[at - 1]!) isSorted = false;
  }
  return isSorted ? order : order.sort((a, b) => times[a]! - times[b]! || a - b);
}
