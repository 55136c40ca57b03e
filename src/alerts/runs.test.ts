import fc from 'fast-check';
import { expect, it } from 'vitest';
import { factOf } from '../engine/engine.test-support.ts';
import { addToRuns, type HitRun, joinRuns, restoreRun, saveRun } from './runs.ts';

const GAP = 10;

const hits = fc.uniqueArray(fc.nat(120), { minLength: 1, maxLength: 30 }).chain((seconds) =>
  fc.record({
    seconds: fc.constant(seconds),
    /** Which of several tallies a hit goes to. */
    parts: fc.array(fc.nat(2), { minLength: seconds.length, maxLength: seconds.length }),
  }),
);

function runsOf(seconds: readonly number[]): HitRun[] {
  const runs: HitRun[] = [];
  for (const second of seconds)
    addToRuns(
      runs,
      second,
      { fact: factOf({ at: second, id: `e${second}`, family: 'DataPlaneRequests' }), selections: [second % 2] },
      GAP,
    );
  return runs;
}

function shown(runs: readonly HitRun[]) {
  return runs.map(({ from, to, tally, selections }) => {
    const { count, facts, evidence } = tally.summary();
    return {
      from,
      to,
      count,
      facts: facts.map(({ id }) => id),
      evidence: evidence.length,
      selections: [...selections.keys()].sort(),
    };
  });
}

it('hits in any order, in any parts, through the store, are the runs that they are in order', () => {
  fc.assert(
    fc.property(hits, ({ seconds, parts }) => {
      const inOrder = shown(runsOf([...seconds].sort((a, b) => a - b)));
      expect(shown(runsOf(seconds))).toEqual(inOrder);
      const split = [0, 1, 2].flatMap((part) => runsOf(seconds.filter((_, n) => parts[n] === part)));
      const stored = split.map((run) =>
        restoreRun(JSON.parse(JSON.stringify(saveRun(run))) as ReturnType<typeof saveRun>),
      );
      expect(
        shown(
          joinRuns(
            stored.sort((a, b) => a.from - b.from),
            GAP,
          ),
        ),
      ).toEqual(inOrder);
    }),
    { numRuns: 200 },
  );
});
