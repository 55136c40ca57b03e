import { z } from 'zod';
import type { Secret } from '../lib/secret.ts';
import { secret } from '../lib/secretSchema.ts';
import { cloudEventText, fitting, VIEW_NAMES, viewOf } from './cloudEvent.ts';
import { deliveryOf } from './httpDelivery.ts';
import { httpSettings, requestTo } from './httpSettings.ts';
import type { Delivery, Message, Receiver, ReceiverKind, ReceiverPorts } from './receiver.ts';
import { signatureHeaders, signingKey } from './signature.ts';
import { fillTemplate, parseTemplate, type Template } from './template.ts';

const schema = z.strictObject({
  type: z.literal('webhook'),
  ...httpSettings(),
  secret: z
    .union([key(), z.array(key()).min(1).max(2)])
    .optional()
    .describe('Signs every request; 24 bytes or more are wise. Two in a list while one replaces the other'),
  template: z
    .string()
    .superRefine((text, context) => {
      try {
        parseTemplate(text, VIEW_NAMES);
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message });
      }
    })
    .optional()
    .describe('JSON with `{{ path }}` in it, in place of a CloudEvent'),
  source: z.string().min(1).default('cosmowatch').describe('`source` of the CloudEvent'),
});

type WebhookConfig = z.infer<typeof schema>;

function key() {
  return secret().refine((one) => signingKey(one.reveal()) !== null, 'is no key: it is empty');
}

/** Receivers are advised to take 64 KB (standard-webhooks). */
const MOST_BYTES = 65_536;

/** Any 2xx is delivered; redirects, 410 and other refusals are final. */
export const webhook: ReceiverKind<WebhookConfig> = {
  type: 'webhook',
  doc: 'An HTTP request with a CloudEvent, or a body of your own making, signed so that you can tell it is ours.',
  schema,
  create: (config, ports) => new Webhook(config, ports),
};

class Webhook implements Receiver {
  readonly pace = 0;
  readonly #config: WebhookConfig;
  readonly #ports: ReceiverPorts;
  readonly #template: Template | null;
  readonly #keys: readonly Buffer[];

  constructor(config: WebhookConfig, ports: ReceiverPorts) {
    this.#config = config;
    this.#ports = ports;
    this.#template = config.template === undefined ? null : parseTemplate(config.template, VIEW_NAMES);
    this.#keys = [config.secret ?? []].flat().flatMap((one: Secret) => signingKey(one.reveal()) ?? []);
  }

  async deliver(message: Message, signal: AbortSignal): Promise<Delivery> {
    const now = this.#ports.clock.now();
    const body = this.#body(message, now);
    const request = requestTo(this.#config, {
      method: 'POST',
      body,
      headers: {
        'Content-Type': this.#template === null ? 'application/cloudevents+json; charset=utf-8' : 'application/json',
        ...signatureHeaders(this.#keys, message.id, now, body),
      },
    });
    const answer = await this.#ports.http.send(request, signal);
    return deliveryOf(answer, this.#ports.clock.now());
  }

  #body(message: Message, now: number): string {
    const view = viewOf(message, now);
    const template = this.#template;
    if (template === null) return cloudEventText(view, this.#config.source, MOST_BYTES);
    return fitting(view, MOST_BYTES, (fits) => fillTemplate(template, fits));
  }
}
