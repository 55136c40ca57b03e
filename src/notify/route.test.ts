import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fits, type Match } from '../alerts/match.ts';
import type { StoredAlert } from '../alerts/stored.ts';
import { newsOf, type Wanted } from './news.test-support.ts';
import { decide } from './route.ts';
import { checkRoutes } from './routeCheck.ts';
import { type Route, routesSchema } from './routeSchema.ts';

const ORDERS =
  '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourcegroups/rg-shop/providers/microsoft.documentdb/databaseaccounts/orders-prod';

/** A critical alert of cosmosdb_network_access_changed for orders-prod, T1686.001 in TA0112, environment: production. */
function alertOf(wanted: Wanted = {}): StoredAlert {
  return newsOf('opened', wanted).stored;
}

function receiversOf(routes: Route, stored = alertOf()): string[] {
  return decide(routes, stored).decisions.map(({ receiver }) => receiver);
}

describe('which alerts a route matches', () => {
  const yes: readonly [string, Match][] = [
    ['nothing asked', {}],
    ['its level', { level: 'critical' }],
    ['one of the levels', { level: ['high', 'critical'] }],
    ['its rule', { rule: 'cosmosdb_network_access_changed' }],
    ['its rule by id', { rule: '0c1d7c52-5f8b-4a0e-9d3e-6a8f2b1c9e08' }],
    ['rules by a pattern', { rule: ['cosmosdb_*_changed', 'other'] }],
    ['its account by name', { account: 'orders-prod' }],
    ['its account in other letters', { account: 'Orders-PROD' }],
    ['its account by id', { account: ORDERS }],
    ['accounts by a pattern', { account: '*-prod' }],
    ['a resource group', { account: '*/resourcegroups/rg-shop/*' }],
    ['its subscription', { subscription: '00000000-0000-0000-0000-0000000000AA' }],
    ['its technique', { tags: 'T1686.001' }],
    ['its technique, as rules write it', { tags: 'attack.t1686*' }],
    ['its tactic', { tags: ['TA0001', 'TA0112'] }],
    ['a label', { labels: { environment: 'production' } }],
    ['labels', { labels: { environment: 'prod*', application: ['shop', 'x'] } }],
    ['several things', { level: 'critical', account: 'orders-*', labels: { application: 'shop' } }],
  ];
  it.each(yes)('%s: yes', (_name, match) => {
    expect(receiversOf({ receiver: 'a', match })).toEqual(['a']);
  });

  const no: readonly [string, Match, RegExp][] = [
    ['another level', { level: ['low', 'medium'] }, /^level is critical, not low or medium$/],
    ['another rule', { rule: 'cosmosdb_network' }, /^rule is cosmosdb_network_access_changed or/],
    ['another account', { account: 'orders' }, /^account is orders-prod or/],
    ['another technique', { tags: 'T1686' }, /^tags is T1686\.001/],
    ['a label that it does not have', { labels: { team: '*' } }, /^label team is not known, not \*$/],
    ['a label that every object has', { labels: { constructor: '*' } }, /^label constructor is not known/],
    ['one of two', { level: 'critical', account: 'carts-*' }, /^account/],
  ];
  it.each(no)('%s: no', (_name, match, why) => {
    const { decisions, looked } = decide({ receiver: 'a', match }, alertOf());
    expect(decisions).toEqual([]);
    expect(looked).toEqual([{ path: 'routes', matched: false, why: expect.stringMatching(why) }]);
  });

  it('an alert of no account matches no account', () => {
    const stored = alertOf();
    const none = { ...stored, alert: { ...stored.alert, account: null }, subscription: null };
    expect(receiversOf({ receiver: 'a', match: { account: '*' } }, none)).toEqual([]);
    expect(receiversOf({ receiver: 'a', match: { subscription: '*' } }, none)).toEqual([]);
  });

  it.each([
    ['*', '', true],
    ['a*', 'ab', true],
    ['*a', 'ba', true],
    ['a*a', 'a', false],
    ['a*b*c', 'a-b-c', true],
    ['a*b*c', 'acb', false],
    ['**', 'x', true],
    ['a.c', 'abc', false],
    ['', '', true],
  ])('%j and %j: %s', (pattern, value, wanted) => {
    expect(fits(pattern, value)).toBe(wanted);
  });

  it('a pattern means what its regular expression means', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 });
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }), (pattern, value) => {
        expect(fits(pattern, value)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(value));
      }),
    );
  });
});

describe('which route takes an alert', () => {
  const inner: Route[] = [
    { match: { level: 'critical' }, receiver: 'pager' },
    { match: { account: 'orders-*' }, receiver: 'shop' },
  ];

  it.each([
    ['no inner one: the outer', { receiver: 'all', routes: [{ match: { level: 'low' }, receiver: 'x' }] }, ['all']],
    ['the first of two', { receiver: 'all', routes: inner }, ['pager']],
    [
      'both, if the first lets it on',
      { receiver: 'all', routes: [{ ...inner[0], continue: true }, inner[1]!] },
      ['pager', 'shop'],
    ],
    [
      'continue at the end does not bring it back',
      { receiver: 'all', routes: [{ ...inner[0], continue: true }] },
      ['pager'],
    ],
    ['the deepest', { receiver: 'all', routes: [{ receiver: 'x', routes: [{ receiver: 'deep' }] }] }, ['deep']],
    ['one without a receiver: that of the outer', { receiver: 'all', routes: [{ repeat: '1h' }] }, ['all']],
    ['null: nobody', { receiver: 'all', routes: [{ match: { level: 'critical' }, receiver: null }] }, []],
    ['each receiver once', { receiver: 'a', routes: [{ continue: true }, { receiver: 'a' }] }, ['a']],
    ['no receiver anywhere', {}, []],
    ['an outer one that does not match', { receiver: 'a', match: { level: 'low' }, routes: [{ receiver: 'b' }] }, []],
  ] as readonly [string, Route, string[]][])('%s', (_name, routes, wanted) => {
    expect(receiversOf(routes)).toEqual(wanted);
  });

  it('says where and why, with what the outer routes say of waiting', () => {
    const routes: Route = {
      receiver: 'all',
      group_wait: '30s',
      repeat: '4h',
      routes: [
        { match: { level: 'low' }, receiver: 'mail' },
        { match: { level: ['high', 'critical'], account: 'orders-*' }, receiver: 'pager', group_wait: '0s' },
      ],
    };
    expect(decide(routes, alertOf())).toEqual({
      decisions: [
        {
          receiver: 'pager',
          path: 'routes.routes[1]',
          why: 'level is critical; account orders-prod matches orders-*',
          groupWait: 0,
          repeat: 4 * 3_600_000,
        },
      ],
      looked: [
        { path: 'routes', matched: true, why: 'every alert matches' },
        { path: 'routes.routes[0]', matched: false, why: 'level is critical, not low' },
        { path: 'routes.routes[1]', matched: true, why: 'level is critical; account orders-prod matches orders-*' },
      ],
    });
  });
});

describe('what is told of routes', () => {
  const known = ['pager', 'mail'];
  it.each([
    ['nothing', { receiver: 'mail', routes: [{ match: { level: 'critical' }, receiver: 'pager' }] }, []],
    [
      'a receiver that does not exist',
      { receiver: 'mial', routes: [{ receiver: 'pager' }] },
      [/^routes.receiver: there is no receiver mial; did you mean mail/, /^receivers.mail/],
    ],
    ['a receiver that is never told', { receiver: 'mail' }, [/^receivers.pager: no route sends anything/]],
    [
      'a route behind one that takes everything',
      { receiver: 'mail', routes: [{ receiver: 'pager' }, { match: { level: 'low' } }] },
      [/^routes.routes\[1\]: nothing reaches it: routes.routes\[0\] takes/],
    ],
    [
      'a route behind a wider pattern',
      {
        receiver: 'mail',
        routes: [
          { match: { rule: 'cosmosdb_*' }, receiver: 'pager' },
          { match: { rule: ['cosmosdb_a*', 'cosmosdb_b'], level: 'low' } },
        ],
      },
      [/^routes.routes\[1\]: nothing reaches it/],
    ],
    [
      'nothing of a route behind one that goes on',
      { receiver: 'mail', routes: [{ receiver: 'pager', continue: true }, { match: { level: 'low' } }] },
      [],
    ],
    [
      'nothing of a route behind a narrower one',
      {
        receiver: 'mail',
        routes: [{ match: { level: 'low' }, receiver: 'pager' }, { match: { level: ['low', 'high'] } }],
      },
      [],
    ],
    [
      'a level that the outer route keeps out',
      {
        receiver: 'mail',
        match: { level: ['high', 'critical'] },
        routes: [{ match: { level: 'low' }, receiver: 'pager' }],
      },
      [/^routes.routes\[0\]: nothing reaches it: routes lets no alert/],
    ],
    [
      'no receiver',
      {
        routes: [
          { match: { level: 'low' }, receiver: 'mail' },
          { match: { level: 'high' }, receiver: 'pager' },
        ],
      },
      [/^routes: has no receiver/],
    ],
  ] as readonly [string, Route, RegExp[]][])('%s', (_name, routes, wanted) => {
    const told = checkRoutes(routes, known).map(({ path, text, cure }) => `${path}: ${text}; ${cure}`);
    expect(told).toEqual(wanted.map((one) => expect.stringMatching(one)));
  });

  it('what nothing reaches is really never taken', () => {
    const levels = fc.subarray(['low', 'high', 'critical'] as const, { minLength: 1 });
    const rules = fc.subarray(['a*', 'a', 'b', '*'] as const, { minLength: 1 });
    const routes = fc.array(
      fc.record({
        match: fc.record({ level: levels, rule: rules }, { requiredKeys: [] }),
        continue: fc.boolean(),
      }),
      { minLength: 2, maxLength: 5 },
    );
    fc.assert(
      fc.property(routes, (given) => {
        const tree: Route = { receiver: 'root', routes: given.map((one, at) => ({ ...one, receiver: `r${at}` })) };
        const unreached = checkRoutes(tree, []).flatMap(({ path, text }) =>
          text.startsWith('nothing reaches') ? [`r${/\d+/.exec(path)![0]}`] : [],
        );
        for (const level of ['low', 'high', 'critical'] as const)
          for (const rule of ['a', 'ab', 'b', 'c'])
            for (const taken of receiversOf(tree, alertOf({ level, rule }))) expect(unreached).not.toContain(taken);
      }),
    );
  });
});

describe('routesSchema', () => {
  it('reads a tree', () => {
    const routes = {
      receiver: 'mail',
      match: { level: ['high'] },
      routes: [{ receiver: null, repeat: '4h', routes: [{ continue: true }] }],
    };
    expect(routesSchema.parse(routes)).toEqual({ ...routes, flood: 30 });
  });

  it.each([
    ['a level that there is not', { match: { level: 'severe' } }],
    ['a key that there is not', { routes: [{ receivers: 'a' }] }],
    ['a duration without a unit', { routes: [{ routes: [{ repeat: '30' }] }] }],
    ['flood below the root', { routes: [{ flood: 3 }] }],
    ['an empty list', { match: { rule: [] } }],
  ])('%s is refused', (_name, routes) => {
    expect(routesSchema.safeParse(routes).success).toBe(false);
  });
});
