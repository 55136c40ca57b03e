import { openPage, page } from './page.ts';

/**
 * Every page, one line each. What stands here is in the rail (`shell/nav.ts` says where) and among what `Ctrl K` finds; what does not,
 * is not.
 */
export const PAGES = [
  page('/', async () => (await import('./overview/Overview.tsx')).Overview),
  page('/alerts', async () => (await import('./alerts/Alerts.tsx')).Alerts),
  page('/alerts/$id', async () => (await import('./alert/Alert.tsx')).Alert),
  page('/accounts', async () => (await import('./accounts/Accounts.tsx')).Accounts),
  page('/accounts/$name', async () => (await import('./accounts/Account.tsx')).Account),
  page('/rules', async () => (await import('./rules/Rules.tsx')).Rules),
  page('/rules/$name', async () => (await import('./rules/Rule.tsx')).Rule),
  page('/exceptions', async () => (await import('./tuning/Exceptions.tsx')).Exceptions),
  page('/silences', async () => (await import('./tuning/Silences.tsx')).Silences),
  page('/sources', async () => (await import('./sources/Sources.tsx')).Sources),
  page('/receivers', async () => (await import('./receivers/Receivers.tsx')).Receivers),
  page('/settings', async () => (await import('./settings/Settings.tsx')).Settings),
  page('/more', async () => (await import('./more/More.tsx')).More),
];

export const OPEN_PAGES = [openPage('/sign-in', async () => (await import('./signIn/SignIn.tsx')).SignIn)];
