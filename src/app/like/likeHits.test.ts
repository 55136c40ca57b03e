import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { rulesFor, validRules } from '../rules.ts';
import { scanTexts } from '../scan.ts';
import { LikeHits } from './likeHits.ts';

const START = Date.UTC(2026, 10, 24, 3);
const RULE = `title: Items replaced
id: 00000000-0000-4000-8000-0000000000e1
name: items_replaced
status: test
logsource: { product: azure, service: cosmosdb }
detection:
  selection: { event.action: cosmosdb.item.replace }
  condition: selection
fold: { by: [cosmosdb.account, actor.id], gap: 1m }
level: low
`;
/** Reads what tells its hits apart, so they must be read one by one. */
const BY_ACTIVITY = `title: Items created by one request
id: 00000000-0000-4000-8000-0000000000e2
name: items_created
status: test
logsource: { product: azure, service: cosmosdb }
detection:
  selection: { event.action: cosmosdb.item.create, properties.activityId|startswith: '0' }
  condition: selection
level: low
`;
const rules = [
  ...rulesFor([], [], new Map()),
  ...validRules(
    [
      { file: 'own.yml', text: RULE },
      { file: 'activity.yml', text: BY_ACTIVITY },
    ],
    {},
    'none',
  ),
];

interface Made {
  readonly at: number;
  readonly activity: number;
  readonly operation: string;
  readonly account: string;
  readonly client: number;
  readonly charge: number;
  readonly category: string;
  /** Some are written over several lines, which the walk leaves to the parser. */
  readonly isPretty: boolean;
}

const made: fc.Arbitrary<Made> = fc.record({
  // Whole and half seconds of 40 minutes, near its beginning more often.
  at: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 4800 })).map((half) => half * 500),
  activity: fc.integer({ min: 0, max: 25 }),
  operation: fc.constantFrom('Delete', 'Delete', 'Replace', 'Create', 'Read'),
  account: fc.constantFrom('orders', 'carts'),
  client: fc.integer({ min: 0, max: 2 }),
  charge: fc.integer({ min: 1, max: 9 }),
  category: fc.constantFrom('DataPlaneRequests', 'DataPlaneRequests', 'DataPlaneRequests', 'MongoRequests'),
  isPretty: fc.boolean(),
});

function recordOf({ at, activity, operation, account, client, charge, category }: Made): object {
  const isMongo = category === 'MongoRequests';
  return {
    time: new Date(START + at).toISOString().replace('Z', '0000Z'),
    resourceId: `/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/${account.toUpperCase()}`,
    category,
    operationName: isMongo ? operation.toLowerCase() : operation,
    durationMs: `${charge}`,
    properties: {
      activityId: `${activity.toString(16).padStart(8, '0')}-0000-4000-8000-00000000000${client}`,
      requestResourceType: 'Document',
      requestResourceId: '/dbs/shop/colls/items/docs',
      statusCode: '204',
      ...(isMongo ? { errorCode: '0' } : {}),
      databaseName: 'shop',
      collectionName: 'items',
      clientIpAddress: `198.51.100.${client}`,
      userAgent: 'app/1',
      keyType: 'PrimaryMasterKey',
      requestCharge: `${charge}.5`,
    },
  };
}

const LINES = 15;

function outcomeOf(records: readonly Made[], options: { readonly skim: boolean; readonly budget?: number }) {
  const texts = records.map((one) => JSON.stringify(recordOf(one), null, one.isPretty && one.charge === 9 ? 1 : 0));
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < texts.length; at += LINES)
    chunks.push(Buffer.from(`${texts.slice(at, at + LINES).join('\n')}\n`));
  const request = {
    since: null,
    until: null,
    nowMs: START + 86_400_000,
    expectAccounts: [],
    minLevel: 'informational' as const,
    skim: options.skim,
  };
  const { told, stats } = scanTexts([{ name: 'a', chunks }], rules, request, [], options.budget);
  const { duplicates, actions, records: read } = stats;
  const text = JSON.stringify({ duplicates, actions, read, told: [...told] });
  told.close();
  return text;
}

describe('requests that are alike', () => {
  it('are told as if each had been read by itself, whatever their order, copies and framing', () => {
    fc.assert(
      fc.property(fc.array(made, { minLength: 40, maxLength: 250 }), (records) => {
        expect(outcomeOf(records, { skim: true }) === outcomeOf(records, { skim: false })).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('are the same when they do not fit in memory', () => {
    const sample = fc.sample(fc.array(made, { minLength: 2000, maxLength: 2000 }), { numRuns: 1, seed: 7 })[0]!;
    const plain = sample.map((one) => ({ ...one, isPretty: false }));
    const taken = vi.spyOn(LikeHits.prototype, 'add');
    expect(outcomeOf(plain, { skim: true, budget: 8000 }) === outcomeOf(plain, { skim: false, budget: 8000 })).toBe(
      true,
    );
    // Most of them: the rule of the activity id reads its records one by one, and so does the beginning of each kind.
    expect(taken.mock.calls.length).toBeGreaterThan(500);
    taken.mockRestore();
  });
});
