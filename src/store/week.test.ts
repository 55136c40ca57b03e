import { expect, it } from 'vitest';
import { newsOf } from '../notify/news.test-support.ts';
import { Db } from './db.ts';
import { SqliteOutbox } from './outbox.ts';
import { storedWeek } from './week.ts';

it('counts what happened in that time: logs, what was kept back and by what, what did not arrive', () => {
  const db = new Db(':memory:');
  const outbox = new SqliteOutbox(db);
  const account = db.prepare(`INSERT INTO live_accounts VALUES (?, 0, ?, '[]', '[]')`);
  account.run('/a', '["ControlPlaneRequests","ActivityLog"]');
  account.run('/b', '["ActivityLog"]');
  const step = db.prepare('INSERT INTO alert_steps VALUES (?, ?, ?, ?, ?)');
  step.run('1', 10, 'excepted', 'backup-job', 'hidden');
  step.run('2', 10, 'excepted', 'backup-job', 'hidden');
  step.run('2', 11, 'excepted', '', 'no exception covers it any more');
  step.run('3', 12, 'silenced', 'night', 'kept back');
  step.run('4', 13, 'inhibited', 'f'.repeat(32), 'not told');
  step.run('5', 99, 'excepted', 'later', 'hidden');
  for (const id of ['x', 'y', 'z'])
    db.transaction(() =>
      outbox.enqueue(newsOf('opened', { id }), [{ receiver: 'pager/0', groupWait: 0, repeat: null }], 10),
    );
  outbox.settle(1, { kind: 'rejected', reason: 'HTTP 404' }, 11);
  outbox.settle(2, { kind: 'retry', reason: 'HTTP 503', due: 99, notBefore: null }, 11);
  outbox.settle(3, { kind: 'delivered', ref: null, also: [], again: null }, 11);
  expect(storedWeek(db, 0, 50)).toEqual({
    logs: ['ActivityLog', 'ControlPlaneRequests'],
    alerts: {},
    hidden: [
      { why: 'exception backup-job', count: 2 },
      { why: 'stronger alerts', count: 1 },
      { why: 'silence night', count: 1 },
    ],
    deliveries: [{ receiver: 'pager/0', dead: 1, waiting: 1 }],
  });
});
