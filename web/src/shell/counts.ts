import { useMemo } from 'react';
import { z } from 'zod';
import { deliveriesList } from '../../../src/api/contract.ts';
import type { LevelName } from '../parts/Level.tsx';
import { useApi, useStatus } from '../queries.ts';
import { useWhyNot } from '../session.ts';

/** The numbers in the rail: only what is work. */
export interface Counts {
  readonly alerts: number;
  /** The worst of those that are open; null: not known, or none. */
  readonly worst: LevelName | null;
  readonly failing: number;
}

const dead = deliveriesList.or(z.object({ items: z.tuple([]) }));

export function useCounts(): Counts {
  const { data: status } = useStatus();
  const isAdmin = useWhyNot('admin') === null;
  const { data } = useApi('/api/v1/deliveries/dead', dead, { query: { limit: 100 }, isOn: isAdmin, every: 60 });
  return useMemo(
    () => ({
      alerts: status?.alerts.open ?? 0,
      worst: null,
      failing: new Set(data?.items.map(({ receiver }) => receiver)).size,
    }),
    [status, data],
  );
}
