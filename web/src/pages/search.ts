import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Search } from './page.ts';

/** What stands after `?` in the address, and how to change it. Undefined takes a part out. */
export function useSearchTexts(): readonly [Search, (change: Search, isNewEntry?: boolean) => void] {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const change = useCallback(
    (some: Search, isNewEntry = false) =>
      void navigate({
        to: '.',
        search: (before: Search) => ({ ...before, ...some }),
        replace: !isNewEntry,
        resetScroll: false,
      }),
    [navigate],
  );
  return [search, change];
}
