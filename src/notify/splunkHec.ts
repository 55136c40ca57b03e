import { z } from 'zod';
import type { AlertNews } from '../alerts/stored.ts';
import { type JsonObject, parseObject } from '../lib/json.ts';
import { secret } from '../lib/secretSchema.ts';
import { jsonText } from '../report/lines.ts';
import { fitted, messageOf } from '../report/message.ts';
import { classOf, cloudOf, metadataOf, ocsfOf } from '../report/ocsf.ts';
import { failure } from './answers.ts';
import { httpSettings, requestTo } from './httpSettings.ts';
import { floodDetails, noticeOf } from './notice.ts';
import type { Delivery, HttpAnswer, Message, Receiver, ReceiverKind, ReceiverPorts } from './receiver.ts';

const schema = z.strictObject({
  type: z.literal('splunk_hec'),
  /** Where the collector is: https://splunk.contoso.example:8088. */
  ...httpSettings(),
  /** Of the HTTP Event Collector. */
  token: secret(),
  index: z.string().min(1).max(80).optional(),
  host: z.string().min(1).max(255).default('cosmowatch'),
});

type SplunkConfig = z.output<typeof schema>;

export const splunkHec: ReceiverKind<SplunkConfig> = {
  type: 'splunk_hec',
  doc: 'Splunk, by its HTTP Event Collector: every revision of an alert as an OCSF Detection Finding',
  schema,
  create: (config, ports) => new SplunkHec(config, ports),
};

/** Bytes of one event. */
const MOST = 256 * 1024;

class SplunkHec implements Receiver {
  readonly pace = 0;
  readonly #config: SplunkConfig;
  readonly #ports: ReceiverPorts;

  constructor(config: SplunkConfig, ports: ReceiverPorts) {
    this.#config = config;
    this.#ports = ports;
  }

  async deliver(message: Message, signal: AbortSignal): Promise<Delivery> {
    const now = this.#ports.clock.now();
    const request = requestTo(this.#config, {
      method: 'POST',
      path: '/services/collector/event',
      headers: { 'Content-Type': 'application/json', Authorization: `Splunk ${this.#config.token.reveal()}` },
      body: bodyOf(message, this.#config, now),
    });
    return deliveryOf(await this.#ports.http.send(request, signal), this.#ports.clock.now());
  }
}

/** The first that fits: an event that the collector cuts is no JSON any more. */
function bodyOf(message: Message, config: SplunkConfig, now: number): string {
  const { content, id } = message;
  if (content.kind === 'alert') return alertBody(message, content.news, config, now);
  const notice = noticeOf(message, content, now);
  const details = content.kind === 'flood' ? { ...floodDetails(content.news) } : { lines: notice.lines };
  const event = {
    ...classOf(1),
    time: now,
    severity_id: notice.level === null ? 1 : 4,
    status_id: 1,
    status: 'New',
    is_alert: content.kind !== 'test',
    message: `${notice.title}. ${notice.text}`,
    metadata: metadataOf(id, id, now),
    ...cloudOf(null),
    finding_info: {
      uid: id,
      title: notice.title,
      desc: notice.text,
      analytic: { name: notice.kind, type_id: 1, type: 'Rule' },
    },
    unmapped: { kind: notice.kind, ...details },
  };
  return envelope(event, config, now, { alert_id: id, level: notice.level ?? 'test' });
}

function alertBody({ links }: Message, news: AlertNews, config: SplunkConfig, now: number): string {
  const { stored } = news;
  const fields = { alert_id: stored.alert.id, alert_revision: `${stored.revision}`, level: stored.alert.level };
  const made = (of: ReturnType<typeof messageOf>, isWhole: boolean) =>
    envelope(ocsfOf(of, stored, now, isWhole), config, now, fields);
  const fits = (body: string) => Buffer.byteLength(body) <= MOST;
  const message = messageOf(news, links);
  const whole = made(message, true);
  return fits(whole) ? whole : fitted(message, (one) => made(one, false), fits);
}

function envelope(event: JsonObject, { host, index }: SplunkConfig, now: number, fields: JsonObject): string {
  const where = {
    host,
    source: 'cosmowatch',
    sourcetype: 'cosmowatch:ocsf:detection_finding',
    ...(index === undefined ? {} : { index }),
  };
  return jsonText({ time: now / 1000, ...where, event, fields });
}

/** By the code of the answer: https://help.splunk.com, "Troubleshoot HTTP Event Collector". */
const CURES: Readonly<Record<number, string>> = {
  1: 'the token is disabled; enable it in Splunk',
  2: 'the token is missing; set `token`',
  3: 'the token is not valid; set `token`',
  4: 'the token is not valid; set `token`',
  7: 'the token may not write to that index; check `index`',
  10: 'the token demands acknowledgement; switch indexer acknowledgement off for it',
  14: 'the token demands acknowledgement; switch indexer acknowledgement off for it',
};

function deliveryOf(answer: HttpAnswer, now: number): Delivery {
  if (answer.kind === 'failed') return failure(answer, now);
  const code = parseObject(answer.body)?.['code'];
  if (answer.status < 300)
    return code === 0
      ? { kind: 'delivered', ref: null }
      : { kind: 'retry', after: null, reason: 'what answered was not an HTTP Event Collector' };
  const cure = typeof code === 'number' ? CURES[code] : undefined;
  return failure(answer, now, typeof code === 'number' ? `code ${code}` : '', cure === undefined ? '' : `: ${cure}`);
}
