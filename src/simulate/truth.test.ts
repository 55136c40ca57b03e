import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Act, expecting } from './acts.ts';
import { HOUR, MINUTE, SECOND } from './clock.ts';
import { patchAccount, putAccount, readKeys } from './operations.ts';
import { createContainer } from './requests.ts';
import { settingsOf } from './settings.ts';
import { TruthKeeper } from './truth.ts';
import { ACCOUNTS, type Account, type Client, PEOPLE } from './world.ts';

const { orders, carts, catalog } = ACCOUNTS;
const { admin, platform } = PEOPLE;
const client: Client = { ip: '203.0.113.9', agent: 'sdk', key: 'PrimaryMasterKey', principal: null };

function truthOf(acts: readonly Act[]): string[] {
  const keeper = new TruthKeeper();
  for (const act of acts) keeper.add(act);
  return keeper
    .list([])
    .map(({ rule, account, firstSeen, count, actors }) =>
      [rule.slice(9), account.split('/').at(-1), firstSeen.slice(11, 19), count, ...actors.map(shortOf)].join(' '),
    );
}

function shortOf(actor: string): string {
  return Object.entries(PEOPLE).find(([, person]) => person.oid === actor)?.[0] ?? actor;
}

const keys = (time: number, who = admin as typeof admin | typeof platform, account: Account = orders) =>
  readKeys(time, who, account, 'listKeys');
const base = settingsOf(orders);
const opened = { ...base, ipRules: [] };
const lost = (time: number, who: typeof admin | typeof platform): Act => ({
  ...readKeys(time, who, orders, 'listKeys', 'failure'),
  expect: [expecting('backup_deleted', orders, '', who.oid)],
});

const CASES: readonly (readonly [string, readonly Act[], readonly string[]])[] = [
  ['nothing', [], []],
  ['neighbours an hour apart are one', [keys(0), keys(HOUR)], ['access_keys_viewed orders-prod 00:00:00 2 admin']],
  [
    'a second more, and they are two',
    [keys(0), keys(HOUR + SECOND)],
    ['access_keys_viewed orders-prod 00:00:00 1 admin', 'access_keys_viewed orders-prod 01:00:01 1 admin'],
  ],
  ['gaps are of whole seconds', [keys(900), keys(HOUR + 100)], ['access_keys_viewed orders-prod 00:00:00 2 admin']],
  [
    'who reads keys tells alerts apart',
    [keys(0), keys(1000, platform)],
    ['access_keys_viewed orders-prod 00:00:00 1 admin', 'access_keys_viewed orders-prod 00:00:01 1 platform'],
  ],
  [
    'and so does the account',
    [keys(0), keys(0, admin, carts)],
    ['access_keys_viewed carts-prod 00:00:00 1 admin', 'access_keys_viewed orders-prod 00:00:00 1 admin'],
  ],
  [
    'where they do not, both are named',
    [lost(0, platform), lost(1000, admin), lost(2000, platform)],
    ['backup_deleted orders-prod 00:00:00 3 platform admin'],
  ],
  ['a refused read is nothing', [readKeys(0, admin, orders, 'listKeys', 'failure')], []],
  ['the first PUT is learnt', [putAccount(0, admin, orders, opened)], []],
  ['a PUT of the same is nothing', [putAccount(0, admin, orders, base), putAccount(HOUR, admin, orders, base)], []],
  [
    'a change, and what puts it back',
    [
      putAccount(0, platform, orders, base),
      patchAccount(HOUR, admin, orders, { ipRules: [] }, opened),
      putAccount(24 * HOUR - SECOND, platform, orders, base),
    ],
    ['network_access_changed orders-prod 01:00:00 1 admin', 'network_access_changed orders-prod 23:59:59 1 platform'],
  ],
  [
    'a refused change changes nothing',
    [
      putAccount(0, platform, orders, base),
      patchAccount(HOUR, admin, orders, { ipRules: [] }, opened, 'failure'),
      putAccount(2 * HOUR, platform, orders, base),
    ],
    [],
  ],
];

describe('what follows from acts', () => {
  it.each(CASES)('%s', (_, acts, expected) => {
    expect(truthOf(acts)).toEqual(expected);
  });

  it('a part of the settings cannot come before the whole', () => {
    expect(() => truthOf([patchAccount(0, admin, orders, { ipRules: [] }, opened)])).toThrow(/before they are known/);
  });
});

const create = (minutes: number, name: string, status: 201 | 409 = 201) =>
  createContainer(minutes * MINUTE, catalog, name, client, status);
const burst = (time: string, count: number) =>
  `multiple_tables_created catalog-prod ${time} ${count} primary_key@203.0.113.9`;

const BURSTS: readonly (readonly [string, readonly Act[], readonly string[]])[] = [
  ['three are not many', [create(0, 'a'), create(1, 'b'), create(2, 'c')], []],
  ['four are', [create(0, 'a'), create(1, 'b'), create(2, 'c'), create(15, 'd')], [burst('00:15:00', 4)]],
  ['four in more than 15 minutes are not', [create(0, 'a'), create(1, 'b'), create(2, 'c'), create(15.1, 'd')], []],
  ['one of them twice is one', [create(0, 'a'), create(1, 'b'), create(2, 'c'), create(3, 'c')], []],
  ['refused ones are none', [create(0, 'a'), create(1, 'b'), create(2, 'c'), create(3, 'd', 409)], []],
  [
    'as long as it lasts it is one',
    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name, index) => create(index * 4, name)),
    [burst('00:12:00', 9)],
  ],
  [
    'quiet for more than 15 minutes ends it',
    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, index) => create(index + (index > 3 ? 60 : 0), name)),
    [burst('00:03:00', 4), burst('01:07:00', 4)],
  ],
];

describe('many containers', () => {
  it.each(BURSTS)('%s', (_, acts, expected) => {
    expect(truthOf(acts)).toEqual(expected);
  });
});

it('law: every told act is counted once, however they fold', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 * HOUR }), { maxLength: 40 }), (times) => {
      const keeper = new TruthKeeper();
      for (const time of [...times].sort((a, b) => a - b)) keeper.add(keys(time));
      expect(keeper.list([]).reduce((sum, { count }) => sum + count, 0)).toBe(times.length);
    }),
  );
});
