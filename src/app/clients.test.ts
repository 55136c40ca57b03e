import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rulesFor } from './rules.ts';
import { scanTexts } from './scan.ts';

const RULES = rulesFor([], [], new Map());
const START = Date.parse('2026-11-01T00:00:00Z');
const HOUR = 3_600_000;
const ACCOUNT =
  '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts/orders';

interface Made {
  readonly hour: number;
  readonly ip: string;
  readonly agent: string;
  readonly bytes: number;
  readonly isOdd: boolean;
}

const made: fc.Arbitrary<Made> = fc.record({
  hour: fc.nat({ max: 400 }),
  ip: fc.constantFrom('198.51.100.1', '198.51.100.2', '203.0.113.7', '2001:db8::1', '2001:db8::2'),
  agent: fc.constantFrom('cosmos-netstandard-sdk/3.1', 'cosmos-netstandard-sdk/3.2', 'python-requests/2'),
  bytes: fc.constantFrom(0, 1000, 90_000_000, 700_000_000),
  isOdd: fc.boolean(),
});

function lineOf({ hour, ip, agent, bytes, isOdd }: Made, at: number): string {
  const record = {
    time: new Date(START + hour * HOUR + at).toISOString(),
    resourceId: ACCOUNT,
    category: 'DataPlaneRequests',
    operationName: 'Query',
    properties: {
      activityId: `10000000-0000-0000-0000-${String(at).padStart(12, '0')}`,
      requestResourceType: 'Document',
      requestResourceId: 'dbs/shop/colls/carts',
      statusCode: '200',
      clientIpAddress: ip,
      keyType: 'PrimaryMasterKey',
      userAgent: agent,
      responseLength: `${bytes}`,
    },
  };
  // An escaped letter: the walk leaves such a record to the parser.
  return JSON.stringify(record).replace('"Query"', isOdd ? '"\\u0051uery"' : '"Query"');
}

const keysRead = (hour: number): string =>
  JSON.stringify({
    time: new Date(START + hour * HOUR).toISOString(),
    resourceId: ACCOUNT,
    category: 'Administrative',
    operationName: 'Microsoft.DocumentDB/databaseAccounts/listKeys/action',
    resultType: 'Success',
    correlationId: '10000000-0000-0000-0000-000000000001',
    callerIpAddress: '198.51.100.23',
  });

/** What is told, but for where it stood. */
function told(files: readonly (readonly string[])[], how: { readonly skim?: boolean } = {}) {
  const request = {
    since: null,
    until: null,
    nowMs: START + 1000 * HOUR,
    expectAccounts: [],
    minLevel: 'informational',
  } as const;
  const texts = files.map((lines, at) => ({ name: `file${at}`, chunks: [Buffer.from(lines.join('\n'))] }));
  const outcome = scanTexts(texts, RULES, { ...request, skim: true, ...how });
  return [...outcome.told].map(({ alert }) => alert).filter(({ rule }) => rule !== 'cosmosdb_no_logs');
}

const streams = fc
  .tuple(fc.array(made, { maxLength: 30 }), fc.nat({ max: 400 }))
  .map(([records, hour]) => [...records.map(lineOf), keysRead(hour)]);

describe('who uses the data', () => {
  it('is the same whether records are walked or parsed, in any order, in any files, once or twice', () => {
    fc.assert(
      fc.property(streams, fc.infiniteStream(fc.nat()), (lines, order) => {
        const shuffled = [...lines, ...lines]
          .map((line) => [order.next().value as number, line] as const)
          .sort(([a], [b]) => a - b)
          .map(([, line]) => line);
        const expected = told([lines]);
        expect(told([lines], { skim: false })).toEqual(expected);
        expect(told([shuffled])).toEqual(expected);
        expect(told([shuffled.slice(0, 7), shuffled.slice(7)], { skim: false })).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('a theft is one story, told by its strongest alert', () => {
    const app = { ip: '198.51.100.1', agent: 'cosmos-netstandard-sdk/3', bytes: 0, isOdd: false };
    const thief = { ...app, ip: '203.0.113.7', bytes: 900_000_000 };
    const lines = [
      lineOf({ ...app, hour: 0 }, 0),
      keysRead(200),
      lineOf({ ...thief, hour: 201 }, 1),
      lineOf({ ...thief, hour: 202 }, 2),
    ];
    const alerts = told([lines]);
    const strongest = alerts.find(({ level }) => level === 'critical')!;
    expect(alerts.map(({ rule, level }) => `${rule} ${level}`)).toEqual([
      'cosmosdb_access_keys_viewed medium',
      'cosmosdb_key_used_from_new_address medium',
      'cosmosdb_stolen_key_used critical',
    ]);
    expect(strongest.reason).toBe(
      'The keys of orders were read from 198.51.100.23 at 08:00:00 UTC, then used at 09:00:00 UTC from 203.0.113.7, never seen before, which read about 1.8 GB; confirmed.',
    );
    expect(alerts.map(({ story }) => story)).toEqual([0, 1, 2].map(() => alerts[0]!.id));
    expect(alerts.map(({ inhibitedBy }) => inhibitedBy)).toEqual([strongest.id, strongest.id, null]);
  });
});
