import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { AlertItem } from '../src/api/contract.ts';
import {
  type Look,
  openBrowser,
  pushTheft,
  settled,
  signedIn,
  startConsole,
  startReceiver,
  tunedConfig,
  WHY_NOT,
  windowOf,
} from '../test/web/console.test-support.ts';
import { withPalette } from './palette.ts';

/*
 * Pictures of every page at 1440 and 390 px, light and dark, into docs/screens: what people look at before they try it, and what is
 * looked at after each change of the console. `node scripts/screens.ts [words of names]`
 */

const OUT = fileURLToPath(new URL('../docs/screens/', import.meta.url));
const MOST_BYTES = 150_000;

interface Shot {
  readonly name: string;
  readonly path: (theft: string) => string;
  readonly isOut?: boolean;
  /** What is there last. */
  readonly last?: string;
  /** Pixels on a screen of a desk; a phone shows its first screen. */
  readonly height?: number;
}

const SHOTS: readonly Shot[] = [
  { name: 'overview', path: () => '/', height: 1640 },
  { name: 'alerts', path: () => '/alerts', height: 1400 },
  { name: 'alert', path: (theft) => `/alerts/${theft}`, height: 1800 },
  { name: 'alert-exception', path: (theft) => `/alerts/${theft}?drawer=exception`, height: 900 },
  { name: 'accounts', path: () => '/accounts', height: 1300 },
  { name: 'account', path: () => '/accounts/orders-prod?last=7d', height: 1800 },
  { name: 'rules', path: () => '/rules', height: 1300 },
  {
    name: 'rule',
    path: () => '/rules/cosmosdb_network_access_changed',
    height: 1500,
    last: 'Nothing is wrong with it.',
  },
  { name: 'exceptions', path: () => '/exceptions' },
  { name: 'silences', path: () => '/silences' },
  { name: 'sources', path: () => '/sources', height: 1200 },
  { name: 'receivers', path: () => '/receivers', height: 1200 },
  { name: 'settings', path: () => '/settings' },
  { name: 'sign-in', path: () => '/sign-in?to=/alerts/1', isOut: true },
  { name: 'first-setup', path: () => '/setup#one-time-code', isOut: true },
];

const LOOKS: readonly (Look & { readonly name: string; readonly width: number })[] = [
  { name: '1440', width: 1440, scheme: 'light' },
  { name: '1440-dark', width: 1440, scheme: 'dark' },
  { name: '390', width: 390, scheme: 'light' },
  { name: '390-dark', width: 390, scheme: 'dark' },
];

if (WHY_NOT !== null) throw new Error(WHY_NOT);
const words = process.argv.slice(2);
mkdirSync(OUT, { recursive: true });
const receiver = await startReceiver();
const [service, browser] = await Promise.all([startConsole(tunedConfig(receiver.port)), openBrowser()]);
try {
  await pushTheft(service, 6000);
  const { items } = await service.ask<{ items: AlertItem[] }>(
    '/api/v1/alerts?rule=cosmosdb_network_access_changed&level=critical',
  );
  const wanted = SHOTS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  for (const look of LOOKS) {
    const inside = await signedIn(browser, service, look);
    const outside = await (await windowOf(browser, service, look)).newPage();
    for (const shot of wanted) await take(shot, shot.isOut ? outside : inside, look, items[0]!.id);
    await inside.context().close();
    await outside.context().close();
  }
} finally {
  await browser.close();
  await service.stop();
  receiver.close();
}
const large = readdirSync(OUT).filter((name) => statSync(join(OUT, name)).size > MOST_BYTES);
if (large.length > 0) process.stdout.write(`larger than ${MOST_BYTES / 1000} kB: ${large.join(', ')}\n`);

async function take(shot: Shot, page: Page, { name, width }: (typeof LOOKS)[number], theft: string): Promise<void> {
  await page.setViewportSize({ width, height: width < 768 ? 844 : (shot.height ?? 900) });
  await page.goto(shot.path(theft));
  await settled(page);
  if (shot.last !== undefined) await page.getByText(shot.last).waitFor({ state: 'attached' });
  await page.waitForTimeout(700);
  const path = join(OUT, `${shot.name}-${name}.png`);
  writeFileSync(path, withPalette(await page.screenshot()));
  process.stdout.write(`${Math.round(statSync(path).size / 1000)} kB  ${shot.name}-${name}.png\n`);
}
