import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentName, daysUnseen, Memory, type Seen, type Span, sightingsOf, withSighting } from './memory.ts';

const DAY = 86_400;
const seen = (address: string): Seen => ({ actors: [], addresses: [address], agents: [] });

describe('the memory of an account', () => {
  it.each<[string, readonly number[], number, number | null]>([
    ['never seen', [], 100, 90],
    ['never seen, and the account is known for 10 days', [], 10, 10],
    ['never seen, but the account is known for 2 days', [], 2, null],
    ['seen yesterday', [99], 100, null],
    ['seen an hour ago', [99.97], 100, 90],
    ['seen 80 days ago', [20], 100, null],
    ['seen 95 days ago', [5], 100, 90],
    ['seen all the time', [0, 50, 100], 100, null],
  ])('%s', (_what, days, now, expected) => {
    const memory = new Memory();
    memory.see('a', seen('other'), 0, 0);
    for (const day of days) memory.see('a', seen('x'), day * DAY, day * DAY);
    memory.see('a', seen('x'), now * DAY, now * DAY);
    expect(memory.firsts('a', seen('x'), now * DAY)).toEqual(
      expected === null ? [] : [{ kind: 'address', value: 'x', days: expected }],
    );
  });

  it('knows callers by id, applications, addresses with their network, and clients without their version', () => {
    const actor = { id: 'u1', name: 'ada@contoso.example', type: 'user', appId: 'app1', appName: 'Azure CLI' };
    const key = { id: 'primary_key@192.0.2.1', name: null, type: 'key', appId: null, appName: null };
    expect(
      sightingsOf(
        { actors: [actor, key], addresses: ['192.0.2.1'], agents: ['azsdk-python/4.7 (x)'] },
        () => 'AS64496',
      ),
    ).toEqual([
      { kind: 'actor', value: 'u1', name: 'ada@contoso.example' },
      { kind: 'application', value: 'app1', name: 'Azure CLI' },
      { kind: 'address', value: '192.0.2.1', name: '192.0.2.1' },
      { kind: 'asn', value: 'AS64496', name: 'AS64496' },
      { kind: 'agent', value: 'azsdk-python', name: 'azsdk-python' },
    ]);
    expect(agentName('Mozilla/5.0 (X11)')).toBe('mozilla');
  });

  it('is bounded: when it is full nothing is called new', () => {
    const memory = new Memory(2);
    for (const address of ['a', 'b', 'c']) memory.see('x', seen(address), 0, 0);
    expect(memory.firsts('x', seen('new'), 50 * DAY)).toEqual([]);
  });

  const times = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 30 });
  const spansOf = (days: readonly number[]): readonly Span[] =>
    days.reduce<readonly Span[]>(
      (spans, day) => withSighting(spans, { first: day * DAY, last: day * DAY, count: 1 }),
      [],
    );

  it('law: the order in which it is told does not matter', () => {
    fc.assert(
      fc.property(times, (days) => {
        expect(spansOf(days)).toEqual(spansOf([...days].sort((a, b) => a - b)));
      }),
    );
  });

  it('law: new is what was not seen in the 90 days before the last day', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 3, max: 400 }), (days, now) => {
        const all = [...days, now];
        const wasSeen = days.some((day) => day <= now - 1 && day >= now - 90);
        expect(daysUnseen(spansOf(all), 0, now * DAY) === null).toBe(wasSeen);
      }),
    );
  });
});
