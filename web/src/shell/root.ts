import { createRootRoute, createRoute, redirect } from '@tanstack/react-router';
import { probe, session } from '../session.ts';
import { Gone } from './Gone.tsx';
import { Shell } from './Shell.tsx';

/** What every page hangs from: `root` for those of somebody who is signed out, `shell` for all others. */
export const root = createRootRoute({ notFoundComponent: Gone });

export const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ location }) => {
    if (session.get().state === 'unknown') await probe();
    if (session.get().state !== 'in')
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } });
  },
});
