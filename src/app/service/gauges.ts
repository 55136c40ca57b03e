import { EVERYTHING } from '../../api/ports.ts';
import type { Overview } from '../../store/overview.ts';
import type { State } from '../../telemetry/metrics.ts';
import type { Archive } from '../archive/archive.ts';

export interface Gauged {
  /** Batches that wait to be committed. */
  readonly waiting: { readonly batches: number; readonly bytes: number };
  readonly isReady: boolean;
  readonly sources: readonly { readonly name: string; readonly state: string; readonly lag?: number | null }[];
  readonly overview: Overview;
  readonly archive: Archive | null;
}

/** How the service is now, for /metrics. */
export function gaugesOf({ waiting, isReady, sources, overview, archive }: Gauged): State {
  const deliveries = overview.deliveries();
  return {
    sources: sources.map(({ name, state, lag }) => ({
      name,
      isRunning: state === 'running',
      lagSeconds: lag ?? null,
      progress: overview.progress(name),
    })),
    storeBytes: overview.bytes(),
    storeEvents: overview.events(),
    queueBatches: waiting.batches,
    queueBytes: waiting.bytes,
    deliveriesWaiting: deliveries.waiting,
    deliveriesDead: deliveries.dead,
    openAlerts: overview.alerts(EVERYTHING).open,
    isReady,
    archive: archive?.lag() ?? null,
  };
}
