import { z } from 'zod';
import type { StoredAlert } from '../alerts/stored.ts';
import { isoOf } from '../lib/iso.ts';
import { type Firing, firingOf, floodFiring, heartbeatFiring, noticeFiring, testFiring } from './alertmanagerAlerts.ts';
import { deliveryOf } from './httpDelivery.ts';
import { httpSettings, requestTo } from './httpSettings.ts';
import type { Level } from './levels.ts';
import type { Delivery, Message, Pulse, Receiver, ReceiverKind, ReceiverPorts } from './receiver.ts';

const schema = z.strictObject({
  type: z.literal('alertmanager'),
  ...httpSettings(),
  labels: z
    .record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'is no name of a label'), z.string().min(1))
    .default({})
    .describe('Put on every alert, for its routes'),
});

type AlertmanagerConfig = z.infer<typeof schema>;

/**
 * Alerts by `POST /api/v2/alerts` (github.com/prometheus/alertmanager, api/v2/openapi.yaml). Alertmanager forgets an alert that is not repeated, and
 * everything when it restarts, so open ones are sent again with every beat.
 */
export const alertmanager: ReceiverKind<AlertmanagerConfig> = {
  type: 'alertmanager',
  doc: 'A Prometheus Alertmanager that is already there: alerts fire until they are resolved, and one that always fires tells when we are dead.',
  schema,
  create: (config, ports) => new Alertmanager(config, ports),
};

/** Alerts in one request. */
const AT_ONCE = 200;

class Alertmanager implements Receiver {
  readonly pace = 0;
  readonly #config: AlertmanagerConfig;
  readonly #ports: ReceiverPorts;
  /** Requests go one after the other: an alert that is repeated must not arrive behind its end. */
  #last: Promise<unknown> = Promise.resolve();
  /** What ended since the start: a beat that was made up before does not bring it back. By alert and level. */
  readonly #ended = new Set<string>();

  constructor(config: AlertmanagerConfig, ports: ReceiverPorts) {
    this.#config = config;
    this.#ports = ports;
  }

  deliver(message: Message, signal: AbortSignal): Promise<Delivery> {
    return this.#inTurn(() => this.#deliver(message, signal));
  }

  /** What is open, and that we live. */
  beat(pulse: Pulse, signal: AbortSignal): Promise<Delivery | null> {
    return this.#inTurn(async () => {
      const now = this.#ports.clock.now();
      const open = pulse.firing().filter(({ alert }) => !this.#ended.has(keyOf(alert.id, alert.level)));
      const firing = open.map((stored) => firingOf(stored, stored.alert.level, pulse.links(stored), now));
      if (pulse.alive !== null) firing.push(heartbeatFiring(pulse.alive, pulse.links(null), now));
      let last: Delivery | null = null;
      for (let at = 0; at < firing.length; at += AT_ONCE) {
        last = await this.#post(firing.slice(at, at + AT_ONCE), null, signal);
        if (last.kind !== 'delivered') return last;
      }
      return last;
    });
  }

  /** `ref` is the level that was told last: with another one the alert is another to Alertmanager, and the old one ends. */
  async #deliver({ id, content, ref, links }: Message, signal: AbortSignal): Promise<Delivery> {
    const now = this.#ports.clock.now();
    switch (content.kind) {
      case 'test':
        return this.#post([testFiring(content.by, id, now)], null, signal);
      case 'flood':
        return this.#post([floodFiring(content.news, id, links, now)], null, signal);
      case 'notice':
        return this.#post([noticeFiring(content.notice, links, now)], null, signal);
      case 'alert': {
        const { stored } = content.news;
        const { alert } = stored;
        const firing = [firingOf(stored, alert.level, links, now)];
        const before = ref as Level | null;
        const isOther = before !== null && before !== alert.level;
        if (isOther) firing.unshift({ ...firingOf(stored, before, links, now), endsAt: isoOf(now) });
        const delivery = await this.#post(firing, alert.level, signal);
        if (delivery.kind === 'delivered') this.#remember(stored, isOther ? before : null);
        return delivery;
      }
    }
  }

  #remember({ alert: { id, level, status } }: StoredAlert, before: Level | null): void {
    if (status === 'resolved') this.#ended.add(keyOf(id, level));
    else this.#ended.delete(keyOf(id, level));
    if (before !== null) this.#ended.add(keyOf(id, before));
  }

  async #post(firing: readonly Firing[], ref: string | null, signal: AbortSignal): Promise<Delivery> {
    const { labels } = this.#config;
    const body = JSON.stringify(firing.map((one) => ({ ...one, labels: { ...labels, ...one.labels } })));
    const headers = { 'Content-Type': 'application/json' };
    const request = requestTo(this.#config, { method: 'POST', path: '/api/v2/alerts', headers, body });
    return deliveryOf(await this.#ports.http.send(request, signal), this.#ports.clock.now(), ref);
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(act, act);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

function keyOf(id: string, level: Level): string {
  return `${id} ${level}`;
}
