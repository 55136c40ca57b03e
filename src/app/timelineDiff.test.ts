import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../alerts/alert.ts';
import { differenceLines } from '../report/timelineDiff.ts';
import { caseLines, type Expected, isoOf, readTimeline } from './timeline.ts';
import { differences } from './timelineDiff.ts';

function alert(at: number, more: Partial<Alert> = {}): Alert {
  return {
    ...{ firstSeen: isoOf(at), lastSeen: isoOf(at), level: 'low', count: 1, status: 'open', caller: null },
    ...{ account: '/subscriptions/s/databaseaccounts/orders', actors: [], changes: [] },
    ...more,
  } as unknown as Alert;
}

function told(expected: readonly Expected[], alerts: readonly Alert[]): string[] {
  return differenceLines({ place: 'a.test.yml:3', name: 'one' }, differences(expected, alerts), {
    width: 80,
    colour: false,
  }).slice(1, -1);
}

describe('what differs', () => {
  it.each<[string, Expected[], Alert[], string[]]>([
    ['nothing', [{ at: 0, level: 'low', count: 1, account: 'orders' }], [alert(0)], []],
    [
      'fields of one alert',
      [{ at: 0, level: 'high', count: 2 }],
      [alert(0)],
      [
        '  alert 1, expected at 0: 2 fields differ',
        '    level  expected  high',
        '           got       low',
        '    count  expected  2',
        '           got       1',
      ],
    ],
    [
      'one that comes later',
      [{ at: 60 }],
      [alert(61)],
      ['  alert 1, expected at 1m: 1 field differs', '    at  expected  1m', '        got       61s'],
    ],
    [
      'the first that is missing makes the others no worse',
      [
        { at: 0, level: 'low' },
        { at: 3600, count: 1 },
        { at: 7200, count: 1 },
      ],
      [alert(3600), alert(7200)],
      ['  alert 1 did not come', '    expected  at 0, level low'],
    ],
    [
      'one too many',
      [{ at: 7200, count: 1 }],
      [alert(3600), alert(7200)],
      [
        '  an alert that was not expected',
        '    got       at 1h, until 1h, account orders, level low, count 1, status open',
      ],
    ],
  ])('%s', (_name, expected, alerts, lines) => {
    expect(told(expected, alerts)).toEqual(lines);
  });

  it('long values keep to the width', () => {
    const actors = Array.from({ length: 9 }, (_, at) => `somebody-${at}@contoso.example`);
    for (const line of told([{ at: 0, actors }], [alert(0, { status: 'open' })]))
      expect(line.length).toBeLessThanOrEqual(80);
  });

  it('is nothing exactly where all agree one by one', () => {
    const times = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 6 });
    const levels = fc.constantFrom('low' as const, 'high' as const);
    fc.assert(
      fc.property(times, times, levels, (wanted, came, level) => {
        const found = differences(
          wanted.map((at) => ({ at, level })),
          came.map((at) => alert(at)),
        );
        const agree =
          wanted.length === came.length &&
          wanted.every((at, n) => at === came[n]) &&
          (level === 'low' || wanted.length === 0);
        expect(found.length === 0).toBe(agree);
        const missing = found.filter(({ kind }) => kind === 'missing').length;
        const unexpected = found.filter(({ kind }) => kind === 'unexpected').length;
        expect(unexpected - missing).toBe(came.length - wanted.length);
      }),
    );
  });
});

const TIMELINE = `rule: r
templates:
  t: { time: "{time}" }
cases:
  - name: one
    records:
      - { at: 0, t: {} }
    alerts: []
  - name: two
    records:
      - { at: 0, t: {} }
    alerts:
      - { at: 4h, level: high }
`;

describe('a timeline', () => {
  it('knows the lines of its cases', () => {
    expect(caseLines(TIMELINE)).toEqual([5, 9]);
    expect(caseLines('rule: [')).toEqual([]);
  });

  it.each([
    [
      'a key that is none',
      TIMELINE.replace('cases', 'casses'),
      [
        '1:1: cases: Invalid input: expected array, received undefined',
        '4:1: the file has no "casses"; did you mean "cases"?',
      ],
    ],
    [
      'a template that is none',
      TIMELINE.replace('{ at: 0, t: {} }', '{ at: 0, tt: {} }'),
      ['7:18: no template is called tt; did you mean t?'],
    ],
    [
      'a level that is none',
      TIMELINE.replace('high', 'severe'),
      [
        '13:26: cases.1.alerts.0.level: Invalid option: expected one of "informational"|"low"|"medium"|"high"|"critical"',
      ],
    ],
    [
      'an offset that is none',
      TIMELINE.replace('4h', 'soon'),
      ['13:15: cases.1.alerts.0.at: no offset: write 0, 90s, 15m, 4h or 2d'],
    ],
    [
      'a record without template',
      TIMELINE.replace('{ at: 0, t: {} }', '{ at: 0 }'),
      ['7:9: cases.0.records.0: a record names one template, this one names none'],
    ],
    ['a file that is not there', `from: other.yml\n${TIMELINE}`, ['1:7: there is no file other.yml beside it']],
    ['no YAML', 'rule: [\n', null],
  ])('%s', (_name, text, mistakes) => {
    const read = readTimeline(text, () => null);
    if (mistakes === null) expect(read).toEqual([expect.stringMatching(/^\d+:\d+: not YAML: /)]);
    else expect(read).toEqual(mistakes);
  });

  it('a mistake in the shared file is told with both places', () => {
    expect(readTimeline(`from: shared.yml\n${TIMELINE}`, () => 'templats: {}\n')).toEqual([
      '1:7: in shared.yml:1:1: templates: Invalid input: expected record, received undefined',
      expect.stringMatching(/^1:7: in shared\.yml:1:\d+: the file has no "templats"; did you mean "templates"\?$/),
    ]);
  });
});
