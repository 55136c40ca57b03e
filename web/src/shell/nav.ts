import {
  IconAdjustmentsHorizontal,
  IconBell,
  IconBellOff,
  IconDatabase,
  IconDownload,
  IconFilter,
  IconGauge,
  IconListCheck,
  IconSend,
  IconShieldCheck,
} from '@tabler/icons-react';
import { storeOf, useStore } from '../store.ts';

/** Where pages are found. What has no page yet is not shown (`pages/index.ts` says which there are). */

export interface NavItem {
  readonly path: string;
  readonly word: string;
  readonly icon: typeof IconGauge;
  /** The letter after `g`. */
  readonly key?: string;
  /** In the bar of a phone; the others stand under More. */
  readonly isTab?: boolean;
}

export interface NavGroup {
  readonly title: string | null;
  readonly items: readonly NavItem[];
}

export const NAV: readonly NavGroup[] = [
  {
    title: null,
    items: [
      { path: '/', word: 'Overview', icon: IconGauge, key: 'o', isTab: true },
      { path: '/alerts', word: 'Alerts', icon: IconBell, key: 'a', isTab: true },
      { path: '/accounts', word: 'Accounts', icon: IconDatabase, key: 'c', isTab: true },
      { path: '/posture', word: 'Posture', icon: IconShieldCheck, key: 'p' },
    ],
  },
  {
    title: 'Detection',
    items: [
      { path: '/rules', word: 'Rules', icon: IconListCheck, key: 'r', isTab: true },
      { path: '/exceptions', word: 'Exceptions', icon: IconFilter },
      { path: '/silences', word: 'Silences', icon: IconBellOff },
    ],
  },
  {
    title: 'In and out',
    items: [
      { path: '/sources', word: 'Sources', icon: IconDownload, key: 's' },
      { path: '/receivers', word: 'Receivers', icon: IconSend },
    ],
  },
  { title: 'cosmowatch', items: [{ path: '/settings', word: 'Settings', icon: IconAdjustmentsHorizontal }] },
];

const pages = storeOf<ReadonlySet<string>>(new Set());

/** Called once, by the router, with the paths of the pages that there are. */
export function setPages(paths: readonly string[]): void {
  pages.set(new Set(paths));
}

/** What there is a page for. */
export function useNav(): readonly NavGroup[] {
  const known = useStore(pages);
  return NAV.map(({ title, items }) => ({ title, items: items.filter(({ path }) => known.has(path)) })).filter(
    ({ items }) => items.length > 0,
  );
}
