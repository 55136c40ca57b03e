import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../lib/json.ts';
import { type Delivery, deliveryIn, lostBetween } from './diagnostics.ts';

const RULE = '/subscriptions/s/resourceGroups/g/providers/Microsoft.EventHub/namespaces/n/authorizationRules/send';
const WORKSPACE = '/subscriptions/s/resourcegroups/g/providers/microsoft.operationalinsights/workspaces/w';

describe('what a diagnostic setting delivers', () => {
  const logs = (...names: string[]) => names.map((category) => ({ category, enabled: true }));
  const cases: { name: string; properties: JsonObject; categories: string[]; destinations: string[] }[] = [
    {
      name: 'the enabled categories, sorted, in the spelling of Azure',
      properties: {
        logs: [...logs('dataplanerequests', 'ControlPlaneRequests'), { category: 'MongoRequests', enabled: false }],
      },
      categories: ['ControlPlaneRequests', 'DataPlaneRequests'],
      destinations: [],
    },
    {
      name: 'a category that we do not know',
      properties: { logs: logs('NewRequests') },
      categories: ['NewRequests'],
      destinations: [],
    },
    {
      name: 'a hub behind its rule',
      properties: { eventHubAuthorizationRuleId: RULE, eventHubName: 'Security' },
      categories: [],
      destinations: [`${RULE.toLowerCase()}/eventhubs/security`],
    },
    {
      name: 'every kind of destination; an empty text is none',
      properties: {
        eventHubAuthorizationRuleId: RULE,
        storageAccountId: '/subscriptions/S/storage',
        workspaceId: '',
        marketplacePartnerId: '/subscriptions/s/partner',
      },
      categories: [],
      destinations: [RULE.toLowerCase(), '/subscriptions/s/partner', '/subscriptions/s/storage'].sort(),
    },
    { name: 'nothing', properties: {}, categories: [], destinations: [] },
    { name: 'logs of the wrong type', properties: { logs: 'all' }, categories: [], destinations: [] },
  ];
  it.each(cases)('$name', ({ properties, categories, destinations }) => {
    expect(deliveryIn({ properties })).toEqual({ categories, destinations });
  });

  it.each([
    ['an account', '', 'allLogs', 'QueryRuntimeStatistics', true],
    ['an account', '', 'audit', 'DataPlaneRequests', true],
    ['an account', '', 'audit', 'QueryRuntimeStatistics', false],
    ['a cluster for MongoDB', '/x/mongoClusters/docs', 'allLogs', 'vCoreMongoRequests', true],
    ['a cluster for MongoDB', '/x/mongoClusters/docs', 'allLogs', 'DataPlaneRequests', false],
    ['a Cassandra cluster', '/x/cassandraClusters/c', 'audit', 'CassandraAudit', true],
    ['a Cassandra cluster', '/x/cassandraClusters/c', 'audit', 'CassandraLogs', false],
  ])('of %s%s, the group %s has %s: %s', (_, scope, categoryGroup, category, expected) => {
    const delivery = deliveryIn({ properties: { logs: [{ categoryGroup, enabled: true }] } }, scope);
    expect(delivery?.categories.includes(category)).toBe(expected);
    expect(delivery?.all).toBe(categoryGroup === 'allLogs' ? true : undefined);
  });

  it('a body without properties is none', () => {
    expect(deliveryIn(null)).toBeNull();
    expect(deliveryIn({})).toBeNull();
  });
});

const delivery = (categories: string[], destinations: string[], all?: true): Delivery =>
  all ? { categories, destinations, all } : { categories, destinations };

describe('what is lost', () => {
  const cases: { name: string; before: Delivery; after: Delivery | null; others?: Delivery[]; lost: string[] }[] = [
    { name: 'the setting', before: delivery(['A', 'B'], [WORKSPACE]), after: null, lost: ['A', 'B'] },
    { name: 'a category', before: delivery(['A', 'B'], ['hub']), after: delivery(['A'], ['hub']), lost: ['B'] },
    {
      name: 'nothing: a category more',
      before: delivery(['A'], ['hub']),
      after: delivery(['A', 'B'], ['hub']),
      lost: [],
    },
    { name: 'nothing: another spelling', before: delivery(['A'], ['hub']), after: delivery(['a'], ['hub']), lost: [] },
    {
      name: 'a destination that moved',
      before: delivery(['A'], ['hub']),
      after: delivery(['A'], ['hub2']),
      lost: ['hub'],
    },
    {
      name: 'one of two destinations',
      before: delivery(['A'], ['hub', 'w']),
      after: delivery(['A'], ['w']),
      lost: ['hub'],
    },
    {
      name: 'nothing: a destination more',
      before: delivery(['A'], ['hub']),
      after: delivery(['A'], ['hub', 'w']),
      lost: [],
    },
    { name: 'the last destination', before: delivery(['A'], ['hub']), after: delivery(['A'], []), lost: ['A'] },
    {
      name: 'a category and a destination',
      before: delivery(['A', 'B'], ['hub']),
      after: delivery(['A'], ['w']),
      lost: ['B', 'hub'],
    },
    {
      name: 'nothing: another setting ships it',
      before: delivery(['A'], ['hub']),
      after: null,
      others: [delivery(['A'], ['w'])],
      lost: [],
    },
    {
      name: 'what another setting ships is made good, the rest is lost',
      before: delivery(['A', 'B'], ['hub']),
      after: null,
      others: [delivery(['A'], ['w'])],
      lost: ['B'],
    },
    {
      name: 'a setting without destination ships nothing',
      before: delivery(['A'], ['hub']),
      after: null,
      others: [delivery(['A'], [])],
      lost: ['A'],
    },
    {
      name: 'nothing: it had no destination',
      before: delivery(['A'], []),
      after: null,
      lost: [],
    },
    {
      name: 'nothing: the group of all logs has whatever there was',
      before: delivery(['A', 'NewRequests'], ['hub']),
      after: delivery(['A'], ['hub'], true),
      lost: [],
    },
    {
      name: 'what a list has not of the group of all logs',
      before: delivery(['A', 'B'], ['hub'], true),
      after: delivery(['A'], ['hub']),
      lost: ['B'],
    },
    { name: 'nothing: no category', before: delivery([], ['hub']), after: delivery([], ['w']), lost: [] },
  ];
  it.each(cases)('$name', ({ before, after, others = [], lost }) => {
    expect(lostBetween(before, after, others)).toEqual(lost);
  });

  const any = fc
    .tuple(fc.subarray(['A', 'B', 'C']), fc.subarray(['hub', 'storage', 'w']))
    .map(([categories, destinations]) => delivery(categories, destinations));
  it('nothing is lost by no change, nor more by more that ships', () => {
    fc.assert(
      fc.property(any, any, fc.array(any, { maxLength: 2 }), any, (before, after, others, more) => {
        expect(lostBetween(before, before, others)).toEqual([]);
        const lost = lostBetween(before, after, others);
        const stillLost = lostBetween(before, after, [...others, more]).filter((one) =>
          before.categories.includes(one),
        );
        expect(lost).toEqual(expect.arrayContaining(stillLost));
      }),
    );
  });
});
