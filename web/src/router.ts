import { createRouter } from '@tanstack/react-router';
import { OPEN_PAGES, PAGES } from './pages/index.ts';
import { Gone } from './shell/Gone.tsx';
import { setPages } from './shell/nav.ts';
import { root, shell } from './shell/root.ts';
import { Broken, Waiting } from './shell/Whole.tsx';

setPages(PAGES.map(({ options }) => String((options as { readonly path?: string }).path)));

/** Texts as they are, so that people can read and write addresses: `?status=open,acknowledged`. */
export const router = createRouter({
  routeTree: root.addChildren([shell.addChildren(PAGES), ...OPEN_PAGES]),
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const parts = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
    const text = new URLSearchParams(parts as [string, string][])
      .toString()
      .replaceAll('%2C', ',')
      .replaceAll('%3A', ':');
    return text === '' ? '' : `?${text}`;
  },
  defaultNotFoundComponent: Gone,
  defaultPendingComponent: Waiting,
  defaultErrorComponent: Broken,
  defaultPreload: 'intent',
  scrollRestoration: true,
});
