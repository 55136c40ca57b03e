import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storyItem } from './contract.ts';
import { storedOf } from './memory.test-support.ts';
import { ALL, type Running, start } from './server.test-support.ts';

let running: Running;
const FIRST = storedOf(1).alert.id;

beforeAll(async () => {
  running = await start();
  const part = (number: number, more: object) => {
    const stored = storedOf(number);
    running.ports.put({ ...stored, alert: { ...stored.alert, ...more } });
  };
  part(1, { story: FIRST, level: 'medium', inhibitedBy: storedOf(2).alert.id, reason: 'The keys were read.' });
  part(2, { story: FIRST, level: 'critical', reason: 'The keys were read, then used.' });
  part(3, { story: FIRST, level: 'low', status: 'resolved', resolution: 'manual' });
  part(4, { level: 'low' });
});
afterAll(() => running.server.close());

async function ask(path: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const answer = await fetch(`${running.url}${path}`, { headers: { authorization: `Bearer ${ALL}` } });
  return { status: answer.status, body: await answer.json() };
}

describe('a story', () => {
  it('is told by its strongest alert, with all of them in order', async () => {
    const { status, body } = await ask(`/api/v1/stories/${FIRST}`);
    const story = storyItem.parse(body);
    expect(status).toBe(200);
    expect(story).toMatchObject({
      id: FIRST,
      level: 'critical',
      status: 'open',
      reason: 'The keys were read, then used.',
    });
    expect(story.items.map(({ id }) => id)).toEqual([1, 2, 3].map((number) => storedOf(number).alert.id));
  });

  it('an alert that is part of none is one by itself', async () => {
    const { id } = storedOf(4).alert;
    expect((await ask(`/api/v1/stories/${id}`)).body).toMatchObject({ id, level: 'low', items: [{ id }] });
  });

  it('its id is that of its first alert, and of no other', async () => {
    expect((await ask(`/api/v1/stories/${storedOf(2).alert.id}`)).status).toBe(404);
  });

  it('lists can be asked for the alerts of one', async () => {
    const { body } = await ask(`/api/v1/alerts?story=${FIRST}`);
    expect((body as { items: unknown[] }).items).toHaveLength(3);
    expect((await ask('/api/v1/alerts?story=x')).status).toBe(400);
  });
});
