import { describe, expect, it } from 'vitest';
import { Db } from '../store/db.ts';
import { SqliteOutbox } from '../store/outbox.ts';
import type { OutletState } from './outlet.ts';
import { ReceiverWatch } from './receiverWatch.ts';
import { Desk, DOWN, HOUR, MINUTE, SECOND } from './worker.test-support.ts';

const WELL: OutletState = {
  receiver: 'pager/0',
  waiting: 0,
  held: 0,
  sending: 0,
  isReachable: true,
  lastFailure: null,
  failingSince: null,
  died: 0,
  lastDelivery: null,
};

function open() {
  const outbox = new SqliteOutbox(new Db(':memory:'));
  let watch = new ReceiverWatch(outbox, ['pager/0', 'mail/0', 'chat/0']);
  const down = (since: number): OutletState => ({
    ...WELL,
    isReachable: false,
    failingSince: since,
    lastFailure: 'HTTP 503',
    waiting: 3,
  });
  return {
    down,
    look: (state: Partial<OutletState>, now: number) => watch.look([{ ...WELL, ...state }], now),
    restart: () => {
      watch = new ReceiverWatch(outbox, ['pager/0', 'mail/0', 'chat/0']);
    },
    told: () => outbox.waiting(0, 99).map(({ id, receiver }) => `${receiver}: ${outbox.load(id)!.notice!.title}`),
  };
}

const DOWN_TITLE = '[high] the receiver pager/0 cannot be reached';
const REFUSED_TITLE = '[high] the receiver pager/0 refuses messages';
const OVER_TITLE = '[over, was high] the receiver pager/0 takes messages again';

describe('a receiver that takes nothing', () => {
  it('is told to the others after ten minutes, once an hour, over a restart too', () => {
    const { look, down, restart, told } = open();
    const times = [9, 10, 11, 40, 69].map((minutes) => look(down(0), minutes * MINUTE));
    restart();
    expect([...times, look(down(0), 69.5 * MINUTE), look(down(0), 70 * MINUTE)]).toEqual([
      false,
      true,
      false,
      false,
      false,
      false,
      true,
    ]);
    expect(told()).toEqual([
      `mail/0: ${DOWN_TITLE}`,
      `chat/0: ${DOWN_TITLE}`,
      `mail/0: ${DOWN_TITLE}`,
      `chat/0: ${DOWN_TITLE}`,
    ]);
  });

  it('is over when something has arrived there, once', () => {
    const { look, down, restart, told } = open();
    look(down(0), 10 * MINUTE);
    restart();
    // After a restart nothing is known of it yet.
    expect(look({}, 11 * MINUTE)).toBe(false);
    expect(look({ lastDelivery: 12 * MINUTE }, 12 * MINUTE)).toBe(true);
    expect(look({ lastDelivery: 13 * MINUTE }, 13 * MINUTE)).toBe(false);
    expect(told()).toEqual([
      `mail/0: ${DOWN_TITLE}`,
      `chat/0: ${DOWN_TITLE}`,
      `mail/0: ${OVER_TITLE}`,
      `chat/0: ${OVER_TITLE}`,
    ]);
  });
});

it('refused messages are told once an hour, however many', () => {
  const { look, told } = open();
  const seen = [1, 5, 5, 9].map((died, at) => look({ died, lastFailure: 'HTTP 404' }, (1 + at * 25) * MINUTE));
  expect(seen).toEqual([true, false, false, true]);
  expect(told().filter((one) => one.startsWith('mail'))).toEqual([
    `mail/0: ${REFUSED_TITLE}`,
    `mail/0: ${REFUSED_TITLE}`,
  ]);
});

it('of the only receiver nobody can be told', () => {
  const outbox = new SqliteOutbox(new Db(':memory:'));
  const watch = new ReceiverWatch(outbox, ['pager/0']);
  expect(watch.look([{ ...WELL, failingSince: 0 }], HOUR)).toBe(false);
  expect(outbox.waiting(0, 9)).toEqual([]);
});

it('goes on for a day where nobody can be reached: a notice an hour and receiver, and none about notices', async () => {
  const desk = new Desk({ a: 0, b: 0, c: 0 });
  const watch = new ReceiverWatch(desk.outbox, ['a/0', 'b/0', 'c/0']);
  for (const sink of Object.values(desk.sinks)) sink.answer = () => DOWN;
  desk.sinks['c']!.answer = () => ({ kind: 'rejected', reason: 'HTTP 404' });
  desk.tell('opened', { id: 'x' }, ['a', 'b']);
  for (let minute = 0; minute < 24 * 60; minute++) {
    await desk.clock.advance(60 * SECOND);
    if (watch.look(desk.worker.state(), desk.clock.now())) desk.worker.wake();
  }
  const about = (receiver: string) =>
    desk.outbox.dead(999).filter(({ alert }) => alert.startsWith(`receiver ${receiver} `)).length;
  expect([about('a/0'), about('b/0'), about('c/0')]).toEqual([24, 24, 0]);
});
