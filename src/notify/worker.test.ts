import { describe, expect, it } from 'vitest';
import type { Delivery } from './receiver.ts';
import { Desk, DOWN, HOUR, MINUTE, SECOND } from './worker.test-support.ts';

describe('a message', () => {
  it('is sent at once, once, with its links and what the last delivery gave', async () => {
    const desk = new Desk();
    desk.a.answer = ({ id }) => ({ kind: 'delivered', ref: `ref of ${id}` });
    desk.tell('opened', { id: 'x' });
    await desk.clock.advance(0);
    desk.tell('resolved', { id: 'x', revision: 2 });
    await desk.clock.advance(HOUR);
    expect(
      desk.a.ledger.map(({ at, id, kind, message }) => [at, id, kind, message.ref, message.links.console]),
    ).toEqual([
      [0, 'x-1', 'opened', null, 'https://cosmowatch.contoso.example/x'],
      [0, 'x-2', 'resolved', 'ref of x-1', 'https://cosmowatch.contoso.example/x'],
    ]);
  });

  it('is tried again within 2 s, then after twice as long, up to 5 min, as one id', async () => {
    const desk = new Desk();
    desk.a.answer = () => DOWN;
    desk.tell('opened', { id: 'x' });
    await desk.clock.advance(30 * MINUTE);
    const gaps = desk.a.tries.slice(1).map((at, index) => (at - desk.a.tries[index]!) / SECOND);
    expect(gaps.slice(0, 8)).toEqual([1.5, 3, 6, 12, 24, 48, 96, 192]);
    expect(new Set(gaps.slice(8))).toEqual(new Set([225]));
    desk.a.answer = () => ({ kind: 'delivered', ref: null });
    await desk.clock.advance(5 * MINUTE);
    expect(desk.a.ledger.map(({ id }) => id)).toEqual(['x-1']);
    expect(desk.outbox.ofAlert('x')[0]!.attempts.at(-1)).toMatchObject({
      attempt: desk.a.tries.length,
      result: 'delivered',
    });
  });

  it('that is refused is a dead letter after one try, and what follows goes on', async () => {
    const desk = new Desk();
    desk.a.answer = ({ id }) =>
      id === 'x-1' ? { kind: 'rejected', reason: 'HTTP 400' } : { kind: 'delivered', ref: null };
    desk.tell('opened', { id: 'x' });
    desk.tell('opened', { id: 'y' });
    desk.tell('resolved', { id: 'x', revision: 2 });
    await desk.clock.advance(HOUR);
    expect(desk.a.ledger.map(({ id }) => id).sort()).toEqual(['x-2', 'y-1']);
    expect(desk.outbox.dead(9).map(({ alert, attempts }) => [alert, attempts.length])).toEqual([['x', 1]]);
  });

  it('that is dead is sent when it is replayed', async () => {
    const desk = new Desk();
    desk.a.answer = () => ({ kind: 'rejected', reason: 'HTTP 404' });
    desk.tell('opened', { id: 'x' });
    await desk.clock.advance(SECOND);
    desk.a.answer = () => ({ kind: 'delivered', ref: null });
    expect(desk.worker.replay(desk.outbox.dead(9).map(({ id }) => id))).toBe(1);
    await desk.clock.advance(0);
    expect(desk.a.ledger.map(({ id }) => id)).toEqual(['x-1']);
  });

  it('is given up after three days', async () => {
    const desk = new Desk();
    desk.a.answer = () => ({ kind: 'retry', after: 10 * HOUR, reason: 'HTTP 429' });
    desk.tell('opened', { id: 'x' });
    await desk.clock.advance(80 * HOUR);
    expect(desk.outbox.dead(1)[0]!.attempts.at(-1)!.reason).toBe('given up after 3 days: HTTP 429');
  });

  it('about which a receiver has a surprise is tried again, and the surprise is not told', async () => {
    const desk = new Desk();
    desk.a.answer = () => {
      throw new TypeError('cannot read s3cret');
    };
    desk.tell('opened', { id: 'x' });
    await desk.clock.advance(0);
    expect(desk.outbox.ofAlert('x')[0]!.attempts[0]!.reason).toBe('cosmowatch could not make the message (TypeError)');
    expect(JSON.stringify(desk.logged)).not.toContain('s3cret');
  });

  it('that a receiver never answers is tried again', async () => {
    const desk = new Desk();
    desk.a.answer = () => new Promise<Delivery>(() => {});
    desk.tell('opened', { id: 'x' });
    await desk.clock.advance(30 * SECOND);
    expect(desk.outbox.ofAlert('x')[0]!.attempts[0]).toMatchObject({
      result: 'retry',
      reason: 'no answer within 30 s',
    });
  });
});

describe('what a receiver asks for', () => {
  it.each([
    ['a wait', 20 * SECOND, 20 * SECOND],
    ['a wait shorter than ours', 0, 1.5 * SECOND],
    ['an absurd wait', 1e15, HOUR],
  ])('%s is kept to, for all of its messages', async (_name, after, wanted) => {
    const desk = new Desk();
    desk.a.answer = () => ({ kind: 'retry', after, reason: 'HTTP 429' });
    desk.tell('opened', { id: 'x' });
    await desk.clock.advance(0);
    desk.a.answer = () => ({ kind: 'delivered', ref: null });
    await desk.clock.advance(HOUR);
    expect(desk.a.tries).toEqual([0, wanted]);
  });

  it('a wait is kept to over a restart', async () => {
    const desk = new Desk();
    desk.a.answer = () => ({ kind: 'retry', after: MINUTE, reason: 'HTTP 429' });
    desk.tell('opened', { id: 'x' });
    await desk.clock.advance(0);
    desk.a.answer = () => ({ kind: 'delivered', ref: null });
    await desk.restart();
    desk.tell('opened', { id: 'y' });
    await desk.clock.advance(HOUR);
    expect(desk.a.tries.slice(1)).toEqual([MINUTE, MINUTE]);
  });

  it('a pace is kept to, whatever comes', async () => {
    const desk = new Desk({ a: SECOND });
    for (let at = 0; at < 100; at++) desk.tell('opened', { id: `x${at}` });
    await desk.clock.advance(2 * MINUTE);
    const gaps = desk.a.tries.slice(1).map((at, index) => at - desk.a.tries[index]!);
    expect([desk.a.ledger.length, Math.min(...gaps), Math.max(...gaps)]).toEqual([100, SECOND, SECOND]);
  });
});

describe('order', () => {
  it('a resolve never overtakes its trigger, though it matters more and there are free places', async () => {
    const desk = new Desk();
    const held: ((delivery: Delivery) => void)[] = [];
    desk.a.answer = () => new Promise((resolve) => held.push(resolve));
    desk.tell('opened', { id: 'x', level: 'low' });
    desk.tell('resolved', { id: 'x', revision: 2, level: 'critical' });
    await desk.clock.advance(SECOND);
    expect(desk.a.tries).toHaveLength(1);
    held[0]!(DOWN);
    await desk.clock.advance(3 * SECOND);
    held[1]!({ kind: 'delivered', ref: null });
    await desk.clock.advance(0);
    held[2]!({ kind: 'delivered', ref: null });
    await desk.clock.advance(0);
    expect(desk.a.ledger.map(({ kind }) => kind)).toEqual(['opened', 'resolved']);
  });

  it('nor over a restart while the trigger is on its way', async () => {
    const desk = new Desk();
    desk.a.answer = () => new Promise(() => {});
    desk.tell('opened', { id: 'x' });
    await desk.clock.advance(SECOND);
    desk.tell('resolved', { id: 'x', revision: 2 });
    desk.a.answer = () => ({ kind: 'delivered', ref: null });
    await desk.restart();
    expect(desk.a.ledger.map(({ kind }) => kind)).toEqual(['opened', 'resolved']);
  });
});

describe('restarts', () => {
  it('100 of them send nothing again', async () => {
    const desk = new Desk();
    for (const id of ['x', 'y', 'z']) desk.tell('opened', { id });
    for (let restart = 0; restart < 100; restart++) {
      await desk.restart();
      for (const id of ['x', 'y', 'z']) desk.tell('opened', { id });
    }
    expect(desk.a.ledger.map(({ id }) => id)).toEqual(['x-1', 'y-1', 'z-1']);
  });

  it('what failed before is tried at once', async () => {
    const desk = new Desk();
    desk.a.answer = () => DOWN;
    desk.tell('opened', { id: 'x' });
    await desk.clock.advance(20 * MINUTE);
    desk.a.answer = () => ({ kind: 'delivered', ref: null });
    await desk.restart();
    expect(desk.a.ledger.map(({ at }) => at)).toEqual([20 * MINUTE]);
  });

  it('messages to a receiver that is not there any more are dead letters', async () => {
    const desk = new Desk({ a: 0, b: 0 });
    desk.sinks['b']!.answer = () => DOWN;
    desk.tell('opened', { id: 'x' }, ['a', 'b']);
    await desk.restart(['a']);
    expect(desk.outbox.dead(9)[0]!.attempts.at(-1)!.reason).toMatch(/no receiver b\/0 in the configuration/);
  });

  it('a stop waits for what is on its way, and starts nothing more', async () => {
    const desk = new Desk();
    const held: ((delivery: Delivery) => void)[] = [];
    desk.a.answer = () => new Promise((resolve) => held.push(resolve));
    for (let at = 0; at < 10; at++) desk.tell('opened', { id: `x${at}`, level: 'low' });
    await desk.clock.advance(0);
    expect(held).toHaveLength(3);
    const stopped = desk.worker.stop(5 * SECOND);
    held[0]!({ kind: 'delivered', ref: null });
    await desk.clock.advance(5 * SECOND);
    await stopped;
    expect([desk.a.ledger.length, desk.a.tries.length, desk.outbox.counts()[0]!.waiting]).toEqual([1, 3, 9]);
    expect(desk.clock.sleeping).toBe(0);
  });
});

describe('fairness', () => {
  it('10,000 alerts of one rule delay a critical one by at most 10 s', async () => {
    const desk = new Desk({ a: SECOND });
    for (let at = 0; at < 10_000; at++) desk.tell('opened', { id: `noise${at}`, rule: 'noisy', level: 'medium' });
    await desk.clock.advance(30 * SECOND);
    const told = desk.clock.now();
    desk.tell('opened', { id: 'c', level: 'critical' });
    desk.tell('opened', { id: 'm', rule: 'other', level: 'medium' });
    await desk.clock.advance(10 * SECOND);
    const delays = ['c', 'm'].map((id) => desk.a.ledger.find(({ alert }) => alert === id)!.at - told);
    expect(delays[0]).toBeLessThanOrEqual(SECOND);
    expect(delays[1]).toBeLessThanOrEqual(3 * SECOND);
  });

  it('messages that all hang do not delay a critical one', async () => {
    const desk = new Desk();
    desk.a.answer = ({ id }) =>
      id.startsWith('c') ? { kind: 'delivered', ref: null } : new Promise<Delivery>(() => {});
    for (let at = 0; at < 20; at++) desk.tell('opened', { id: `noise${at}`, level: 'high' });
    await desk.clock.advance(SECOND);
    desk.tell('opened', { id: 'c', level: 'critical' });
    await desk.clock.advance(0);
    expect(desk.a.ledger.map(({ alert }) => alert)).toEqual(['c']);
  });

  it('a receiver that is down delays no other', async () => {
    const desk = new Desk({ a: 0, b: 0 });
    desk.a.answer = () => new Promise(() => {});
    for (let at = 0; at < 50; at++) desk.tell('opened', { id: `x${at}` }, ['a', 'b']);
    await desk.clock.advance(0);
    expect(desk.sinks['b']!.ledger).toHaveLength(50);
  });
});

describe('a receiver that is down', () => {
  it('for an hour with 1,000 alerts: all delivered once, in their order, soon after', async () => {
    const desk = new Desk({ a: SECOND, b: 0 }, 30);
    desk.a.answer = () => DOWN;
    for (let at = 0; at < 1000; at++) {
      desk.tell('opened', { id: `x${at}`, level: 'medium' }, ['a', 'b']);
      if (at >= 10) desk.tell('resolved', { id: `x${at - 10}`, revision: 2, level: 'medium' }, ['a', 'b']);
      await desk.clock.advance(3.6 * SECOND);
    }
    expect(desk.sinks['b']!.ledger).toHaveLength(1990);
    expect(Math.max(...desk.sinks['b']!.ledger.slice(-20).map(({ at }) => desk.clock.now() - at))).toBeLessThan(MINUTE);
    expect(desk.a.tries.length).toBeLessThan(100);
    desk.a.answer = () => ({ kind: 'delivered', ref: null });
    const up = desk.clock.now();
    await desk.clock.advance(2 * 1990 * SECOND);
    const ids = desk.a.ledger.map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([1990, 1990]);
    const overtaken = desk.a.ledger.filter(
      ({ alert, kind }, at) => kind === 'resolved' && !ids.slice(0, at).includes(`${alert}-1`),
    );
    expect(overtaken).toEqual([]);
    expect(desk.a.ledger[0]!.at - up).toBeLessThanOrEqual(MINUTE);
    expect(desk.a.ledger.at(-1)!.at - up).toBeLessThanOrEqual(MINUTE + 1990 * SECOND);
  });

  it('is asked by one message at a time, ever more rarely, at least once a minute', async () => {
    const desk = new Desk();
    desk.a.answer = () => DOWN;
    for (let at = 0; at < 200; at++) desk.tell('opened', { id: `x${at}` });
    await desk.clock.advance(10 * MINUTE);
    const late = desk.a.tries.filter((at) => at > 2 * MINUTE);
    const gaps = late.slice(1).map((at, index) => at - late[index]!);
    expect([Math.min(...gaps), Math.max(...gaps)]).toEqual([MINUTE, MINUTE]);
    expect(desk.worker.state()).toMatchObject([{ waiting: 200, isReachable: false, lastFailure: 'HTTP 503' }]);
    desk.a.answer = () => ({ kind: 'delivered', ref: null });
    await desk.clock.advance(MINUTE);
    expect(desk.worker.state()).toMatchObject([{ waiting: 0, isReachable: true, lastFailure: null }]);
  });
});

describe('floods', () => {
  it('what is too much becomes a message with counts; critical alerts are told all the same', async () => {
    const desk = new Desk({ a: 0 }, 10);
    for (let at = 0; at < 100; at++) desk.tell('opened', { id: `n${at}`, level: 'medium', rule: `r${at % 2}` });
    for (let at = 0; at < 20; at++) desk.tell('opened', { id: `c${at}`, level: 'critical' });
    await desk.clock.advance(MINUTE);
    const kinds = Map.groupBy(desk.a.ledger, ({ kind }) => kind);
    expect([kinds.get('opened')!.length, kinds.get('flood')!.length]).toEqual([30, 1]);
    const { content, links } = kinds.get('flood')![0]!.message;
    expect(content.kind === 'flood' && content.news.length).toBe(90);
    expect(links.console).toBe('https://cosmowatch.contoso.example/');
    const states = Map.groupBy(desk.outbox.ofAlert('n99'), ({ state }) => state);
    expect([...states.keys()]).toEqual(['summarised']);
    expect(desk.outbox.ofAlert('c19')[0]!.state).toBe('delivered');
  });

  it('an alert that becomes critical while it is held is told, in its order', async () => {
    const desk = new Desk({ a: 0 }, 1);
    for (const id of ['x', 'y']) desk.tell('opened', { id, level: 'low' });
    desk.tell('amended', { id: 'y', level: 'critical', revision: 2 });
    await desk.clock.advance(0);
    expect(desk.a.ledger.flatMap(({ alert, id }) => (alert === 'y' ? [id] : []))).toEqual(['y-1', 'y-2']);
  });

  it('the end of an alert that was told is told; of one that was only counted it is not', async () => {
    const desk = new Desk({ a: 0 }, 1);
    for (const id of ['x', 'y', 'z']) desk.tell('opened', { id, level: 'low' });
    desk.tell('resolved', { id: 'x', level: 'low', revision: 2 });
    await desk.clock.advance(MINUTE);
    desk.tell('resolved', { id: 'y', level: 'low', revision: 2 });
    desk.tell('amended', { id: 'z', level: 'low', revision: 2 });
    await desk.clock.advance(HOUR);
    expect(desk.a.ledger.map(({ kind, id }) => (kind === 'flood' ? kind : id))).toEqual(['x-1', 'x-2', 'flood', 'z-2']);
  });

  it('a flood that was being told when we died is told once', async () => {
    const desk = new Desk({ a: 0 }, 5);
    for (let at = 0; at < 50; at++) desk.tell('opened', { id: `n${at}`, level: 'low' });
    await desk.clock.advance(30 * SECOND);
    desk.a.answer = () => new Promise(() => {});
    await desk.restart();
    await desk.clock.advance(MINUTE);
    desk.a.answer = () => ({ kind: 'delivered', ref: null });
    await desk.restart();
    await desk.clock.advance(HOUR);
    const told = desk.a.ledger.flatMap(({ alert, message: { content } }) =>
      content.kind === 'flood' ? content.news.map(({ stored }) => stored.alert.id) : [alert],
    );
    expect(told.sort()).toEqual(Array.from({ length: 50 }, (_, at) => `n${at}`).sort());
    expect(desk.a.ledger.filter(({ kind }) => kind === 'flood')).toHaveLength(1);
  });
});

describe('waiting and telling again', () => {
  it('what is learnt while the first message waits is told with it', async () => {
    const desk = new Desk();
    const patient = { groupWait: 30 * SECOND };
    desk.tell('opened', { id: 'x', level: 'high' }, ['a'], patient);
    await desk.clock.advance(10 * SECOND);
    desk.tell('amended', { id: 'x', level: 'critical', revision: 2 }, ['a'], patient);
    await desk.clock.advance(HOUR);
    const [only, ...others] = desk.a.ledger;
    expect([others.length, only!.at, only!.id, only!.kind]).toEqual([0, 30 * SECOND, 'x-1', 'opened']);
    const { content } = only!.message;
    expect(content.kind === 'alert' && content.news.stored.alert.level).toBe('critical');
  });

  it('an open alert is told again until somebody acknowledges it', async () => {
    const desk = new Desk();
    desk.tell('opened', { id: 'x' }, ['a'], { repeat: HOUR });
    await desk.clock.advance(2.5 * HOUR);
    await desk.restart();
    desk.tell('acknowledged', { id: 'x', revision: 2 });
    await desk.clock.advance(10 * HOUR);
    expect(desk.a.ledger.map(({ at, id }) => [at / HOUR, id])).toEqual([
      [0, 'x-1'],
      [1, 'x-1-again1'],
      [2, 'x-1-again2'],
      [2.5, 'x-2'],
    ]);
  });
});

describe('a store that cannot be written', () => {
  it('an answer is taken down when it can be, and nothing is sent twice', async () => {
    const desk = new Desk();
    let full = 3;
    const settle = desk.outbox.settle.bind(desk.outbox);
    desk.outbox.settle = (...words) => {
      if (full-- > 0) throw new Error('disk full');
      settle(...words);
    };
    desk.tell('opened', { id: 'x' });
    await desk.clock.advance(MINUTE);
    expect([desk.a.tries, desk.outbox.ofAlert('x')[0]!.state]).toEqual([[0], 'delivered']);
  });

  it('a summary that cannot be written is made later, with all that it held', async () => {
    const desk = new Desk({ a: 0 }, 1);
    let full = 3;
    const summarise = desk.outbox.summarise.bind(desk.outbox);
    desk.outbox.summarise = (...words) => {
      if (full-- > 0) throw new Error('disk full');
      summarise(...words);
    };
    for (const id of ['x', 'y', 'z']) desk.tell('opened', { id, level: 'low' });
    await desk.clock.advance(2 * MINUTE);
    expect(desk.a.ledger.map(({ kind }) => kind)).toEqual(['opened', 'flood']);
    expect(desk.outbox.ofAlert('z')[0]!.state).toBe('summarised');
  });
});
