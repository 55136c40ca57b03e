import { describe, expect, it } from 'vitest';
import { isKnown, normalise } from '../events/normalise.ts';
import { parseTime } from '../events/time.ts';
import type { JsonObject } from '../lib/json.ts';
import { createSkim } from './skim.ts';

const skim = createSkim(() => false);
const RUNS = Number(process.env['COSMOWATCH_SKIM_RUNS'] ?? 40_000);
const NOW = Date.UTC(2030, 0, 1);

const SAMPLES = [
  '{"time":"2026-01-05T00:00:00.1234567Z","resourceId":"/SUBSCRIPTIONS/S/RESOURCEGROUPS/G/PROVIDERS/MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/A","category":"DataPlaneRequests","operationName":"Read","properties":{"activityId":"a-1","requestResourceType":"Document","requestResourceId":"/dbs/shop/colls/carts","statusCode":"200","clientIpAddress":"203.0.113.7","databaseName":"shop","collectionName":"carts","keyType":"PrimaryMasterKey"}}',
  '{"properties": {"statusCode": 404, "nested": [{"statusCode":"500"}, "}"], "databaseName":"","requestResourceType":"Database" } , "category" : "DataPlaneRequests","time":"2026-01-05T00:00:00Z","operationName":"Query","resourceId":"/x"}',
  '{"time":"2026-01-05T00:00:00Z","resourceId":"/x","category":"MongoRequests","operationName":"find","properties":{"activityId":"m","errorCode":"0","databaseName":"shop","collectionName":"carts"}}',
];

/** What parsing says of the fields that the walk reads. */
function parsed(value: JsonObject) {
  if (!isKnown(value)) return null;
  const read = normalise(value, { source: '', line: 1, index: 0 }, { now: NOW });
  if (read.kind !== 'event') return null;
  const { family, time, operation, resourceId, outcome, database, container } = read.event;
  return { family, time, operation, resourceId, outcome, database, container };
}

/** A small generator, so that a failure can be run again. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

const PIECES = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  ' ',
  '\n',
  '0',
  '-',
  'e',
  'true',
  'null',
  '\\u0061',
  'é',
  '"category":"x",',
  '"statusCode":"500",',
  'Status',
  '\u0000',
  '"Type":"x",',
];

function mutated(text: string, next: () => number): string {
  let result = text;
  for (let times = 1 + Math.floor(next() * 3); times > 0; times--) {
    const at = Math.floor(next() * result.length);
    const piece = PIECES[Math.floor(next() * PIECES.length)]!;
    const cut = next() < 0.5 ? Math.floor(next() * 4) : 0;
    result = result.slice(0, at) + (next() < 0.7 ? piece : '') + result.slice(at + cut);
  }
  return result;
}

describe('the walk over bytes', () => {
  it('reads the samples', () => {
    for (const sample of SAMPLES) expect(skim(Buffer.from(sample), 0, Buffer.byteLength(sample))).not.toBeNull();
  });

  it(`never says anything else than parsing does (${RUNS} mutations)`, () => {
    let skimmed = 0;
    for (let run = 0; run < RUNS; run++) {
      const text = mutated(SAMPLES[run % SAMPLES.length]!, dice(run + 1));
      const bytes = Buffer.from(text);
      const found = skim(bytes, 0, bytes.length);
      if (found === null) continue;
      skimmed += 1;
      const value = JSON.parse(text) as JsonObject;
      const event = parsed(value);
      const time = parseTime(found.time);
      // A bad time, and a code that is no number, are judged later, by both ways alike.
      if (event === null) {
        expect(time === null || time / 1000 > NOW || time < Date.UTC(2010, 0, 1) * 1000, text).toBe(true);
        continue;
      }
      expect(event.family, text).toBe(found.category);
      expect(event.time, text).toBe(time);
      expect(event.operation, text).toBe(found.operationName.toLowerCase());
      const code = found.category === 'MongoRequests' ? found.errorCode : found.statusCode;
      const isGood =
        found.category === 'MongoRequests' ? code === null || code === 0 : code !== null && code >= 200 && code < 300;
      expect(event.outcome === 'success', text).toBe(isGood);
      if (found.databaseName !== null) expect(event.database, text).toBe(found.databaseName);
      if (found.collectionName !== null && found.collectionName !== '$cmd')
        expect(event.container, text).toBe(found.collectionName);
    }
    expect(skimmed).toBeGreaterThan(RUNS / 20);
  });

  it('leaves to the parser what a rule could match', () => {
    const some = createSkim((_category, operation) => operation === 'Read');
    const [read, query] = SAMPLES.map((sample) => some(Buffer.from(sample), 0, Buffer.byteLength(sample)));
    expect(read).toBeNull();
    expect(query).not.toBeNull();
  });
});
