import type { Fact } from '../events/fact.ts';
import { FactTally, type SavedTally } from './summary.ts';

/** Hits of one fold key without a gap between neighbours that is longer than the rule's. Seconds since 1970, both inclusive. */
export interface HitRun {
  from: number;
  to: number;
  readonly tally: FactTally;
  /** Which selections of the rule's `levels` held, by their indexes as text: as many as there are different ones. */
  readonly selections: Map<string, readonly number[]>;
}

export interface SavedRun {
  readonly from: number;
  readonly to: number;
  readonly tally: SavedTally;
  readonly selections: readonly (readonly number[])[];
}

/** A hit that is not in a run yet. */
function runOf(second: number, fact: Fact, selections: readonly number[]): HitRun {
  const tally = new FactTally();
  tally.add(fact);
  return { from: second, to: second, tally, selections: new Map([[selections.join(), selections]]) };
}

/** Puts a hit into the run that it belongs to, or a run of its own; runs that it brings together become one. Any order gives the same. */
export function addToRuns(
  runs: HitRun[],
  second: number,
  { fact, selections }: { readonly fact: Fact; readonly selections: readonly number[] },
  gap: number,
): void {
  const near = runs.filter(({ from, to }) => second >= from - gap && second <= to + gap);
  const [own, ...others] = near;
  if (own === undefined) {
    runs.push(runOf(second, fact, selections));
    runs.sort((a, b) => a.from - b.from);
    return;
  }
  extend(own, second, { fact, selections });
  for (const other of others) {
    follow(own, other);
    runs.splice(runs.indexOf(other), 1);
  }
}

/** A single hit among runs. */
export interface SingleHit {
  readonly from: number;
  readonly fact: Fact;
  readonly selections: readonly number[];
}

/** Runs and hits, whatever told them, to runs without a gap. @param parts are used up; in order of `from` */
export function joinRuns(parts: readonly (HitRun | SingleHit)[], gap: number): HitRun[] {
  const joined: HitRun[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const isNear = last !== undefined && part.from - last.to <= gap;
    if ('tally' in part) {
      if (isNear) follow(last, part);
      else joined.push(part);
    } else if (isNear) extend(last, part.from, part);
    else joined.push(runOf(part.from, part.fact, part.selections));
  }
  return joined;
}

function extend(run: HitRun, second: number, { fact, selections }: Pick<SingleHit, 'fact' | 'selections'>): void {
  run.tally.add(fact);
  run.selections.set(selections.join(), selections);
  run.from = Math.min(run.from, second);
  run.to = Math.max(run.to, second);
}

function follow(run: HitRun, later: HitRun): void {
  run.tally.follow(later.tally);
  run.to = Math.max(run.to, later.to);
  for (const [text, selections] of later.selections) run.selections.set(text, selections);
}

export function saveRun({ from, to, tally, selections }: HitRun): SavedRun {
  return { from, to, tally: tally.save(), selections: [...selections.values()] };
}

export function restoreRun({ from, to, tally, selections }: SavedRun): HitRun {
  return {
    from,
    to,
    tally: FactTally.restore(tally),
    selections: new Map(selections.map((one) => [one.join(), one])),
  };
}
