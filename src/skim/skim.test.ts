import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAMAGE, parsed } from './skim.test-support.ts';
import { createSkim, type Skimmed } from './skim.ts';

const ACCOUNT =
  '/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000001/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/CONTOSO';

const PROPERTIES = {
  activityId: '6f2a0c3e-0000-4000-8000-000000000001',
  requestResourceType: 'Document',
  requestResourceId: '/dbs/shop/colls/carts/docs/1',
  collectionRid: 'AbCdAI==',
  statusCode: '200',
  duration: '1.42',
  userAgent: 'cosmos-netstandard-sdk/3.35.4 "x" é',
  clientIpAddress: '203.0.113.7',
  databaseName: 'shop',
  collectionName: 'carts',
};

const RECORD = {
  time: '2026-09-22T05:36:22.2721234Z',
  resourceId: ACCOUNT,
  category: 'DataPlaneRequests',
  operationName: 'Read',
  properties: PROPERTIES,
};

const never = () => false;

function skim(text: string, relevant: Parameters<typeof createSkim>[0] = never): Skimmed | null {
  const bytes = Buffer.from(`"}${text}{"`);
  return createSkim(relevant)(bytes, 2, bytes.length - 2);
}

/** The record as text, with members of its properties and of itself replaced; undefined leaves one out. */
function record(properties: object = {}, top: object = {}): string {
  return JSON.stringify({ ...RECORD, properties: { ...PROPERTIES, ...properties }, ...top });
}

test('reads the wanted values', () => {
  expect(skim(record())).toEqual({
    category: 'DataPlaneRequests',
    operationName: 'Read',
    resourceId: ACCOUNT,
    time: '2026-09-22T05:36:22.2721234Z',
    statusCode: 200,
    errorCode: null,
    databaseName: 'shop',
    collectionName: 'carts',
    requestResourceType: 'Document',
    requestResourceId: null,
  });
});

describe('is skimmed, as parsing would read it', () => {
  test.each<[string, string]>([
    ['spaces and lines', JSON.stringify(RECORD, null, 2)],
    [
      'MongoRequests',
      record({ errorCode: '0', requestResourceType: undefined }, { category: 'MongoRequests', operationName: 'find' }),
    ],
    ['a status as number', record({ statusCode: 404 })],
    ['a status with an exponent', record().replace('"200"', '2e2')],
    ['minus zero', record({ errorCode: 1 }).replace('"errorCode":1', '"errorCode":-0')],
    ['names in another case', record().replace('"statusCode"', '"STATUSCODE"').replace('"category"', '"Category"')],
    ['blank names: the path is read', record({ databaseName: '', collectionName: undefined })],
    ['the old name of the type', record({ requestResourceType: undefined, resourceType: 'Document' })],
    ['a blank type beside the old name', record({ requestResourceType: '', resourceType: 'Document' })],
    ['names beyond ASCII', record({ databaseName: 'caféx', collectionName: 'aé—b' })],
    ['values of unknown names of any kind', record({ a: [1, { statusCode: '500' }, 'x\\"y\n'], b: null, c: true })],
    [
      'wanted names in nested objects',
      record({ inner: { statusCode: '500', databaseName: 'other' } }, { more: { category: 'x' } }),
    ],
    ['escapes in values that are not wanted', record({ userAgent: 'a"b\\c\u0001' })],
    ['other keys first', record({}, { aaa: 1 })],
    ['nothing in properties', record({}, { properties: {} })],
    ['the text of a command, when its columns name all', record({ piiCommandText: '{"find":"x"}' })],
  ])('%s', (_, text) => {
    expect(skim(text)).not.toBeNull();
    expect(skim(text)).toEqual(parsed(Buffer.from(text)));
  });

  test('invalid UTF-8 in the middle of a value', () => {
    const bytes = Buffer.from(record({ databaseName: 'aXb' }).replace('aXb', 'a\xffb'), 'latin1');
    expect(createSkim(never)(bytes, 0, bytes.length)?.databaseName).toBe('a\ufffdb');
  });
});

describe('is left to the parser', () => {
  test.each<[string, string]>([
    ['another category', record({}, { category: 'ControlPlaneRequests' })],
    ['a category in another case', record({}, { category: 'DATAPLANEREQUESTS' })],
    ['no category', record({}, { category: undefined })],
    ['no time', record({}, { time: undefined })],
    ['a blank operation', record({}, { operationName: '' })],
    ['an operation that is no text', record({}, { operationName: 7 })],
    ['no resource', record({}, { resourceId: undefined })],
    ['no properties: the columns stand beside them', record({}, { properties: undefined, statusCode: '200' })],
    ['properties as text', record({}, { properties: JSON.stringify(PROPERTIES) })],
    ['properties that are null', record({}, { properties: null })],
    ['properties that are a list', record({}, { properties: [PROPERTIES] })],
    ['an escape in a wanted value', record().replace('"shop"', '"sh\\u006fp"')],
    ['an escape in a key', record().replace('"statusCode"', '"status\\u0043ode"')],
    ['a key beyond ASCII', record({ ﬀ: 1 })],
    ['a wanted key twice', record().replace('{"time"', '{"category":"MongoRequests","time"')],
    ['a wanted key twice, in two cases', record({ STATUSCODE: '500' })],
    ['properties twice', record().replace('{"time"', '{"properties":{},"time"')],
    ['white space around a wanted value', record({ databaseName: ' shop' })],
    ['a wide space around a wanted value', record({ databaseName: 'shop\u00a0' })],
    ['a word for blank', record({ collectionName: '<empty>' })],
    ['a status that is no number', record({ statusCode: 'OK' })],
    ['an error code that is no number', record({ errorCode: 'Unauthorized' })],
    ['a number beyond all numbers', record({ errorCode: 1 }).replace('"errorCode":1', '"errorCode":1e400')],
    ['a status that is null', record({ statusCode: null })],
    ['a status that is true', record({ statusCode: true })],
    [
      'the text of a command that may name the collection',
      record({ piiCommandText: '{"create":"x"}', collectionName: '$cmd' }),
    ],
    ['a row of a table', record({}, { TimeGenerated: '2026-09-22T05:36:22Z' })],
    ['101 levels', record({ a: JSON.parse(`${'['.repeat(99)}${']'.repeat(99)}`) })],
    ['a record cut off', record().slice(0, -1)],
    ['something behind it', `${record()}}`],
    ['another record behind it', `${record()}${record()}`],
    ['a trailing comma', record().replace('}}', '},}')],
    ['a raw control character', record().replace('"shop"', '"sh\top"')],
    ['an array', `[${record()}]`],
    ['nothing', ''],
  ])('%s', (_, text) => {
    expect(skim(text)).toBeNull();
  });
});

describe('relevance', () => {
  test('a relevant record is left to the parser', () => {
    const relevant = (category: string, operation: string, type: string | null) =>
      category === 'DataPlaneRequests' && operation === 'Delete' && type === 'Document';
    expect(skim(record({}, { operationName: 'Delete' }), relevant)).toBeNull();
    expect(skim(record({ requestResourceType: 'Collection' }, { operationName: 'Delete' }), relevant)).not.toBeNull();
    expect(skim(record({}, { operationName: 'Delete', category: 'MongoRequests' }), relevant)).not.toBeNull();
  });

  test('is asked once for each kind, and never mixes them', () => {
    const asked: string[] = [];
    const read = createSkim((...kind) => {
      asked.push(kind.join('|'));
      return false;
    });
    for (const text of [
      record(),
      record(),
      record({}, { operationName: 'MongoRequests|Read' }),
      record({}, { category: 'MongoRequests' }),
    ]) {
      for (const bytes of [Buffer.from(text), Buffer.from(text)]) read(bytes, 0, bytes.length);
    }
    expect(asked).toEqual([
      'DataPlaneRequests|Read|Document',
      'DataPlaneRequests|MongoRequests|Read|Document',
      'MongoRequests|Read|Document',
    ]);
  });

  test('beyond many kinds everything is parsed', () => {
    const read = createSkim(never);
    const results = Array.from({ length: 5000 }, (_, at) => {
      const bytes = Buffer.from(record({}, { operationName: `Operation${at}` }));
      return read(bytes, 0, bytes.length) !== null;
    });
    expect(results.filter(Boolean)).toHaveLength(4096);
  });
});

test('texts are right when the memory they came from is used again', () => {
  const memory = Buffer.alloc(2000);
  const read = createSkim(never);
  for (let at = 0; at < 20_000; at++) {
    const name = `db${(at * 7919) % 10_007}`.padEnd(8, '-');
    const length = memory.write(record({ databaseName: name }));
    expect(read(memory, 0, length)?.databaseName).toBe(name);
  }
});

describe('law: what is skimmed is what parsing gives', () => {
  const value = fc.oneof(
    fc.constantFrom('200', '', ' ', '0', 'x', '<empty>', '1e3', '-0', '0x10', 'é', 'a b'),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const names = [
    'statusCode',
    'errorCode',
    'databaseName',
    'collectionName',
    'requestResourceType',
    'requestResourceId',
    'resourceType',
    'STATUSCODE',
    'other',
  ];
  const properties = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 4 });
  const top = fc.dictionary(
    fc.constantFrom('category', 'operationName', 'resourceId', 'time', 'Properties', 'Category', 'x'),
    value,
    { maxKeys: 1 },
  );
  const cut = fc.tuple(fc.nat(), fc.nat(4), fc.constantFrom('', ...DAMAGE));
  const read = createSkim(never);
  let skimmed = 0;

  test('over 25,000 records, whole and damaged', () => {
    fc.assert(
      fc.property(
        properties,
        fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: top }),
        fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(cut, { maxLength: 2 }) }),
        fc.boolean(),
        (inner, outer, cuts, isMongo) => {
          let text = record(inner, { ...(isMongo && { category: 'MongoRequests' }), ...outer });
          for (const [place, length, word] of cuts) {
            const at = place % text.length;
            text = text.slice(0, at) + word + text.slice(at + length);
          }
          const bytes = Buffer.from(text);
          const found = read(bytes, 0, bytes.length);
          if (found === null) return;
          skimmed += 1;
          expect(found).toEqual(parsed(bytes));
        },
      ),
      { numRuns: 25_000 },
    );
    // A skim that reads nothing is never wrong either.
    expect(skimmed).toBeGreaterThan(5000);
  });
});
