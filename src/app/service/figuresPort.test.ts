import { describe, expect, it } from 'vitest';
import { EVERYTHING, type Scope } from '../../api/ports.ts';
import { fixedClock } from '../../lib/clock.ts';
import { Db } from '../../store/db.ts';
import { type FigureRow, mergeFigures } from '../../store/figures.ts';
import { figuresPort } from './figuresPort.ts';

const OWN = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';
const ACCOUNT = `/subscriptions/${OWN}/resourcegroups/prod/providers/microsoft.documentdb/databaseaccounts/contoso`;
const AT = Date.parse('2026-11-24T03:00:00Z') / 1000;
const SUMS = { requests: 2, errors: 1, throttled: 1, units: 5, bytes: 100 };

function port(): ReturnType<typeof figuresPort> {
  const db = new Db(':memory:');
  const row = (minute: number, operation: string): FigureRow => ({
    ...SUMS,
    log: 'request',
    account: ACCOUNT,
    at: AT + minute * 60,
    operation,
    container: 'shop/orders',
    client: '203.0.113.7',
    address: '203.0.113.7',
    durations: new Map(),
  });
  db.transaction(() => mergeFigures(db, [row(0, 'read'), row(1, 'read'), row(1, 'delete'), row(7, 'read')]));
  return figuresPort(db, fixedClock((AT + 3600) * 1000));
}

const RANGE = { from: AT, to: AT + 600, step: 300 };
const ANY = { operation: null, container: null, client: null };

describe('key figures for the API', () => {
  it.each<[string, Partial<typeof ANY> | { operation: string }, number[]]>([
    ['all', {}, [6, 2]],
    ['of one operation', { operation: 'delete' }, [2]],
    ['of nothing', { operation: 'create' }, []],
  ])('%s', async (_what, filter, requests) => {
    const points = await port().points(ACCOUNT, RANGE, { ...ANY, ...filter }, EVERYTHING);
    expect(points?.map((point) => point.requests)).toEqual(requests);
  });

  it.each<[string, Scope, boolean]>([
    ['its subscription', { subscriptions: [OWN], labels: {} }, true],
    ['another subscription', { subscriptions: [OTHER], labels: {} }, false],
    ['no subscription', { subscriptions: [], labels: {} }, false],
    ['some alerts only', { subscriptions: null, labels: { environment: 'production' } }, false],
  ])('for who sees %s', async (_what, scope, isSeen) => {
    expect((await port().points(ACCOUNT, RANGE, ANY, scope)) !== null).toBe(isSeen);
  });

  it('the rate around an alert', async () => {
    expect(await port().rate(ACCOUNT, AT)).toMatchObject({ usual: null, days: 0, factor: null });
    expect((await port().rate(ACCOUNT, AT)).around).toBeGreaterThan(0);
  });
});
