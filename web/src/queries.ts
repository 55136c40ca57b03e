import { keepPreviousData, QueryClient, type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { accountsList, rulesList, sourcesList, status } from '../../src/api/contract.ts';
import { ApiError, get } from './api.ts';

/** What pages ask for, kept once for all of them. The key of an answer is its path and its query, so that one place can renew it. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: true,
      retry: (times, error) => times < 2 && error instanceof ApiError && (error.isOffline || error.status >= 500),
      retryDelay: 1500,
    },
  },
});

interface AskOptions {
  readonly query?: Readonly<Record<string, string | number | null | undefined>>;
  /** Seconds after which it is asked again by itself. */
  readonly every?: number;
  readonly isOn?: boolean;
  /** While another query is on its way, what the one before said stays. */
  readonly keeps?: boolean;
}

/** A question to the API, for a component. */
export function useApi<Shape extends z.ZodType>(
  path: string,
  shape: Shape,
  { query = {}, every, isOn = true, keeps = false }: AskOptions = {},
): UseQueryResult<z.infer<Shape>, ApiError> {
  return useQuery<z.infer<Shape>, ApiError>({
    queryKey: [path, query],
    queryFn: ({ signal }) => get(path, shape, query, signal),
    enabled: isOn,
    ...(every === undefined ? {} : { refetchInterval: every * 1000 }),
    ...(keeps ? { placeholderData: keepPreviousData } : {}),
  });
}

export const useStatus = () => useApi('/api/v1/status', status, { every: 10 });
export const useSources = () => useApi('/api/v1/sources', sourcesList, { every: 15 });
export const useRules = () => useApi('/api/v1/rules', rulesList);
export const useAccounts = () => useApi('/api/v1/accounts', accountsList, { every: 60 });
