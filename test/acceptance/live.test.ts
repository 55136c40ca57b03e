import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertNews, StoredAlert } from '../../src/alerts/stored.ts';
import { Live } from '../../src/app/live/live.ts';
import type { SourceInfo } from '../../src/app/live/read.ts';
import type { Rule } from '../../src/ir/ir.ts';
import type { Batch } from '../../src/sources/source.ts';
import { Db } from '../../src/store/db.ts';
import { load } from '../support/evaluate.ts';
import { allOf, batchOf } from '../support/live.ts';
import { RULES } from '../support/product.ts';

/** Time starts at 0: seconds from here. */
const START = Date.parse('2026-11-24T00:00:00Z');
const HOUR = 3600;
const GROUP = '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/rg-shop';
const ACCOUNT = `${GROUP}/providers/Microsoft.DocumentDB/databaseAccounts/orders`;
const OTHER = `${GROUP}/providers/Microsoft.DocumentDB/databaseAccounts/carts`;
const HUB: SourceInfo = { name: 'hub', labels: { application: 'shop' } };
const PUSH: SourceInfo = { name: 'push', labels: {} };

let db: Db;
let live: Live;
let now: number;

function begin(rules: readonly Rule[] = RULES, declared: readonly string[] = []): Live {
  live = new Live({ rules, db, now: () => now, declared, inventories: [] });
  return live;
}

beforeEach(() => {
  now = START;
  db = new Db(':memory:');
  begin();
});
afterEach(() => db.close());

const iso = (second: number): string => new Date(START + second * 1000).toISOString();

function give(records: readonly object[], told: Partial<Batch> = {}, source = HUB): readonly AlertNews[] {
  const read = live.read(source, batchOf(records, told));
  return db.transaction(() => live.commit([read]));
}

/** From a hub that has given everything up to a second. */
function giveAt(second: number, records: readonly object[]): readonly AlertNews[] {
  now = START + second * 1000;
  return give(records, { arrived: now, progress: now });
}

function tickAt(second: number): readonly AlertNews[] {
  now = START + second * 1000;
  return db.transaction(() => live.tick());
}

interface Arm {
  readonly id: string;
  readonly operation: string;
  readonly resource?: string;
  readonly status?: string;
  readonly body?: object;
  readonly ip?: string;
}

function arm(
  second: number,
  { id, operation, resource = ACCOUNT, status = 'Success', body, ip = '198.51.100.1' }: Arm,
) {
  return {
    time: iso(second),
    category: 'Administrative',
    operationName: `MICROSOFT.${operation.toUpperCase()}`,
    resourceId: resource.toUpperCase(),
    resultType: status,
    callerIpAddress: ip,
    correlationId: `10000000-0000-0000-0000-00000000000${id}`,
    identity: { claims: { name: 'ops@contoso.example' } },
    ...(body === undefined ? {} : { properties: { requestbody: JSON.stringify(body) } }),
  };
}

const write = (second: number, id: string, publicNetworkAccess: string, status = 'Success') =>
  arm(second, {
    id,
    operation: 'DocumentDB/databaseAccounts/write',
    status,
    body: { properties: { publicNetworkAccess } },
  });
const viewed = (second: number, id: string, more: Partial<Arm> = {}) =>
  arm(second, { id, operation: 'DocumentDB/databaseAccounts/listKeys/action', ...more });

function request(second: number, id: string, operation = 'Delete', account = ACCOUNT) {
  return {
    time: iso(second),
    category: 'DataPlaneRequests',
    operationName: operation,
    resourceId: account.toUpperCase(),
    properties: {
      activityId: `20000000-0000-0000-0000-0000${id.padStart(8, '0')}`,
      requestResourceType: 'Document',
      databaseName: 'shop',
      collectionName: 'carts',
      statusCode: operation === 'Delete' ? '204' : '200',
      clientIpAddress: '192.0.2.1',
      authTokenType: 'PrimaryMasterKey',
    },
  };
}

const shown = ({ alert }: StoredAlert): string =>
  `${alert.rule.replace('cosmosdb_', '')} ${alert.status} ${alert.resolution} ${alert.count}`;
const stored = (): string[] => allOf(live).map(shown);
const told = (news: readonly AlertNews[]): string[] =>
  news.map(({ kind, stored: { alert } }) => `${kind} ${alert.rule}`);

describe('what comes late', () => {
  it('a baseline that comes after the change that it makes one', () => {
    expect(told(give([write(600, '2', 'Enabled')]))).toEqual(['opened cosmosdb_network_access_changed']);
    const [before] = allOf(live);
    expect(before!.alert.changes.map(({ effect }) => effect)).toEqual(['unknown_before']);
    give([write(0, '1', 'Disabled')]);
    const open = allOf(live).find(({ alert }) => alert.id === before!.alert.id)!;
    expect(open.alert.changes.map(({ before: was, after, effect }) => [was, after, effect])).toContainEqual([
      'Disabled',
      'Enabled',
      'weakened',
    ]);
  });

  it('a baseline that says that nothing changed takes the alert back', () => {
    give([write(600, '2', 'Enabled')]);
    const news = give([write(0, '1', 'Enabled')]);
    const gone = allOf(live).filter(
      ({ alert }) => alert.resolution === 'retracted' || alert.resolution?.startsWith('merged'),
    );
    expect(news.length).toBeGreaterThan(0);
    expect(allOf(live).length - gone.length).toBe(1);
  });

  it('a Failure after an Accept retracts, and says why', () => {
    give([write(0, '1', 'Disabled'), write(8000, '2', 'Enabled', 'Accept')]);
    const [opened] = allOf(live).filter(({ alert }) => alert.firstSeen > iso(4000));
    expect(opened!.alert.status).toBe('open');
    const news = give([write(8001, '2', 'Enabled', 'Failure')]);
    expect(news.map(({ kind, why }) => [kind, why])).toEqual([
      ['resolved', 'retracted: it failed after all'],
      ['amended', 'told by itself again: no stronger alert of its story is left'],
    ]);
    const gone = live.alert(opened!.alert.id)!;
    expect(shown(gone)).toBe('network_access_changed resolved retracted 1');
    expect(gone.history.map(({ what }) => what)).toEqual(['opened', 'linked', 'resolved']);
  });

  it('what was retracted is told again under its id', () => {
    give([write(0, '1', 'Disabled'), write(8000, '2', 'Enabled', 'Accept')]);
    const { id } = allOf(live).find(({ alert }) => alert.firstSeen > iso(4000))!.alert;
    give([write(8001, '2', 'Enabled', 'Failure')]);
    // The weaker alert of its story is told by it again.
    expect(give([write(8002, '2', 'Enabled', 'Success')]).map(({ kind }) => kind)).toEqual(['reopened', 'linked']);
    expect(live.alert(id)!.alert).toMatchObject({ status: 'open', resolution: null });
  });

  it('two alerts that a late hit joins become one', () => {
    give([viewed(0, '1')]);
    give([viewed(6000, '2')]);
    const news = give([viewed(3000, '3')]);
    expect(news.map(({ kind, why }) => [kind, why])).toEqual([
      ['grown', 'count grew from 1 to 3'],
      ['resolved', 'merged: its records are part of another alert now'],
    ]);
    const [first, second] = allOf(live);
    expect(second!.alert.resolution).toBe(`merged:${first!.alert.id}`);
  });

  it('an earlier hit gives another settled id, never another id', () => {
    give([viewed(600, '1')]);
    const [{ alert }] = allOf(live) as [StoredAlert];
    give([viewed(0, '2')]);
    const now_ = live.alert(alert.id)!.alert;
    expect(now_.settledId).not.toBe(alert.settledId);
    expect(now_.firstSeen).toBe(iso(0).replace('.000', ''));
    expect(allOf(live)).toHaveLength(1);
  });
});

describe('restarts', () => {
  it('between a baseline and a change', () => {
    give([write(0, '1', 'Disabled')]);
    begin();
    give([write(7200, '2', 'Enabled')]);
    expect(allOf(live).at(-1)!.alert.changes).toMatchObject([
      { before: 'Disabled', after: 'Enabled', effect: 'weakened' },
    ]);
  });

  it('a batch that is delivered again tells nothing', () => {
    const batch = [write(0, '1', 'Disabled'), viewed(10, '2'), request(20, '1'), request(21, '2')];
    expect(give(batch).length).toBeGreaterThan(0);
    expect(give(batch)).toEqual([]);
    begin();
    expect(give(batch)).toEqual([]);
    expect(stored()).toContain('item_deleted open null 2');
  });

  it('a failed transaction leaves nothing behind', () => {
    const read = live.read(HUB, batchOf([viewed(0, '1'), request(20, '1')], { position: '5' }));
    const failing = () =>
      db.transaction(() => {
        live.commit([read]);
        throw new Error('disk full');
      });
    expect(failing).toThrow('disk full');
    live.restore();
    expect(allOf(live)).toEqual([]);
    expect(live.positions('hub').size).toBe(0);
    db.transaction(() => live.commit([read]));
    expect(stored()).toEqual(['access_keys_viewed open null 1', 'item_deleted open null 1']);
    expect([...live.positions('hub')]).toEqual([['', '5']]);
  });
});

describe('silence', () => {
  const isSilent = () => stored().filter((line) => line.startsWith('no_logs'));

  it('of an account whose source has given everything', () => {
    giveAt(0, [request(0, '1', 'Read')]);
    giveAt(4 * HOUR, []);
    expect(tickAt(4 * HOUR)).toEqual([]);
    giveAt(4 * HOUR + 1, []);
    expect(told(tickAt(4 * HOUR + 1))).toEqual(['opened cosmosdb_no_logs']);
    expect(tickAt(4 * HOUR + 16)).toEqual([]);
    expect(told(giveAt(5 * HOUR, [request(5 * HOUR, '2', 'Read')]))).toEqual(['resolved cosmosdb_no_logs']);
    expect(isSilent()).toEqual(['no_logs resolved ended 0']);
  });

  it('once a gap, and not again after a restart', () => {
    giveAt(0, [request(0, '1', 'Read')]);
    giveAt(5 * HOUR, []);
    expect(tickAt(5 * HOUR)).toHaveLength(1);
    begin();
    giveAt(6 * HOUR, []);
    expect(tickAt(6 * HOUR)).toEqual([]);
    expect(isSilent()).toEqual(['no_logs open null 0']);
  });

  it('that a person has resolved stays so while it lasts, also over a restart', () => {
    giveAt(0, [request(0, '1', 'Read')]);
    giveAt(5 * HOUR, []);
    tickAt(5 * HOUR);
    const { id } = allOf(live)[0]!.alert;
    db.transaction(() => live.act(id, 'resolve', 'ann'));
    begin();
    giveAt(6 * HOUR, []);
    expect(tickAt(6 * HOUR)).toEqual([]);
    giveAt(7 * HOUR, [request(7 * HOUR, '2', 'Read')]);
    expect(isSilent()).toEqual(['no_logs resolved manual 0']);
  });

  it('a hub that lags says nothing of accounts', () => {
    giveAt(0, [request(0, '1', 'Read')]);
    now = START + 10 * HOUR * 1000;
    give([], { progress: START + 60_000 });
    expect(told(tickAt(10 * HOUR))).toEqual([]);
  });

  it('a source without progress is one alert of its own, which ends', () => {
    giveAt(0, [request(0, '1', 'Read'), request(0, '2', 'Read', OTHER)]);
    const news: AlertNews[] = [];
    for (let second = 60; second <= 5 * HOUR; second += 60) news.push(...tickAt(second));
    expect(news.map(({ stored: { alert } }) => alert.key)).toEqual([{ 'source.name': 'hub' }]);
    expect(news[0]!.stored.history.map(({ why }) => why)).toEqual([
      'Source hub has given nothing after 00:00:00 UTC for 4 h 1 min, so nothing is known of the accounts whose logs it brings.',
      '2 accounts whose logs it brings are not called silent meanwhile: carts, orders',
    ]);
    giveAt(5 * HOUR + 60, [request(5 * HOUR + 60, '3', 'Read'), request(5 * HOUR + 60, '4', 'Read', OTHER)]);
    tickAt(5 * HOUR + 60);
    expect(allOf(live).find(({ alert }) => alert.key['source.name'] === 'hub')!.alert).toMatchObject({
      status: 'resolved',
      resolution: 'ended',
    });
  });

  it('is not what we did not hear: pushed records after our own downtime', () => {
    give([request(0, '1', 'Read')], {}, PUSH);
    now = START + 10 * HOUR * 1000;
    begin();
    expect(tickAt(10 * HOUR)).toEqual([]);
    expect(tickAt(10 * HOUR + 60)).toEqual([]);
    give([request(10 * HOUR + 61, '2', 'Read')], {}, PUSH);
    expect(isSilent()).toEqual([]);
  });

  it('of pushed records, when we have listened for long enough', () => {
    give([request(0, '1', 'Read')], {}, PUSH);
    now = START + HOUR * 1000;
    begin();
    const news: AlertNews[] = [];
    for (let second = HOUR + 60; second <= 6 * HOUR; second += 60) news.push(...tickAt(second));
    expect(told(news)).toEqual(['opened cosmosdb_no_logs']);
  });

  it('is not a clock that jumps', () => {
    give([request(0, '1', 'Read')], {}, PUSH);
    tickAt(15);
    expect(tickAt(30 * HOUR)).toEqual([]);
    expect(tickAt(30 * HOUR + 15)).toEqual([]);
    expect(isSilent()).toEqual([]);
  });

  it('is not a read-back of old logs', () => {
    now = START + 90 * 24 * HOUR * 1000;
    begin();
    give([request(0, '1', 'Read')], { progress: START }, HUB);
    give([request(10, '2', 'Read')], { progress: now }, HUB);
    expect(tickAt(90 * 24 * HOUR + 15)).toEqual([]);
    expect(isSilent()).toEqual([]);
  });

  it('of a declared account that never comes', () => {
    begin(RULES, [OTHER.toLowerCase()]);
    giveAt(0, []);
    giveAt(5 * HOUR, []);
    expect(told(tickAt(5 * HOUR))).toEqual(['opened cosmosdb_no_logs']);
  });
});

describe('people', () => {
  const act = (...told_: Parameters<Live['act']>) => db.transaction(() => live.act(...told_));

  it('acknowledge, assign, comment, judge, resolve; more of the same reopens', () => {
    give([viewed(0, '1')]);
    const [{ alert }] = allOf(live) as [StoredAlert];
    const kinds = [
      act(alert.id, 'acknowledge', 'ann'),
      act(alert.id, 'assign', 'ann', { assignee: 'bob' }),
      act(alert.id, 'comment', 'bob', { text: 'asked them' }),
      act(alert.id, 'judge', 'bob', { verdict: 'benign' }),
    ].map(({ kind }) => kind);
    expect(kinds).toEqual(['acknowledged', 'assigned', 'commented', 'judged']);
    expect(give([viewed(60, '2')]).map(({ kind }) => kind)).toEqual(['grown']);
    expect(live.alert(alert.id)).toMatchObject({
      alert: { status: 'acknowledged', count: 2 },
      assignee: 'bob',
      verdict: 'benign',
      comments: [{ by: 'bob', text: 'asked them' }],
    });
    act(alert.id, 'resolve', 'bob', { text: 'planned' });
    expect(live.alert(alert.id)!.alert).toMatchObject({ status: 'resolved', resolution: 'manual' });
    expect(give([viewed(0, '1')])).toEqual([]);
    expect(give([viewed(120, '3')]).map(({ kind, why }) => [kind, why])).toEqual([
      ['reopened', 'more of it: count grew from 2 to 3'],
    ]);
    expect(live.alert(alert.id)!.history.map(({ what, by }) => `${what} ${by}`)).toEqual([
      'opened null',
      'acknowledged ann',
      'assigned ann',
      'commented bob',
      'judged bob',
      'grown null',
      'resolved bob',
      'reopened null',
    ]);
  });

  it.each([
    ['acknowledge twice', ['acknowledge', 'acknowledge'], 'it is acknowledged'],
    ['resolve twice', ['resolve', 'resolve'], 'it is resolved already: manual'],
    ['reopen what is open', ['reopen'], 'it is open'],
    ['say nothing', ['comment'], 'the comment is empty'],
    ['give no verdict', ['judge'], 'a verdict is one of true, benign, false'],
    ['assign to no name', ['assign'], 'nobody is named'],
  ] as const)('cannot %s', (_what, actions, why) => {
    give([viewed(0, '1')]);
    const [{ alert }] = allOf(live) as [StoredAlert];
    expect(actions.map((action) => act(alert.id, action, 'ann')).at(-1)).toEqual({ kind: 'refused', why });
  });

  it('cannot act on what is not there', () => {
    expect(act('0'.repeat(32), 'resolve', 'ann')).toEqual({ kind: 'refused', why: 'there is no such alert' });
  });
});

describe('what grows', () => {
  it('a new address is amended, more of the same is not', () => {
    give([viewed(0, '1')]);
    expect(give([viewed(60, '2')]).map(({ kind }) => kind)).toEqual(['grown']);
    const [{ revision, history }] = allOf(live) as [StoredAlert];
    expect([revision, history.length]).toEqual([2, 2]);
    give([viewed(70, '3')]);
    expect(
      allOf(live)[0]!
        .history.map(({ why }) => why)
        .at(-1),
    ).toBe('count grew from 2 to 3');
    expect(allOf(live)[0]!.history).toHaveLength(2);
  });

  it('the level is the highest that it ever had', () => {
    give(Array.from({ length: 4 }, (_, n) => request(n, `${n}`)));
    expect(allOf(live)[0]!.alert.level).toBe('medium');
    give([request(10, '10', 'Read')]);
    expect(allOf(live)[0]!.alert.level).toBe('medium');
  });

  it('a state that is as before again ends the alert, and reopens it when it is not', () => {
    give([write(0, '1', 'Disabled')]);
    give([write(7200, '2', 'Enabled')]);
    const { id } = allOf(live).at(-1)!.alert;
    expect(give([write(7300, '3', 'Disabled')]).map(({ kind }) => kind)).toEqual(['resolved']);
    expect(live.alert(id)!.alert).toMatchObject({ status: 'resolved', resolution: 'ended' });
    expect(give([write(7400, '4', 'Enabled')]).map(({ kind }) => kind)).toEqual(['reopened']);
  });

  it('a counted alert ends when its window has passed', () => {
    const made = (second: number, name: string) => ({
      ...request(second, name, 'Create'),
      properties: {
        ...request(second, name).properties,
        activityId: `20000000-0000-0000-0000-0000000000${name}`,
        requestResourceType: 'Collection',
        collectionName: `copy${name}`,
        statusCode: '201',
      },
    });
    giveAt(
      10,
      ['11', '12', '13', '14'].map((name, n) => made(n, name)),
    );
    expect(stored()).toContain('multiple_tables_created open null 4');
    giveAt(910, []);
    expect(told(tickAt(910))).toEqual(['resolved cosmosdb_multiple_tables_created']);
  });
});

describe('sources', () => {
  it('may only tell of the subscriptions that they speak for, record by record', () => {
    const far = ACCOUNT.replace('00000000aa', '00000000bb');
    const batch = batchOf(
      [
        request(0, '1', 'Read'),
        request(1, '2', 'Read', far),
        viewed(2, '1', { resource: far }),
        viewed(3, '2'),
        { a: 1 },
      ],
      { speaksFor: ['00000000-0000-0000-0000-0000000000aa'] },
    );
    const { receipt } = live.read(HUB, batch);
    expect(receipt.accepted).toBe(2);
    expect(receipt.rejected.map(({ index, code }) => [index, code])).toEqual([
      [1, 'CW-5001'],
      [2, 'CW-5001'],
      [4, 'CW-5002'],
    ]);
    give([request(0, '1', 'Read'), viewed(2, '1', { resource: far })], {
      speaksFor: ['00000000-0000-0000-0000-0000000000aa'],
    });
    expect(stored()).toEqual([]);
  });

  it('what is no record is rejected by its place', () => {
    const bytes = [
      Buffer.from(
        `${JSON.stringify(request(0, '1', 'Read'))}\nnonsense\n${JSON.stringify({ ...request(0, '2'), time: 'soon' })}\n`,
      ),
    ];
    const { receipt, counts } = live.read(HUB, { ...batchOf([]), bytes });
    expect(receipt).toMatchObject({
      accepted: 1,
      rejected: [
        { index: 1, code: 'CW-5003' },
        { index: 2, code: 'CW-5003' },
      ],
    });
    expect(counts).toEqual([
      { family: 'DataPlaneRequests', fate: 'taken', count: 1 },
      { family: '', fate: 'invalid', count: 2 },
    ]);
  });

  it('their name and labels are fields that rules may ask for, and stand with the alert', () => {
    const { rules } = load(`
title: Keys of the shop viewed
id: 77777777-7777-4777-8777-777777777703
name: shop_keys
status: test
logsource: { product: azure, service: cosmosdb }
detection:
  read: { event.action: cosmosdb.keys.list, application: shop, source.name: hub }
  condition: read
fold: { by: [application], gap: 1h }
level: low
`);
    begin(rules);
    give([viewed(0, '1')], {}, PUSH);
    expect(stored()).toEqual([]);
    give([viewed(10, '2'), viewed(11, '3', { resource: OTHER })]);
    expect(allOf(live).map(({ alert: { key, count }, labels }) => ({ key, count, labels }))).toEqual([
      { key: { application: 'shop' }, count: 2, labels: { application: 'shop', 'source.name': 'hub' } },
    ]);
  });
});

describe('rules', () => {
  const COUNTING = `
title: Item gone
id: 77777777-7777-4777-8777-777777777704
name: item_gone
status: test
logsource: { product: azure, service: cosmosdb }
detection: { gone: { event.action: cosmosdb.item.delete }, condition: gone }
level: low
---
title: Items gone in several accounts
id: 77777777-7777-4777-8777-777777777705
name: gone_everywhere
status: test
correlation:
  type: value_count
  rules: [item_gone]
  group-by: [actor.type]
  timespan: 10m
  condition: { field: cosmosdb.account, gte: 2 }
level: high
`;

  it('that count over several accounts see all of them, and ones that changed are judged at once', () => {
    begin(load(COUNTING).rules);
    give([request(0, '1')]);
    begin(load(COUNTING).rules);
    expect(told(give([request(60, '2', 'Delete', OTHER)]))).toEqual(['opened gone_everywhere']);
    const stricter = load(COUNTING.replace('gte: 2', 'gte: 3')).rules;
    expect(told(db.transaction(() => live.reload(stricter)))).toEqual(['resolved gone_everywhere']);
  });

  it('a new one finds what was there before', () => {
    begin([]);
    give([viewed(0, '1')]);
    expect(stored()).toEqual([]);
    expect(told(db.transaction(() => live.reload(RULES)))).toEqual(['opened cosmosdb_access_keys_viewed']);
  });

  it('others than before a restart are judged by the next tick', () => {
    begin([]);
    give([viewed(0, '1')]);
    begin(RULES);
    expect(told(tickAt(1))).toEqual(['opened cosmosdb_access_keys_viewed']);
  });
});

describe('what lies days back', () => {
  const DAY = 24 * HOUR;
  const tables = () => db.prepare('SELECT count(*) AS n FROM request_tallies').get()!['n'];

  it('is kept small, and counts on', () => {
    for (let hour = 0; hour < 24; hour++)
      giveAt(
        hour * HOUR,
        [0, 900, 1800, 2700].map((n) => request(hour * HOUR + n, `${hour}${n}`)),
      );
    expect([stored(), tables()]).toEqual([['item_deleted open null 96'], 96]);
    tickAt(24 * HOUR);
    tickAt(4 * DAY);
    expect([stored().at(0), tables()]).toEqual(['item_deleted open null 96', 1]);
    giveAt(4 * DAY, [request(24 * HOUR, '99')]);
    expect(stored().at(0)).toBe('item_deleted open null 97');
    giveAt(4 * DAY + 1, [request(4 * DAY, '100')]);
    expect(stored().filter((line) => line.startsWith('item'))).toEqual([
      'item_deleted open null 97',
      'item_deleted open null 1',
    ]);
  });

  it('is still told when the requests that it was counted from are forgotten', () => {
    begin(
      load(`
title: Item gone
id: 77777777-7777-4777-8777-777777777704
name: item_gone
status: test
logsource: { product: azure, service: cosmosdb }
detection: { gone: { event.action: cosmosdb.item.delete }, condition: gone }
level: low
---
title: Many items gone
id: 77777777-7777-4777-8777-777777777706
name: many_gone
status: test
correlation:
  type: event_count
  rules: [item_gone]
  group-by: [cosmosdb.account]
  timespan: 10m
  condition: { gte: 2 }
level: high
`).rules,
    );
    giveAt(100, [request(0, '1'), request(60, '2')]);
    expect(stored()).toEqual(['many_gone open null 2']);
    giveAt(1000, []);
    tickAt(1000);
    tickAt(4 * DAY);
    expect(db.prepare('SELECT count(*) AS n FROM request_hits').get()!['n']).toBe(0);
    giveAt(4 * DAY + 60, [request(4 * DAY, '3'), request(4 * DAY + 1, '4'), viewed(0, '5')]);
    expect(stored()).toEqual(['many_gone resolved ended 2', 'many_gone open null 2']);
  });
});

describe('lists', () => {
  it('newest first, page by page, of what was asked for', () => {
    give(Array.from({ length: 5 }, (_, n) => viewed(n * 7200, `${n}`)));
    const ask = (more: object) => live.alerts({ limit: 2, subscriptions: null, ...more });
    const first = ask({});
    expect(first.items.map(({ alert }) => alert.firstSeen)).toEqual(['2026-11-24T08:00:00Z', '2026-11-24T06:00:00Z']);
    const second = ask({ cursor: first.next! });
    expect(second.items.map(({ alert }) => alert.firstSeen)).toEqual(['2026-11-24T04:00:00Z', '2026-11-24T02:00:00Z']);
    expect(ask({ cursor: second.next! })).toMatchObject({ items: [{}], next: null });
    expect(ask({ rule: 'cosmosdb_item_deleted' }).items).toEqual([]);
    expect(ask({ account: ACCOUNT, status: 'open', since: START + 8 * HOUR * 1000 }).items).toHaveLength(1);
    expect(ask({ subscriptions: ['00000000-0000-0000-0000-0000000000aa'] }).items).toHaveLength(2);
    expect(ask({ subscriptions: ['00000000-0000-0000-0000-0000000000bb'] }).items).toEqual([]);
    expect(ask({ subscriptions: [] }).items).toEqual([]);
    expect(ask({ level: 'critical' }).items).toEqual([]);
  });
});
