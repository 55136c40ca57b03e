import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../events/event.ts';
import { Containers } from './containers.ts';
import { joinTellings } from './join.ts';
import { isKnownAt, livesOf } from './lifetimes.ts';
import { joinPhases } from './phases.ts';
import { ALPHA, type Given, record } from './records.test-support.ts';
import { type RequestSource, Sightings } from './sightings.ts';
import { byTime } from './telling.ts';

function actions(given: readonly Given[]) {
  return joinTellings(given.flatMap((one) => joinPhases([record(one)]).tellings).sort(byTime));
}

describe('when an account is known', () => {
  const deleted = (at: number, rest: Partial<Given> = {}): Given => ({
    at,
    action: 'cosmosdb.account.delete',
    ...rest,
  });
  const written = (at: number, rest: Partial<Given> = {}): Given => ({
    at,
    action: 'cosmosdb.account.write',
    method: 'PUT',
    ...rest,
  });
  const cases: { name: string; given: Given[]; known: number[]; unknown: number[] }[] = [
    { name: 'from its first record on', given: [written(10)], known: [10, 1000], unknown: [9] },
    { name: 'not from its deletion on', given: [written(0), deleted(10)], known: [9], unknown: [10, 11] },
    {
      name: 'a failed deletion changes nothing',
      given: [written(0), deleted(10, { outcome: 'failure' })],
      known: [11],
      unknown: [],
    },
    { name: 'again from a PUT after the deletion', given: [deleted(10), written(20)], known: [20], unknown: [19] },
    { name: 'not from a PATCH', given: [deleted(10), written(20, { method: 'PATCH' })], known: [], unknown: [21] },
    {
      name: 'not from a failed PUT',
      given: [deleted(10), written(20, { outcome: 'failure' })],
      known: [],
      unknown: [21],
    },
    {
      name: 'not from a PUT that began before the last record of the deletion',
      given: [deleted(10, { correlation: 'd', outcome: 'accepted' }), written(20), deleted(30, { correlation: 'd' })],
      known: [],
      unknown: [21, 31],
    },
  ];
  it.each(cases)('$name', ({ given, known, unknown }) => {
    const joined = joinPhasesOf(given);
    const lives = livesOf(joined, joined[0]!.time, (action) => action.tellings[0]!.event.method === 'PUT');
    for (const at of known) expect(isKnownAt(lives, at * SECOND), `${at}`).toBe(true);
    for (const at of unknown) expect(isKnownAt(lives, at * SECOND), `${at}`).toBe(false);
  });

  /** Records of one correlation are one action. */
  function joinPhasesOf(given: readonly Given[]) {
    const groups = Map.groupBy(given.map(record), (event) => event.actionKey);
    return joinTellings([...groups.values()].flatMap((group) => joinPhases(group).tellings).sort(byTime));
  }
});

describe('creation or update of a container', () => {
  const arm = (at: number, rest: Partial<Given> = {}): Given => ({
    at,
    action: 'cosmosdb.container.write',
    database: 'shop',
    container: 'carts',
    ...rest,
  });
  const gone = (at: number, rest: Partial<Given> = {}): Given =>
    arm(at, { action: 'cosmosdb.container.delete', ...rest });
  const cases: { name: string; given: Given[]; used?: number[]; expected: string[] }[] = [
    {
      name: 'the first ARM write is a creation, the next an update',
      given: [arm(0), arm(10)],
      expected: ['create', 'update'],
    },
    {
      name: 'a failed write tells nothing',
      given: [arm(0, { outcome: 'failure' }), arm(10)],
      expected: ['write', 'create'],
    },
    { name: 'used before: an update', given: [arm(10)], used: [5], expected: ['update'] },
    { name: 'used later only: a creation', given: [arm(10)], used: [10, 11], expected: ['create'] },
    {
      name: 'names that differ in case are one',
      given: [arm(0), arm(10, { container: 'CARTS' })],
      expected: ['create', 'update'],
    },
    {
      name: 'after its deletion a creation again',
      given: [arm(0), gone(5), arm(10)],
      used: [3],
      expected: ['create', 'delete', 'create'],
    },
    {
      name: 'used between deletion and write: an update',
      given: [gone(5), arm(10)],
      used: [7],
      expected: ['delete', 'update'],
    },
    {
      name: "after its database's deletion a creation again",
      given: [arm(0), { at: 5, action: 'cosmosdb.database.delete', database: 'Shop' }, arm(10)],
      expected: ['create', 'delete', 'create'],
    },
    {
      name: 'a log that says create is believed, even beside uses',
      given: [arm(10, { action: 'cosmosdb.container.create', family: 'DataPlaneRequests' })],
      used: [5],
      expected: ['create'],
    },
    {
      name: 'a log that says update is believed',
      given: [arm(10, { action: 'cosmosdb.container.update', family: 'ControlPlaneRequests' })],
      expected: ['update'],
    },
  ];
  it.each(cases)('$name', ({ given, used = [], expected }) => {
    const sightings = new Sightings();
    for (const at of used) {
      sightings.add({ account: ALPHA, time: at * SECOND, success: true, source: 'request', containerId: 'shop/carts' });
    }
    const containers = new Containers(ALPHA, sightings);
    const names = actions(given).map((action) => containers.nameOf(action).split('.').at(-1));
    expect(names).toEqual(expected);
  });
});

describe('which log gives the facts of a quarter of an hour', () => {
  type Seen = readonly [minute: number, source: RequestSource, success: boolean];
  it.each<[string, Seen[], { request: RequestSource | null; aggregate: RequestSource | null }]>([
    [
      'of each kind the first that holds a success',
      [
        [1, 'request', false],
        [2, 'mongo', true],
        [3, 'request', false],
        [10, '15m', true],
        [11, '5m', true],
      ],
      { request: 'mongo', aggregate: '5m' },
    ],
    [
      'a kind without a success gives none',
      [
        [1, 'request', false],
        [5, '5m', true],
      ],
      { request: null, aggregate: '5m' },
    ],
    [
      'with no success anywhere, the first that was seen',
      [
        [1, 'mongo', false],
        [2, '15m', false],
      ],
      { request: 'mongo', aggregate: null },
    ],
    [
      'an aggregate stamped on the boundary stands for the minutes before it',
      [
        [14, 'request', true],
        [15, '15m', true],
        [30, '5m', true],
      ],
      { request: 'request', aggregate: '15m' },
    ],
  ])('%s', (_, seen, expected) => {
    const sightings = new Sightings();
    for (const [minute, source, success] of seen) {
      sightings.add({ account: ALPHA, time: minute * 60 * SECOND, success, source, containerId: null });
    }
    expect(sightings.tellers(ALPHA, 60 * SECOND, 'request')).toEqual(expected);
    expect(sightings.isToldTwice).toBe(new Set(seen.map(([, source]) => source.endsWith('m'))).size === 2);
  });
});

describe('uses of a container', () => {
  it('are exact, in any order of arrival', () => {
    const times = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 40 });
    fc.assert(
      fc.property(times, fc.integer({ min: -1, max: 61 }), fc.integer({ min: -1, max: 61 }), (all, from, to) => {
        const sightings = new Sightings();
        for (const time of all)
          sightings.add({ account: ALPHA, time, success: true, source: 'request', containerId: 'c' });
        expect(sightings.usedBetween(ALPHA, 'c', from, to)).toBe(all.some((time) => time > from && time < to));
      }),
    );
  });

  it('stay bounded for one hot container', () => {
    const sightings = new Sightings();
    for (let at = 0; at < 300_000; at++) {
      sightings.add({ account: ALPHA, time: at * 1000, success: true, source: 'request', containerId: 'hot' });
    }
    expect(sightings.usedBetween(ALPHA, 'hot', 0, 1_000_000)).toBe(true);
    expect(sightings.usedBetween(ALPHA, 'hot', 300_000_000, 400_000_000)).toBe(false);
    expect(sightings.usedBetween(ALPHA, 'hot', -5, 1)).toBe(true);
  });
});
