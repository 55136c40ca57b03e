import { type AmqpBroker, startBroker } from '../../test/support/amqpBroker.ts';
import type { Clock } from '../lib/clock.ts';
import { Secret } from '../lib/secret.ts';
import type { Behind } from './conformance.test-support.ts';
import { eventHubsSource } from './eventHubs.ts';
import type { HubOptions } from './hubClient.ts';
import type { Source } from './source.ts';

/** A hub that runs here, and sources that read it. */
export class Hub implements Behind {
  readonly broker: AmqpBroker;
  readonly canaries: readonly string[];
  #next = 0;

  static async start(clock: Clock): Promise<Hub> {
    return new Hub(await startBroker({ clock }));
  }

  constructor(broker: AmqpBroker) {
    this.broker = broker;
    this.canaries = [broker.key];
  }

  source(change: Partial<HubOptions> = {}): Source {
    return eventHubsSource({
      access: { connectionString: new Secret(this.broker.connectionString(), 'env:HUB') },
      hub: this.broker.hub,
      endpoint: null,
      consumerGroup: '$Default',
      start: 'earliest',
      checkpoints: null,
      idle: 150,
      again: 50,
      owed: 16 << 20,
      ...change,
    });
  }

  async put(marks: readonly string[], size: number): Promise<void> {
    for (const mark of marks) {
      const partition = this.#next++ % this.broker.partitions.length;
      this.broker.append(partition, JSON.stringify({ records: [{ mark, pad: 'x'.repeat(size) }] }));
    }
  }

  handedOver(): number {
    return this.broker.sent;
  }

  stop(): Promise<void> {
    return this.broker.close();
  }
}
