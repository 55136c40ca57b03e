import { describe, expect, it } from 'vitest';
import type { ChangeKind } from '../alerts/stored.ts';
import { newsOf, type Wanted } from '../notify/news.test-support.ts';
import type { Addressee } from '../notify/ports.ts';
import { Db } from './db.ts';
import { RETAINED, SqliteOutbox } from './outbox.ts';
import { Overview } from './overview.ts';

const A: Addressee = { receiver: 'pager/0', groupWait: 0, repeat: null };
const B: Addressee = { receiver: 'mail/0', groupWait: 0, repeat: null };
const MINUTE = 60_000;

function open() {
  const db = new Db(':memory:');
  const outbox = new SqliteOutbox(db);
  const tell = (kind: ChangeKind, wanted: Wanted = {}, to: readonly Addressee[] = [A], now = 0): void =>
    db.transaction(() => outbox.enqueue(newsOf(kind, { id: 'a', ...wanted }), to, now));
  const rows = (alert = 'a') =>
    outbox.ofAlert(alert).map(({ receiver, revision, kind, state }) => `${receiver} ${revision} ${kind} ${state}`);
  const deliver = (id: number, now = 0, again: number | null = null, also: readonly number[] = []): void =>
    outbox.settle(id, { kind: 'delivered', ref: `ref-${id}`, also, again }, now);
  return { db, outbox, tell, rows, deliver };
}

describe('enqueue', () => {
  it('makes one row for each receiver, alert and revision, however often it is called', () => {
    const { outbox, tell, rows, deliver } = open();
    for (let restart = 0; restart < 3; restart++) {
      tell('opened', {}, [A, B]);
      if (restart === 1) deliver(1);
    }
    expect(rows()).toEqual(['pager/0 1 opened delivered', 'mail/0 1 opened waiting']);
    expect(outbox.waiting(0, 10)).toHaveLength(1);
  });

  it('is undone with the transaction that it is part of', () => {
    const { db, outbox, rows } = open();
    const fails = (): void =>
      db.transaction(() => {
        outbox.enqueue(newsOf('opened', { id: 'a' }), [A], 0);
        throw new Error('disk full');
      });
    expect(fails).toThrow('disk full');
    expect(rows()).toEqual([]);
  });

  it.each(['grown', 'assigned', 'commented', 'judged'] as const)('tells nobody of %s, but what waits knows', (kind) => {
    const { db, outbox, tell, rows } = open();
    tell('opened');
    const grown = newsOf(kind, { id: 'a' });
    const stored = { ...grown.stored, alert: { ...grown.stored.alert, count: 77 } };
    db.transaction(() => outbox.enqueue({ ...grown, stored }, [A], 1));
    expect(rows()).toEqual(['pager/0 1 opened waiting']);
    expect(outbox.load(1)!.news[0]!.stored.alert.count).toBe(77);
  });

  it('tells how it goes on to whoever knows of it, wherever the routes lead by then', () => {
    const { tell, rows, deliver } = open();
    tell('opened', {}, [A]);
    deliver(1);
    tell('amended', { revision: 2, level: 'low' }, [B]);
    tell('resolved', { revision: 3 }, []);
    expect(rows().slice(1)).toEqual([
      'mail/0 2 amended waiting',
      'pager/0 2 amended waiting',
      'mail/0 3 resolved waiting',
      'pager/0 3 resolved waiting',
    ]);
  });

  it('an alert that goes nowhere leaves nothing', () => {
    const { db, tell } = open();
    tell('opened', {}, []);
    expect(db.prepare('SELECT count(*) AS n FROM outbox_alerts').get()).toEqual({ n: 0 });
  });
});

describe('load', () => {
  it('gives the news, the same id for every attempt, and what the last delivery gave', () => {
    const { outbox, tell, deliver } = open();
    tell('opened');
    tell('resolved', { revision: 2 });
    expect(outbox.load(1)).toMatchObject({ id: 'a-1', ref: null, news: [{ kind: 'opened' }] });
    outbox.settle(1, { kind: 'retry', reason: 'HTTP 503', due: 5, notBefore: null }, 0);
    expect(outbox.load(1)!.id).toBe('a-1');
    deliver(1);
    expect(outbox.load(1)).toBeNull();
    expect(outbox.load(2)).toMatchObject({
      id: 'a-2',
      ref: 'ref-1',
      news: [{ kind: 'resolved', why: 'resolved in a test' }],
    });
  });

  it('what was learnt while the first message waited is told with it, what ends it is not', () => {
    const { outbox, tell, rows, deliver } = open();
    const patient = { ...A, groupWait: 30_000 };
    tell('opened', {}, [patient]);
    tell('amended', { revision: 2 }, [patient]);
    tell('amended', { revision: 3, level: 'high' }, [patient]);
    tell('resolved', { revision: 4 }, [patient]);
    expect(outbox.waiting(0, 10).map(({ due }) => due)).toEqual([30_000, 0, 0, 0]);
    const loaded = outbox.load(1)!;
    expect(loaded).toMatchObject({ id: 'a-1', also: [2, 3], news: [{ kind: 'opened', stored: { revision: 3 } }] });
    deliver(1, 30_000, null, loaded.also);
    expect(rows().map((row) => row.split(' ').slice(1).join(' '))).toEqual([
      '1 opened delivered',
      '2 amended superseded',
      '3 amended superseded',
      '4 resolved waiting',
    ]);
  });

  it('without a wait each is a message of its own', () => {
    const { outbox, tell } = open();
    tell('opened');
    tell('amended', { revision: 2 });
    outbox.settle(1, { kind: 'retry', reason: 'HTTP 503', due: 5, notBefore: null }, 0);
    expect(outbox.load(1)).toMatchObject({ also: [], news: [{ stored: { revision: 1 } }] });
  });
});

describe('settle', () => {
  it('keeps a log of every attempt', () => {
    const { outbox, tell, deliver } = open();
    tell('opened');
    outbox.settle(1, { kind: 'retry', reason: 'HTTP 503', due: 1500, notBefore: null }, 10);
    deliver(1, 1600);
    expect(outbox.ofAlert('a')).toMatchObject([
      {
        state: 'delivered',
        attempts: [
          { attempt: 1, at: 10, result: 'retry', reason: 'HTTP 503' },
          { attempt: 2, at: 1600, result: 'delivered', reason: null },
        ],
      },
    ]);
  });

  it('an alert that stays open is told again, until there is news of it', () => {
    const { db, outbox, tell, rows, deliver } = open();
    tell('opened', {}, [{ ...A, repeat: MINUTE }]);
    expect(new Overview(db).deliveries().waiting).toBe(1);
    deliver(1, 0, MINUTE);
    expect(outbox.waiting(1, 10)).toMatchObject([
      { id: 2, due: MINUTE, kind: 'amended', repetition: 1, earlier: 'told' },
    ]);
    expect(new Overview(db).deliveries().waiting).toBe(0); // its time has not come: no backlog
    expect(outbox.load(2)).toMatchObject({ id: 'a-1-again1', repeat: MINUTE, ref: 'ref-1' });
    deliver(2, MINUTE, 2 * MINUTE);
    expect(outbox.load(3)!.id).toBe('a-1-again2');
    tell('acknowledged', { revision: 2 });
    expect(rows().slice(2)).toEqual(['pager/0 1 amended superseded', 'pager/0 2 acknowledged waiting']);
  });

  it('is not told again if there is news already', () => {
    const { tell, rows, deliver } = open();
    tell('opened', {}, [{ ...A, repeat: MINUTE }]);
    tell('resolved', { revision: 2 });
    deliver(1, 0, MINUTE);
    expect(rows()).toEqual(['pager/0 1 opened delivered', 'pager/0 2 resolved waiting']);
  });
});

describe('dead letters', () => {
  it('are listed, and wait again when they are replayed', () => {
    const { outbox, tell } = open();
    tell('opened');
    outbox.settle(1, { kind: 'rejected', reason: 'HTTP 400' }, 3);
    expect(outbox.dead(10)).toMatchObject([{ alert: 'a', attempts: [{ result: 'rejected', reason: 'HTTP 400' }] }]);
    expect(outbox.counts()).toEqual([{ receiver: 'pager/0', waiting: 0, dead: 1, oldest: null }]);
    expect(outbox.replay([1, 99], 7)).toMatchObject([{ id: 1, queuedAt: 7, due: 7, attempts: 1 }]);
    expect(outbox.counts()).toEqual([{ receiver: 'pager/0', waiting: 1, dead: 0, oldest: 7 }]);
  });

  it('are not told after something newer', () => {
    const { outbox, tell, rows, deliver } = open();
    tell('opened');
    tell('amended', { revision: 2 });
    tell('resolved', { revision: 3 });
    for (const id of [1, 2]) outbox.settle(id, { kind: 'rejected', reason: 'HTTP 400' }, 0);
    expect(outbox.replay([2], 1)).toHaveLength(1);
    deliver(3);
    expect(outbox.replay([1], 2)).toEqual([]);
    expect(rows()).toEqual(['pager/0 1 opened dead', 'pager/0 2 amended superseded', 'pager/0 3 resolved delivered']);
  });
});

describe('restart', () => {
  it('what failed is due at once, but not before the receiver said; what waits for news goes on waiting', () => {
    const { outbox, tell } = open();
    for (const id of ['x', 'y']) tell('opened', { id });
    tell('opened', { id: 'z' }, [{ ...A, groupWait: 5000 }]);
    outbox.settle(1, { kind: 'retry', reason: 'reset', due: 300_000, notBefore: null }, 0);
    outbox.settle(2, { kind: 'retry', reason: 'HTTP 429', due: 300_000, notBefore: 60_000 }, 0);
    outbox.restart(1000);
    expect(outbox.waiting(0, 10).map(({ due }) => due)).toEqual([1000, 60_000, 5000]);
  });
});

describe('floods', () => {
  it('one message tells of many, each of which keeps its row', () => {
    const { outbox, tell, rows } = open();
    for (const id of ['x', 'y', 'z']) tell('opened', { id, level: 'medium' });
    outbox.summarise([1, 3], 'medium', 9);
    expect([rows('x'), rows('y'), rows('z')].flat()).toEqual([
      'pager/0 1 opened summarised',
      'pager/0 1 opened waiting',
      'pager/0 1 opened summarised',
    ]);
    expect(outbox.waiting(3, 10)).toMatchObject([{ id: 4, kind: 'flood', level: 'medium', receiver: 'pager/0' }]);
    expect(outbox.load(4)).toMatchObject({
      form: 'flood',
      news: [{ stored: { alert: { id: 'x' } } }, { stored: { alert: { id: 'z' } } }],
    });
    expect(outbox.ofAlert('x')[0]!.flood).toBe(4);
    tell('resolved', { id: 'x', revision: 2 });
    expect(outbox.waiting(4, 10)).toMatchObject([{ earlier: 'summarised' }]);
  });
});

describe('firing', () => {
  it('is what a receiver was told last of alerts that are not resolved', () => {
    const { outbox, tell, deliver } = open();
    tell('opened', { id: 'x' });
    tell('opened', { id: 'y' });
    tell('opened', { id: 'z' }, [B]);
    for (const id of [1, 2, 3]) deliver(id);
    tell('acknowledged', { id: 'x', revision: 2 });
    tell('resolved', { id: 'y', revision: 2 });
    for (const { id } of outbox.waiting(3, 10)) deliver(id);
    expect(outbox.firing('pager/0').map(({ alert, revision }) => [alert.id, alert.status, revision])).toEqual([
      ['x', 'acknowledged', 2],
    ]);
  });
});

describe('retention', () => {
  it('forgets alerts of which nothing is newer, with their attempts, some at a time', () => {
    const { db, tell, rows, deliver } = open();
    for (const id of ['old', 'older', 'young']) tell('opened', { id });
    for (const id of [1, 2, 3]) deliver(id, 10);
    tell('resolved', { id: 'young', revision: 2 });
    const trim = (): number => db.transaction(() => RETAINED[0]!.trim!(db, 20, 1, 30));
    expect([trim(), trim(), trim()]).toEqual([1, 1, 0]);
    expect([rows('old'), rows('older'), rows('young')]).toEqual([
      [],
      [],
      ['pager/0 1 opened delivered', 'pager/0 2 resolved waiting'],
    ]);
    expect(db.prepare('SELECT DISTINCT message FROM outbox_attempts').all()).toEqual([{ message: 3 }]);
    expect(db.prepare('SELECT DISTINCT alert FROM outbox_alerts').all()).toEqual([{ alert: 'young' }]);
  });
});
