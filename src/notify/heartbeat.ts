import { z } from 'zod';
import { parseDuration } from '../lib/duration.ts';
import { plural } from '../report/text.ts';
import { deliveryOf } from './httpDelivery.ts';
import { httpSettings, requestTo } from './httpSettings.ts';
import type { Delivery, Pulse, Receiver, ReceiverKind, ReceiverPorts, SignOfLife } from './receiver.ts';

const schema = z.strictObject({
  type: z.literal('heartbeat'),
  ...httpSettings(),
  method: z.enum(['GET', 'POST']).default('POST'),
  every: z
    .string()
    .refine((text) => (parseDuration(text) ?? 0) >= 60, 'is no duration of a minute or more: 1m, 5m')
    .default('1m')
    .describe('How often; a minute or more'),
});

type HeartbeatConfig = z.infer<typeof schema>;

/** A dead man's switch: it says that we live, and is silent when we do not or when we read nothing. Alerts are not for it. */
export const heartbeat: ReceiverKind<HeartbeatConfig> = {
  type: 'heartbeat',
  doc: 'A request to a URL every minute while logs are read and messages leave, so that somebody is told when we are dead.',
  schema,
  create: (config, ports) => new Heartbeat(config, ports),
};

/** Beats come about once a minute, not to the millisecond. */
const SLACK = 10_000;

class Heartbeat implements Receiver {
  readonly pace = 0;
  readonly #config: HeartbeatConfig;
  readonly #ports: ReceiverPorts;
  #last = Number.NEGATIVE_INFINITY;

  constructor(config: HeartbeatConfig, ports: ReceiverPorts) {
    this.#config = config;
    this.#ports = ports;
  }

  /** There is nothing to say to it of an alert; a test is a beat. */
  async deliver({ content }: Parameters<Receiver['deliver']>[0], signal: AbortSignal): Promise<Delivery> {
    if (content.kind !== 'test') return { kind: 'delivered', ref: null };
    return this.#send('ok: a test', signal);
  }

  async beat({ alive }: Pulse, signal: AbortSignal): Promise<Delivery | null> {
    const now = this.#ports.clock.now();
    if (alive === null || now - this.#last < parseDuration(this.#config.every)! * 1000 - SLACK) return null;
    this.#last = now;
    return this.#send(`ok: ${lifeText(alive)}`, signal);
  }

  async #send(text: string, signal: AbortSignal): Promise<Delivery> {
    const { method } = this.#config;
    const request = requestTo(this.#config, {
      method,
      body: method === 'GET' ? null : text,
      ...(method === 'GET' ? {} : { headers: { 'Content-Type': 'text/plain; charset=utf-8' } }),
    });
    return deliveryOf(await this.#ports.http.send(request, signal), this.#ports.clock.now());
  }
}

/** `14 accounts watched, 2 alerts open, logs read up to 03:51:52 UTC`. */
export function lifeText({ accounts, openAlerts, readUpTo }: SignOfLife): string {
  const read = readUpTo === null ? [] : [`logs read up to ${new Date(readUpTo).toISOString().slice(11, 19)} UTC`];
  return [`${plural(accounts, 'account')} watched`, `${plural(openAlerts, 'alert')} open`, ...read].join(', ');
}
