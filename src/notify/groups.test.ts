import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIGEST } from './ports.ts';
import type { Message } from './receiver.ts';
import { Desk, DOWN, HOUR, MINUTE, SECOND } from './worker.test-support.ts';

const GROUP = { groupWait: 30 * SECOND, grouping: { key: 'group routes ["r"]', due: null } };

function digestAt(due: number) {
  return { grouping: { key: DIGEST, due } };
}

/** Ids of the alerts that a message tells of, as its lines do; of a digest its title. */
function told({ id, content }: Message): string {
  if (content.kind === 'alert') return id;
  if (content.kind !== 'notice') return content.kind;
  const { kind, lines, title } = content.notice;
  if (kind !== 'group') return title;
  return lines.map((line) => /\(alert (\w+)\)$/.exec(line)![1]).join('+');
}

const ledger = (desk: Desk): string[] => desk.a.ledger.map(({ at, message }) => `${at / SECOND} ${told(message)}`);

describe('a group', () => {
  it('is one message, when the first of it has waited; one alone is told as ever', async () => {
    const desk = new Desk();
    for (const id of ['x', 'y', 'z']) {
      desk.tell('opened', { id }, ['a'], GROUP);
      await desk.clock.advance(10 * SECOND);
    }
    await desk.clock.advance(MINUTE);
    desk.tell('opened', { id: 'v' }, ['a'], GROUP);
    desk.tell('opened', { id: 'w' }, ['a'], { ...GROUP, grouping: { key: 'another', due: null } });
    await desk.clock.advance(MINUTE);
    expect(ledger(desk)).toEqual(['30 x+y+z', '120 v-1', '120 w-1']);
    expect(desk.outbox.ofAlert('y').map(({ state }) => state)).toEqual(['grouped']);
  });

  it('has in it what was learnt meanwhile; what ended one is a message of its own, after it', async () => {
    const desk = new Desk();
    desk.a.answer = ({ content }) =>
      content.kind === 'notice' && desk.clock.now() < MINUTE ? DOWN : { kind: 'delivered', ref: null };
    for (const id of ['x', 'y', 'z']) desk.tell('opened', { id }, ['a'], GROUP);
    desk.tell('amended', { id: 'y', revision: 2 }, ['a'], GROUP);
    desk.tell('resolved', { id: 'z', revision: 2 }, ['a'], GROUP);
    await desk.clock.advance(31 * SECOND);
    desk.tell('acknowledged', { id: 'y', revision: 3 }, ['a'], GROUP);
    await desk.clock.advance(HOUR);
    const [first, ...others] = ledger(desk).map((one) => one.split(' ')[1]);
    expect(first).toBe('x+y+z');
    expect(others.sort()).toEqual(['y-3', 'z-2']);
  });

  it('keeps its members, its id and the order over kills and failures', async () => {
    const desk = new Desk();
    const ids = new Set<string>();
    desk.a.answer = (message) => {
      ids.add(message.id);
      return DOWN;
    };
    for (const id of ['x', 'y']) desk.tell('opened', { id }, ['a'], GROUP);
    await desk.clock.advance(31 * SECOND);
    desk.tell('resolved', { id: 'y', revision: 2 }, ['a'], GROUP);
    desk.tell('opened', { id: 'z' }, ['a'], GROUP);
    await desk.restart();
    await desk.clock.advance(20 * SECOND);
    await desk.restart();
    expect([...ids]).toEqual(['x-1']);
    desk.a.answer = () => ({ kind: 'delivered', ref: null });
    await desk.clock.advance(HOUR);
    expect(ledger(desk).map((one) => one.split(' ')[1])).toEqual(['z-1', 'x+y', 'y-2']);
  });

  it('that is refused is one dead letter, and tells of all of them when it is replayed', async () => {
    const desk = new Desk();
    desk.a.answer = ({ content }) =>
      content.kind === 'notice' ? { kind: 'rejected', reason: 'HTTP 404' } : { kind: 'delivered', ref: null };
    for (const id of ['x', 'y']) desk.tell('opened', { id }, ['a'], GROUP);
    await desk.clock.advance(MINUTE);
    desk.tell('resolved', { id: 'x', revision: 2 }, ['a'], GROUP);
    await desk.clock.advance(MINUTE);
    desk.a.answer = () => ({ kind: 'delivered', ref: null });
    expect(desk.worker.replay(desk.outbox.dead(9).map(({ id }) => id))).toBe(1);
    await desk.clock.advance(MINUTE);
    expect(ledger(desk).map((one) => one.split(' ')[1])).toEqual(['x-2', 'x+y']);
  });

  it('whatever happens, each alert is told of, its end after its beginning, nothing twice', async () => {
    const event = fc.record({
      alert: fc.integer({ min: 0, max: 4 }),
      group: fc.constantFrom('g', 'h', null),
      wait: fc.integer({ min: 0, max: 40 }),
      next: fc.constantFrom('nothing', 'restart', 'down', 'up'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 25 }), async (events) => {
        const desk = new Desk();
        const revisions = new Map<string, number>();
        for (const { alert, group, wait, next } of events) {
          const id = `alert${alert}`;
          const revision = (revisions.get(id) ?? 0) + 1;
          revisions.set(id, revision);
          const how = group === null ? {} : { ...GROUP, grouping: { key: group, due: null } };
          desk.tell(
            revision === 1 ? 'opened' : revision % 2 === 0 ? 'resolved' : 'reopened',
            { id, revision },
            ['a'],
            how,
          );
          if (next === 'down') desk.a.answer = () => DOWN;
          if (next === 'up') desk.a.answer = () => ({ kind: 'delivered', ref: null });
          await desk.clock.advance(wait * SECOND);
          if (next === 'restart') await desk.restart();
        }
        desk.a.answer = () => ({ kind: 'delivered', ref: null });
        await desk.clock.advance(HOUR);
        for (const [id, last] of revisions) {
          const seen = desk.a.ledger.flatMap(({ message }) => revisionsIn(message, id));
          expect(seen).toEqual(Array.from({ length: last }, (_, at) => at + 1));
        }
      }),
      { numRuns: 60, seed: 8 },
    );
  });
});

/** Which revisions of an alert a message tells: of a group the first. */
function revisionsIn(message: Message, id: string): number[] {
  const { content } = message;
  if (content.kind === 'alert') return content.news.stored.alert.id === id ? [Number(message.id.split('-')[1])] : [];
  return content.kind === 'notice' && told(message).split('+').includes(id) ? [1] : [];
}

describe('a digest', () => {
  it('tells once what came until then, over a restart, and what goes on in the next one', async () => {
    const desk = new Desk();
    for (const id of ['x', 'y', 'z']) desk.tell('opened', { id, level: 'low' }, ['a'], digestAt(HOUR));
    desk.tell('resolved', { id: 'y', level: 'low', revision: 2 }, ['a'], digestAt(HOUR));
    await desk.restart();
    await desk.clock.advance(HOUR);
    desk.tell('resolved', { id: 'x', level: 'low', revision: 2 }, ['a'], digestAt(2 * HOUR));
    await desk.clock.advance(HOUR);
    expect(ledger(desk)).toEqual([
      '3600 [low] digest: 3 alerts on 1 account',
      '7200 [low] digest: 1 alert on 1 account',
    ]);
    const [first] = desk.a.ledger;
    const { notice } = first!.message.content as Extract<Message['content'], { kind: 'notice' }>;
    expect(notice.text).toBe('Since the last digest: 3 low; 1 of them over.');
    expect(notice.lines.at(-1)).toMatch(/^Account [\w-]+: 3 alerts$/);
  });

  it('does not hold up what became urgent, and leaves that out', async () => {
    const desk = new Desk();
    for (const id of ['x', 'y']) desk.tell('opened', { id, level: 'low' }, ['a'], digestAt(HOUR));
    await desk.clock.advance(MINUTE);
    desk.tell('amended', { id: 'x', level: 'critical', revision: 2 }, ['a']);
    await desk.clock.advance(2 * HOUR);
    expect(ledger(desk)).toEqual(['60 x-2', '3600 [low] digest: 1 alert on 1 account']);
  });

  it('is no flood, and is tried again as anything else', async () => {
    const desk = new Desk({ a: 0 }, 2);
    for (let at = 0; at < 50; at++) desk.tell('opened', { id: `n${at}`, level: 'low' }, ['a'], digestAt(HOUR));
    desk.a.answer = () => (desk.clock.now() < HOUR + MINUTE ? DOWN : { kind: 'delivered', ref: null });
    await desk.clock.advance(2 * HOUR);
    expect(desk.a.ledger.map(({ message }) => told(message))).toEqual(['[low] digest: 50 alerts on 1 account']);
  });
});
