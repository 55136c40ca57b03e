import { z } from 'zod';
import { fitted, messageOf } from '../report/message.ts';
import { byteLength, failure } from './answers.ts';
import { httpSettings, requestTo } from './httpSettings.ts';
import { noticeOf } from './notice.ts';
import type { Delivery, Message, Receiver, ReceiverKind, ReceiverPorts } from './receiver.ts';
import { alertCard, followCard, noticeCard, type TeamsMessage } from './teamsCard.ts';

/** The whole address of a workflow ("When a Teams webhook request is received"). */
const schema = z.strictObject({ type: z.literal('teams'), ...httpSettings() });

type TeamsConfig = z.output<typeof schema>;

export const teams: ReceiverKind<TeamsConfig> = {
  type: 'teams',
  doc: 'A Microsoft Teams channel or chat, by a workflow that posts Adaptive Cards',
  schema,
  takesSeveral: true,
  create: (config, ports) => new Teams(config, ports),
};

/** Four requests a second are allowed, and other things post to the same channel. */
const PACE = 500;

/**
 * Teams takes 28 KB, and counts more than it was sent: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 * and https://github.com/MicrosoftDocs/msteams-docs/issues/11274
 */
const MOST = 20_000;

const CURE = ': the workflow may be switched off or gone; open it in Teams, or make a new one and set `url`';

/** `ref` says that the first card was sent. An accepted card can still fail in the workflow, which shows in its run history alone. */
class Teams implements Receiver {
  readonly pace = PACE;
  readonly #config: TeamsConfig;
  readonly #ports: ReceiverPorts;

  constructor(config: TeamsConfig, ports: ReceiverPorts) {
    this.#config = config;
    this.#ports = ports;
  }

  async deliver(message: Message, signal: AbortSignal): Promise<Delivery> {
    const now = this.#ports.clock.now();
    const body = JSON.stringify(cardOf(message, now));
    const headers = { 'Content-Type': 'application/json', 'X-Cosmowatch-Id': message.id };
    const answer = await this.#ports.http.send(requestTo(this.#config, { method: 'POST', headers, body }), signal);
    if (answer.kind === 'answer' && answer.status < 300) return { kind: 'delivered', ref: 'told' };
    return failure(answer, this.#ports.clock.now(), '', CURE);
  }
}

function cardOf(message: Message, now: number): TeamsMessage {
  const { content, links, ref } = message;
  if (content.kind !== 'alert') return noticeCard(noticeOf(message, content, now));
  const isFirst = ref === null || content.news.kind === 'opened';
  return fitted(messageOf(content.news, links), isFirst ? alertCard : followCard, (made) => byteLength(made) <= MOST);
}
