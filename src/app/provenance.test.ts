import { describe, expect, test } from 'vitest';
import type { Event } from '../events/event.ts';
import {
  activityExport,
  activityGrid,
  activityRest,
  activityRow,
  NOW,
  resourceExport,
  USER,
  VAULT_FORMS,
} from '../events/families/forms.test-support.ts';
import { SIGNS_OF_LIFE } from '../events/families/index.ts';
import { normalise } from '../events/normalise.ts';
import { isObject, type Json, type JsonObject, parseObject } from '../lib/json.ts';
import { joinPhases } from '../relate/phases.ts';
import { DEMO_DAY, simulate } from '../simulate/simulate.ts';
import { ruleSet } from './ask.ts';
import { EVERY_FORM, KEYS_READ, LOGGED } from './everyForm.test-support.ts';
import { explainRecord } from './explainRecord.ts';
import { altered, type Origins, originsOf, type Path, pathText, valuesOf } from './provenance.ts';

const AT = { source: 'test', line: 1, index: 0 };

function eventOf(record: JsonObject, now = NOW): Event {
  const read = normalise(record, AT, { now });
  if (read.kind !== 'event') throw new Error(JSON.stringify(read));
  return read.event;
}

const known = new Map<JsonObject, Origins>();

function originsFor(record: JsonObject, now = NOW): Origins {
  const found = known.get(record) ?? originsOf(record, eventOf(record, now), now);
  known.set(record, found);
  return found;
}

function originsIn(record: JsonObject): Record<string, string[]> {
  const { byField } = originsFor(record);
  return Object.fromEntries([...byField].map(([name, paths]) => [name, paths.map(pathText)]));
}

/** Places of all values, found without the code under test; nothing below a text that holds an object's own place. */
function leaves(value: Json, path: Path = []): Path[] {
  const inner = Array.isArray(value)
    ? [...(value as readonly Json[]).entries()]
    : isObject(value)
      ? Object.entries(value)
      : typeof value === 'string' && value.startsWith('{')
        ? Object.entries(parseObject(value) ?? {})
        : [];
  return inner.length === 0 ? [path] : inner.flatMap(([name, one]) => leaves(one, [...path, name]));
}

/** The record with nothing but what its fields came from, and what it is said to be recognised by. */
function reduced(record: JsonObject, now = NOW): JsonObject {
  const named = [...originsFor(record, now).byField.values()].flat();
  const isKept = (path: Path) => named.some((one) => one.every((step, at) => path[at] === step));
  const explained = explainRecord(record, AT, { nowMs: now, rules: ruleSet([]) });
  const marks = new Set<unknown>(explained.kind === 'event' ? explained.marks : []);
  let light = record;
  // From the back, so that indexes of lists stay what they are.
  for (const path of leaves(record).reverse())
    if (!isKept(path) && !marks.has(path[0])) light = altered(light, path, () => undefined);
  return light;
}

describe('what is named is all that is needed', () => {
  test.each(EVERY_FORM)('%s: the rest of the record may be missing', (_name, record) => {
    const light = reduced(record);
    expect(JSON.stringify(light).length).toBeLessThan(JSON.stringify(record).length + 1);
    expect(Object.fromEntries(valuesOf(eventOf(light)))).toEqual(Object.fromEntries(valuesOf(eventOf(record))));
  });

  test.each(EVERY_FORM)('%s: whatever differs from record to record has an origin', (_name, record) => {
    const none = Object.entries(originsIn(record)).filter(([, paths]) => paths.length === 0);
    const ofTheKind = ['event.family', 'event.count', 'cosmosdb.api'];
    const { family } = eventOf(record);
    if (SIGNS_OF_LIFE.has(family)) ofTheKind.push('event.outcome', 'event.action');
    expect(none.map(([name]) => name).filter((name) => !ofTheKind.includes(name))).toEqual([]);
  });

  test('records of a made-up tenant too', () => {
    const options = { scenario: 'theft', seed: '3', days: 1, start: DEMO_DAY, recordsPerDay: 300 } as const;
    let count = 0;
    for (const { line } of simulate({ ...options, variant: 'mixed' }).records) {
      if (count++ % 60 !== 0) continue;
      const record = JSON.parse(line) as JsonObject;
      const now = DEMO_DAY + 2 * 86_400_000;
      const light = reduced(record, now);
      expect(Object.fromEntries(valuesOf(eventOf(light, now)))).toEqual(
        Object.fromEntries(valuesOf(eventOf(record, now))),
      );
    }
    expect(count).toBeGreaterThan(300);
  });
});

const OID = 'identity.claims["http://schemas.microsoft.com/identity/claims/objectidentifier"]';

describe('where a field came from', () => {
  test.each<[string, JsonObject, string, string[]]>([
    ['the place that is read first', activityExport(KEYS_READ), 'actor.id', [OID]],
    [
      'the next one, where the first is blank',
      activityExport({ ...KEYS_READ, claims: { idtyp: 'user' } }),
      'actor.id',
      ['identity.authorization.evidence.principalId', 'identity.authorization.evidence.principalType'],
    ],
    [
      'not the second, where both say the same',
      { ...activityRest(KEYS_READ), resourceUri: KEYS_READ.resource },
      'cosmosdb.account',
      ['resourceId'],
    ],
    ['a member of an object', activityRest(KEYS_READ), 'event.outcome', ['status.value']],
    [
      'a value inside a text that holds JSON',
      activityRow(KEYS_READ),
      'actor.id',
      ['Claims["http://schemas.microsoft.com/identity/claims/objectidentifier"]'],
    ],
    ['several places', resourceExport(LOGGED[0]!), 'event.action', ['operationName', 'properties.requestResourceType']],
    [
      'a status that only with another value makes a difference',
      resourceExport(LOGGED[0]!),
      'event.outcome',
      ['properties.statusCode'],
    ],
    [
      'places that suffice, where several say the same',
      activityExport({ ...KEYS_READ, claims: { scp: 'user', upn: 'ann@contoso.example' } }),
      'actor.type',
      ['identity.claims.upn'],
    ],
    ['a mark by which the record is known', activityGrid(KEYS_READ), 'event.outcome', ['eventType']],
    ['a column with its type behind', VAULT_FORMS['diagnostics']!, 'actor.id', ['identity_claim_oid_g']],
    [
      'the text of a command: its place, never what stands in it',
      resourceExport(LOGGED[5]!),
      'event.action',
      ['operationName', 'properties.piiCommandText'],
    ],
    ['no place: the kind of log says it', resourceExport(LOGGED[4]!), 'cosmosdb.api', []],
    [
      'an id: all its parts',
      activityExport(KEYS_READ),
      'record.id',
      ['time', 'resourceId', 'operationName', 'resultType', 'correlationId'],
    ],
    ['the id of an action', activityExport(KEYS_READ), 'event.id', ['resourceId', 'operationName', 'correlationId']],
  ])('%s', (_name, record, field, places) => {
    expect(originsIn(record)[field]).toEqual(places);
  });

  test('a field that the record does not tell has none', () => {
    expect(Object.keys(originsIn(activityExport({ ...KEYS_READ, claims: {} })))).not.toContain('actor.name');
  });
});

test.each(EVERY_FORM)('%s: the id of the action is the one that relate gives it', (_name, record) => {
  const event = eventOf(record);
  expect(valuesOf(event).get('event.id')).toBe(joinPhases([event]).tellings[0]!.id);
});

describe('a large record', () => {
  const body = JSON.stringify({ list: Array.from({ length: 2000 }, (_, at) => `x${at}`) });

  test('is tried without its large members that nothing comes from', () => {
    const record = activityExport({ ...KEYS_READ, properties: { requestbody: body, statusCode: 'OK' } });
    const { values, tried, byField } = originsOf(record, eventOf(record), NOW);
    expect([values > 2000, tried === values]).toEqual([true, true]);
    expect(byField.get('actor.id')!.map(pathText)).toEqual([OID]);
  });

  test('that has more values than can be tried says so', () => {
    const many = Object.fromEntries(Array.from({ length: 90 }, (_, at) => [`k${at}`, `v${at}`]));
    const record = { ...activityExport(KEYS_READ), ...many };
    const { values, tried } = originsOf(record, eventOf(record), NOW, 1);
    expect(values).toBeGreaterThan(90);
    expect(tried).toBe(12);
  });

  test('in which a large member matters keeps it', () => {
    const record = activityExport({ ...KEYS_READ, claims: { padding: 'x'.repeat(3000), oid: USER } });
    expect(originsIn(record)['actor.id']).toEqual(['identity.claims.oid']);
  });
});

test.each<[Path, string]>([
  [['a', 'b'], 'a.b'],
  [['a', 0, 'b-c'], 'a[0].b-c'],
  [['http://x/y'], '["http://x/y"]'],
  [['claims', 'a.b'], 'claims["a.b"]'],
])('the place %j is written %s', (path, text) => {
  expect(pathText(path)).toBe(text);
});
