import { Secret } from '../lib/secret.ts';
import { conformance } from './conformance.test-support.ts';
import { Hub } from './hub.test-support.ts';

conformance<Hub>('event_hubs', {
  start: (clock) => Hub.start(clock),
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
