import type { CheckpointStore, EventHubConsumerClient } from '@azure/event-hubs';
import type { TokenCredential } from '@azure/identity';
import type { Secret } from '../lib/secret.ts';
import type { HubOptions } from './hubReader.ts';

/** An attempt that gets no answer is over after this; how often to try is ours to say, so the client tries nothing twice. */
const RETRY = { maxRetries: 0, timeoutInMs: 30_000 } as const;

/** A container in which several readers agree who reads which partition. */
export type CheckpointContainer =
  | { readonly url: string }
  | { readonly connection_string: Secret; readonly name: string };

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

/** @param clientId of a user-assigned managed identity */
async function credentialOf(clientId: string | null): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential(clientId === null ? {} : { managedIdentityClientId: clientId });
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
