import { z } from 'zod';
import { parseObject } from '../lib/json.ts';
import type { Behaviour, Received } from './loopback.test-support.ts';

/*
 * What Slack documents of messages, as schemas:
 * https://docs.slack.dev/reference/block-kit/blocks (each block's page has its limits),
 * https://docs.slack.dev/reference/block-kit/composition-objects/text-object, https://docs.slack.dev/reference/methods/chat.postMessage
 */

const plain = (most: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(most), emoji: z.literal(false) });

/** `verbatim`: no names and addresses are made links. */
const mrkdwn = (most: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(most), verbatim: z.literal(true) });

const blockId = z.string().min(1).max(255).optional();

const richText = z.strictObject({
  type: z.literal('text'),
  text: z.string().min(1),
  style: z.strictObject({ bold: z.boolean().optional(), code: z.boolean().optional() }).optional(),
});

const block = z.union([
  z.strictObject({ type: z.literal('header'), block_id: blockId, text: plain(150) }),
  z.strictObject({ type: z.literal('section'), block_id: blockId, text: z.union([plain(3000), mrkdwn(3000)]) }),
  z.strictObject({ type: z.literal('section'), block_id: blockId, fields: z.array(plain(2000)).min(1).max(10) }),
  z.strictObject({ type: z.literal('context'), block_id: blockId, elements: z.array(plain(3000)).min(1).max(10) }),
  z.strictObject({
    type: z.literal('rich_text'),
    block_id: blockId,
    elements: z
      .array(
        z.strictObject({
          type: z.enum(['rich_text_section', 'rich_text_preformatted']),
          elements: z.array(richText).min(1),
        }),
      )
      .min(1),
  }),
]);

const text = z.string().min(1).max(40_000);
const blocks = z.array(block).min(1).max(50);
const channel = z.string().regex(/^[CGD][A-Z0-9]{8,}$/);
const ts = z.string().regex(/^\d{10}\.\d{6}$/);
const unparsed = { parse: z.literal('none'), link_names: z.literal(false) };
const posted = { ...unparsed, mrkdwn: z.literal(false), text, blocks };

export const webhookBody = z.strictObject(posted);

export const postBody = z.strictObject({
  ...posted,
  channel,
  thread_ts: ts.optional(),
  reply_broadcast: z.boolean().optional(),
  unfurl_links: z.literal(false),
  unfurl_media: z.literal(false),
  metadata: z.strictObject({ event_type: z.string(), event_payload: z.record(z.string(), z.string()) }),
});

export const updateBody = z.strictObject({ ...unparsed, channel, ts, text, blocks });

/** Of a body or a part of it, every text that Slack reads as markup: the notification, and `mrkdwn`. */
export function markupIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(markupIn);
  if (typeof value !== 'object' || value === null) return [];
  const { type, text: own, ...rest } = value as Record<string, unknown>;
  const read = type === 'mrkdwn' || type === undefined ? [own] : [];
  return [...read.filter((one) => typeof one === 'string'), ...markupIn(Object.values(rest)), ...markupIn(own)];
}

/** A workspace with one channel: it keeps messages, threads and changes, refuses as documented, and answers 200 to what it refuses. */
export interface SlackWorkspace {
  readonly messages: Map<
    string,
    { text: string; blocks: unknown; updates: number; replies: { text: string; broadcast: boolean }[] }
  >;
  answer(request: Received): Behaviour;
}

export const TOKEN = 'xoxb-1234-a-bot-token';
export const CHANNEL = 'C0123456789';

export function slackWorkspace(): SlackWorkspace {
  const messages: SlackWorkspace['messages'] = new Map();
  return { messages, answer };

  function answer({ path, headers, body }: Received): Behaviour {
    if (headers['authorization'] !== `Bearer ${TOKEN}`) return refused('invalid_auth');
    const method = path.replace('/api/', '');
    if (method === 'chat.postMessage') return post(body);
    return method === 'chat.update' ? update(body) : refused('unknown_method');
  }

  function post(body: string): Behaviour {
    const read = postBody.safeParse(parseObject(body));
    if (!read.success) return refused(`invalid_blocks: ${z.prettifyError(read.error)}`);
    const { channel: to, thread_ts, ...message } = read.data;
    if (to !== CHANNEL) return refused('channel_not_found');
    const thread = thread_ts === undefined ? null : messages.get(thread_ts);
    if (thread === undefined) return refused('thread_not_found');
    const made = `1795490140.${`${messages.size}`.padStart(6, '0')}`;
    if (thread === null) messages.set(made, { text: message.text, blocks: message.blocks, updates: 0, replies: [] });
    else thread.replies.push({ text: message.text, broadcast: message.reply_broadcast ?? false });
    return done({ ok: true, channel: to, ts: made, message: {} });
  }

  function update(body: string): Behaviour {
    const read = updateBody.safeParse(parseObject(body));
    if (!read.success) return refused(`invalid_blocks: ${z.prettifyError(read.error)}`);
    const message = messages.get(read.data.ts);
    if (message === undefined) return refused('message_not_found');
    Object.assign(message, { text: read.data.text, blocks: read.data.blocks, updates: message.updates + 1 });
    return done({ ok: true, channel: read.data.channel, ts: read.data.ts, text: read.data.text });
  }
}

function done(body: object): Behaviour {
  return { kind: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export function refused(error: string): Behaviour {
  return done({ ok: false, error });
}
