import { openPage, page } from './page.ts';

/**
 * Every page, one line each. What stands here is in the rail (`shell/nav.ts` says where) and among what `Ctrl K` finds; what does not,
 * is not.
 */
export const PAGES = [
  page('/', async () => (await import('./overview/Overview.tsx')).Overview),
  page('/alerts', async () => (await import('./alerts/Alerts.tsx')).Alerts),
  page('/alerts/$id', async () => (await import('./alert/Alert.tsx')).Alert),
  page('/more', async () => (await import('./more/More.tsx')).More),
];

export const OPEN_PAGES = [openPage('/sign-in', async () => (await import('./signIn/SignIn.tsx')).SignIn)];
