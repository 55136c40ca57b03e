import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtualClock.ts';
import type { Config } from '../../config/config.ts';
import { parseSchedule } from '../../lib/schedule.ts';
import { newsOf } from '../../notify/news.test-support.ts';
import type { Message, ReceiverKind } from '../../notify/receiver.ts';
import { routesSchema } from '../../notify/routeSchema.ts';
import { safeHttp } from '../../notify/safeHttp.ts';
import { teams } from '../../notify/teams.ts';
import { Db } from '../../store/db.ts';
import { SILENT } from '../../telemetry/log.ts';
import { Gate } from './gate.ts';
import { Notifier } from './notifier.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A Monday. */
const START = Date.parse('2026-11-23T00:00:00Z');

/** The notifier on a virtual clock, with receivers that keep what they are told, `down` ones excepted. */
function desk(routes: object, more: Partial<Config> = {}) {
  const clock = new VirtualClock(START);
  const db = new Db(':memory:');
  const ledger: string[] = [];
  const messages: Message[] = [];
  const down = new Set<string>();
  const kind = (name: string): ReceiverKind => ({
    ...(teams as ReceiverKind),
    create: () => ({
      pace: 0,
      deliver: async (message) => {
        if (down.has(name)) return { kind: 'retry', after: null, reason: 'HTTP 503' };
        const { content } = message;
        const what = content.kind === 'notice' ? content.notice.title : message.id;
        ledger.push(`${(clock.now() - START) / HOUR} ${name} ${what}`);
        messages.push(message);
        return { kind: 'delivered', ref: null };
      },
    }),
  });
  const config = {
    receivers: new Map(['chat', 'mail'].map((name) => [name, [{ kind: kind(name), config: {} }]])),
    routes: routesSchema.parse(routes),
    externalUrl: 'https://cosmowatch.contoso.example',
    summary: null,
    ...more,
  } as unknown as Config;
  const weeks: string[] = [];
  const make = (): Notifier => {
    const ports = { clock, random: () => 0.5, log: SILENT, http: safeHttp() };
    const made = new Notifier(db, config, ports, {
      alive: () => null,
      onSettled: () => {},
      gate: new Gate(db, { alert: () => null, tellAgain: () => expect.fail('nothing is kept back') }),
      week: (from, to) => {
        weeks.push(`${new Date(from).toISOString()} ${new Date(to).toISOString()}`);
        return {
          from,
          to,
          sources: [],
          logs: [],
          accounts: { known: 1, heard: 1 },
          rules: { active: 1, disabled: 0, blind: [] },
          alerts: {},
          open: 0,
          hidden: [],
          deliveries: [],
        };
      },
    });
    made.start();
    return made;
  };
  let notifier = make();
  return {
    clock,
    ledger,
    messages,
    down,
    weeks,
    tell: (id: string, wanted: object = {}) => {
      db.transaction(() => notifier.enqueue([newsOf('opened', { id, ...wanted })]));
      notifier.wake();
    },
    restart: async () => {
      const stopped = notifier.stop();
      await clock.advance(0);
      await stopped;
      notifier = make();
    },
  };
}

it('messages have a link to the console', async () => {
  const { tell, clock, messages } = desk({ receiver: 'chat' });
  tell('x');
  await clock.advance(0);
  expect(messages.map(({ links }) => links.console)).toEqual(['https://cosmowatch.contoso.example/alerts/x']);
});

it('a digest of a route is told at its time, by the clock of its place', async () => {
  const routes = {
    receiver: 'chat',
    routes: [{ match: { level: ['low'] }, receiver: 'mail', digest: 'daily at 08:00 Europe/Berlin' }],
  };
  const { tell, clock, ledger, restart } = desk(routes);
  tell('x', { level: 'low' });
  tell('y', { level: 'high' });
  await clock.advance(HOUR);
  await restart();
  tell('z', { level: 'low' });
  await clock.advance(2 * DAY);
  expect(ledger).toEqual(['0 chat y-1', '7 mail [low] digest: 2 alerts on 1 account']);
});

it('alerts of one rule at once are one message where people read them', async () => {
  const { tell, clock, ledger } = desk({ receiver: 'chat', group_by: ['rule'], group_wait: '5m' });
  for (const id of ['x', 'y']) tell(id, { level: 'high' });
  await clock.advance(HOUR);
  expect(ledger).toEqual([expect.stringMatching(/^0\.08\d* chat \[high\] 2 alerts: /)]);
});

describe('the summary of a week', () => {
  const summary = { receiver: 'mail', at: parseSchedule('weekly on Monday at 08:00')! };

  it('comes once, over restarts', async () => {
    const { clock, ledger, weeks, restart } = desk({ receiver: 'chat' }, { summary });
    // That of the Monday before is too late to be told.
    await clock.advance(HOUR);
    expect(ledger).toEqual([]);
    await clock.advance(8 * HOUR);
    await restart();
    await clock.advance(6 * DAY);
    expect(ledger).toHaveLength(1);
    await clock.advance(2 * DAY);
    expect(ledger).toHaveLength(2);
    expect(weeks).toEqual([
      '2026-11-16T08:00:00.000Z 2026-11-23T08:00:00.000Z',
      '2026-11-23T08:00:00.000Z 2026-11-30T08:00:00.000Z',
    ]);
  });

  it('that could not be told is told late', async () => {
    const { clock, ledger, restart, down } = desk({ receiver: 'chat' }, { summary });
    down.add('mail');
    await clock.advance(9 * HOUR);
    await restart();
    down.clear();
    await clock.advance(HOUR);
    expect(ledger.filter((one) => one.includes(' mail '))).toEqual([expect.stringContaining('Week to 2026-11-23')]);
  });
});

it('a receiver that is down for long is told through the other, and that it is back', async () => {
  const { tell, clock, ledger, down } = desk({ receiver: 'mail' });
  down.add('mail');
  tell('x');
  await clock.advance(HOUR);
  expect(ledger).toEqual([expect.stringMatching(/^0\.\d+ chat \[high\] the receiver mail\/0 cannot be reached$/)]);
  down.clear();
  await clock.advance(HOUR);
  expect(ledger.slice(1).map((one) => one.split(' ').slice(1).join(' '))).toEqual([
    'mail x-1',
    'chat [over, was high] the receiver mail/0 takes messages again',
  ]);
});
