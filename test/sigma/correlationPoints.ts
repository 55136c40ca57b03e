import { accepted, correlating, type Point, raised, refused } from './case.ts';

/** An event_count of rule `a` per `u` in a minute. */
function counting(bounds: string, lines = ''): string {
  return correlating(`type: event_count\nrules: a\ngroup-by: u\ntimespan: 1m\ncondition: ${bounds}${lines}`);
}

function spanned(timespan: string): string {
  return correlating(`type: event_count\nrules: a\ntimespan: ${timespan}\ncondition: {gte: 2}`);
}

function temporal(lines: string, type = 'temporal'): string {
  return correlating(`type: ${type}\ntimespan: 1m\n${lines}`);
}

function valued(type: string, condition: string): string {
  return correlating(`type: ${type}\nrules: a\ntimespan: 1m\ncondition: {field: v, ${condition}}`);
}

/** Points 21 to 30. */
export const CORRELATION_POINTS: readonly Point[] = [
  {
    about: '`timespan`',
    decision:
      'a whole number above zero and s, m, h, d or w; months and years have no fixed length and are errors that say what to write',
    cases: [
      ...['90s', '15m', '4h', '2d', '1w'].map((span) => accepted(`timespan ${span}`, spanned(span))),
      ...['0m', '-1m', "' 5m'", '10', '5S', '1.5h', "'5m '", "''", '1M', '1y'].map((span) =>
        refused(`timespan ${span}`, spanned(span), 'CW-3015 5:13'),
      ),
    ],
  },
  {
    about: 'ranges',
    decision:
      'several comparisons must all hold, as the specification shows; because more events can end a range, it is judged when the time span of its events is over',
    cases: [
      raised(
        'more than two, at most three',
        counting('{gt: 2, lte: 3}'),
        'a0.u=x a1.u=x a2.u=x',
        99,
        'c(x) 60-60 3 ended',
      ),
      raised('and no more', counting('{gt: 2, lte: 3}'), 'a0.u=x a1.u=x a2.u=x a3.u=x', 60),
      raised('a number exactly', counting('{eq: 1}'), 'a0.u=x', 99, 'c(x) 60-60 1 ended'),
      refused('a range that is empty', counting('{gt: 5, lt: 5}'), 'CW-3016 7:14'),
    ],
  },
  {
    about: '`group-by`',
    decision:
      'optional; several fields make one key; an event without one of them does not count; values are compared as they are written',
    cases: [
      raised('one key each', counting('{gte: 2}'), 'a0.u=x a1.u=y a2.u=x', 9, 'c(x) 2-2 2'),
      raised('a missing field', counting('{gte: 2}'), 'a0 a1 a2.u=x', 9),
      raised(
        'several fields',
        counting('{gte: 2}').replace('by: u', 'by: [u, w]'),
        'a0.u=x.w=1 a1.u=x.w=2 a2.u=x.w=1 a3.u=x',
        9,
        'c(x 1) 2-2 2',
      ),
      raised(
        'names that JavaScript knows',
        counting('{gte: 2}')
          .replace('by: u', 'by: [constructor, __proto__]')
          .replace('title: a\n', 'title: a\nid: constructor\n'),
        'a0.constructor=x.__proto__=1 a1.constructor=x.__proto__=2 a2.constructor=x.__proto__=1',
        9,
        'c(x 1) 2-2 2',
      ),
      raised('none', counting('{gte: 2}').replace('  group-by: u\n', ''), 'a0.u=x a1', 9, 'c() 1-1 2'),
    ],
  },
  {
    about: '`aliases`',
    decision:
      'only of fields in `group-by`; by id or name of the rule; a rule that the alias leaves out is read by the name itself',
    cases: [
      raised(
        'each rule by its own field',
        correlating('type: temporal\nrules: [a, b]\ngroup-by: who\naliases: {who: {a: u, b: w}}\ntimespan: 1m'),
        'a0.u=x b1.w=y b2.w=x',
        9,
        'c(x) 2-2 2',
      ),
      raised(
        'a rule that is left out',
        correlating('type: temporal\nrules: [a, b]\ngroup-by: who\naliases: {who: {a: u}}\ntimespan: 1m'),
        'a0.u=x b2.who=x',
        9,
        'c(x) 2-2 2',
      ),
      refused('of a rule that does not belong', counting('{gte: 2}', '\naliases: {u: {b: w}}'), 'CW-3002 8:17'),
    ],
  },
  {
    about: '`temporal` and `temporal_ordered`',
    decision:
      'without a condition all rules; a number asks for so many different ones, in an order for a chain of so many; events of one second may follow each other; a condition may also join names of rules by and, or, not',
    cases: [
      raised('all, in any order', temporal('rules: [a, b]'), 'b0 a1', 9, 'c() 1-1 2'),
      raised('two of three', temporal('rules: [a, b, c]\ncondition: {gte: 2}'), 'a0 a1 c2', 9, 'c() 2-2 3'),
      raised('in order', temporal('rules: [a, b]', 'temporal_ordered'), 'b0 a1 b2', 9, 'c() 2-2 3'),
      raised('out of order', temporal('rules: [a, b]', 'temporal_ordered'), 'b0 a1', 9),
      raised('in order, in one second', temporal('rules: [a, b]', 'temporal_ordered'), 'b5 a5', 9, 'c() 5-5 2'),
      raised(
        'two of three in order',
        temporal('rules: [a, b, c]\ncondition: {gte: 2}', 'temporal_ordered'),
        'c0 a1 c2',
        9,
        'c() 2-2 3',
      ),
      raised('names joined by or', temporal('condition: a or b'), 'b5', 9, 'c() 5-5 1'),
      raised('names joined in groups', temporal('condition: (a or b) and c'), 'a0 b1 c2', 9, 'c() 2-2 3'),
      raised(
        'not: when the time span is over',
        temporal('rules: [a, b]\ncondition: a and not b'),
        'a5',
        99,
        'c() 65-65 1 ended',
      ),
      raised('not: it came', temporal('rules: [a, b]\ncondition: a and not b'), 'a5 b65', 99),
      refused('a name that is not among the rules', temporal('rules: [a]\ncondition: a and b'), 'CW-3002 6:20'),
    ],
  },
  {
    about: 'windows',
    decision:
      'they slide; both ends belong to them, in whole seconds; an alert goes on while the condition holds, and opens anew after a time span without one; `window: sliding` is allowed, no other',
    cases: [
      raised('both ends', counting('{gte: 2}'), 'a0.u=x a60.u=x', 60, 'c(x) 60-60 2'),
      raised('a second more', counting('{gte: 2}'), 'a0.u=x a61.u=x', 61),
      raised('across any boundary', counting('{gte: 3}'), 'a59.u=x a60.u=x a61.u=x', 61, 'c(x) 61-61 3'),
      raised('one alert while it holds', counting('{gte: 2}'), 'a0.u=x a1.u=x a2.u=x a62.u=x', 62, 'c(x) 1-62 4'),
      refused('another window', counting('{gte: 2}', '\nwindow: tumbling'), 'CW-3016 8:11'),
    ],
  },
  {
    about: '`lt`, `lte`, `eq`, `neq`',
    decision:
      'judged when events leave the window and at the end of the logs, never before a whole time span after the first event of the key; so nothing for a time span is seen: `lt: 1`',
    cases: [
      raised('none any more', counting('{lt: 1}'), 'a0.u=x a30.u=x', 200, 'c(x) 91-200 0'),
      raised('until one comes', counting('{lt: 1}'), 'a0.u=x a100.u=x', 120, 'c(x) 61-61 0 ended'),
      raised('not before a time span', counting('{lt: 9}'), 'a0.u=x', 59),
      raised('not so many', counting('{neq: 2}'), 'a0.u=x a1.u=x a90.u=x', 90, 'c(x) 61-90 2'),
    ],
  },
  {
    about: '`value_count` and the like',
    decision:
      'distinct values, a list of fields makes a tuple, null and missing ones do not count; sums, averages and percentiles pass over what is no number; the key is `percentile`, without it the median; `value_median` is allowed',
    cases: [
      raised('distinct values', valued('value_count', 'gte: 2'), 'a0.v=1 a1.v=1 a2 a3.v=2', 9, 'c() 3-3 2'),
      raised('a sum', valued('value_sum', 'gt: 9'), 'a0.v=4 a1.v=x a2.v=6', 9, 'c() 2-2 3'),
      raised('an average', valued('value_avg', 'gt: 4'), 'a0.v=4 a1.v=6', 99, 'c() 60-61 2 ended'),
      raised(
        'a percentile',
        valued('value_percentile', 'percentile: 90, gte: 9'),
        'a0.v=1 a1.v=10 a2.v=10',
        99,
        'c() 60-62 3 ended',
      ),
      raised('a median', valued('value_median', 'lte: 2'), 'a0.v=1 a1.v=2 a2.v=9', 60, 'c() 60-60 3'),
      refused(
        'without a field',
        correlating('type: value_sum\nrules: a\ntimespan: 1m\ncondition: {gte: 1}'),
        'CW-3016 6:14',
      ),
    ],
  },
  {
    about: '`generate`',
    decision: 'rules that a correlation counts raise no alerts of their own unless it says `generate: true`',
    cases: [
      { kind: 'alerting', name: 'silent', text: counting('{gte: 2}'), titles: ['C', 'b', 'c'] },
      {
        kind: 'alerting',
        name: 'generate: true',
        text: counting('{gte: 2}', '\ngenerate: true'),
        titles: ['C', 'a', 'b', 'c'],
      },
    ],
  },
  {
    about: 'references',
    decision:
      'by id, name or title, in any file and order, to correlations too, also to those that find silence or are judged between events; circles and unknown names are errors; `action: global`, `repeat`, `reset` are read',
    cases: [
      raised(
        'a chain',
        correlating('type: temporal_ordered\nrules: [few, b]\ntimespan: 1m', chained('{gte: 2}')),
        'a0 a1 b5',
        9,
        'c() 5-5 2',
      ),
      raised(
        'a chain over silence',
        correlating('type: temporal_ordered\nrules: [few, b]\ntimespan: 1m', chained('{lt: 1}')),
        'a0 b100',
        120,
        'c() 100-100 2',
      ),
      refused(
        'a circle',
        correlating('type: event_count\nrules: C\ntimespan: 1m\ncondition: {gte: 1}'),
        'CW-3011 4:10',
      ),
      refused(
        'an unknown name',
        correlating('type: event_count\nrules: d\ntimespan: 1m\ncondition: {gte: 1}'),
        'CW-3002 4:10',
      ),
      accepted(
        'action: global',
        'action: global\nlogsource: {product: azure}\n---\ntitle: A\ndetection: {s: {f: 1}, condition: s}\n',
      ),
    ],
  },
];

function chained(bounds: string): string {
  return `---
title: few
name: few
correlation: {type: event_count, rules: a, timespan: 1m, condition: ${bounds}}
`;
}
