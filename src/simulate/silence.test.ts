import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from './clock.ts';
import type { Stream } from './forms.ts';
import { SilenceWatch } from './silence.ts';

type Seen = readonly [hours: number, stream: Stream];

function silencesOf(seen: readonly Seen[], gone: number | null = null): string[] {
  const watch = new SilenceWatch();
  let isGone = false;
  for (const [hours, stream] of seen) {
    if (gone !== null && hours >= gone && !isGone) {
      watch.forget('/a', gone * HOUR);
      isGone = true;
    }
    watch.see({ stream, time: hours * HOUR, resource: stream === 'activity' ? '/s' : '/a', line: '' });
  }
  return watch.end().map(({ firstSeen }) => firstSeen.slice(11, 19));
}

const CASES: readonly (readonly [string, readonly Seen[], number | null, readonly string[]])[] = [
  ['nothing is no silence', [], null, []],
  [
    'nor is an account that never logged',
    [
      [0, 'activity'],
      [9, 'activity'],
    ],
    null,
    [],
  ],
  [
    'four hours are allowed',
    [
      [0, 'data'],
      [4, 'data'],
    ],
    null,
    [],
  ],
  [
    'more are not',
    [
      [0, 'data'],
      [5, 'data'],
    ],
    null,
    ['04:00:01'],
  ],
  [
    'every log of the account breaks it',
    [
      [0, 'data'],
      [3, 'control'],
      [6, 'mongo'],
    ],
    null,
    [],
  ],
  [
    'the Activity Log does not',
    [
      [0, 'data'],
      [3, 'activity'],
      [6, 'data'],
    ],
    null,
    ['04:00:01'],
  ],
  [
    'it may last to the end',
    [
      [1, 'data'],
      [6, 'activity'],
    ],
    null,
    ['05:00:01'],
  ],
  [
    'a deleted account owes no logs',
    [
      [0, 'data'],
      [3, 'control'],
      [9, 'activity'],
    ],
    3,
    [],
  ],
  [
    'what comes after its deletion is not waited for',
    [
      [0, 'data'],
      [2, 'data'],
      [2.1, 'control'],
      [9, 'activity'],
    ],
    2,
    [],
  ],
  [
    'before its deletion it did',
    [
      [0, 'data'],
      [9, 'activity'],
    ],
    5,
    ['04:00:01'],
  ],
];

describe('silence', () => {
  it.each(CASES)('%s', (_, seen, gone, expected) => {
    expect(silencesOf(seen, gone)).toEqual(expected);
  });

  it('is measured in whole seconds', () => {
    const watch = new SilenceWatch();
    for (const time of [900, 4 * HOUR + 100, 8 * HOUR + SECOND + 50 * MINUTE])
      watch.see({ stream: 'data', time, resource: '/a', line: '' });
    expect(watch.end().map(({ firstSeen }) => firstSeen)).toEqual(['1970-01-01T08:00:01Z']);
  });
});
