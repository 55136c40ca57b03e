import { z } from 'zod';
import { rankOf } from '../alerts/lifecycle.ts';
import { secret } from '../lib/secretSchema.ts';
import { fitted, messageOf } from '../report/message.ts';
import { byteLength } from './answers.ts';
import { httpSettings, httpUrl, requestTo } from './httpSettings.ts';
import { LEVELS, type Level } from './levels.ts';
import { noticeOf } from './notice.ts';
import type { Delivery, Message, Receiver, ReceiverKind, ReceiverPorts } from './receiver.ts';
import { apiDelivery, apiError, postedAt, webhookDelivery } from './slackAnswers.ts';
import { alertBlocks, followBlocks, noticeBlocks, type SlackText } from './slackBlocks.ts';

const type = z.literal('slack');

const schema = z.union([
  /** The whole address of an incoming webhook. */
  z.strictObject({ type, ...httpSettings() }),
  z.strictObject({
    type,
    ...httpSettings(),
    /** Of a bot with the scope chat:write. */
    token: secret(),
    /** The id of a channel: C0123456789. */
    channel: z.string().regex(/^[A-Za-z0-9#_-]{1,80}$/, 'is no id of a channel: C0123456789'),
    url: httpUrl().default('https://slack.com'),
  }),
]);

type SlackConfig = z.output<typeof schema>;
type BotConfig = Extract<SlackConfig, { channel: string }>;
type WebhookConfig = Exclude<SlackConfig, BotConfig>;

export const slack: ReceiverKind<SlackConfig> = {
  type: 'slack',
  doc: 'A Slack channel, by an incoming webhook or as a bot that updates its messages and answers in their threads',
  schema,
  takesSeveral: true,
  create: (config, ports) => ('channel' in config ? new SlackBot(config, ports) : new SlackWebhook(config, ports)),
};

/** One message a second and channel: https://docs.slack.dev/apis/web-api/rate-limits */
const PACE = 1000;

/** Slack refuses blocks of about 13,200 characters in all, which its documentation does not say: https://github.com/slackapi/bolt-js/issues/2509 */
const MOST = 9000;

function fits({ blocks }: SlackText): boolean {
  return byteLength(blocks) <= MOST && blocks.length <= 50;
}

function whole(message: Message, now: number): SlackText {
  const { content, links, id } = message;
  if (content.kind !== 'alert') return noticeBlocks(noticeOf(message, content, now), id);
  return fitted(messageOf(content.news, links), (one) => alertBlocks(one, id), fits);
}

function follow(message: Message, headed: boolean): SlackText | null {
  const { content, links, id } = message;
  if (content.kind !== 'alert' || content.news.kind === 'opened') return null;
  return fitted(messageOf(content.news, links), (one) => followBlocks(one, id, headed), fits);
}

const PLAIN = { mrkdwn: false, parse: 'none', link_names: false } as const;
const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' } as const;

/** A webhook can change nothing that it sent: a follow-up is a short message of its own, once the first was told here. */
class SlackWebhook implements Receiver {
  readonly pace = PACE;
  readonly #config: WebhookConfig;
  readonly #ports: ReceiverPorts;

  constructor(config: WebhookConfig, ports: ReceiverPorts) {
    this.#config = config;
    this.#ports = ports;
  }

  async deliver(message: Message, signal: AbortSignal): Promise<Delivery> {
    const now = this.#ports.clock.now();
    const text = (message.ref === null ? null : follow(message, true)) ?? whole(message, now);
    const body = JSON.stringify({ ...PLAIN, ...text });
    const request = requestTo(this.#config, { method: 'POST', headers: JSON_TYPE, body });
    return webhookDelivery(await this.#ports.http.send(request, signal), now);
  }
}

/** A bot posts an alert once, with the whole of it. What comes later rewrites that message and says in its thread what changed. */
class SlackBot implements Receiver {
  readonly pace = PACE;
  readonly #config: BotConfig;
  readonly #ports: ReceiverPorts;
  readonly #token: string;

  constructor(config: BotConfig, ports: ReceiverPorts) {
    this.#config = config;
    this.#ports = ports;
    this.#token = config.token.reveal();
  }

  async deliver(message: Message, signal: AbortSignal): Promise<Delivery> {
    const text = whole(message, this.#ports.clock.now());
    const first = threadOf(message.ref);
    const answer = follow(message, false);
    if (first === null || answer === null) return this.#post(text, message, null, signal);
    const { channel, ts } = first;
    const changed = { channel, ts, ...text, parse: 'none', link_names: false };
    const updated = await this.#call('chat.update', changed, signal);
    const error = apiError(updated);
    if (error === 'message_not_found') return this.#post(text, message, null, signal);
    if (error !== null && !UNCHANGEABLE.has(error)) return this.#delivery(updated);
    const told = await this.#post(answer, message, first, signal);
    return told.kind === 'delivered' ? { kind: 'delivered', ref: refOf(first, message) } : told;
  }

  async #post(text: SlackText, message: Message, thread: Thread | null, signal: AbortSignal): Promise<Delivery> {
    const channel = thread?.channel ?? this.#config.channel;
    const where = thread === null ? {} : { thread_ts: thread.ts, reply_broadcast: isWorse(message, thread) };
    const quiet = { unfurl_links: false, unfurl_media: false };
    const body = { channel, ...where, ...PLAIN, ...quiet, ...text, metadata: metadataOf(message) };
    const answer = await this.#call('chat.postMessage', body, signal);
    const posted = thread === null ? postedAt(answer) : null;
    return posted === null ? this.#delivery(answer) : { kind: 'delivered', ref: refOf(posted, message) };
  }

  #call(method: string, body: unknown, signal: AbortSignal) {
    const headers = { ...JSON_TYPE, Authorization: `Bearer ${this.#token}` };
    const path = `/api/${method}`;
    const request = requestTo(this.#config, { method: 'POST', path, headers, body: JSON.stringify(body) });
    return this.#ports.http.send(request, signal);
  }

  #delivery(answer: Parameters<typeof apiDelivery>[0]): Delivery {
    return apiDelivery(answer, this.#ports.clock.now());
  }
}

/** Its first message stays as it is, and the thread goes on. */
const UNCHANGEABLE: ReadonlySet<string> = new Set(['edit_window_closed', 'cant_update_message']);

/** Whom the thread does not reach is told in the channel, but only if it got worse. */
function isWorse({ content }: Message, { level }: Thread): boolean {
  if (content.kind !== 'alert') return false;
  const { kind, stored } = content.news;
  return kind === 'reopened' || rankOf(stored.alert.level) > rankOf(level);
}

/** Who reads the channel by program can tell a second copy. https://docs.slack.dev/messaging/message-metadata */
function metadataOf({ id, content }: Message): object {
  const alert = content.kind === 'alert' ? { alert: content.news.stored.alert.id } : {};
  return { event_type: 'cosmowatch', event_payload: { id, ...alert } };
}

/** The first message about an alert, and the level that was told last. As `ref`: `CHANNEL/TS/LEVEL`. */
interface Thread {
  readonly channel: string;
  readonly ts: string;
  readonly level: Level;
}

function refOf({ channel, ts }: Pick<Thread, 'channel' | 'ts'>, { content }: Message): string | null {
  return content.kind === 'alert' ? `${channel}/${ts}/${content.news.stored.alert.level}` : null;
}

function threadOf(ref: string | null): Thread | null {
  const [channel = '', ts = '', level] = (ref ?? '').split('/');
  const known = LEVELS.find((one) => one === level);
  return channel !== '' && /^\d+\.\d+$/.test(ts) && known !== undefined ? { channel, ts, level: known } : null;
}
