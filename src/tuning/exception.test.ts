import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredAlert } from '../alerts/stored.ts';
import { realAlert } from '../notify/news.test-support.ts';
import { coverage, exceptionOf } from './exception.ts';
import type { ExceptionMatch } from './spec.ts';

const LISTS = { offices: ['198.51.100.0/24'], admins: ['ops-admin@contoso.example'] };
const DAY = 86_400_000;

/** The network change of the simulated theft: ops-admin@contoso.example with the Azure CLI from 198.51.100.23; the network stays open. */
const STORED = realAlert();
const START = Date.parse(STORED.alert.firstSeen);
const NOW = Date.parse(STORED.alert.lastSeen) + 60_000;

function covers(match: ExceptionMatch, stored = STORED, now = NOW, expires = '2027-03-01'): string {
  const spec = { match, owner: 'ann', reason: 'planned', expires };
  const found = coverage(exceptionOf('one', spec, LISTS), stored, now);
  return found.covers ? 'covers' : found.why;
}

function changed(alert: Partial<StoredAlert['alert']>, detail: Partial<StoredAlert['detail']> = {}): StoredAlert {
  return { ...STORED, alert: { ...STORED.alert, ...alert }, detail: { ...STORED.detail, ...detail } };
}

const { actors, sourceIps, rule, account } = STORED.alert;
const callers = STORED.detail.callers!;

describe('what an exception covers', () => {
  it.each<[string, ExceptionMatch]>([
    ['its rule', { rule }],
    ['its rule by pattern', { rule: 'cosmosdb_*' }],
    ['its account by name', { account: account!.slice(account!.lastIndexOf('/') + 1) }],
    ['its actor by name', { actor: 'OPS-admin@contoso.example' }],
    ['its actor by id', { actor: actors[0]!.id! }],
    ['its actor by a list', { actor: '%admins%' }],
    ['its application by name', { application: 'azure cli' }],
    ['its application by id', { application: callers.applications[0]!.id! }],
    ['its address', { address: sourceIps[0]! }],
    ['its range', { address: ['192.0.2.0/24', '198.51.100.0/25'] }],
    ['its range by a list', { address: '%offices%' }],
    ['its label', { labels: { environment: 'production' } }],
    ['its day', { rule, time: [{}] }],
  ])('%s', (_name, match) => expect(covers(match)).toBe('covers'));

  it.each<[string, ExceptionMatch, RegExp]>([
    ['another rule', { rule: 'cosmosdb_item_deleted' }, /^rule is/],
    ['another actor', { actor: 'eve@contoso.example' }, /actor ops-admin@contoso.example is not named/],
    ['another application', { application: 'Terraform' }, /application Azure CLI is not named/],
    ['another range', { address: '192.0.2.0/24' }, /address 198.51.100.23 is not named/],
    ['a range of the other kind', { address: '::/8' }, /address/],
    ['a list that is gone', { actor: '%gone%' }, /not named/],
    ['another hour', { rule, time: [{ from: '20:00', to: '21:00' }] }, /its time goes beyond/],
    ['one of two', { rule, actor: 'eve@contoso.example' }, /actor/],
  ])('not with %s', (_name, match, why) => expect(covers(match)).toMatch(why));

  const other = { id: null, name: 'eve@contoso.example', type: 'user', appId: null, appName: null };
  it.each<[string, ExceptionMatch, StoredAlert]>([
    ['one more actor', { actor: '%admins%' }, changed({ actors: [...actors, other] })],
    ['nobody known', { actor: '%admins%' }, changed({ actors: [] })],
    [
      'somebody unknown',
      { actor: '%admins%' },
      changed({}, { callers: { ...callers, isWhole: { ...callers.isWhole, actors: false } } }),
    ],
    [
      'a hundred actors, of which it lists no more',
      { actor: '%admins%' },
      changed({ actors: Array.from({ length: 100 }, () => actors[0]!) }),
    ],
    ['one more address', { address: '%offices%' }, changed({ sourceIps: [...sourceIps, '203.0.113.7'] })],
    ['what is no address', { address: '%offices%' }, changed({ sourceIps: ['198.51.100.023'] })],
    [
      'an application beside it',
      { application: 'Azure CLI' },
      changed({}, { callers: { ...callers, applications: [...callers.applications, { id: null, name: 'curl' }] } }),
    ],
    ['what was stored before it was known', { actor: '%admins%' }, changed({}, { callers: undefined! })],
    ['several accounts', { account: '*-prod' }, changed({ account: null })],
  ])('not with %s', (_name, match, stored) => expect(covers(match, stored)).not.toBe('covers'));
});

describe('the time of an exception', () => {
  const over = changed({}, { isOngoing: false });
  const ends = new Date(START + DAY).toISOString();

  it('what is over when it ends stays hidden, however late it is asked', () => {
    expect(covers({ rule }, over, START + 400 * DAY, ends)).toBe('covers');
  });

  it('what goes on is hidden until it ends', () => {
    expect(covers({ rule }, STORED, START + DAY - 1, ends)).toBe('covers');
    expect(covers({ rule }, STORED, START + DAY, ends)).toMatch('its time goes beyond');
    expect(covers({ rule }, changed({ status: 'resolved' }), START + DAY, ends)).toBe('covers');
  });

  it('says when it is to be asked again', () => {
    const spec = { match: { rule }, owner: 'ann', reason: 'planned', expires: ends };
    expect(coverage(exceptionOf('one', spec, {}), STORED, NOW)).toMatchObject({ covers: true, until: START + DAY });
    expect(coverage(exceptionOf('one', spec, {}), over, NOW)).toMatchObject({ covers: true, until: null });
  });

  it('a clock that jumps changes nothing of what is over', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (now) => {
        expect(covers({ rule }, over, now, ends)).toBe('covers');
      }),
    );
  });

  it('a clock that goes back takes back what it let go', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: NOW, max: START + 2 * DAY })), (times) => {
        for (const now of times) expect(covers({ rule }, STORED, now, ends) === 'covers').toBe(now < START + DAY);
      }),
    );
  });
});

describe('what its maker may see', () => {
  const spec = { match: { rule }, owner: 'ann', reason: 'planned', expires: '2027-03-01' };
  it.each([
    ['all', null, {}, true],
    ['its subscription', [STORED.subscription!], {}, true],
    ['another', ['00000000-0000-0000-0000-0000000000bb'], {}, false],
    ['its label', null, { application: 'shop' }, true],
    ['another label', null, { application: 'bank' }, false],
  ] as const)('%s', (_name, subscriptions, labels, is) => {
    const maker = { origin: 'api', reach: { subscriptions, labels } } as const;
    expect(coverage(exceptionOf('one', spec, {}, maker), STORED, NOW).covers).toBe(is);
  });
});
