import { useMemo } from 'react';
import { deliveriesList, histogramAnswer } from '../../../src/api/contract.ts';
import { LEVELS, type LevelName } from '../parts/Level.tsx';
import { useApi, useStatus } from '../queries.ts';
import { useWhyNot } from '../session.ts';

/** The numbers in the rail: only what is work. */
export interface Counts {
  readonly alerts: number;
  /** The worst of those that are open; null: not known, or none. */
  readonly worst: LevelName | null;
  readonly failing: number;
}

export function useCounts(): Counts {
  const { data: status } = useStatus();
  const { data: histogram } = useApi('/api/v1/alerts/histogram', histogramAnswer, {
    query: { since: '24h', step: '1h' },
    every: 30,
  });
  const isAdmin = useWhyNot('admin') === null;
  const { data } = useApi('/api/v1/deliveries/dead', deliveriesList, {
    query: { limit: 100 },
    isOn: isAdmin,
    every: 60,
  });
  return useMemo(
    () => ({
      alerts: status?.alerts.open ?? 0,
      worst: LEVELS.find((level) => (histogram?.open[level] ?? 0) > 0) ?? null,
      failing: new Set(data?.items.map(({ receiver }) => receiver)).size,
    }),
    [status, histogram, data],
  );
}
