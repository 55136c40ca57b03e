import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factOf, type GivenFact } from '../engine/engine.test-support.ts';
import type { Actor, Evidence } from '../events/event.ts';
import type { Change, Fact } from '../events/fact.ts';
import { FactTally, type Summary } from './summary.ts';

function summaryOf(...facts: readonly GivenFact[]): Summary {
  const tally = new FactTally();
  for (const fact of facts) tally.add(factOf(fact));
  return tally.summary();
}

function actor(id: string, changed: Partial<Actor> = {}): Actor {
  return { id, name: `${id}@contoso.example`, type: 'user', appId: null, appName: null, ...changed };
}

function record(id: string, at: number): Evidence {
  const position = { source: 'test', line: 1, index: 0 };
  return { id, time: at * 1e6, family: 'ActivityLog', action: 'test.act', outcome: 'success', position };
}

function change(property: string): Change {
  return { property, before: 1, after: 2, effect: 'weakened', exposure: null };
}

const many = (count: number, given: (at: number) => Omit<GivenFact, 'at'>): GivenFact[] =>
  Array.from({ length: count }, (_, at) => ({ at, ...given(at) }));

describe('what an alert says of its facts', () => {
  it.each<[string, readonly GivenFact[], Partial<Summary>]>([
    ['nothing', [], { count: 0, actors: [], caller: null, account: null, isForGood: false, things: [] }],
    ['count', [{ at: 0 }, { at: 1, count: 5 }], { count: 6 }],
    [
      'an action that is several facts counts once',
      [
        { at: 0, id: 'i' },
        { at: 0, id: 'i', account: 'b' },
      ],
      { count: 1 },
    ],
    ['the account of all facts', [{ at: 0 }, { at: 1 }], { account: 'a' }],
    ['no one account', [{ at: 0 }, { at: 1, account: 'b' }, { at: 2 }], { account: null }],
    [
      'an actor once, by id, with what the first record that tells it says',
      [
        { at: 1, actor: actor('ann', { appId: 'cli', appName: 'Azure CLI' }) },
        { at: 0, actor: actor('ann', { name: null, type: 'unknown' }) },
        { at: 2, actor: actor('ann', { name: 'ann@else.example', appId: 'portal' }) },
        { at: 3, actor: actor('bob') },
      ],
      { actors: [actor('ann', { appId: 'cli', appName: 'Azure CLI' }), actor('bob')] },
    ],
    [
      'actors without an id by name and application',
      [
        { at: 0, actor: actor('ann', { id: null }) },
        { at: 1, actor: actor('ann', { id: null }) },
        { at: 2, actor: actor('ann', { id: null, appId: 'cli' }) },
      ],
      { actors: [actor('ann', { id: null }), actor('ann', { id: null, appId: 'cli' })] },
    ],
    [
      'addresses in order of time',
      [
        { at: 1, sourceIp: 'p' },
        { at: 2, sourceIp: 'o' },
      ],
      { sourceIps: ['p', 'o'] },
    ],
    ['the weakest caller', [{ at: 0, caller: 'likely' }, { at: 1, caller: 'exact' }, { at: 2 }], { caller: 'likely' }],
    [
      'candidates',
      [
        { at: 0, candidates: ['bob', 'ann'] },
        { at: 1, candidates: ['ann'] },
      ],
      { candidates: ['ann', 'bob'] },
    ],
    ['accepted is not confirmed', [{ at: 0 }, { at: 1, outcome: 'accepted' }], { unconfirmed: true }],
    [
      'a thing is as before its first hit',
      [
        { at: 1, thing: { id: 't', ends: true, before: 'later' } },
        { at: 0, thing: { id: 't', ends: true, before: 'first' } },
      ],
      { things: [{ id: 't', ends: true, before: 'first' }], isForGood: false },
    ],
    [
      'a thing that is gone for good, whenever that is said',
      [
        { at: 0, thing: { id: 't', ends: true, before: true } },
        { at: 1, thing: { id: 't', ends: false, before: true } },
      ],
      { isForGood: true },
    ],
  ])('%s', (_, facts, expected) => {
    expect(summaryOf(...facts)).toMatchObject(expected);
  });

  it('lists keep the first hundred', () => {
    const { sourceIps, targets } = summaryOf(...many(350, (at) => ({ sourceIp: `ip${at}`, target: `t${at % 120}` })));
    expect([sourceIps.length, sourceIps[0], sourceIps.at(-1)]).toEqual([100, 'ip0', 'ip99']);
    expect([targets.length, targets.at(-1)]).toEqual([100, 't99']);
  });

  it('evidence: the first and last three records, no record twice', () => {
    const facts = [
      { at: 0, id: 'p', evidence: [record('r1', 0), record('r2', 2)], change: change('p') },
      { at: 0, id: 'q', evidence: [record('r1', 0), record('r2', 2)], change: change('q') },
      ...[3, 4, 5, 6, 7].map((at) => ({ at, evidence: [record(`r${at}`, at)] })),
    ];
    expect(summaryOf(...facts).evidence.map(({ id }) => id)).toEqual(['r1', 'r2', 'r3', 'r5', 'r6', 'r7']);
    expect(summaryOf(...facts.slice(0, 2)).evidence.map(({ id }) => id)).toEqual(['r1', 'r2']);
    expect(summaryOf(...facts.slice(0, 4)).evidence.map(({ id }) => id)).toEqual(['r1', 'r2', 'r3', 'r4']);
  });

  it('changes: the first and last fifty, several of one action', () => {
    const { changes } = summaryOf(...many(150, (at) => ({ id: `i${at}`, change: change(`p${at}`) })));
    expect(changes.map((one) => one.change.property).slice(48, 52)).toEqual(['p48', 'p49', 'p100', 'p101']);
    const two = summaryOf({ at: 0, id: 'i', change: change('p') }, { at: 0, id: 'i', change: change('q') });
    expect(two.changes.map((one) => one.change.property)).toEqual(['p', 'q']);
  });

  it('facts are kept without their raw records, of requests only one', () => {
    expect(summaryOf({ at: 0, raw: { secret: 1 } }).facts[0]?.raw).toEqual({});
    expect(summaryOf(...many(9, () => ({ family: 'DataPlaneRequests' }))).facts.map(({ id }) => id)).toEqual(['e0']);
    expect(summaryOf(...many(9, () => ({}))).facts).toHaveLength(6);
  });
});

const people = ['ann', 'bob', 'cem', null];
const facts = fc
  .array(
    fc.record({
      at: fc.integer({ min: 0, max: 20 }),
      who: fc.constantFrom(...people),
      ip: fc.constantFrom('p', 'q', null),
      caller: fc.constantFrom('exact' as const, 'likely' as const, 'unknown' as const, null),
      account: fc.constantFrom('a', 'b'),
      ends: fc.boolean(),
    }),
    { maxLength: 20 },
  )
  .map((given) =>
    given.map(({ who, ip, ends, ...rest }, index) =>
      factOf({
        ...rest,
        id: `e${index}`,
        actor: who === null ? null : actor(who),
        sourceIp: ip,
        thing: { id: `t${index % 3}`, ends, before: index },
        change: change(`p${index}`),
      }),
    ),
  );

function tallyOf(some: readonly Fact[]): FactTally {
  const tally = new FactTally();
  for (const fact of some) tally.add(fact);
  return tally;
}

describe('laws', () => {
  it('the order of facts does not matter', () => {
    const shuffled = facts.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, again]) => {
        expect(tallyOf(again).summary()).toEqual(tallyOf(all).summary());
      }),
      { numRuns: 300 },
    );
  });

  it('nor does what was summed up apart', () => {
    fc.assert(
      fc.property(facts, fc.nat(20), fc.nat(20), (all, one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        const merged = tallyOf(all.slice(from, to));
        merged.merge(tallyOf(all.slice(0, from)));
        merged.merge(tallyOf(all.slice(to)));
        merged.merge(new FactTally());
        expect(merged.summary()).toEqual(tallyOf(all).summary());
      }),
      { numRuns: 300 },
    );
  });
});
