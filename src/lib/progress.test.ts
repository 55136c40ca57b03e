import { describe, expect, it } from 'vitest';
import type { Clock } from './clock.ts';
import { Progress } from './progress.ts';

type Mode = 'line' | 'plain' | 'off';

/** Asks a progress to tell at the given milliseconds; what it wrote, and how often it had the text made. */
function play(mode: Mode, times: readonly number[], width = 80): { written: string[]; made: number } {
  let now = 1_000_000;
  const clock: Clock = { now: () => now, sleep: () => Promise.resolve() };
  const written: string[] = [];
  let made = 0;
  const progress = new Progress({ clock, write: (text) => written.push(text), mode, width });
  for (const at of times) {
    now = 1_000_000 + at;
    progress.update((elapsed) => {
      made += 1;
      return `${elapsed} ms of work`;
    });
  }
  return { written, made };
}

const LINE = '\r\u001b[K';

describe('progress', () => {
  it.each<[string, Mode, number[], string[]]>([
    ['says nothing of short work', 'line', [0, 100, 499], []],
    ['is one line that is written again', 'line', [500, 700], [`${LINE}500 ms of work`, `${LINE}700 ms of work`]],
    [
      'is written at most ten times a second',
      'line',
      [500, 510, 599, 600],
      [`${LINE}500 ms of work`, `${LINE}600 ms of work`],
    ],
    ['is whole lines where nothing can be written again', 'plain', [500, 9_999, 10_000], ['10000 ms of work\n']],
    ['is a line every ten seconds', 'plain', [10_000, 19_999, 20_000], ['10000 ms of work\n', '20000 ms of work\n']],
    ['can be off', 'off', [500, 10_000, 100_000], []],
  ])('%s', (_name, mode, times, expected) => {
    const { written, made } = play(mode, times);
    expect(written).toEqual(expected);
    expect(made).toBe(expected.length);
  });

  it('never reaches the last column, so that no terminal wraps it', () => {
    expect(play('line', [500], 8).written).toEqual([`${LINE}500 ms `]);
  });

  it('is taken away before data are printed, once, and only if it is there', () => {
    let now = 0;
    const written: string[] = [];
    const clock: Clock = { now: () => now, sleep: () => Promise.resolve() };
    const progress = new Progress({ clock, write: (text) => written.push(text), mode: 'line', width: 80 });
    progress.clear();
    expect(written).toEqual([]);
    now = 500;
    progress.update(() => 'x');
    progress.clear();
    progress.clear();
    expect(written).toEqual([`${LINE}x`, LINE]);
  });
});
