import { describe, expect, it } from 'vitest';
import { SECOND } from '../events/event.ts';
import { joinTellings } from './join.ts';
import { joinPhases } from './phases.ts';
import { ALPHA, ALPHA2, type Given, record } from './records.test-support.ts';
import { byTime } from './telling.ts';

const activity = (at: number, rest: Partial<Given> = {}): Given => ({ at, action: 'cosmosdb.account.write', ...rest });
const control = (at: number, rest: Partial<Given> = {}): Given => ({
  at,
  action: 'cosmosdb.account.write',
  family: 'ControlPlaneRequests',
  ...rest,
});
const data = (at: number, rest: Partial<Given> = {}): Given => ({
  at,
  action: 'cosmosdb.container.create',
  family: 'DataPlaneRequests',
  database: 'shop',
  container: 'tmp',
  ...rest,
});

function tell(given: readonly Given[]) {
  const tellings = given.flatMap((one) => joinPhases([record(one)]).tellings).sort(byTime);
  return joinTellings(tellings).map(({ time, tellings: told, caller, callerTelling, candidates }) => ({
    at: time / SECOND,
    by: told.map((telling) => telling.family),
    caller,
    ...(callerTelling ? { who: callerTelling.event.actor?.id } : {}),
    ...(candidates.length > 0 ? { candidates } : {}),
  }));
}

const both = ['ActivityLog', 'ControlPlaneRequests'];

describe('one action told by two logs', () => {
  const cases: { name: string; given: Given[]; expected: object[] }[] = [
    {
      name: 'tied by clientRequestId = activityId: one, exact, at the earlier time',
      given: [activity(700, { request: 'x' }), control(3, { correlation: 'x' })],
      expected: [{ at: 3, by: both, caller: 'exact' }],
    },
    {
      name: 'tied, though the Activity Log tells of its start only',
      given: [activity(0, { outcome: 'started', request: 'x' }), control(3, { correlation: 'x' })],
      expected: [{ at: 0, by: both, caller: 'exact' }],
    },
    {
      name: 'a start alone is not joined by nearness',
      given: [activity(0, { outcome: 'started', actor: 'ann' }), control(3)],
      expected: [
        { at: 0, by: ['ActivityLog'], caller: null },
        { at: 3, by: ['ControlPlaneRequests'], caller: 'likely', who: 'ann' },
      ],
    },
    {
      name: 'no third telling brings together a caller and what two may have caused',
      given: [
        activity(0, { action: 'cosmosdb.container.write', database: 'shop', container: 'tmp', actor: 'ann' }),
        activity(1, {
          action: 'cosmosdb.container.write',
          database: 'shop',
          container: 'tmp',
          actor: 'bob',
          outcome: 'started',
        }),
        control(2, { action: 'cosmosdb.container.create', database: 'shop', container: 'tmp' }),
        data(3),
      ],
      expected: [
        { at: 0, by: ['ActivityLog'], caller: null },
        { at: 1, by: ['ActivityLog'], caller: null },
        { at: 2, by: ['ControlPlaneRequests', 'DataPlaneRequests'], caller: 'likely' },
      ],
    },
    {
      name: 'each the only counterpart within 10 min: one, likely',
      given: [activity(0), control(600)],
      expected: [{ at: 0, by: both, caller: 'likely' }],
    },
    {
      name: 'more than 10 min apart: two, nobody named',
      given: [activity(0), control(601)],
      expected: [
        { at: 0, by: ['ActivityLog'], caller: null },
        { at: 601, by: ['ControlPlaneRequests'], caller: 'unknown' },
      ],
    },
    {
      name: 'two counterparts: none is joined, both are candidates',
      given: [activity(0, { actor: 'ann' }), activity(60, { actor: 'bob' }), control(30)],
      expected: [
        { at: 0, by: ['ActivityLog'], caller: null },
        {
          at: 30,
          by: ['ControlPlaneRequests'],
          caller: 'unknown',
          candidates: ['ann@contoso.example', 'bob@contoso.example'],
        },
        { at: 60, by: ['ActivityLog'], caller: null },
      ],
    },
    {
      name: 'a counterpart that is not the only candidate: not joined',
      given: [activity(0), activity(60, { action: 'cosmosdb.account.failover', actor: 'bob' }), control(30)],
      expected: [
        { at: 0, by: ['ActivityLog'], caller: null },
        {
          at: 30,
          by: ['ControlPlaneRequests'],
          caller: 'unknown',
          candidates: ['ann@contoso.example', 'bob@contoso.example'],
        },
        { at: 60, by: ['ActivityLog'], caller: null },
      ],
    },
    {
      name: 'a failed telling joins nothing',
      given: [activity(0, { outcome: 'failure' }), control(3)],
      expected: [
        { at: 0, by: ['ActivityLog'], caller: null },
        { at: 3, by: ['ControlPlaneRequests'], caller: 'unknown' },
      ],
    },
    {
      name: 'of another account: not joined',
      given: [activity(0, { account: ALPHA2 }), control(3, { account: ALPHA })],
      expected: [
        { at: 0, by: ['ActivityLog'], caller: null },
        { at: 3, by: ['ControlPlaneRequests'], caller: 'unknown' },
      ],
    },
    {
      name: 'containers by name, in any case; a third log joins too',
      given: [
        activity(0, {
          action: 'cosmosdb.container.write',
          resource: `${ALPHA}/sqldatabases/shop/containers/tmp`,
          database: 'shop',
          container: 'tmp',
        }),
        control(2, { action: 'cosmosdb.container.create', database: 'SHOP', container: 'Tmp' }),
        data(4),
      ],
      expected: [{ at: 0, by: ['ActivityLog', 'ControlPlaneRequests', 'DataPlaneRequests'], caller: 'likely' }],
    },
  ];
  it.each(cases)('$name', ({ given, expected }) => {
    expect(tell(given)).toEqual(expected);
    expect(tell([...given].reverse())).toEqual(expected);
  });
});

describe('the caller of a ControlPlaneRequests action', () => {
  const region = (at: number, rest: Partial<Given> = {}) =>
    control(at, { action: 'cosmosdb.account.region_change', ...rest });
  const cases: { name: string; given: Given[]; expected: object }[] = [
    {
      name: 'exact by the activity id',
      given: [activity(0, { request: 'x' }), activity(1, { actor: 'bob' }), region(5, { correlation: 'x' })],
      expected: { caller: 'exact', who: 'ann' },
    },
    {
      name: 'likely: the only write within 10 min',
      given: [activity(0), region(600)],
      expected: { caller: 'likely', who: 'ann' },
    },
    {
      name: 'reading keys is no candidate',
      given: [activity(0), activity(2, { action: 'cosmosdb.keys.list', actor: 'bob' }), region(5)],
      expected: { caller: 'likely', who: 'ann' },
    },
    {
      name: 'a failed write is no candidate',
      given: [activity(0), activity(2, { outcome: 'failure', actor: 'bob' }), region(5)],
      expected: { caller: 'likely', who: 'ann' },
    },
    {
      name: 'one that is exactly tied elsewhere is no candidate',
      given: [activity(0), activity(2, { request: 'y', actor: 'bob' }), region(5), region(6, { correlation: 'y' })],
      expected: { caller: 'likely', who: 'ann' },
    },
    {
      name: 'nobody within 10 min',
      given: [activity(0), region(601)],
      expected: { caller: 'unknown' },
    },
    {
      name: 'two who share an id by choice: nobody is blamed',
      given: [
        activity(0, { request: 'x' }),
        activity(1, { request: 'x', actor: 'bob' }),
        region(5, { correlation: 'x' }),
      ],
      expected: { caller: 'unknown', candidates: ['ann@contoso.example', 'bob@contoso.example'] },
    },
  ];
  it.each(cases)('$name', ({ given, expected }) => {
    const told = tell(given).find(
      ({ at, by }) =>
        by[0] === 'ControlPlaneRequests' &&
        at === given.find((one) => one.action === 'cosmosdb.account.region_change')!.at,
    );
    expect(told).toMatchObject(expected);
    if (!('who' in expected)) expect(told).not.toHaveProperty('who');
  });
});
