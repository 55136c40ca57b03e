import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { type Key, useKeys } from '../keys/keys.ts';
import { connect, onNews } from '../live.ts';
import { Loading } from '../parts/States.tsx';
import { queries } from '../queries.ts';
import { useNav } from './nav.ts';
import { Rail } from './Rail.tsx';
import { TabBar } from './TabBar.tsx';
import { Top } from './Top.tsx';

const Find = lazy(() => import('./Find.tsx').then((m) => ({ default: m.Find })));
const KeyHelp = lazy(() => import('../keys/KeyHelp.tsx').then((m) => ({ default: m.KeyHelp })));

/** Around every page of somebody who is signed in. */
export function Shell() {
  const [open, show] = useState<'find' | 'help' | null>(null);
  useKeys('Everywhere', useShellKeys(show));
  useLive();
  useFocusOnPage();
  const close = (): void => show(null);
  return (
    <div className="app">
      <a className="skip" href="#main">
        To the page
      </a>
      <Rail />
      <div className="beside">
        <Top onFind={() => show('find')} onHelp={() => show('help')} />
        <main id="main" className="page" tabIndex={-1}>
          <Suspense fallback={<Loading rows={6} />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <TabBar />
      <Suspense fallback={null}>
        {open === 'find' ? <Find onClose={close} /> : null}
        {open === 'help' ? <KeyHelp onClose={close} /> : null}
      </Suspense>
    </div>
  );
}

function useShellKeys(show: (what: 'find' | 'help') => void): readonly Key[] {
  const navigate = useNavigate();
  const pages = useNav().flatMap(({ items }) => items);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      show('find');
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [show]);
  return [
    ...pages.flatMap(({ key, word, path }) =>
      key === undefined ? [] : [{ keys: `g ${key}`, does: word, run: () => void navigate({ to: path, search: {} }) }],
    ),
    { keys: '/', does: 'Find', run: () => show('find') },
    { keys: '?', does: 'All keys', run: () => show('help') },
  ];
}

/** Counts follow the news at once; lists decide themselves what moves under the finger. */
function useLive(): void {
  useEffect(() => {
    connect();
    return onNews(() => void queries.invalidateQueries({ queryKey: ['/api/v1/status'] }));
  }, []);
}

/** Who hears the page is told that it is another one. */
function useFocusOnPage(): void {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what it is about
  useEffect(() => {
    if (document.activeElement === null || document.activeElement === document.body) return;
    if (document.activeElement.closest('.rail, .tabbar') !== null) return;
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [path]);
}
