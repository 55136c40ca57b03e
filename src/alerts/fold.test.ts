import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectionOf, factOf } from '../engine/engine.test-support.ts';
import type { Fact } from '../events/fact.ts';
import type { Detection, Fold } from '../ir/ir.ts';
import { type Folded, Folder } from './fold.ts';

interface Hit {
  readonly fact: Fact;
  readonly rule?: number;
  readonly selections?: readonly number[];
}

function folded(folds: readonly (Fold | null)[], hits: readonly Hit[]): Folded[] {
  const rules = new Map<number, Detection>(
    folds.map((fold, index) => [index, detectionOf(`r${index}`, '*', { fold })]),
  );
  const found: Folded[] = [];
  const folder = new Folder(rules, (one) => found.push(one));
  for (const { rule = 0, selections = [], fact } of hits) folder.hit(rule, selections, fact);
  folder.finish();
  return found.sort((a, b) => a.opened - b.opened || a.rule - b.rule);
}

function shown({ rule, key, opened, last, tally }: Folded): string {
  return `r${rule}(${Object.values(key).join(' ')}) ${opened}-${last} ${tally.summary().count}`;
}

const by = (gap: number, ...fields: string[]): Fold => ({ by: fields, gap });
const hitsAt = (...seconds: readonly number[]): Hit[] => seconds.map((at) => ({ fact: factOf({ at }) }));

describe('hits that make one alert', () => {
  it.each<[string, Fold | null, readonly Hit[], string[]]>([
    ['neighbours at most the gap apart', by(10), hitsAt(0, 10, 20), ['r0() 0-20 3']],
    ['a second more', by(10), hitsAt(0, 11), ['r0() 0-0 1', 'r0() 11-11 1']],
    ['whole seconds count', by(10), hitsAt(0.9, 10.1), ['r0() 0-10 2']],
    [
      'by account and an hour, if the rule does not say',
      null,
      hitsAt(0, 3600, 7201),
      ['r0(a) 0-3600 2', 'r0(a) 7201-7201 1'],
    ],
    [
      'equal keys',
      by(10, 'cosmosdb.account', 'actor.id'),
      [
        { fact: factOf({ at: 0, fields: { 'actor.id': 'ann' } }) },
        { fact: factOf({ at: 1, fields: { 'actor.id': 'bob' } }) },
        { fact: factOf({ at: 2, fields: { 'actor.id': 'ann' } }) },
      ],
      ['r0(a ann) 0-2 2', 'r0(a bob) 1-1 1'],
    ],
    [
      'a missing field is the value null',
      by(10, 'actor.id'),
      [{ fact: factOf({ at: 0 }) }, { fact: factOf({ at: 1 }) }],
      ['r0() 0-1 2'],
    ],
    ['names in any case', by(10, 'Cosmosdb.Account'), hitsAt(0), ['r0(a) 0-0 1']],
    ['what every object has is no field', by(10, 'constructor'), hitsAt(0), ['r0() 0-0 1']],
  ])('%s', (_, fold, hits, expected) => {
    expect(folded([fold], hits).map(shown)).toEqual(expected);
  });

  it('rules fold apart', () => {
    const hits = [...hitsAt(0), { fact: factOf({ at: 1 }), rule: 1 }];
    expect(folded([by(10), by(10)], hits).map(shown)).toEqual(['r0() 0-0 1', 'r1() 1-1 1']);
  });

  it('a missing value and the text "null" are different keys', () => {
    const hits = [{ fact: factOf({ at: 0 }) }, { fact: factOf({ at: 1, fields: { 'actor.id': 'null' } }) }];
    expect(folded([by(10, 'actor.id')], hits)).toHaveLength(2);
  });

  it('kinds of hits are kept once each', () => {
    const hits = [[], [0], [0], [0, 2], []].map((selections, at) => ({ fact: factOf({ at }), selections }));
    expect(folded([by(10)], hits)[0]?.selections).toEqual([[], [0], [0, 2]]);
  });

  it('alerts that are over are let go', () => {
    let emitted = 0;
    const folder = new Folder(new Map([[0, detectionOf('r', '*', { fold: by(10, 'n') })]]), () => emitted++);
    for (let at = 0; at < 60_000; at++) folder.hit(0, [], factOf({ at, fields: { n: at } }));
    expect(emitted).toBeGreaterThan(49_000);
    folder.finish();
    expect(emitted).toBe(60_000);
  });
});

it('as neighbours compared one by one', () => {
  const stream = fc.array(fc.record({ tick: fc.nat(400), who: fc.constantFrom('ann', 'bob', undefined) }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(stream, (given) => {
      const facts = given
        .map(({ tick, who }, index) =>
          factOf({ at: tick / 4, id: `e${index}`, fields: who ? { 'actor.id': who } : {} }),
        )
        .sort((a, b) => a.time - b.time);
      const secondOf = ({ time }: Fact) => Math.floor(time / 1e6);
      const expected = Object.values(Object.groupBy(facts, ({ fields }) => `${fields['actor.id'] ?? ''}`)).flatMap(
        (group) => {
          const starts = group!.flatMap((fact, index) =>
            index === 0 || secondOf(fact) - secondOf(group![index - 1]!) > 5 ? [index] : [],
          );
          return starts.map((start, index) => {
            const own = group!.slice(start, starts[index + 1]);
            return `r0(${own[0]!.fields['actor.id'] ?? ''}) ${secondOf(own[0]!)}-${secondOf(own.at(-1)!)} ${own.length}`;
          });
        },
      );
      const found = folded(
        [by(5, 'actor.id')],
        facts.map((fact) => ({ fact })),
      ).map(shown);
      expect(found.sort()).toEqual(expected.sort());
    }),
    { numRuns: 500 },
  );
});
