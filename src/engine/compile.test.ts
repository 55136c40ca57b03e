import { describe, expect, it } from 'vitest';
import type { Fact } from '../events/fact.ts';
import type { Rule } from '../ir/ir.ts';
import { Compiled } from './compile.ts';
import { correlationOf, detectionOf, factOf, field, levelOf } from './engine.test-support.ts';

function namesHit(compiled: Compiled, fact: Fact): string[] {
  return compiled.match(fact).map(({ rule }) => compiled.rules[rule]!.meta.name);
}

describe('dispatch', () => {
  const others = Array.from({ length: 500 }, (_, index) => detectionOf(`other${index}`, `test.other${index}`));
  const rules: Rule[] = [...others, detectionOf('mine', 'test.act'), detectionOf('starts', 'test.a*')];

  it('asks only the rules that an action can match, however many there are', () => {
    const compiled = new Compiled(rules);
    for (let at = 0; at < 100; at++) expect(namesHit(compiled, factOf({ at }))).toEqual(['mine', 'starts']);
    expect(compiled.asked).toBe(200);
  });

  it.each<[string, Partial<Fact>, string[]]>([
    ['by action', { action: 'test.act' }, ['action']],
    ['by family', { action: 'x', family: 'AuditEvent' }, ['family']],
    ['by the raw operation, in any case', { action: 'x', raw: { operationName: 'LISTKEYS' } }, ['operation']],
    ['by the raw operation of a row', { action: 'x', raw: { OperationName: 'ListKeys' } }, ['operation']],
    ['by the raw category', { action: 'x', raw: { category: 'Signin' } }, ['category']],
    ['by a value that dispatch does not know', { action: 'x', raw: { status: 429 } }, ['status']],
    ['none', { action: 'x' }, []],
  ])('%s', (_, given, expected) => {
    const compiled = new Compiled([
      detectionOf('action', 'test.act'),
      detectionOf('family', field('event.family', 'AuditEvent')),
      detectionOf('operation', field('operationName', 'listKeys')),
      detectionOf('category', field('Category', 'signin')),
      detectionOf('status', field('status', '429')),
    ]);
    expect(namesHit(compiled, factOf({ at: 0, ...given }))).toEqual(expected);
    expect(namesHit(compiled, factOf({ at: 1, ...given }))).toEqual(expected);
  });

  it('names do not run into each other', () => {
    const compiled = new Compiled([detectionOf('b', field('operationName', 'b|1|c'))]);
    expect(namesHit(compiled, factOf({ at: 0, action: 'a|o5|b', raw: { operationName: 'c' } }))).toEqual([]);
    expect(namesHit(compiled, factOf({ at: 0, action: 'a', raw: { operationName: 'b|1|c' } }))).toEqual(['b']);
  });

  it('many and long names from logs', () => {
    const compiled = new Compiled([detectionOf('ends', '*z')]);
    for (let at = 0; at < 12_000; at++) expect(compiled.match(factOf({ at, action: `a${at}` }))).toEqual([]);
    expect(namesHit(compiled, factOf({ at: 0, action: `${'y'.repeat(100_000)}z` }))).toEqual(['ends']);
  });
});

describe('which rules are asked', () => {
  it('one that raises no alert and that nothing counts is not', () => {
    const compiled = new Compiled([detectionOf('unused', 'test.act', { alerts: false })]);
    expect(namesHit(compiled, factOf({ at: 0 }))).toEqual([]);
    expect(compiled.couldMatch({ 'event.action': 'test.act' })).toBe(false);
  });

  it.each<[string, Rule]>([
    ['a correlation counts it', correlationOf('c', ['base'])],
    ['it tells who caused a silence', { ...silence('other'), touchedBy: { rule: 'id-base', within: 60 } }],
  ])('one that raises no alert is, if %s', (_, rule) => {
    const compiled = new Compiled([detectionOf('base', 'test.act', { alerts: false }), rule]);
    expect(namesHit(compiled, factOf({ at: 0 }))).toEqual(['base']);
  });

  it('the records that are only waited for are not facts to match', () => {
    const compiled = new Compiled([detectionOf('base', 'test.act', { alerts: false }), silence('base')]);
    expect(namesHit(compiled, factOf({ at: 0 }))).toEqual([]);
    expect(compiled.absences.map(({ correlation }) => correlation.meta.name)).toEqual(['silence']);
  });
});

describe('couldMatch', () => {
  const both = { kind: 'all', of: [field('event.action', 'test.act'), field('status', '429')] } as const;
  const compiled = new Compiled([detectionOf('both', both)]);

  it.each([
    ['nothing known', {}, true],
    ['the rest is not known', { 'event.action': 'test.act' }, true],
    ['ruled out', { 'event.action': 'test.other' }, false],
    ['ruled out: known to be absent', { 'event.action': 'test.act', status: null }, false],
  ])('%s', (_, known, expected) => {
    expect(compiled.couldMatch(known)).toBe(expected);
  });
});

it('selections of levels that hold come with the hit', () => {
  const remote = levelOf({ kind: 'selection', name: 'remote', match: field('ip', '203*') }, 'high');
  const many = levelOf({ kind: 'count', op: 'gte', value: 9 }, 'low');
  const named = levelOf({ kind: 'selection', name: 'named', match: field('who', 'ann') }, 'critical');
  const compiled = new Compiled([detectionOf('r', 'test.act', { levels: [remote, many, named] })]);
  const selections = (raw: Fact['raw']) => compiled.match(factOf({ at: 0, raw }))[0]?.selections;
  expect(selections({})).toEqual([]);
  expect(selections({ who: 'ann' })).toEqual([2]);
  expect(selections({ ip: '203.0.113.7', who: 'ann' })).toEqual([0, 2]);
});

it('the fields that are needed after matching: of folds, groups and values', () => {
  const { neededFields } = new Compiled([
    detectionOf('default', 'a'),
    detectionOf('folded', 'a', { fold: { by: ['actor.id'], gap: 60 } }),
    detectionOf('unused', 'a', { alerts: false, fold: { by: ['unused'], gap: 60 } }),
    {
      ...correlationOf('counted', ['default'], { type: 'value_count', fields: ['ip'] }),
      groupBy: [{ name: 'who', fieldByRule: { 'id-default': 'caller' } }],
    },
  ]);
  expect([...neededFields].sort()).toEqual(['actor.id', 'caller', 'cosmosdb.account', 'ip', 'who']);
});

function silence(base: string) {
  return correlationOf('silence', [base], { conditions: [{ op: 'lt', value: 1 }] });
}
