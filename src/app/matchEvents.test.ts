import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../lib/json.ts';
import { loadRules } from '../sigma/load.ts';
import { EventMatcher } from './matchEvents.ts';

/** Rules `a`, `b`, `c` that match events by `kind`, and whatever correlations stand behind them. */
const BASES = ['a', 'b', 'c']
  .map(
    (name) =>
      `title: ${name.toUpperCase()}\nname: ${name}\nlogsource: {product: made-up}\ndetection: {s: {kind: ${name}}, condition: s}\n`,
  )
  .join('---\n');

function matcher(correlations: readonly string[], kept?: number): EventMatcher {
  const text = [BASES, ...correlations].join('---\n');
  const { rules, diagnostics } = loadRules([{ file: 'r.yml', text }], { logsource: 'ignore' });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return new EventMatcher(rules, kept);
}

function correlation(title: string, rest: string): string {
  return `title: ${title}\nname: ${title.toLowerCase()}\ncorrelation: {timespan: 10s, ${rest}}\n`;
}

/** `a0 b3/u=x`: kind, second, fields; `a-`: without time. To the titles that fired at each. */
function fired(correlations: readonly string[], line: string, kept?: number): string[] {
  const asked = matcher(correlations, kept);
  return line.split(' ').map((word) => asked.match(eventOf(word)).fired.join('+'));
}

function eventOf(word: string): JsonObject {
  const [head = '', ...fields] = word.split('/');
  const time = head.slice(1);
  return {
    kind: head[0]!,
    ...(time === '-' ? {} : { '@timestamp': Number(time) }),
    ...Object.fromEntries(fields.map((field) => field.split('=') as [string, string])),
  };
}

const ALL = 'rules: [a, b]';

describe('correlations, event by event', () => {
  it.each<[string, string[], string, string[]]>([
    [
      'a count, from the event on that completes it, for as long as it holds',
      [correlation('N', 'type: event_count, rules: a, condition: {gte: 2}')],
      'a0 a5 a6 a30',
      ['', 'N', 'N', ''],
    ],
    [
      'the window has both its ends',
      [correlation('N', 'type: event_count, rules: a, condition: {gte: 2}')],
      'a0 a10 a21',
      ['', 'N', ''],
    ],
    [
      'by what events are told apart',
      [correlation('N', 'type: event_count, rules: a, group-by: [u], condition: {gte: 2}')],
      'a0/u=x a1/u=y a2/u=x a3',
      ['', '', 'N', ''],
    ],
    [
      'an event of two of its rules counts once',
      [correlation('N', 'type: event_count, rules: [a, A], condition: {gte: 2}').replace('[a, A]', '[a, a]')],
      'a0 a1',
      ['', 'N'],
    ],
    [
      'a range ends',
      [correlation('N', 'type: event_count, rules: a, condition: {gt: 1, lte: 2}')],
      'a0 a1 a2',
      ['', 'N', ''],
    ],
    ['fewer than', [correlation('N', 'type: event_count, rules: a, condition: {lt: 2}')], 'a0 a1 a20', ['N', '', 'N']],
    ['exactly', [correlation('N', 'type: event_count, rules: a, condition: {eq: 2}')], 'a0 a1 a2', ['', 'N', '']],
    [
      'none at all never holds at an event that counts',
      [correlation('N', 'type: event_count, rules: a, condition: {lt: 1}')],
      'a0 b1 a40',
      ['', '', ''],
    ],
    [
      'different values',
      [correlation('V', 'type: value_count, rules: a, condition: {field: v, gte: 2}')],
      'a0/v=x a1/v=x a2 a3/v=y',
      ['', '', '', 'V'],
    ],
    [
      'different tuples',
      [correlation('V', 'type: value_count, rules: a, condition: {field: [v, w], gte: 2}')],
      'a0/v=x/w=1 a1/v=x a2/v=x/w=2',
      ['', '', 'V'],
    ],
    [
      'a sum',
      [correlation('S', 'type: value_sum, rules: a, condition: {field: v, gt: 9}')],
      'a0/v=5 a1/v=5 a2/v=none',
      ['', 'S', 'S'],
    ],
    [
      'a mean',
      [correlation('M', 'type: value_avg, rules: a, condition: {field: v, lt: 4}')],
      'a0/v=5 a1/v=1 a20/v=5',
      ['', 'M', ''],
    ],
    [
      'all of several rules, in any order',
      [correlation('T', `type: temporal, ${ALL}`)],
      'b0 a1 a20 b21',
      ['', 'T', '', 'T'],
    ],
    [
      'in their order only',
      [correlation('O', 'type: temporal_ordered, rules: [a, b]')],
      'b0 a1 b2 b30',
      ['', '', 'O', ''],
    ],
    [
      'within one second any order is one',
      [correlation('O', 'type: temporal_ordered, rules: [a, b]')],
      'b1.9 a1.1',
      ['', 'O'],
    ],
    [
      'a chain must fit the window',
      [correlation('O', 'type: temporal_ordered, rules: [a, b, c]')],
      'a0 b6 c12 a12 b13 c14',
      ['', '', '', '', '', 'O'],
    ],
    [
      'an alias reads another field of each rule',
      [correlation('T', `type: temporal, ${ALL}, group-by: [who], aliases: {who: {a: u, b: v}}`)],
      'a0/u=x b1/v=y b2/v=x',
      ['', '', 'T'],
    ],
    [
      'a correlation of correlations counts what fired, at the event',
      [
        correlation('Two', 'type: event_count, rules: a, group-by: [u], condition: {gte: 2}'),
        correlation('Then', 'type: temporal_ordered, rules: [two, b], group-by: [u]'),
      ],
      'a0/u=x b1/u=x a2/u=x b3/u=y b4/u=x',
      ['', '', 'Two', '', 'Then'],
    ],
    [
      'a chain that stands before what it refers to',
      [
        correlation('Outer', 'type: event_count, rules: inner, condition: {gte: 2}'),
        correlation('Inner', 'type: event_count, rules: a, condition: {gte: 1}'),
      ],
      'a0 a1',
      ['Inner', 'Outer+Inner'],
    ],
    [
      'without a time nothing counts',
      [correlation('N', 'type: event_count, rules: a, condition: {gte: 1}')],
      'a- a0',
      ['', 'N'],
    ],
    [
      'a late event is judged over its own window, and counts for those after it',
      [correlation('N', 'type: event_count, rules: a, condition: {gte: 3}')],
      'a20 a1 a2 a12 a21',
      ['', '', '', '', 'N'],
    ],
    [
      'newest first',
      [correlation('N', 'type: event_count, rules: a, condition: {gte: 2}')],
      'a9 a8 a8 a9',
      ['', '', 'N', 'N'],
    ],
  ])('%s', (_name, correlations, line, expected) => {
    expect(fired(correlations, line)).toEqual(expected);
  });
});

describe('an event', () => {
  it('is matched as it is, by every rule, in the order of the rules', () => {
    const asked = matcher([
      'title: Any\nlogsource: {category: x}\ndetection: {s: {kind|exists: true}, condition: s}\n',
    ]);
    expect(asked.match({ kind: 'b' })).toEqual({ index: 0, time: null, matched: ['B', 'Any'], fired: [] });
    expect(asked.match({}).matched).toEqual([]);
    expect(asked.match({ kind: 'a' }).index).toBe(2);
  });

  it.each<[JsonObject, number | null]>([
    [{ '@timestamp': '2026-01-05T00:00:00Z' }, 1_767_571_200_000_000],
    [{ time: '2026-01-05T00:00:00.5Z' }, 1_767_571_200_500_000],
    [{ '@timestamp': 1_767_571_200 }, 1_767_571_200_000_000],
    [{ '@timestamp': 1_767_571_200_123 }, 1_767_571_200_123_000],
    [{ time: '1767571200' }, 1_767_571_200_000_000],
    [{ '@timestamp': 'soon', time: 1 }, 1_000_000],
    [{ '@timestamp': null }, null],
    [{ time: {} }, null],
    [{ timestamp: 1 }, null],
  ])('%j happened at %j', (event, time) => {
    expect(matcher([]).match(event).time).toBe(time);
  });
});

const KINDS = [
  correlation('N', 'type: event_count, rules: a, group-by: [u], condition: {gte: 3}'),
  correlation('F', 'type: event_count, rules: [a, b], condition: {lt: 4}'),
  correlation('V', 'type: value_count, rules: [a, b], condition: {field: u, gte: 3}'),
  correlation('O', 'type: temporal_ordered, rules: [a, b, a]'),
  correlation('T', 'type: temporal, rules: [n, c]'),
];

/** What `fired` must be, from nothing but its definition. */
function naive(words: readonly string[]): string[] {
  const events = words.map((word) => ({
    kind: word[0]!,
    at: Number(word.slice(1).split('/')[0]),
    u: word.split('u=')[1] ?? null,
  }));
  const inWindow = (at: number) =>
    events.slice(0, at + 1).filter((one) => one.at <= events[at]!.at && one.at >= events[at]!.at - 10);
  const holdsN = (at: number) => {
    const { kind, u } = events[at]!;
    return kind === 'a' && u !== null && inWindow(at).filter((one) => one.kind === 'a' && one.u === u).length >= 3;
  };
  return events.map(({ kind, at: second }, at) => {
    const near = inWindow(at);
    const counts = near.filter((one) => one.kind === 'a' || one.kind === 'b');
    const isCounted = kind === 'a' || kind === 'b';
    const n = holdsN(at);
    const before = events
      .slice(0, at + 1)
      .flatMap((one, i) => (one.at <= second && one.at >= second - 10 && holdsN(i) ? [i] : []));
    const chain = near.some(
      (x) =>
        x.kind === 'a' &&
        near.some((y) => y.kind === 'b' && y.at >= x.at && near.some((z) => z.kind === 'a' && z.at >= y.at)),
    );
    return [
      n ? 'N' : '',
      isCounted && counts.length < 4 ? 'F' : '',
      isCounted && new Set(counts.flatMap(({ u }) => u ?? [])).size >= 3 ? 'V' : '',
      isCounted && chain ? 'O' : '',
      (n || kind === 'c') && before.length > 0 && near.some((one) => one.kind === 'c') ? 'T' : '',
    ]
      .filter(Boolean)
      .join('+');
  });
}

describe('laws', () => {
  const words = fc.array(
    fc
      .tuple(
        fc.constantFrom('a', 'a', 'b', 'c'),
        fc.integer({ min: 0, max: 40 }),
        fc.constantFrom('', '/u=x', '/u=y', '/u=z'),
      )
      .map((parts) => parts.join('')),
    { minLength: 1, maxLength: 60 },
  );

  it('is what the definition says, for any order of times', () => {
    fc.assert(
      fc.property(words, (line) => {
        expect(fired(KINDS, line.join(' '))).toEqual(naive(line));
      }),
      { numRuns: 200 },
    );
  });

  it('what is forgotten changes nothing where events come in order', () => {
    fc.assert(
      fc.property(words, (line) => {
        const sorted = line.toSorted((x, y) => Number(/\d+/.exec(x)![0]) - Number(/\d+/.exec(y)![0]));
        expect(fired(KINDS, sorted.join(' '), 3)).toEqual(naive(sorted));
      }),
      { numRuns: 100 },
    );
  });
});

/** Other projects' cases: not part of this repository; without them these tests are skipped. */
const DATA = fileURLToPath(new URL('../../../shared/conformance/sigma-eval', import.meta.url));
const present = existsSync(DATA);
if (!present) console.warn(`skipped: no conformance data at ${DATA}`);

interface Case {
  readonly id: string;
  readonly kind: string;
  readonly portability: string;
  readonly rule_yaml: string;
  readonly steps: readonly {
    readonly event: JsonObject;
    readonly ts_seconds: number;
    readonly expect: {
      readonly detections?: Checks;
      readonly correlations?: Checks;
      readonly titles_corr?: readonly string[];
    };
  }[];
  readonly totals: readonly {
    readonly steps: readonly number[];
    readonly what: string;
    readonly op: string;
    readonly value: number;
  }[];
}
type Checks = readonly (readonly [string, number])[];

const CASES = present
  ? (JSON.parse(readFileSync(`${DATA}/rsigma.json`, 'utf8')) as Case[]).filter(
      ({ kind, portability }) => kind === 'correlation' && portability.startsWith('core'),
    )
  : [];

function passes(checks: Checks, value: number): boolean {
  return checks.every(([op, wanted]) =>
    op === '==' ? value === wanted : op === '>' ? value > wanted : value >= wanted,
  );
}

describe.skipIf(!present)('other projects agree', () => {
  it.each(CASES.map((each) => [each.id, each] as const))('%s', (_id, { rule_yaml: text, steps, totals }) => {
    const { rules } = loadRules([{ file: 'rule.yml', text }], { logsource: 'ignore' });
    const asked = new EventMatcher(rules);
    const got = steps.map(({ event, ts_seconds: seconds }) => asked.match({ ...event, '@timestamp': seconds }));
    for (const [at, { expect: wanted }] of steps.entries()) {
      expect(passes(wanted.detections ?? [], got[at]!.matched.length), `detections of event ${at}`).toBe(true);
      expect(passes(wanted.correlations ?? [], got[at]!.fired.length), `correlations of event ${at}`).toBe(true);
      if (wanted.titles_corr) expect(got[at]!.fired).toEqual(wanted.titles_corr);
    }
    for (const total of totals) {
      const sum = total.steps.reduce(
        (all, at) => all + got[at]![total.what === 'corr' ? 'fired' : 'matched'].length,
        0,
      );
      expect(passes([[total.op, total.value]], sum), JSON.stringify(total)).toBe(true);
    }
  });

  it('there are as many as there were', () => {
    expect(CASES).toHaveLength(24);
  });
});
