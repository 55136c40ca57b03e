import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, SECOND } from '../events/event.ts';
import { joinPhases } from './phases.ts';
import { type Given, record } from './records.test-support.ts';

const write = (at: number, outcome: Given['outcome'], rest: Partial<Given> = {}) =>
  record({ at, action: 'cosmosdb.account.write', correlation: 'c1', outcome: outcome!, ...rest });
const control = (at: number, phase: Given['phase'], outcome: Given['outcome'] = 'success', rest: Partial<Given> = {}) =>
  record({
    at,
    action: 'cosmosdb.account.write',
    family: 'ControlPlaneRequests',
    correlation: 'a1',
    phase: phase!,
    outcome: outcome!,
    ...rest,
  });

const tell = (records: ReturnType<typeof record>[]) =>
  joinPhases(records).tellings.map(({ time, last, outcome }) => ({ at: time / SECOND, until: last / SECOND, outcome }));

describe('records of one id', () => {
  const cases: { name: string; records: ReturnType<typeof record>[]; expected: ReturnType<typeof tell> }[] = [
    {
      name: 'Start and Success are one action, at the time of Start',
      records: [write(0, 'started'), write(5, 'success')],
      expected: [{ at: 0, until: 5, outcome: 'success' }],
    },
    {
      name: 'a Failure after an Accept retracts it',
      records: [write(0, 'started'), write(1, 'accepted'), write(60, 'failure')],
      expected: [{ at: 0, until: 60, outcome: 'failure' }],
    },
    {
      name: 'a Success beside a Failure is a retry that worked',
      records: [write(0, 'failure'), write(1, 'success')],
      expected: [{ at: 0, until: 1, outcome: 'success' }],
    },
    {
      name: 'Accept may repeat',
      records: [write(0, 'accepted'), write(66, 'accepted')],
      expected: [{ at: 0, until: 66, outcome: 'accepted' }],
    },
    {
      name: 'a Start 2 s after a Success begins another action',
      records: [write(0, 'started'), write(1, 'success'), write(3, 'started'), write(4, 'failure')],
      expected: [
        { at: 0, until: 1, outcome: 'success' },
        { at: 3, until: 4, outcome: 'failure' },
      ],
    },
    {
      name: 'a Start less than 2 s after a Success does not',
      records: [write(0, 'success'), write(1.9, 'started')],
      expected: [{ at: 0, until: 1.9, outcome: 'success' }],
    },
    {
      name: 'a Start after an Accept does not',
      records: [write(0, 'accepted'), write(30, 'started')],
      expected: [{ at: 0, until: 30, outcome: 'accepted' }],
    },
    {
      name: 'neighbours more than 24 h apart are two actions, 24 h apart are one',
      records: [write(0, 'accepted'), write(86_400, 'accepted'), write(172_801, 'success')],
      expected: [
        { at: 0, until: 86_400, outcome: 'accepted' },
        { at: 172_801, until: 172_801, outcome: 'success' },
      ],
    },
    {
      name: 'ControlPlaneRequests: a second Complete at a later second is another action',
      records: [control(0, 'start', 'accepted'), control(2, 'complete'), control(3, 'complete')],
      expected: [
        { at: 0, until: 2, outcome: 'success' },
        { at: 3, until: 3, outcome: 'success' },
      ],
    },
    {
      name: 'ControlPlaneRequests: a Start that follows its Complete within 2 s belongs to it',
      records: [control(0, 'complete'), control(1, 'start', 'accepted')],
      expected: [{ at: 0, until: 1, outcome: 'success' }],
    },
  ];
  it.each(cases)('$name', ({ records, expected }) => {
    expect(tell(records)).toEqual(expected);
    expect(tell([...records].reverse())).toEqual(expected);
  });

  it('of two actions under one id, the second has an id of its own', () => {
    const { tellings } = joinPhases([write(0, 'success'), write(100_000, 'success')]);
    expect(new Set(tellings.map((telling) => telling.id)).size).toBe(2);
  });
});

describe('what an action takes from its records', () => {
  it('raw fields of the strongest record, the request body of the Start record', () => {
    const { tellings } = joinPhases([
      write(0, 'started', { raw: { properties: { requestbody: '{}' }, status: 'Start' } }),
      write(1, 'success', { raw: { properties: { statusCode: 'OK' }, status: 'Success' } }),
    ]);
    expect(tellings[0]?.event.raw).toEqual({ properties: { statusCode: 'OK', requestbody: '{}' }, status: 'Success' });
  });

  it('columns from Complete, then from Start; an empty text only if there is nothing else', () => {
    const { tellings } = joinPhases([
      control(0, 'start', 'accepted', { raw: { properties: { ipRangeFilter: '203.0.113.0/24', cors: '' } } }),
      control(1, 'complete', 'success', { raw: { properties: { ipRangeFilter: '', httpstatusCode: '200' } } }),
    ]);
    expect({ ...tellings[0]?.columns }).toEqual({ iprangefilter: '203.0.113.0/24', cors: '', httpstatuscode: '200' });
  });
});

describe('copies of one record', () => {
  const rest = write(0, 'success', { variant: 'rest', ip: '198.51.100.23', request: 'r1', actor: null });
  const exported = write(0, 'success', { variant: 'export', ip: '192.0.2.1' });

  it('are merged field by field, REST first', () => {
    const { tellings, duplicates } = joinPhases([exported, rest]);
    expect(duplicates).toBe(0);
    expect(tellings).toHaveLength(1);
    expect(tellings[0]?.event).toMatchObject({ variant: 'rest', sourceIp: '198.51.100.23', clientRequestId: 'r1' });
    expect(tellings[0]?.event.actor?.id).toBe('ann');
  });

  it('byte-equal ones count as duplicates', () => {
    expect(joinPhases([exported, exported, rest, rest, rest]).duplicates).toBe(3);
  });
});

describe('law', () => {
  const any = fc.record({
    at: fc.oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 86_390, max: 86_410 })),
    outcome: fc.constantFrom('started', 'accepted', 'failure', 'success') as fc.Arbitrary<
      NonNullable<Given['outcome']>
    >,
    phase: fc.constantFrom('start', 'complete', 'bare') as fc.Arbitrary<Event['phase']>,
    isControl: fc.boolean(),
  });
  type Event = ReturnType<typeof record>;

  it('neither order nor repetition of records changes the tellings', () => {
    fc.assert(
      fc.property(
        fc.array(any, { minLength: 1, maxLength: 8 }),
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        (given, isControl, dice) => {
          const records = given.map(({ at, outcome, phase }) =>
            isControl ? control(at, phase, outcome) : write(at, outcome),
          );
          const shuffled = [...records, ...records.slice(0, 3)]
            .map((one) => ({ one, order: dice.next().value as number }))
            .sort((a, b) => a.order - b.order)
            .map(({ one }) => one);
          expect(joinPhases(shuffled).tellings).toEqual(joinPhases(records).tellings);
        },
      ),
    );
  });

  it('no telling has neighbours more than 24 h apart', () => {
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 8 }), (given) => {
        const { tellings } = joinPhases(given.map(({ at, outcome }) => write(at, outcome)));
        for (const telling of tellings)
          expect(telling.last - telling.time).toBeLessThanOrEqual(given.length * 24 * HOUR);
        expect(tellings.map((telling) => telling.time)).toEqual(
          [...tellings.map((telling) => telling.time)].sort((a, b) => a - b),
        );
      }),
    );
  });
});
