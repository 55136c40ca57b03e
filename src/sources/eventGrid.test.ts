import { describe, expect, it } from 'vitest';
import { FastClock, MemoryStore, TestContext } from './context.test-support.ts';
import { eventGridKind } from './eventGrid.ts';
import type { PushAnswer } from './source.ts';

const { routes = [] } = eventGridKind.create({ tokens: [] });

async function ask(
  method: 'POST' | 'OPTIONS',
  body: string,
  headers: Record<string, string> = {},
): Promise<{ answer: PushAnswer; given: string[] }> {
  const context = new TestContext(new MemoryStore(), new FastClock());
  const route = routes.find((one) => one.method === method)!;
  const answer = await route.answer({ query: new Map(), headers, body: Buffer.from(body), speaksFor: null }, context);
  return { answer, given: context.store.commits.map(({ text }) => text) };
}

// The shape of https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema
const VALIDATION = {
  id: '2d1781af-3a4c-4d7c-bd0c-e34b19da4e66',
  topic: '/subscriptions/11111111-1111-4111-8111-111111111111',
  subject: '',
  data: { validationCode: '512d38b6-c7b8-40c8-89fe-f46f9e9622b6', validationUrl: 'https://example.net/validate' },
  eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
  eventTime: '2026-11-24T03:00:00Z',
  metadataVersion: '1',
  dataVersion: '1',
};
const KEYS_READ = {
  id: 'a',
  eventType: 'Microsoft.Resources.ResourceActionSuccess',
  data: { operationName: 'Microsoft.DocumentDB/databaseAccounts/listKeys/action' },
};

describe('its own schema', () => {
  it('a validation is answered with its code, and is no record', async () => {
    expect(await ask('POST', JSON.stringify([VALIDATION]))).toEqual({
      answer: { status: 200, body: { validationResponse: VALIDATION.data.validationCode } },
      given: [],
    });
  });

  it.each([{}, null, { validationCode: 7 }, { validationCode: '' }, { validationCode: 'x'.repeat(501) }])(
    'a validation with %j is refused',
    async (data) => {
      const { answer, given } = await ask('POST', JSON.stringify([{ ...VALIDATION, data }]));
      expect([answer.status, given]).toEqual([400, []]);
    },
  );

  it('the end of a subscription is no record', async () => {
    const deleted = { ...VALIDATION, eventType: 'Microsoft.EventGrid.SubscriptionDeletedEvent' };
    expect((await ask('POST', JSON.stringify([deleted]))).given).toEqual([]);
  });

  it('events are given as they came', async () => {
    const body = JSON.stringify([KEYS_READ, { ...KEYS_READ, id: 'b' }]);
    const { answer, given } = await ask('POST', body);
    expect([answer.status, given]).toEqual([200, [body]]);
  });
});

describe('CloudEvents', () => {
  it.each([
    ['one', JSON.stringify({ specversion: '1.0', type: KEYS_READ.eventType, data: KEYS_READ.data })],
    ['a batch', JSON.stringify([{ specversion: '1.0', type: KEYS_READ.eventType, data: KEYS_READ.data }])],
  ])('%s is given as it came', async (_what, body) => {
    expect((await ask('POST', body, { 'content-type': 'application/cloudevents+json' })).given).toEqual([body]);
  });

  it('who asks is agreed to, by name', async () => {
    const { answer } = await ask('OPTIONS', '', { 'webhook-request-origin': 'eventgrid.azure.net' });
    expect(answer).toEqual({
      status: 200,
      headers: { allow: 'POST, OPTIONS', 'webhook-allowed-origin': 'eventgrid.azure.net' },
    });
    const rated = { 'webhook-request-origin': 'eventgrid.azure.net', 'webhook-request-rate': '120' };
    expect((await ask('OPTIONS', '', rated)).answer.headers).toMatchObject({ 'webhook-allowed-rate': '*' });
  });

  it.each(['', 'a b', 'evil\r\nset-cookie: x', '<script>', 'x'.repeat(300)])('%j asks in vain', async (origin) => {
    const { answer } = await ask('OPTIONS', '', { 'webhook-request-origin': origin });
    expect([answer.status, answer.headers]).toEqual([400, undefined]);
  });

  it('nobody asks in vain', async () => {
    expect((await ask('OPTIONS', '')).answer.status).toBe(400);
  });
});

it.each(['', '{', 'null', '7', '[1]', '[null]', '"x"'])('%j is no event: 400, and nothing is given', async (body) => {
  const { answer, given } = await ask('POST', body);
  expect([answer.status, answer.body, given]).toEqual([400, expect.objectContaining({ code: 'CW-6013' }), []]);
});
