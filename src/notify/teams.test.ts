import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixedClock } from '../lib/clock.ts';
import { Secret } from '../lib/secret.ts';
import { SILENT } from '../telemetry/log.ts';
import { CANARY, describeReceiver } from './conformance.test-support.ts';
import { type Loopback, loopback } from './loopback.test-support.ts';
import { HIDDEN, HOSTILE, hostileNews, textsIn } from './naughty.test-support.ts';
import { later, opened, storedOf, TOLD_AT, told } from './nine.test-support.ts';
import type { Message } from './receiver.ts';
import { safeHttp } from './safeHttp.ts';
import { MOST_BYTES, teamsBody } from './teams.test-support.ts';
import { teams } from './teams.ts';

describeReceiver({
  kind: teams,
  config: (url) => ({
    type: 'teams',
    url: new Secret(`${url}/workflows/0/triggers/manual/paths/invoke?sig=${CANARY}`, 'env:TEAMS_URL'),
    allow: ['127.0.0.1'],
  }),
  success: () => ({ status: 202, body: '' }),
  mostBytes: MOST_BYTES - 6000,
  check: ({ body }) => void teamsBody.parse(JSON.parse(body)),
});

let server: Loopback;

beforeAll(async () => {
  server = await loopback(() => ({ kind: 'answer', status: 202, body: '' }));
});
afterAll(() => server.close());
beforeEach(() => {
  server.ledger.length = 0;
});

async function cardOf(message: Message) {
  const config = teams.schema.parse({ type: 'teams', url: server.url, allow: ['127.0.0.1'] });
  const ports = { clock: fixedClock(TOLD_AT), random: () => 0.5, log: SILENT, http: safeHttp({ timeout: 2000 }) };
  const delivery = await teams.create(config, ports).deliver(message, new AbortController().signal);
  expect(delivery).toEqual({ kind: 'delivered', ref: 'told' });
  return teamsBody.parse(JSON.parse(server.ledger.at(-1)!.body)).attachments[0]!.content;
}

function linesOf(card: Awaited<ReturnType<typeof cardOf>>): string[] {
  return card.body.map(({ inlines }) => inlines.map(({ text }) => text).join(''));
}

it('a follow-up is a short card that begins with what it is about', async () => {
  const news = later(storedOf('network_access_changed'), 'resolved');
  const card = await cardOf(told(news, 'told'));
  expect(linesOf(card)).toEqual([
    '[resolved, was high] orders-prod: open to all Azure customers, put back',
    expect.stringMatching(/^Ended: Network access to orders-prod was opened to all Azure customers/),
    expect.stringMatching(/revision 2$/),
  ]);
  expect(card.body[0]!.inlines[0]!.color).toBe('Good');
  expect(card.fallbackText).toBe(linesOf(card)[0]);
});

it('told for the first time it is whole, whatever happened', async () => {
  const news = later(storedOf('network_access_changed'), 'acknowledged');
  expect(linesOf(await cardOf(told(news))).length).toBeGreaterThan(12);
});

it('a card that would be too large is cut, never its headline, account or first step', async () => {
  const { kind, stored, why } = opened('network_access_changed');
  const mitigation = [
    ...stored.detail.rule.mitigation,
    ...Array.from({ length: 30 }, () => ({ text: 'x'.repeat(1000), command: null })),
  ];
  const detail = { ...stored.detail, rule: { ...stored.detail.rule, mitigation } };
  const lines = linesOf(await cardOf(told({ kind, why, stored: { ...stored, detail } })));
  expect(Buffer.byteLength(server.ledger[0]!.body)).toBeLessThan(20_000);
  expect(lines).toContain('Account: orders-prod (Rg-Shop)');
  expect(lines).toContain('1. Go back to what it was. A change takes up to 15 minutes to work.');
  expect(lines).toContain('and more: see the alert in the console, or the rule');
});

describe('what a log wrote', () => {
  it.each(HOSTILE)('$name stands in text runs only, and links go nowhere but to pages', async ({ text }) => {
    const { actions, ...card } = await cardOf(told(hostileNews(opened('network_access_changed'), text)));
    expect(textsIn(card).filter((one) => HIDDEN.test(one))).toEqual([]);
    expect(linesOf(card as Awaited<ReturnType<typeof cardOf>>).filter((one) => one.includes('://'))).toEqual([]);
    for (const { url } of actions)
      expect(url).toMatch(/^https:\/\/(?:cosmowatch\.contoso\.example|portal\.azure\.com)\//);
  });
});
