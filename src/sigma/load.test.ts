import { describe, expect, it } from 'vitest';
import { isAbsence } from '../ir/ir.ts';
import { matches } from './evaluate.test-support.ts';
import { loadRules } from './load.ts';
import { correlationOf, errorsOf, only, rule, warningsOf } from './rules.test-support.ts';

function detection(name: string, extra = ''): string {
  return `title: ${name}
name: ${name}
logsource: {product: azure, service: cosmosdb}
detection:
  selection: {event.action: ${name}}
  condition: selection
${extra}`;
}

function correlation(name: string, rules: string, extra = ''): string {
  return `title: ${name}
name: ${name}
correlation:
  type: event_count
  rules: ${rules}
  group-by: cosmosdb.account
  timespan: 15m
  condition: {gte: 3}
${extra}`;
}

const file = (name: string, text: string) => ({ file: name, text });

describe('the attributes of a rule', () => {
  it('reads all of them', () => {
    const loaded = only(`title: Items deleted
id: 5638F7C0-ac70-491d-8465-2a65075e0d86
name: items_deleted
status: test
level: low
description: " Many deletes. "
impact: Data is gone.
mitigation:
  - Stop it.
  - {text: Look, command: "az cosmosdb show --name {account}"}
falsepositives: [Clean-up jobs]
tags: [attack.impact, attack.t1485, attack.credential-access, attack.t1555.006, cve.2026-1]
published_mapping: [{tactic: TA0003, technique: T1505.001}]
logsource: {product: azure, service: cosmosdb}
detection:
  selection: {event.action: cosmosdb.item.delete}
  big: {event.count|gte: 10}
  condition: selection
fold: {by: [cosmosdb.account, actor.id], gap: 2h}
levels:
  - {when: big, level: high}
  - {when: {count: {gte: 100}}, level: medium}
parameters:
  many: {sets: levels.1.when.count.gte, default: 100, min: 1, description: Deletes that matter}
`);
    expect(loaded.meta).toEqual({
      id: '5638f7c0-ac70-491d-8465-2a65075e0d86',
      name: 'items_deleted',
      title: 'Items deleted',
      description: 'Many deletes.',
      status: 'test',
      level: 'low',
      impact: [{ text: 'Data is gone.' }],
      mitigation: [
        { text: 'Stop it.', command: null },
        { text: 'Look', command: 'az cosmosdb show --name {account}' },
      ],
      falsePositives: ['Clean-up jobs'],
      attack: [
        { tactic: 'TA0040', technique: 'T1485' },
        { tactic: 'TA0006', technique: 'T1555.006' },
      ],
      published: [{ tactic: 'TA0003', technique: 'T1505.001' }],
      parameters: [{ name: 'many', value: 100, default: 100, min: 1, description: 'Deletes that matter' }],
      place: { file: 'rule.yml', line: 1, column: 1 },
    });
    expect(loaded.fold).toEqual({ by: ['cosmosdb.account', 'actor.id'], gap: 7200 });
    expect(loaded.levels.map(({ when, level, place }) => [when.kind, level, place.line])).toEqual([
      ['selection', 'high', 21],
      ['count', 'medium', 22],
    ]);
    expect(loaded.alerts).toBe(true);
  });

  it('names a rule after its title, and gives one without an id a stable one', () => {
    const text = rule('a: 1').replace('title: T', 'title: "Keys: viewed!"');
    expect(only(text).meta.name).toBe('keys_viewed');
    expect(only(text).meta.id).toBe(only(text).meta.id);
    expect(only(text).meta.id).toMatch(/^[0-9a-f]{32}$/);
    expect(only(text).meta.level).toBe('medium');
  });

  it.each([
    ['no title', rule('a: 1').replace('title: T\n', ''), 'CW-3001 1:1'],
    ['empty title', rule('a: 1').replace('title: T', "title: ''"), 'CW-3001 1:8'],
    ['unknown level', `${rule('a: 1')}level: hihg\n`, 'CW-3018 7:8'],
    ['unknown status', `${rule('a: 1')}status: done\n`, 'CW-3018 7:9'],
    ['no such day', `${rule('a: 1')}date: 2024-02-30\n`, 'CW-3019 7:7'],
    ['two-digit year', `${rule('a: 1')}modified: 24-11-24\n`, 'CW-3019 7:11'],
    ['date with a space', `${rule('a: 1')}date: ' 2024-11-24'\n`, 'CW-3019 7:7'],
    ['falsepositives no list', `${rule('a: 1')}falsepositives: none\n`, 'CW-3001 7:17'],
    ['tag no text', `${rule('a: 1')}tags: [123]\n`, 'CW-3001 7:8'],
    ['related without id', `${rule('a: 1')}related: [{type: derived}]\n`, 'CW-3001 7:11'],
    ['impact without text', `${rule('a: 1')}impact: [{when: selection}]\n`, 'CW-3001 7:10'],
    ['impact with a slip', `${rule('a: 1')}impact: [{text: Bad, wen: selection}]\n`, 'CW-3001 7:22'],
    [
      'a step bound to an unknown selection',
      `${rule('a: 1')}mitigation: [{text: Look, when: selction}]\n`,
      'CW-3002 7:33',
    ],
    [
      'an impact bound to an unknown selection',
      `${rule('a: 1')}impact: [{text: Bad, unless: [selection, b]}]\n`,
      'CW-3002 7:42',
    ],
    [
      'a technique bound to an unknown selection',
      `${rule('a: 1')}attack_mapping: [{tactic: TA0040, technique: T1485, when: lost}]\n`,
      'CW-3002 7:59',
    ],
    [
      'what the vendor published is bound to nothing',
      `${rule('a: 1')}published_mapping: [{tactic: TA0040, technique: T1485, when: selection}]\n`,
      'CW-3001 7:56',
    ],
    ['step without text', `${rule('a: 1')}mitigation: [{command: az}]\n`, 'CW-3001 7:14'],
    ['technique no id', `${rule('a: 1')}published_mapping: [{tactic: TA0001, technique: 1505}]\n`, 'CW-3001 7:49'],
    ['fold without by', `${rule('a: 1')}fold: {gap: 1h}\n`, 'CW-3001 7:7'],
    ['fold with a slip', `${rule('a: 1')}fold: {by: [a], gpa: 1h}\n`, 'CW-3001 7:17'],
    ['gap of a month', `${rule('a: 1')}fold: {by: [a], gap: 1M}\n`, 'CW-3015 7:22'],
    ['level of an unknown selection', `${rule('a: 1')}levels: [{when: big, level: high}]\n`, 'CW-3002 7:17'],
    ['touched without touched_by', `${rule('a: 1')}levels: [{when: touched, level: high}]\n`, 'CW-3001 7:17'],
    ['no logsource', rule('a: 1').replace(/logsource.*\n/, ''), 'CW-3001 1:1'],
    ['empty logsource', rule('a: 1').replace(/\{product.*\}/, '{definition: x}'), 'CW-3001 2:12'],
    ['no condition', rule('a: 1').replace(/ {2}condition.*\n/, ''), 'CW-3001 4:3'],
    ['no detection', 'title: T\nlogsource: {product: azure}\n', 'CW-3001 1:1'],
    ['empty selection', rule('{}'), 'CW-3001 5:5'],
    ['detection a list', 'title: T\nlogsource: {product: azure}\ndetection: [a]\n', 'CW-3001 3:12'],
    ['unknown selection', rule('a: 1', 'selction'), 'CW-3002 6:14'],
    ['pattern of nothing', rule('a: 1', 'selection and not 1 of filter_*'), 'CW-3020 6:32'],
    ['only a comment', '# nothing\n', 'CW-3001 0:0'],
    ['a list', '- a\n', 'CW-3001 1:1'],
    ['unknown action', 'action: invalid\n', 'CW-3018 1:9'],
  ])('refuses: %s', (_, text, error) => {
    expect(errorsOf(text)).toContain(error);
  });

  it('reports every mistake of a rule, and loads the others', () => {
    const bad = `${rule('a|x: 1\nb|gt: "2"', 'selektion')}level: no\nstatus: no\ndate: no\n`;
    const { rules, diagnostics } = loadRules([file('bad.yml', bad), file('good.yml', detection('good'))]);
    expect(rules.map(({ meta }) => meta.name)).toEqual(['good']);
    expect(diagnostics.map(({ code }) => code)).toEqual([
      'CW-3008',
      'CW-3009',
      'CW-3002',
      'CW-3018',
      'CW-3018',
      'CW-3019',
    ]);
  });

  it('a list of conditions is or', () => {
    const text = 'title: T\nlogsource: {product: azure}\ndetection:\n  a: {f: 1}\n  b: {f: 2}\n  condition: [a, b]\n';
    expect([1, 2, 3].map((f) => matches(only(text).match, { f }))).toEqual([true, true, false]);
  });

  it('an aggregation is refused with its cure, unless the rule says that it is unsupported', () => {
    const text = rule('a: 1', 'selection | count() by b > 5');
    expect(errorsOf(text)).toEqual(['CW-3006 6:24']);
    expect(only(`${text}status: unsupported\n`).match).toEqual({ kind: 'constant', value: false });
  });
});

describe('log sources', () => {
  it.each([
    ['cosmosdb sees every log', '{product: azure, service: cosmosdb}', 'DataPlaneRequests', true],
    ['azure alone too', '{product: azure}', 'ActivityLog', true],
    ['activitylogs', '{product: azure, service: activitylogs}', 'ActivityLog', true],
    ['activitylogs only', '{product: azure, service: activitylogs}', 'AuditEvent', false],
    ['any other service is a log of that name', '{product: azure, service: AuditEvent}', 'AuditEvent', true],
    ['logs that are not read', '{product: azure, service: signinlogs}', 'ActivityLog', false],
    ['other products', '{product: windows}', 'ActivityLog', false],
    ['categories', '{category: process_creation}', 'ActivityLog', false],
  ])('%s', (_, logsource, family, expected) => {
    const text = rule('f: 1').replace(/\{product.*\}/, logsource);
    const event = { f: 1, 'event.family': family };
    expect(matches(only(text).match, event)).toBe(expected);
    expect(matches(only(text, { logsource: 'ignore' }).match, event)).toBe(true);
  });
});

describe('parameters', () => {
  const text = `${correlation('tables', 'a')}parameters:
  tables: {sets: correlation.condition.gte, default: 3, min: 1, description: Tables}
  minutes: {sets: correlation.timespan, default: 15}
---
${detection('a')}`;

  it('are set by rule name or id, in the unit that stands there', () => {
    const set = correlationOf(text, {
      parameters: new Map([
        ['tables.tables', 5],
        ['tables.minutes', 30],
      ]),
    });
    expect(set.conditions).toEqual([{ op: 'gte', value: 5 }]);
    expect(set.window).toBe(1800);
    expect(set.meta.parameters.map(({ name, value, default: given }) => [name, value, given])).toEqual([
      ['tables', 5, 3],
      ['minutes', 30, 15],
    ]);
    expect(correlationOf(text).window).toBe(900);
  });

  it.each([
    ['unknown parameter', 'tables.tabels', 5, 'CW-3017 10:3'],
    ['below its min', 'tables.tables', 0, 'CW-3017 10:62'],
    ['unknown rule', 'tabels.tables', 5, 'CW-3017 0:0'],
    ['a rule without parameters', 'a.tables', 5, 'CW-3017 0:0'],
  ])('refuses: %s', (_, name, value, error) => {
    expect(errorsOf(text, { parameters: new Map([[name, value]]) })).toContain(error);
  });

  it('warns where the default is not what stands in the rule', () => {
    expect(warningsOf(text)).toEqual([]);
    expect(warningsOf(text.replace('default: 3', 'default: 4'))).toEqual(['CW-3017']);
  });

  it('must lead to a number', () => {
    expect(errorsOf(`${rule('a: 1')}parameters: {n: {sets: detection.nowhere, default: 1}}\n`)).toEqual([
      'CW-3017 7:24',
    ]);
    expect(errorsOf(`${rule('a: b')}parameters: {n: {sets: detection.selection.a, default: 1}}\n`)).toEqual([
      'CW-3017 7:24',
    ]);
  });
});

describe('references', () => {
  it('go by id, name or title, over files, in any order; base rules are silent unless generate says otherwise', () => {
    const files = [
      file('c.yml', correlation('c', '[a, 11111111-1111-1111-1111-111111111111]')),
      file('a.yml', detection('a')),
    ];
    const b = `${detection('b')}id: 11111111-1111-1111-1111-111111111111\n`;
    const load = (first: string) => loadRules([{ ...files[0]!, text: first }, files[1]!, file('b.yml', b)]);
    const { rules } = load(files[0]!.text);
    expect(rules.map(({ meta, alerts }) => [meta.name, alerts])).toEqual([
      ['c', true],
      ['a', false],
      ['b', false],
    ]);
    expect(rules[0]).toMatchObject({ rules: [rules[1]!.meta.id, '11111111-1111-1111-1111-111111111111'] });
    const generated = load(`${files[0]!.text}generate: true\n`);
    expect(generated.rules.map(({ alerts }) => alerts)).toEqual([true, true, true]);
  });

  it('a rule may say itself whether it alerts', () => {
    const { rules } = loadRules([
      file('a.yml', detection('a', 'alerts: false\n')),
      file('b.yml', detection('b', 'alerts: true\n')),
      file('c.yml', correlation('c', 'b')),
    ]);
    expect(rules.map(({ alerts }) => alerts)).toEqual([false, true, true]);
  });

  it('chains are allowed, circles are not', () => {
    const chain = [correlation('top', 'middle'), correlation('middle', 'a'), detection('a')].join('---\n');
    expect(errorsOf(chain)).toEqual([]);
    const circle = [correlation('x', 'y'), correlation('y', 'x'), correlation('z', 'y'), detection('a')].join('---\n');
    expect(errorsOf(circle)).toEqual(['CW-3011 5:10', 'CW-3011 14:10', 'CW-3021 23:10']);
    expect(errorsOf(correlation('self', 'self'))).toEqual(['CW-3011 5:10']);
  });

  it('an unknown rule, and one that is not valid, leave out what needs them', () => {
    const { rules, diagnostics } = loadRules([
      file('c.yml', correlation('c', '[good, god]')),
      file('d.yml', correlation('d', '[bad]')),
      file('bad.yml', rule('a: 1', 'nothing').replace('title: T', 'title: bad')),
      file('good.yml', detection('good')),
    ]);
    expect(rules.map(({ meta }) => meta.name)).toEqual(['good']);
    expect(diagnostics.map(({ code, hint }) => [code, hint])).toEqual([
      ['CW-3002', 'did you mean "good"?'],
      ['CW-3021', 'repair that rule first'],
      ['CW-3002', 'define it: "nothing:" beside the condition'],
    ]);
  });

  it('two rules cannot share an id or a name', () => {
    expect(errorsOf([detection('a'), detection('a')].join('---\n'))).toEqual(['CW-3010 8:1']);
  });

  it('touched_by silences a rule of the same file only', () => {
    const touching = 'touched_by: {rule: touched, within: 24h}\nlevels: [{when: touched, level: high}]\n';
    const silence = [correlation('silence', 'logs', touching).replace('{gte: 3}', '{lt: 1}'), detection('logs')].join(
      '---\n',
    );
    const { rules, diagnostics } = loadRules([file('s.yml', silence), file('t.yml', detection('touched'))]);
    expect(diagnostics).toEqual([]);
    expect(rules.map(({ alerts }) => alerts)).toEqual([true, false, true]);
    expect(rules[0]).toMatchObject({
      touchedBy: { rule: rules[2]!.meta.id, within: 86_400 },
      levels: [{ when: { kind: 'touched' } }],
    });
    expect(isAbsence(rules[0]!)).toBe(true);
    const together = loadRules([file('s.yml', `${silence}---\n${detection('touched')}`)]);
    expect(together.rules.map(({ alerts }) => alerts)).toEqual([true, false, false]);
  });
});

describe('filters', () => {
  const filter = (rules: string, logsource = 'logsource: {product: azure}\n') => `title: F
${logsource}filter:
  rules: ${rules}
  selection: {actor.name|startswith: adm_}
  condition: not selection
`;
  const event = { 'event.action': 'a', 'actor.name': 'adm_1' };
  const filtered = (...texts: string[]) =>
    loadRules([file('r.yml', detection('a')), ...texts.map((text, i) => file(`f${i}.yml`, text))]);

  it.each([
    ['by name', filter('[a]'), false],
    ['any', filter('any'), false],
    ['an empty list is any', filter('[]'), false],
    ['without a log source', filter('[a]', ''), false],
    ['another log source', filter('any', 'logsource: {product: windows}\n'), true],
    ['another rule', filter('[b]'), true],
  ])('%s', (_, text, expected) => {
    const [found] = filtered(text).rules;
    expect(found?.kind === 'detection' && matches(found.match, event)).toBe(expected);
  });

  it('several filters whose selections share a name do not mix', () => {
    const [found] = filtered(filter('[a]'), filter('[a]').replace('adm_', 'srv_')).rules;
    const names = ['adm_1', 'srv_1', 'ann'].map((name) => ({ 'event.action': 'a', 'actor.name': name }));
    expect(names.map((each) => found?.kind === 'detection' && matches(found.match, each))).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('one that needs an unknown list does nothing', () => {
    const [found] = filtered(
      filter('[a]').replace('startswith: adm_', 'expand: "%nobody%"').replace('not selection', 'selection'),
    ).rules;
    expect(found?.kind === 'detection' && matches(found.match, event)).toBe(true);
  });

  it.each([
    ['no rules', filter('any').replace(/ {2}rules.*\n/, ''), 'CW-3001 4:3'],
    ['two conditions', filter('any').replace('not selection', '[selection, selection]'), 'CW-3005 6:14'],
    ['no selection', filter('any').replace(/ {2}selection.*\n/, ''), 'CW-3001 4:3'],
    ['an empty log source', filter('any', 'logsource: null\n'), 'CW-3001 1:1'],
  ])('refuses: %s', (_, text, error) => {
    expect(errorsOf(text)).toContain(error);
  });

  it('says when it changes nothing', () => {
    expect(warningsOf(filter('[nobody]'))).toEqual(['CW-3061']);
  });
});

describe('documents', () => {
  it('action: global, repeat and reset', () => {
    const text = `action: global
title: T
logsource: {product: azure, service: cosmosdb}
---
name: one
detection: {selection: {f: 1}, condition: selection}
---
action: repeat
name: two
detection: {selection: {f: 2}}
---
action: reset
---
title: three
logsource: {product: azure}
detection: {selection: {f: 3}, condition: selection}
`;
    const { rules, diagnostics } = loadRules([file('r.yml', text)]);
    expect(diagnostics).toEqual([]);
    expect(rules.map(({ meta }) => meta.name)).toEqual(['one', 'two', 'three']);
    const hits = rules.map((each) => [1, 2, 3].filter((f) => each.kind === 'detection' && matches(each.match, { f })));
    expect(hits).toEqual([[1], [2], [3]]);
  });
});
