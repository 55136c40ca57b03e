import { describe, expect, it } from 'vitest';
import { printExpression } from '../ir/print.ts';
import { correlationOf, errorsOf, warningsOf } from './rules.test-support.ts';

/** Two rules, and a correlation of them. */
function correlate(lines: string): string {
  const body = lines
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
  return `title: C
correlation:
${body}
---
title: A
name: rule_a
id: 11111111-1111-1111-1111-111111111111
logsource: {product: azure}
detection: {s: {f: a}, condition: s}
---
title: B
id: rule-b
logsource: {product: azure}
detection: {s: {f: b}, condition: s}
`;
}

const A = '11111111-1111-1111-1111-111111111111';
const COUNT = 'type: event_count\nrules: rule_a\ntimespan: 5m';

describe('correlations', () => {
  it('reads groups, aliases and the order of rules', () => {
    const text = correlate(`type: temporal_ordered
rules: [rule-b, rule_a]
group-by: [user, host]
aliases:
  user: {rule_a: src_user, rule-b: dst_user}
timespan: 2h`);
    expect(correlationOf(text)).toMatchObject({
      type: 'temporal_ordered',
      rules: ['rule-b', A],
      groupBy: [
        { name: 'user', fieldByRule: { [A]: 'src_user', 'rule-b': 'dst_user' } },
        { name: 'host', fieldByRule: {} },
      ],
      window: 7200,
      conditions: [],
      fields: [],
      percentile: null,
      touchedBy: null,
    });
  });

  it.each([
    ['one bound', `${COUNT}\ncondition: {gt: 3}`, [{ op: 'gt', value: 3 }]],
    [
      'a range',
      `${COUNT}\ncondition: {gt: 100, lte: 200}`,
      [
        { op: 'gt', value: 100 },
        { op: 'lte', value: 200 },
      ],
    ],
    ['absence', `${COUNT}\ncondition: {lt: 1}`, [{ op: 'lt', value: 1 }]],
    ['neq', `${COUNT}\ncondition: {neq: 10}`, [{ op: 'neq', value: 10 }]],
    ['temporal, all', 'type: temporal\nrules: [rule_a, rule-b]\ntimespan: 5m\ncondition: {gte: 2}', []],
    [
      'temporal, some',
      'type: temporal\nrules: [rule_a, rule-b]\ntimespan: 5m\ncondition: {gte: 1}',
      [{ op: 'gte', value: 1 }],
    ],
    [
      'a part of an order',
      'type: temporal_ordered\nrules: [rule_a, rule-b]\ntimespan: 5m\ncondition: {gte: 1}',
      [{ op: 'gte', value: 1 }],
    ],
    ['a text of and', 'type: temporal\nrules: [rule_a, rule-b]\ntimespan: 5m\ncondition: rule_a and rule-b', []],
    ['a text of or', 'type: temporal\ntimespan: 5m\ncondition: rule_a or rule-b', [{ op: 'gte', value: 1 }]],
  ])('condition: %s', (_, lines, conditions) => {
    expect(correlationOf(correlate(lines)).conditions).toEqual(conditions);
  });

  it('condition: a text that is neither all nor a number', () => {
    const text = correlate('type: temporal\nrules: [rule-b, rule_a]\ntimespan: 5m\ncondition: rule_a and not rule-b');
    const { expression, conditions, rules } = correlationOf(text);
    expect(printExpression(expression!, rules)).toBe(`${A} and not rule-b`);
    expect(conditions).toEqual([]);
  });

  it.each([
    ['value_count, tuple', 'value_count', '{field: [a, b], gte: 3}', ['a', 'b'], null],
    ['value_sum', 'value_sum', '{field: bytes, gt: 1.5}', ['bytes'], null],
    ['value_percentile', 'value_percentile', '{field: t, gte: 5, percentile: 95}', ['t'], 95],
    ['value_median', 'value_median', '{field: t, gte: 5}', ['t'], 50],
  ])('%s', (_, type, condition, fields, percentile) => {
    const text = correlate(`type: ${type}\nrules: rule_a\ntimespan: 5m\ncondition: ${condition}`);
    expect(correlationOf(text)).toMatchObject({ fields, percentile });
  });

  it.each([
    ['30s', 30],
    ['15m', 900],
    ['4h', 14_400],
    ['2d', 172_800],
    ['1w', 604_800],
  ])('timespan %s', (span, seconds) => {
    expect(
      correlationOf(correlate(`type: event_count\nrules: rule_a\ntimespan: ${span}\ncondition: {gte: 1}`)).window,
    ).toBe(seconds);
  });

  it.each(['0m', '-1m', "' 5m'", '5', '5S', '1.5h', "'5m '", "''", '1M', '1y', '[5m]'])(
    'refuses timespan %s',
    (span) => {
      const text = correlate(`type: event_count\nrules: rule_a\ntimespan: ${span}\ncondition: {gte: 1}`);
      expect(errorsOf(text)).toEqual(['CW-3015 5:13']);
    },
  );

  it.each([
    ['no type', 'rules: rule_a\ntimespan: 5m\ncondition: {gte: 1}', 'CW-3001 3:3'],
    ['unknown type', 'type: event_cuont\nrules: rule_a\ntimespan: 5m\ncondition: {gte: 1}', 'CW-3018 3:9'],
    ['no rules', 'type: event_count\ntimespan: 5m\ncondition: {gte: 1}', 'CW-3001 3:3'],
    ['rules a map', 'type: event_count\nrules: {a: b}\ntimespan: 5m\ncondition: {gte: 1}', 'CW-3001 4:10'],
    ['no timespan', 'type: event_count\nrules: rule_a\ncondition: {gte: 1}', 'CW-3001 3:3'],
    ['no condition', COUNT, 'CW-3001 3:3'],
    ['empty condition', `${COUNT}\ncondition: {}`, 'CW-3016 6:14'],
    ['text for a count', `${COUNT}\ncondition: rule_a`, 'CW-3016 6:14'],
    ['count no number', `${COUNT}\ncondition: {gte: "3"}`, 'CW-3001 6:20'],
    ['unknown comparison', `${COUNT}\ncondition: {gte: 1, more: 2}`, 'CW-3001 6:23'],
    ['empty range', `${COUNT}\ncondition: {gt: 5, lt: 5}`, 'CW-3016 6:14'],
    ['values without a field', 'type: value_count\nrules: rule_a\ntimespan: 5m\ncondition: {gte: 1}', 'CW-3016 6:14'],
    [
      'sum of two fields',
      'type: value_sum\nrules: rule_a\ntimespan: 5m\ncondition: {field: [a, b], gte: 1}',
      'CW-3016 6:14',
    ],
    [
      'percentile past 100',
      'type: value_percentile\nrules: rule_a\ntimespan: 5m\ncondition: {field: a, gte: 1, percentile: 101}',
      'CW-3016 6:45',
    ],
    ['a text with a pattern', 'type: temporal\ntimespan: 5m\ncondition: 1 of rule*', 'CW-3016 5:14'],
    [
      'a text that names another rule',
      'type: temporal\nrules: [rule-b]\ntimespan: 5m\ncondition: rule-b and rule_a',
      'CW-3002 6:25',
    ],
    ['an order that is none', 'type: temporal_ordered\ntimespan: 5m\ncondition: rule_a or rule-b', 'CW-3016 5:14'],
    ['alias of another rule', `${COUNT}\ncondition: {gte: 1}\ngroup-by: u\naliases: {u: {rule-b: x}}`, 'CW-3002 8:17'],
    ['aliases no map', `${COUNT}\ncondition: {gte: 1}\naliases: u`, 'CW-3001 7:12'],
    [
      'more rules than anybody counts',
      `type: temporal\nrules: [${'rule_a, '.repeat(101)}]\ntimespan: 5m`,
      'CW-3004 3:3',
    ],
    ['a tumbling window', `${COUNT}\ncondition: {gte: 1}\nwindow: tumbling`, 'CW-3016 7:11'],
  ])('refuses: %s', (_, lines, error) => {
    expect(errorsOf(correlate(lines))).toEqual([error]);
  });

  it.each([
    ['timeframe', COUNT.replace('timespan', 'timeframe'), 'CW-3057'],
    ['an alias that no group uses', `${COUNT}\naliases: {u: {rule_a: x}}`, 'CW-3058'],
  ])('warns: %s', (_, lines, code) => {
    expect(warningsOf(correlate(`${lines}\ncondition: {gte: 1}`))).toEqual([code]);
  });
});
