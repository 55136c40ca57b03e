import { type AmqpBroker, startBroker } from '../../test/support/amqpBroker.ts';
import { Secret } from '../lib/secret.ts';
import { type Behind, conformance } from './conformance.test-support.ts';
import { eventHubsSource } from './eventHubs.ts';
import type { HubOptions } from './hubReader.ts';
import type { Source } from './source.ts';

class Hub implements Behind {
  readonly broker: AmqpBroker;
  readonly canaries: readonly string[];
  #next = 0;

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

conformance<Hub>('event_hubs', {
  start: async (clock) => new Hub(await startBroker({ clock })),
  inFlight: { bytes: 9 << 20, records: 320, size: 64 << 10 },
  passing: {
    'sockets that are cut': {
      isShort: true,
      async begin({ broker }) {
        broker.dropConnections();
        return async () => {};
      },
    },
    'nobody who listens': {
      async begin({ broker }) {
        await broker.close();
        return () => broker.listen();
      },
    },
    throttling: {
      async begin({ broker }) {
        broker.fault = {
          condition: 'com.microsoft:server-busy',
          description: 'The request was terminated: throttled.',
        };
        broker.fail(broker.fault);
        return async () => {
          broker.fault = null;
        };
      },
    },
    'another reader that takes a partition': {
      isShort: true,
      async begin({ broker }) {
        broker.steal(0);
        return async () => {};
      },
    },
  },
  permanent: {
    'a hub that does not exist': async (hub) =>
      hub.source({
        hub: 'other',
        access: { connectionString: new Secret(hub.broker.connectionString(undefined, 'other'), 'env:HUB') },
      }),
    'a consumer group that does not exist': async (hub) => hub.source({ consumerGroup: 'other' }),
    'a key that is not its own': async (hub) => {
      const access = { connectionString: new Secret(hub.broker.connectionString(), 'env:HUB') };
      hub.broker.key = 'another-key';
      return hub.source({ access });
    },
  },
});
