import { describe, expect, it } from 'vitest';
import { SECOND } from '../events/event.ts';
import type { Fact } from '../events/fact.ts';
import { connectionName, joinEndpoints } from './endpoints.ts';
import { joinTellings } from './join.ts';
import { joinPhases } from './phases.ts';
import { namePrograms } from './programs.ts';
import { ALPHA, type Given, record } from './records.test-support.ts';
import { byTime } from './telling.ts';

describe('the burst of one private endpoint', () => {
  const connection = (at: number, name: string, verb = 'write', rest: Partial<Given> = {}): Given => ({
    at,
    action: `cosmosdb.private_endpoint.${verb}`,
    resource: verb === 'approve' ? ALPHA : `${ALPHA}/privateendpointconnections/${name}`,
    ...rest,
  });
  const tell = (given: readonly Given[]) => {
    const tellings = given.flatMap((one) => joinPhases([record(one)]).tellings).sort(byTime);
    return joinEndpoints(joinTellings(tellings)).map((action) => ({
      at: action.time / SECOND,
      name: connectionName(action),
      records: action.tellings.length,
    }));
  };
  const cases: { name: string; given: Given[]; expected: object[] }[] = [
    {
      name: 'one action per connection within 10 min of the first',
      given: [connection(0, 'pe1'), connection(300, 'pe1'), connection(600, 'pe1'), connection(601, 'pe1')],
      expected: [
        { at: 0, name: 'pe1', records: 3 },
        { at: 601, name: 'pe1', records: 1 },
      ],
    },
    {
      name: 'two connections are two; writing and deleting are two',
      given: [connection(0, 'pe1'), connection(1, 'pe2'), connection(2, 'pe1', 'delete')],
      expected: [
        { at: 0, name: 'pe1', records: 1 },
        { at: 1, name: 'pe2', records: 1 },
        { at: 2, name: 'pe1', records: 1 },
      ],
    },
    {
      name: 'an approval goes with the nearest write',
      given: [connection(0, 'pe1'), connection(100, 'pe2'), connection(90, '', 'approve')],
      expected: [
        { at: 0, name: 'pe1', records: 1 },
        { at: 90, name: 'pe2', records: 2 },
      ],
    },
    {
      name: 'an approval with no write near is an action of its own',
      given: [connection(0, 'pe1'), connection(700, '', 'approve')],
      expected: [
        { at: 0, name: 'pe1', records: 1 },
        { at: 700, name: '', records: 1 },
      ],
    },
    {
      name: 'a failed write joins nothing',
      given: [connection(0, 'pe1', 'write', { outcome: 'failure' }), connection(5, 'pe1')],
      expected: [
        { at: 0, name: 'pe1', records: 1 },
        { at: 5, name: 'pe1', records: 1 },
      ],
    },
  ];
  it.each(cases)('$name', ({ given, expected }) => {
    expect(tell(given)).toEqual(expected);
  });
});

describe("Terraform's trio of key reads", () => {
  const read = (at: number, kind: string, rest: Partial<Fact> = {}): Fact =>
    ({
      time: at * SECOND,
      action: kind,
      outcome: 'success',
      account: ALPHA,
      actor: { id: 'ci', name: 'terraform-ci', type: 'service_principal', appId: 'app', appName: null },
      sourceIp: '192.0.2.10',
      ...rest,
    }) as Fact;
  const trio = (at: number) => [
    read(at, 'cosmosdb.keys.list'),
    read(at + 2, 'cosmosdb.keys.list_readonly'),
    read(at + 4, 'cosmosdb.connection_strings.list'),
  ];
  const names = (facts: Fact[]) =>
    [
      ...namePrograms(
        facts.map((fact) => ({ fact, program: null as string | null })),
        (item, program) => ({ ...item, program }),
      ),
    ].map(({ program }) => program);

  const cases: { name: string; facts: Fact[]; expected: (string | null)[] }[] = [
    { name: 'is named', facts: trio(0), expected: ['Terraform', 'Terraform', 'Terraform'] },
    { name: 'two of three are not', facts: trio(0).slice(0, 2), expected: [null, null] },
    {
      name: 'spread over minutes is not',
      facts: [trio(0)[0]!, trio(60)[1]!, trio(120)[2]!],
      expected: [null, null, null],
    },
    {
      name: 'by two callers is not',
      facts: [...trio(0).slice(0, 2), read(4, 'cosmosdb.connection_strings.list', { sourceIp: '198.51.100.23' })],
      expected: [null, null, null],
    },
    {
      name: 'a refused read does not complete it',
      facts: [...trio(0).slice(0, 2), read(4, 'cosmosdb.connection_strings.list', { outcome: 'failure' })],
      expected: [null, null, null],
    },
    { name: 'twice a minute apart, each is', facts: [...trio(0), ...trio(60)], expected: Array(6).fill('Terraform') },
  ];
  it.each(cases)('$name', ({ facts, expected }) => {
    expect(names(facts)).toEqual(expected);
  });
});
