import { expect, it } from 'vitest';
import { type WeekFacts, weekNotice } from './week.ts';

const QUIET: WeekFacts = {
  from: Date.parse('2026-11-23T07:00:00Z'),
  to: Date.parse('2026-11-30T07:00:00Z'),
  sources: [{ name: 'hub', isRunning: true, progress: Date.parse('2026-11-30T06:59:00Z') }],
  logs: ['ActivityLog', 'ControlPlaneRequests'],
  accounts: { known: 14, heard: 13 },
  rules: { active: 12, disabled: 1, blind: ['cosmosdb_item_deleted'] },
  alerts: {},
  open: 0,
  hidden: [],
  deliveries: [],
};

it('a quiet week shows what was watched', () => {
  const { title, text, lines } = weekNotice(QUIET);
  expect([title, text, ...lines]).toEqual([
    'Week to 2026-11-30: 0 alerts, 14 accounts watched',
    'No alerts. 0 alerts are open now.',
    'Accounts: 13 of 14 were heard of this week',
    'Logs that came: ActivityLog and ControlPlaneRequests',
    'Source hub: running, read up to 2026-11-30 06:59 UTC',
    'Rules: 11 of 12 can fire in the logs that came; 1 switched off; not cosmosdb_item_deleted',
    'Hidden: nothing',
    'Deliveries: all arrived',
  ]);
});

it('a busy one what came, was hidden, and did not arrive', () => {
  const { title, text, lines } = weekNotice({
    ...QUIET,
    sources: [{ name: 'hub', isRunning: false, progress: null }],
    alerts: { critical: 1, low: 1200 },
    open: 1,
    hidden: [{ why: 'the exception backup-job', count: 40 }],
    deliveries: [{ receiver: 'pager/0', dead: 2, waiting: 1 }],
  });
  expect(title).toBe('Week to 2026-11-30: 1,201 alerts, 14 accounts watched');
  expect(text).toBe('Alerts: 1 critical and 1,200 low. 1 alert is open now.');
  expect(lines).toEqual(
    expect.arrayContaining([
      'Source hub: not running',
      'Hidden: 40 alerts by the exception backup-job',
      'Deliveries to pager/0: 2 dead, 1 waiting',
    ]),
  );
});
