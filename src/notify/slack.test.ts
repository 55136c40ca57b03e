import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixedClock } from '../lib/clock.ts';
import { Secret } from '../lib/secret.ts';
import { SILENT } from '../telemetry/log.ts';
import { CANARY, describeReceiver } from './conformance.test-support.ts';
import { type Loopback, loopback } from './loopback.test-support.ts';
import { HIDDEN, HOSTILE, hostileNews, textsIn } from './naughty.test-support.ts';
import { later, opened, storedOf, TOLD_AT, told } from './nine.test-support.ts';
import type { Delivery, Message, Receiver } from './receiver.ts';
import { safeHttp } from './safeHttp.ts';
import {
  CHANNEL,
  markupIn,
  postBody,
  refused,
  slackWorkspace,
  TOKEN,
  updateBody,
  webhookBody,
} from './slack.test-support.ts';
import { slack } from './slack.ts';

describeReceiver({
  kind: slack,
  config: (url) => ({
    type: 'slack',
    url: new Secret(`${url}/services/T0/B0/${CANARY}`, 'env:SLACK_URL'),
    allow: ['127.0.0.1'],
  }),
  success: () => ({ status: 200, body: 'ok' }),
  // A webhook that does its work answers "ok".
  others: { 204: 'retry' },
  mostBytes: 13_000,
  check: ({ body }) => void webhookBody.parse(JSON.parse(body)),
});

describeReceiver({
  kind: slack,
  config: (url) => ({
    type: 'slack',
    token: new Secret(`xoxb-${CANARY}`, 'env:SLACK_TOKEN'),
    channel: CHANNEL,
    url,
    allow: ['127.0.0.1'],
  }),
  success: () => ({ status: 200, body: JSON.stringify({ ok: true, channel: CHANNEL, ts: '1795490140.000100' }) }),
  others: { 202: 'retry', 204: 'retry' },
  mostBytes: 13_000,
  requests: ({ ref, content }) => (ref !== null && content.kind === 'alert' && content.news.kind !== 'opened' ? 2 : 1),
  check: ({ path, body }) => void (path === '/api/chat.update' ? updateBody : postBody).parse(JSON.parse(body)),
});

let server: Loopback;
let workspace = slackWorkspace();

beforeAll(async () => {
  server = await loopback((request) => workspace.answer(request));
});
afterAll(() => server.close());

function ports() {
  return { clock: fixedClock(TOLD_AT), random: () => 0.5, log: SILENT, http: safeHttp({ timeout: 2000 }) };
}

function bot(): Receiver {
  const config = {
    type: 'slack',
    token: new Secret(TOKEN, 'env:SLACK_TOKEN'),
    channel: CHANNEL,
    url: server.url,
    allow: ['127.0.0.1'],
  };
  return slack.create(slack.schema.parse(config), ports());
}

function webhook(): Receiver {
  return slack.create(
    slack.schema.parse({ type: 'slack', url: `${server.url}/services/T0/B0/x`, allow: ['127.0.0.1'] }),
    ports(),
  );
}

function send(receiver: Receiver, message: Message): Promise<Delivery> {
  return receiver.deliver(message, new AbortController().signal);
}

async function delivered(receiver: Receiver, message: Message): Promise<string | null> {
  const delivery = await send(receiver, message);
  if (delivery.kind !== 'delivered') throw new Error(delivery.reason);
  return delivery.ref;
}

describe('as a bot', () => {
  it('the life of an alert is one message that changes, and a thread', async () => {
    workspace = slackWorkspace();
    const receiver = bot();
    const first = opened('network_access_changed');
    const ref = await delivered(receiver, told(first));
    const worse = later(
      first.stored,
      'amended',
      { alert: { ...first.stored.alert, level: 'critical' } },
      'the last rule went',
    );
    const ref2 = await delivered(receiver, told(worse, ref));
    const seen = later(worse.stored, 'acknowledged');
    const ref3 = await delivered(receiver, told(seen, ref2));
    await delivered(receiver, told(later(seen.stored, 'resolved'), ref3));
    expect(
      [...workspace.messages.values()].map(({ text, updates, replies }) => [text.slice(0, 40), updates, replies]),
    ).toEqual([
      [
        '[resolved, was critical] orders-prod: op',
        3,
        [
          { text: 'The last rule went.', broadcast: true },
          { text: 'Acknowledged by oncall@contoso.example at 09:02:00 UTC.', broadcast: false },
          { text: expect.stringMatching(/^Ended: Network access to orders-prod was opened/), broadcast: false },
        ],
      ],
    ]);
  });

  it('a first message that was deleted is told again', async () => {
    workspace = slackWorkspace();
    const news = later(storedOf('no_logs'), 'resolved');
    const ref = await delivered(bot(), told(news, `${CHANNEL}/1795490140.000777/high`));
    expect(workspace.messages.size).toBe(1);
    expect(ref).toBe(`${CHANNEL}/1795490140.000000/medium`);
  });

  it.each([
    ['ratelimited', 'retry'],
    ['internal_error', 'retry'],
    ['invalid_auth', 'rejected', 'set `token`'],
    ['channel_not_found', 'rejected', 'check `channel`'],
    ['not_in_channel', 'rejected', 'invite the bot'],
    ['is_archived', 'rejected', 'choose another one'],
    ['missing_scope', 'rejected', 'chat:write'],
    ['msg_blocks_too_long', 'rejected', 'msg_blocks_too_long'],
    [`no_such_word ${TOKEN}`, 'rejected', 'no word of its documentation'],
  ])('200 with ok: false and %s: %s', async (error, kind, cure = '') => {
    workspace = { ...slackWorkspace(), answer: () => refused(error) };
    const delivery = await send(bot(), told(opened('no_logs')));
    expect(delivery).toMatchObject({ kind, reason: expect.stringContaining(cure) });
    expect(JSON.stringify(delivery)).not.toContain(TOKEN);
  });
});

describe('as a webhook', () => {
  const bodies: string[] = [];
  const answering = (status: number, body: string) => ({
    ...slackWorkspace(),
    answer: (request: { readonly body: string }) => {
      bodies.push(request.body);
      return { kind: 'answer', status, body } as const;
    },
  });

  it('a follow-up is a short message that says again what it is about', async () => {
    workspace = answering(200, 'ok');
    const news = later(storedOf('access_keys_viewed'), 'acknowledged');
    const ref = await delivered(webhook(), told(news));
    await delivered(webhook(), told(news, ref));
    const [whole, short] = bodies.splice(0).map((body) => webhookBody.parse(JSON.parse(body)));
    expect(whole!.blocks.length).toBeGreaterThan(5);
    expect(short!.blocks).toHaveLength(3);
    expect(short!.text).toBe(
      '[medium, acknowledged] orders-prod: access keys viewed. Acknowledged by oncall@contoso.example at 09:01:00 UTC.',
    );
  });

  it.each([
    [400, 'invalid_payload', 'rejected', 'invalid_payload'],
    [403, 'action_prohibited', 'rejected', 'administrator'],
    [404, 'no_service', 'rejected', 'set `url`'],
    [404, 'channel_not_found', 'rejected', 'no such channel'],
    [410, 'channel_is_archived', 'rejected', 'archived'],
    [500, 'rollup_error', 'retry', 'rollup_error'],
    [200, '<html>hello</html>', 'retry', 'not Slack'],
  ] as const)('%i %s: %s', async (status, body, kind, text) => {
    workspace = answering(status, body);
    const delivery = await send(webhook(), told(opened('no_logs')));
    expect(delivery).toMatchObject({ kind, reason: expect.stringContaining(text) });
  });
});

describe('what a log wrote', () => {
  it.each(HOSTILE)('$name: neither mentions, links nor formats', async ({ text }) => {
    workspace = slackWorkspace();
    const news = hostileNews(later(storedOf('network_access_changed'), 'commented'), text);
    const ref = await delivered(bot(), told({ ...news, kind: 'opened' }));
    await delivered(bot(), told(news, ref));
    const [message] = workspace.messages.values();
    expect(message!.replies).toHaveLength(1);
    const { blocks, replies, text: notification } = message!;
    for (const markup of [notification, ...replies.map((reply) => reply.text), ...markupIn(blocks)]) {
      // Angle brackets are what Slack reads; ours are links to where a setting says.
      const ours = markup.replaceAll(/<https:\/\/[^<>|\s]+\|[A-Za-z ]+>/g, '');
      expect(ours).not.toMatch(/[<>]/);
      expect(ours.replaceAll(/&(?:amp|lt|gt);/g, '')).not.toContain('&');
    }
    const shown = [blocks, replies].flatMap(textsIn).map((one) => one.replaceAll(/<https:[^|>]+\|/g, ''));
    // Our own texts have lines.
    expect(shown.filter((one) => HIDDEN.test(one.replaceAll('\n', '')) || one.includes('://'))).toEqual([]);
  });
});
