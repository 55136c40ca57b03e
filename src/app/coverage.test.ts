import { describe, expect, test } from 'vitest';
import type { Family } from '../events/event.ts';
import { loadRules } from '../sigma/load.ts';
import { ruleSet } from './ask.ts';
import { coverageOf, familiesFor } from './coverage.ts';
import { rulesFor } from './rules.ts';

const RULES = rulesFor([], [], new Map());

function familiesOf(name: string, rules = RULES): Family[] {
  const rule = rules.find(({ meta }) => meta.name === name)!;
  return [...familiesFor(rule, ruleSet(rules))].sort();
}

const ITEMS: readonly Family[] = [
  'CassandraRequests',
  'DataPlaneRequests',
  'DataPlaneRequests15M',
  'DataPlaneRequests5M',
  'GremlinRequests',
  'MongoRequests',
  'TableApiRequests',
  'VCoreMongoRequests',
];

describe('the logs that a rule can find something in', () => {
  test.each<[string, readonly Family[]]>([
    ['cosmosdb_access_keys_viewed', ['ActivityLog']],
    ['cosmosdb_connection_string_viewed', ['ActivityLog']],
    ['cosmosdb_network_access_changed', ['ActivityLog', 'ControlPlaneRequests']],
    ['cosmosdb_customer_managed_key_changed', ['ActivityLog', 'AuditEvent', 'ControlPlaneRequests']],
    ['cosmosdb_item_deleted', ITEMS],
    [
      'cosmosdb_no_logs',
      [
        'CassandraAudit',
        ...ITEMS,
        'ControlPlaneRequests',
        'PartitionKeyRUConsumption',
        'PartitionKeyStatistics',
        'QueryRuntimeStatistics',
      ],
    ],
  ])('%s', (name, families) => {
    expect(familiesOf(name)).toEqual([...families].sort());
  });

  test.each<[string, string, readonly string[]]>([
    ['an action of one log', 'event.action: azure.key.purge', ['ActivityLog', 'AuditEvent']],
    ['a log by its name', 'event.family: GremlinRequests', ['GremlinRequests']],
    ['a log that tells of no act', 'event.family: PartitionKeyStatistics', []],
    ['a log of attempts', 'event.family: CassandraAudit', ['CassandraAudit']],
    [
      'an operation that is in no list',
      'event.action: microsoft.weather/forecast/read',
      [...ITEMS, 'ActivityLog', 'AuditEvent', 'CassandraAudit', 'ControlPlaneRequests'],
    ],
  ])("of a rule of one's own: %s", (_name, selection, families) => {
    const text = `title: Own\nid: 7a1d1f66-64d4-4b06-8a35-6f3b0a1c0001\nlogsource:\n  product: azure\n  service: cosmosdb\ndetection:\n  one:\n    ${selection}\n  condition: one\nlevel: low\n`;
    const { rules } = loadRules([{ file: 'own.yml', text }]);
    expect([...familiesFor(rules[0]!, ruleSet(rules))].sort()).toEqual([...families].sort());
  });
});

test('what is here, what is not, and of how many accounts', () => {
  const rows = coverageOf(RULES, new Set(['ActivityLog', 'MongoRequests']), [['ActivityLog'], ['MongoRequests'], []]);
  expect(rows).toHaveLength(RULES.filter(({ alerts }) => alerts).length);
  const row = (name: string) => rows.find(({ rule }) => rule === name);
  expect(row('cosmosdb_access_keys_viewed')).toEqual({
    rule: 'cosmosdb_access_keys_viewed',
    present: ['ActivityLog'],
    absent: [],
    accounts: 1,
  });
  expect(row('cosmosdb_network_access_changed')).toMatchObject({
    present: ['ActivityLog'],
    absent: ['ControlPlaneRequests'],
  });
  expect(row('cosmosdb_item_deleted')).toMatchObject({ present: ['MongoRequests'], accounts: 1 });
  expect(coverageOf(RULES, new Set(), []).every(({ present }) => present.length === 0)).toBe(true);
});
