import { describe, expect, it } from 'vitest';
import type { Family } from '../events/event.ts';
import { HOUR, MINUTE, SECOND } from './clock.ts';
import { SilenceWatch } from './silence.ts';

type Seen = readonly [hours: number, family: Family];

function silencesOf(seen: readonly Seen[], gone: number | null = null): string[] {
  const watch = new SilenceWatch();
  let isGone = false;
  for (const [hours, family] of seen) {
    if (gone !== null && hours >= gone && !isGone) {
      watch.forget('/a', gone * HOUR);
      isGone = true;
    }
    watch.see({ family, time: hours * HOUR, resource: family === 'ActivityLog' ? '/s' : '/a', line: '' });
  }
  return watch.end().map(({ firstSeen }) => firstSeen.slice(11, 19));
}

const CASES: readonly (readonly [string, readonly Seen[], number | null, readonly string[]])[] = [
  ['nothing is no silence', [], null, []],
  [
    'nor is an account that never logged',
    [
      [0, 'ActivityLog'],
      [9, 'ActivityLog'],
    ],
    null,
    [],
  ],
  [
    'four hours are allowed',
    [
      [0, 'DataPlaneRequests'],
      [4, 'DataPlaneRequests'],
    ],
    null,
    [],
  ],
  [
    'more are not',
    [
      [0, 'DataPlaneRequests'],
      [5, 'DataPlaneRequests'],
    ],
    null,
    ['04:00:01'],
  ],
  [
    'every log of the account breaks it',
    [
      [0, 'DataPlaneRequests'],
      [3, 'ControlPlaneRequests'],
      [6, 'MongoRequests'],
    ],
    null,
    [],
  ],
  [
    'the Activity Log does not',
    [
      [0, 'DataPlaneRequests'],
      [3, 'ActivityLog'],
      [6, 'DataPlaneRequests'],
    ],
    null,
    ['04:00:01'],
  ],
  [
    'it may last to the end',
    [
      [1, 'DataPlaneRequests'],
      [6, 'ActivityLog'],
    ],
    null,
    ['05:00:01'],
  ],
  [
    'a deleted account owes no logs',
    [
      [0, 'DataPlaneRequests'],
      [3, 'ControlPlaneRequests'],
      [9, 'ActivityLog'],
    ],
    3,
    [],
  ],
  [
    'what comes after its deletion is not waited for',
    [
      [0, 'DataPlaneRequests'],
      [2, 'DataPlaneRequests'],
      [2.1, 'ControlPlaneRequests'],
      [9, 'ActivityLog'],
    ],
    2,
    [],
  ],
  [
    'before its deletion it did',
    [
      [0, 'DataPlaneRequests'],
      [9, 'ActivityLog'],
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
      watch.see({ family: 'DataPlaneRequests', time, resource: '/a', line: '' });
    expect(watch.end().map(({ firstSeen }) => firstSeen)).toEqual(['1970-01-01T08:00:01Z']);
  });
});
