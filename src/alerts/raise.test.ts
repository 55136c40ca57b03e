import { describe, expect, it } from 'vitest';
import { factOf, type GivenFact, levelOf, metaOf } from '../engine/engine.test-support.ts';
import type { Thing } from '../events/fact.ts';
import type { Raised } from './alert.ts';
import { byOpening, type Draft, raise, settledIdOf } from './raise.ts';
import { FactTally } from './summary.ts';

function draftOf(facts: readonly GivenFact[], changed: Partial<Draft> = {}): Draft {
  const tally = new FactTally();
  for (const fact of facts) tally.add(factOf(fact));
  return {
    rule: { meta: metaOf('r'), levels: [] },
    key: { 'cosmosdb.account': 'a' },
    opened: 0,
    last: 7,
    tally,
    selections: [],
    count: null,
    ended: null,
    values: [],
    silence: null,
    ...changed,
  };
}

const never = () => false;
const always = () => true;
const thing = (id: string, ends = true): Thing => ({ id, ends, before: null });

describe('an alert is over', () => {
  it.each<[string, Draft, (thing: Thing) => boolean, boolean]>([
    [
      'if all things stand as before',
      draftOf([
        { at: 0, thing: thing('p') },
        { at: 1, thing: thing('q') },
      ]),
      always,
      true,
    ],
    [
      'not if one does not',
      draftOf([
        { at: 0, thing: thing('p') },
        { at: 1, thing: thing('q') },
      ]),
      ({ id }) => id === 'p',
      false,
    ],
    [
      'not if one never can',
      draftOf([
        { at: 0, thing: thing('p') },
        { at: 1, thing: thing('q', false) },
      ]),
      always,
      false,
    ],
    [
      'not if one of them said so later',
      draftOf([
        { at: 0, thing: thing('p') },
        { at: 1, thing: thing('p', false) },
      ]),
      always,
      false,
    ],
    ['never if it is about an act', draftOf([{ at: 0 }]), always, false],
    ['if its condition holds no more', draftOf([{ at: 0 }], { ended: true }), never, true],
    [
      'not while its condition holds, whatever its things',
      draftOf([{ at: 0, thing: thing('p') }], { ended: false }),
      always,
      false,
    ],
  ])('%s', (_, draft, stands, expected) => {
    const { status, resolution } = raise(draft, stands).alert;
    expect([status, resolution]).toEqual(expected ? ['resolved', 'ended'] : ['open', null]);
  });
});

describe('an alert goes on', () => {
  it.each<[string, Draft, (thing: Thing) => boolean, boolean]>([
    ['while a thing does not stand as before', draftOf([{ at: 0, thing: thing('p') }]), never, true],
    ['while nobody can say whether it does', draftOf([{ at: 0, thing: thing('p', false) }]), always, true],
    ['not if it does', draftOf([{ at: 0, thing: thing('p') }]), always, false],
    ['not if it is about an act', draftOf([{ at: 0 }]), never, false],
    ['not if the account is gone', draftOf([{ at: 0, thing: thing('account|a', false) }]), never, false],
    ['while a condition holds', draftOf([{ at: 0 }], { ended: false }), never, true],
    ['not if it holds no longer', draftOf([{ at: 0, thing: thing('p') }], { ended: true }), never, false],
  ])('%s', (_, draft, stands, expected) => {
    expect(raise(draft, stands).detail.isOngoing).toBe(expected);
  });
});

describe('an alert', () => {
  it('has the fields of the contract, in their order', () => {
    const { alert } = raise(draftOf([{ at: 0.5 }]), never);
    expect(Object.keys(alert).join(' ')).toBe(
      'id settledId rule ruleId title level status resolution account key firstSeen lastSeen count actors caller sourceIps targets ' +
        'changes attack published evidence routine story inhibitedBy levelReason',
    );
    expect(alert).toMatchObject({ firstSeen: '1970-01-01T00:00:00Z', lastSeen: '1970-01-01T00:00:07Z', count: 1 });
    expect(alert.evidence).toEqual([
      { id: 'r-e0.5', time: '1970-01-01T00:00:00Z', family: 'ActivityLog', action: 'test.act', outcome: 'success' },
    ]);
    expect(alert.id).toBe(alert.settledId);
  });

  it('a value that was not known before is null on the wire', () => {
    const change = { property: 'p', before: undefined, after: 1, effect: 'unknown_before', exposure: null } as const;
    expect(raise(draftOf([{ at: 0, change }]), never).alert.changes).toEqual([{ ...change, before: null }]);
  });

  it.each<[string, Partial<Draft>, readonly GivenFact[], string | null]>([
    ['of its key', {}, [{ at: 0, account: 'b' }], 'a'],
    ['of its facts, if the key has none', { key: {} }, [{ at: 0, account: 'b' }], 'b'],
    [
      'none, if they are of several',
      { key: {} },
      [
        { at: 0, account: 'b' },
        { at: 1, account: 'c' },
      ],
      null,
    ],
    ['of its facts, if the key says null', { key: { 'cosmosdb.account': null } }, [{ at: 0, account: null }], null],
  ])('its account: %s', (_, changed, facts, expected) => {
    expect(raise(draftOf(facts, changed), never).alert.account).toBe(expected);
  });

  it('a correlation\u2019s own count decides its level', () => {
    const rule = { meta: metaOf('r'), levels: [levelOf({ kind: 'count', op: 'gte', value: 5 }, 'high', 9)] };
    const raised = raise(draftOf([{ at: 0 }], { rule, count: 5 }), never);
    expect([raised.alert.count, raised.alert.level]).toEqual([5, 'high']);
    expect(raised.detail.levelWhy).toEqual({ when: 'count gte 5', line: 9 });
  });

  it.each<[string, readonly (readonly number[])[], readonly string[], readonly string[]]>([
    ['nothing holds', [[]], [], ['T1']],
    ['one selection, beside a level', [[0, 1]], ['a'], ['T1', 'T2']],
    ['each of another hit', [[2], [1]], ['a', 'b'], ['T2']],
    ['one that something is not told of', [[2]], ['b'], []],
  ])('what texts and ids are bound to: %s', (_, selections, holds, techniques) => {
    const attack = [
      { tactic: '', technique: 'T1', unless: ['b'] },
      { tactic: '', technique: 'T2', when: ['a'] },
    ];
    const match = { kind: 'constant', value: true } as const;
    const rule = {
      meta: metaOf('r', { attack }),
      levels: [levelOf({ kind: 'selection', name: 'l', match }, 'high')],
      bound: ['a', 'b'].map((name) => ({ name, match })),
    };
    const { alert, detail } = raise(draftOf([{ at: 0 }], { rule, selections }), never);
    expect(detail.holds).toEqual(holds);
    expect(alert.attack).toEqual(techniques.map((technique) => ({ tactic: '', technique })));
  });

  it('a silence that somebody caused', () => {
    const rule = { meta: metaOf('r'), levels: [levelOf({ kind: 'touched' }, 'high')] };
    const levelFor = (facts: readonly GivenFact[]) => {
      const silence = { last: 0, hours: 4, ended: null, touched: facts.map(factOf) };
      return raise(draftOf(facts, { rule, count: 0, ended: false, silence }), never).alert.level;
    };
    expect([levelFor([]), levelFor([{ at: 0 }])]).toEqual(['medium', 'high']);
  });
});

describe('settledId', () => {
  it('is of the rule, the key and the opening second', () => {
    const id = settledIdOf('r', { a: 1, b: null }, 7);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(settledIdOf('r', { b: null, a: 1 }, 7)).toBe(id);
    const others = [settledIdOf('q', { a: 1, b: null }, 7), settledIdOf('r', { a: 1, b: null }, 8)];
    const keys = [{ a: 1 }, { a: 1, b: 'null' }, { a: '1', b: null }, { a: null, b: 1 }];
    const all = [id, ...others, ...keys.map((key) => settledIdOf('r', key, 7))];
    expect(new Set(all).size).toBe(all.length);
  });
});

it('alerts are sorted by firstSeen, rule and id', () => {
  const at = (firstSeen: string, rule: string, id: string) => ({ alert: { firstSeen, rule, id } }) as Raised;
  const sorted = [at('1', 'p', 'x'), at('1', 'p', 'y'), at('1', 'q', 'a'), at('2', 'a', 'a')];
  expect(sorted.toReversed().sort(byOpening)).toEqual(sorted);
});
