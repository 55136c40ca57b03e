import type { CheckpointStore, EventHubConsumerClient } from '@azure/event-hubs';
import type { Secret } from '../lib/secret.ts';
import { credentialOf } from './azureCredential.ts';
import type { Millis } from './source.ts';

/** A container in which several readers agree who reads which partition. */
export type CheckpointContainer =
  | { readonly url: string }
  | { readonly connection_string: Secret; readonly name: string };

export interface HubOptions {
  readonly access:
    | { readonly connectionString: Secret }
    | { readonly namespace: string; readonly clientId: string | null };
  readonly hub: string;
  readonly endpoint: string | null;
  readonly consumerGroup: string;
  readonly start: 'earliest' | 'latest' | { readonly last: Millis };
  readonly checkpoints: CheckpointContainer | null;
  /** Milliseconds without an event after which a partition is looked at; a receiver whose connection was cut is made anew then. */
  readonly idle: Millis;
  /** Milliseconds until a partition that was left is taken up again; ten times that with shared checkpoints. */
  readonly again: Millis;
  /**
   * Bytes that may be on their way to one partition. The client asks for a batch more whenever it has given one, whatever it was already
   * promised, so that a quiet partition would be owed ever more, and a store that stands still would be flooded: a receiver that is owed
   * more than this is made anew.
   */
  readonly owed: number;
}

/** An attempt that gets no answer is over after this; how often to try is ours to say, so the client tries nothing twice. */
const RETRY = { maxRetries: 0, timeoutInMs: 30_000 } as const;

/** The client of the SDK; nothing connects yet. `store` is asked where to begin. */
export async function hubClient(options: HubOptions, store: CheckpointStore): Promise<EventHubConsumerClient> {
  const { EventHubConsumerClient: Client } = await import('@azure/event-hubs');
  const { access, hub, consumerGroup, endpoint, checkpoints, again } = options;
  const more = {
    retryOptions: RETRY,
    loadBalancingOptions: {
      strategy: 'greedy' as const,
      updateIntervalInMs: checkpoints === null ? again : again * 10,
    },
    ...(endpoint === null ? {} : { customEndpointAddress: endpoint }),
  };
  if ('connectionString' in access) {
    const text = access.connectionString.reveal();
    return /;\s*EntityPath=/i.test(text)
      ? new Client(consumerGroup, text, store, more)
      : new Client(consumerGroup, text, hub, store, more);
  }
  return new Client(consumerGroup, access.namespace, hub, await credentialOf(access.clientId), store, more);
}

/** A store of checkpoints that several readers share. */
export interface SharedCheckpoints {
  readonly store: CheckpointStore;
  /** Makes the container, if it is not there. @throws RestError if it cannot be used */
  check(): Promise<void>;
}

export async function sharedCheckpoints({ checkpoints, access }: HubOptions): Promise<SharedCheckpoints | null> {
  if (checkpoints === null) return null;
  const [{ BlobCheckpointStore }, { ContainerClient }] = await Promise.all([
    import('@azure/eventhubs-checkpointstore-blob'),
    import('@azure/storage-blob'),
  ]);
  const retryOptions = { maxTries: 1 };
  const container =
    'url' in checkpoints
      ? new ContainerClient(checkpoints.url, await credentialOf('clientId' in access ? access.clientId : null), {
          retryOptions,
        })
      : new ContainerClient(checkpoints.connection_string.reveal(), checkpoints.name, { retryOptions });
  return {
    store: new BlobCheckpointStore(container),
    // Whoever may use a container need not be allowed to make one.
    check: async () => {
      if (!(await container.exists())) await container.create();
    },
  };
}
