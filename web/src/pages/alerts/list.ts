import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { type AlertItem, alertsPage } from '../../../../src/api/contract.ts';
import { type ApiError, get } from '../../api.ts';
import { onNews } from '../../live.ts';
import type { Search } from '../page.ts';
import { queryOf } from './filter.ts';

/*
 * The list as it was asked for, and what has changed since. A change of an alert that is in it is shown where the alert stands; a new one
 * waits until somebody wants it, because nothing may move under the finger.
 */

const PAGE = 200;

type Page = { readonly items: readonly AlertItem[]; readonly next: string | null };

export interface AlertList {
  /** In the order, and as they were, when they were asked for. */
  readonly listed: readonly AlertItem[];
  /** As it is now. */
  readonly current: (alert: AlertItem) => AlertItem;
  readonly isLoading: boolean;
  readonly error: ApiError | null;
  readonly hasMore: boolean;
  readonly loadMore: () => void;
  /** New ones that are not shown yet. */
  readonly waiting: number;
  readonly showWaiting: () => void;
  /** As the server has just said it is. */
  readonly put: (item: AlertItem) => void;
}

export function useAlertList(search: Search): AlertList {
  const query = queryOf(search);
  const key = JSON.stringify(query);
  const answer = useInfiniteQuery<Page, ApiError, InfiniteData<Page>, readonly unknown[], string | null>({
    queryKey: ['/api/v1/alerts', 'pages', query],
    queryFn: ({ pageParam, signal }) =>
      get('/api/v1/alerts', alertsPage, { ...query, limit: PAGE, cursor: pageParam }, signal),
    initialPageParam: null,
    getNextPageParam: ({ next }) => next,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    refetchOnWindowFocus: false,
    refetchOnMount: 'always',
  });
  const { data, refetch, fetchNextPage, hasNextPage, isFetchingNextPage, dataUpdatedAt } = answer;
  const [changed, change] = useState<ReadonlyMap<string, AlertItem>>(new Map());
  const [waiting, wait] = useState<ReadonlySet<string>>(new Set());

  const listed = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  const ids = useMemo(() => new Set(listed.map(({ id }) => id)), [listed]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what has just been asked for is newer than any news
  useEffect(() => {
    change(new Map());
    wait(new Set());
  }, [dataUpdatedAt, key]);

  const put = useCallback((item: AlertItem) => change((before) => new Map(before).set(item.id, item)), []);
  useEffect(
    () =>
      onNews((news) => {
        if (news.kind === 'reset') return void refetch();
        const { alert } = news.event;
        if (ids.has(alert.id)) put(alert);
        else if (isWanted(alert, query)) wait((before) => new Set(before).add(alert.id));
      }),
    [ids, put, refetch, query],
  );
  return {
    listed,
    current: useCallback((alert) => changed.get(alert.id) ?? alert, [changed]),
    isLoading: data === undefined && answer.error === null,
    error: answer.error,
    hasMore: hasNextPage,
    loadMore: useCallback(() => {
      if (!isFetchingNextPage) void fetchNextPage();
    }, [fetchNextPage, isFetchingNextPage]),
    waiting: waiting.size,
    showWaiting: useCallback(() => void refetch(), [refetch]),
    put,
  };
}

/** As far as one can tell here: the server decides when it is asked again. */
function isWanted(alert: AlertItem, query: Readonly<Record<string, string | undefined>>): boolean {
  const { status, level, rule, account, ip } = query;
  if (status !== undefined && !status.split(',').includes(alert.status)) return false;
  if (level !== undefined && !level.split(',').includes(alert.level)) return false;
  if (rule !== undefined && rule !== alert.rule && rule !== alert.ruleId) return false;
  if (account !== undefined && alert.account?.endsWith(account.toLowerCase()) !== true) return false;
  return ip === undefined || alert.sourceIps.includes(ip);
}
