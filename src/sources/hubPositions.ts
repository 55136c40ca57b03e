import type { Checkpoint, CheckpointStore, PartitionOwnership } from '@azure/event-hubs';
import { readPosition } from './hubBatch.ts';

/**
 * Where the client asks from where to read on: at what the service has committed. With a shared store (blob) beside it, partitions are
 * claimed there, and a partition is read from whichever of both is further: all up to there was committed by us, or by whoever had it.
 */
export class HubPositions implements CheckpointStore {
  readonly #committed: () => ReadonlyMap<string, string>;
  readonly #shared: CheckpointStore | null;

  constructor(committed: () => ReadonlyMap<string, string>, shared: CheckpointStore | null) {
    this.#committed = committed;
    this.#shared = shared;
  }

  async listCheckpoints(
    fullyQualifiedNamespace: string,
    eventHubName: string,
    consumerGroup: string,
  ): Promise<Checkpoint[]> {
    const shared = await this.#shared?.listCheckpoints(fullyQualifiedNamespace, eventHubName, consumerGroup);
    const found = new Map((shared ?? []).map((one) => [one.partitionId, one]));
    for (const [partitionId, text] of this.#committed()) {
      const { offset, sequence } = readPosition(text);
      if ((found.get(partitionId)?.sequenceNumber ?? Number.NEGATIVE_INFINITY) >= sequence) continue;
      const own = {
        fullyQualifiedNamespace,
        eventHubName,
        consumerGroup,
        partitionId,
        offset,
        sequenceNumber: sequence,
      };
      found.set(partitionId, own);
    }
    return [...found.values()];
  }

  async listOwnership(namespace: string, hub: string, group: string): Promise<PartitionOwnership[]> {
    return (await this.#shared?.listOwnership(namespace, hub, group)) ?? [];
  }

  async claimOwnership(wanted: PartitionOwnership[]): Promise<PartitionOwnership[]> {
    return (await this.#shared?.claimOwnership(wanted)) ?? wanted;
  }

  async updateCheckpoint(checkpoint: Checkpoint): Promise<void> {
    await this.#shared?.updateCheckpoint(checkpoint);
  }
}
