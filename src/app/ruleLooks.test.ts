import { describe, expect, test } from 'vitest';
import {
  ACCOUNT,
  type Act,
  activityExport,
  activityRest,
  NOW,
  resourceExport,
} from '../events/families/forms.test-support.ts';
import { normalise } from '../events/normalise.ts';
import type { Json, JsonObject } from '../lib/json.ts';
import type { RuleLook } from '../report/record.ts';
import { loadRules } from '../sigma/load.ts';
import { ruleSet } from './ask.ts';
import { KEYS_READ, LOGGED } from './everyForm.test-support.ts';
import { ruleLooks } from './ruleLooks.ts';
import { rulesFor } from './rules.ts';

const RULES = rulesFor([], [], new Map());

function looksAt(record: JsonObject, rules = RULES): readonly RuleLook[] {
  const read = normalise(record, { source: 'x', line: 1, index: 0 }, { now: NOW });
  if (read.kind !== 'event') throw new Error(JSON.stringify(read));
  return ruleLooks(read.event, ruleSet(rules));
}

/** `rule: role verdict`. */
function told(record: JsonObject): string[] {
  return looksAt(record).map(({ rule, role, verdict }) => `${rule}: ${role} ${verdict.kind}`);
}

const DB = 'Microsoft.DocumentDB/databaseAccounts';

function accountWrite(body: JsonObject, method: string): JsonObject {
  const act: Act = {
    operation: `${DB}/write`,
    resource: ACCOUNT,
    result: 'Success',
    properties: { requestbody: JSON.stringify(body) },
  };
  const record = activityRest(act);
  return { ...record, httpRequest: { ...(record['httpRequest'] as JsonObject), method } };
}

describe('which rules look at a record, and what each says', () => {
  test.each<[string, JsonObject, string[]]>([
    [
      'it matches',
      activityExport(KEYS_READ),
      ['cosmosdb_access_keys_viewed: fires matches', 'cosmosdb_stolen_key_used: counts matches'],
    ],
    [
      'it does not match',
      activityExport({ ...KEYS_READ, result: 'Failure' }),
      ['cosmosdb_access_keys_viewed: fires fails', 'cosmosdb_stolen_key_used: counts fails'],
    ],
    [
      'it is counted, and shows that the log lives',
      resourceExport(LOGGED[3]!),
      ['cosmosdb_multiple_tables_created: counts matches', 'cosmosdb_no_logs: waits matches'],
    ],
    [
      'a log that tells of no act only shows that it lives',
      resourceExport(LOGGED[9]!),
      ['cosmosdb_no_logs: waits matches'],
    ],
    [
      'a request',
      resourceExport({ ...LOGGED[4]! }),
      [
        'cosmosdb_item_deleted: fires matches',
        'cosmosdb_key_used_from_new_address: fires needs_others',
        'cosmosdb_no_logs: waits matches',
        'cosmosdb_stolen_key_used: counts needs_others',
        'cosmosdb_stolen_key_used: counts needs_others',
      ],
    ],
    ['nothing looks at it', activityExport({ ...KEYS_READ, operation: `${DB}/sqlRoleDefinitions/write` }), []],
    [
      'a PATCH tells a change by itself',
      accountWrite({ properties: { publicNetworkAccess: 'Enabled' } }, 'PATCH'),
      [
        'cosmosdb_backup_deleted: fires fails',
        'cosmosdb_customer_managed_key_changed: fires fails',
        'cosmosdb_deletion_protection_disabled: fires fails',
        'cosmosdb_logging_changed: fires fails',
        'cosmosdb_network_access_changed: fires matches',
      ],
    ],
    [
      'a PUT is compared with what was known before',
      accountWrite({ properties: { publicNetworkAccess: 'Enabled', databaseAccountOfferType: 'Standard' } }, 'PUT'),
      [
        'cosmosdb_backup_deleted: fires needs_others',
        'cosmosdb_customer_managed_key_changed: fires needs_others',
        'cosmosdb_deletion_protection_disabled: fires needs_others',
        'cosmosdb_logging_changed: fires needs_others',
        'cosmosdb_network_access_changed: fires needs_others',
      ],
    ],
    [
      'a diagnostic setting is remembered for a silence',
      activityExport({
        operation: 'microsoft.insights/diagnosticSettings/delete',
        resource: `${ACCOUNT}/providers/microsoft.insights/diagnosticSettings/to-hub`,
        result: 'Success',
      }),
      ['cosmosdb_logging_changed: fires matches', 'cosmosdb_no_logs: remembers matches'],
    ],
  ])('%s', (_name, record, expected) => {
    expect(told(record)).toEqual(expected);
  });
});

describe('why a rule does not match', () => {
  const own = (detection: string): RuleLook[] => {
    const text = `title: Own\nid: 7a1d1f66-64d4-4b06-8a35-6f3b0a1c0002\nlogsource:\n  product: azure\n  service: cosmosdb\ndetection:\n${detection}\nlevel: low\n`;
    return [...looksAt(activityExport(KEYS_READ), loadRules([{ file: 'own.yml', text }]).rules)];
  };
  const has = (field: string, ...values: Json[]) => ({ field, values });

  test.each<[string, string, unknown]>([
    [
      'one part of several',
      '  one:\n    event.action: cosmosdb.keys.list\n    event.outcome: failure\n  condition: one',
      [{ asks: 'event.outcome = "failure"', has: [has('event.outcome', 'success')] }],
    ],
    [
      'every part that fails',
      '  one:\n    source.ip: 192.0.2.1\n    actor.type: key\n  condition: one',
      [
        { asks: 'source.ip = "192.0.2.1"', has: [has('source.ip', '203.0.113.10')] },
        { asks: 'actor.type = "key"', has: [has('actor.type', 'user')] },
      ],
    ],
    [
      'a list of values is one part',
      '  one:\n    actor.type: [key, unknown]\n  condition: one',
      [{ asks: 'actor.type = "key" or actor.type = "unknown"', has: [has('actor.type', 'user')] }],
    ],
    [
      'alternatives of other actions are left out',
      '  one:\n    event.action: cosmosdb.keys.list\n    event.outcome: failure\n  two:\n    event.action: azure.lock.delete\n    event.outcome: success\n  condition: one or two',
      [{ asks: 'event.outcome = "failure"', has: [has('event.outcome', 'success')] }],
    ],
    [
      'what must not be',
      '  one:\n    event.action: cosmosdb.keys.list\n  two:\n    actor.type: user\n  condition: one and not two',
      [{ asks: 'not actor.type = "user"', has: [has('actor.type', 'user')] }],
    ],
    [
      'a field that is not there',
      '  one:\n    properties.weather: rain\n  condition: one',
      [{ asks: 'properties.weather = "rain"', has: [{ field: 'properties.weather', values: null }] }],
    ],
    [
      'a word anywhere',
      '  words:\n    - drizzle\n  condition: words',
      [{ asks: expect.stringContaining('drizzle'), has: [] }],
    ],
  ])('%s', (_name, detection, parts) => {
    expect(own(detection).map(({ verdict }) => verdict)).toEqual([{ kind: 'fails', parts }]);
  });
});

test('what a correlation counts by must be there too', () => {
  const rule =
    'title: Reads\nname: reads\nlogsource: {product: azure}\ndetection: {s: {event.action: cosmosdb.keys.list}, condition: s}\n';
  const count = (by: string) =>
    `---\ntitle: Many\ncorrelation: {type: event_count, rules: reads, group-by: [${by}], timespan: 10m, condition: {gte: 9}}\n`;
  const verdictOf = (by: string) =>
    looksAt(activityExport(KEYS_READ), loadRules([{ file: 'own.yml', text: rule + count(by) }]).rules).map(
      ({ role, through, verdict }) => [role, through, verdict],
    );
  expect(verdictOf('source.ip')).toEqual([['counts', 'reads', { kind: 'matches' }]]);
  const has = [{ field: 'properties.weather', values: null }];
  expect(verdictOf('properties.weather, source.ip')).toEqual([
    ['counts', 'reads', { kind: 'fails', parts: [{ asks: 'a value of properties.weather, to count by', has }] }],
  ]);
});
