import { describe, expect, it } from 'vitest';
import { Secret } from '../lib/secret.ts';
import { conformance } from './conformance.test-support.ts';
import { eventHubsKind, optionsOf } from './eventHubs.ts';
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

describe('configuration', () => {
  const CANARY = 'canary-of-a-key';
  const POLICY = `Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=listen;SharedAccessKey=${CANARY}=`;
  const secret = (text: string) => new Secret(text, 'env:HUB');

  it.each([
    ['a connection string with a hub', { connection_string: secret(`${POLICY};EntityPath=logs`) }, { hub: 'logs' }],
    ['a connection string and a hub', { connection_string: secret(POLICY), hub: 'logs' }, { hub: 'logs' }],
    [
      'Entra ID',
      { namespace: 'contoso.servicebus.windows.net', hub: 'logs', client_id: 'id' },
      { access: { namespace: 'contoso.servicebus.windows.net', clientId: 'id' } },
    ],
    ['a start', { connection_string: secret(POLICY), hub: 'logs', start: '12h' }, { start: { last: 43_200_000 } }],
    [
      'shared checkpoints',
      {
        connection_string: secret(POLICY),
        hub: 'logs',
        checkpoint: 'blob',
        container: { url: 'https://contoso.blob.core.windows.net/checkpoints' },
      },
      { checkpoints: { url: 'https://contoso.blob.core.windows.net/checkpoints' } },
    ],
  ])('%s', (_what, config, expected) => {
    expect(optionsOf(eventHubsKind.schema.parse(config))).toMatchObject(expected);
  });

  it.each([
    ['nothing', {}, 'either connection_string or namespace'],
    ['both', { connection_string: secret(POLICY), namespace: 'n', hub: 'h' }, 'either connection_string or namespace'],
    ['a namespace without a hub', { namespace: 'n' }, 'needs the name of its hub'],
    ['no hub anywhere', { connection_string: secret(POLICY) }, 'needs hub'],
    ['two hubs', { connection_string: secret(`${POLICY};EntityPath=a`), hub: 'b' }, 'hub is not the EntityPath'],
    ['a key alone', { connection_string: secret(CANARY), hub: 'h' }, 'is no connection string'],
    ['a start that is no time', { connection_string: secret(POLICY), hub: 'h', start: 'noon' }, 'earliest, latest or'],
    [
      'blob without a container',
      { connection_string: secret(POLICY), hub: 'h', checkpoint: 'blob' },
      'belong together',
    ],
    ['a key of no source', { namespace: 'n', hub: 'h', group: 'x' }, 'group'],
    ['a secret as it is', { connection_string: POLICY, hub: 'h' }, 'Secret'],
  ])('refuses: %s', (_what, config, message) => {
    const result = eventHubsKind.schema.safeParse(config);
    expect(result.success).toBe(false);
    expect(result.error!.message).toContain(message);
    expect(JSON.stringify(result.error) + result.error!.message).not.toContain(CANARY);
  });
});
