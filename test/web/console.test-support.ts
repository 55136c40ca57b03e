import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';

/** A real service with the logs of a simulated night, and a browser that looks at it. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLI = join(ROOT, 'bin/cosmowatch.js');
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

/** Null: a browser and the built console are there. */
export const WHY_NOT =
  CHROMIUM === undefined
    ? 'no Chromium on this machine'
    : existsSync(join(ROOT, 'dist/web/index.html'))
      ? null
      : 'the console was not built: npm run build:web';

export interface Console {
  readonly url: string;
  readonly data: string;
  readonly token: string;
  /** Records as Azure would send them. */
  push(body: string): Promise<void>;
  ask<Answer>(path: string): Promise<Answer>;
  stop(): Promise<void>;
}

/** @param config text of a configuration; where it listens and keeps its data is said already */
export async function startConsole(config = ''): Promise<Console> {
  const data = mkdtempSync(join(tmpdir(), 'cosmowatch-web-'));
  const file = join(data, 'cosmowatch.yml');
  writeFileSync(file, config);
  const words = ['serve', '--demo', '--config', file, '--data', data, '--listen', '127.0.0.1:0'];
  const child = spawn(process.execPath, [CLI, ...words], {
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await listening(child);
  const token = readFileSync(join(data, 'token'), 'utf8').trim();
  const headers = { authorization: `Bearer ${token}` };
  return {
    url,
    data,
    token,
    async push(body) {
      const answer = await fetch(`${url}/api/v1/logs`, { method: 'POST', headers, body });
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    },
    ask: async (path) => (await (await fetch(url + path, { headers })).json()) as never,
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (piece: Buffer): void => {
      text += piece.toString();
      const found = /^listening on (\S+)$/m.exec(text);
      if (found !== null) resolve(found[1]!);
    };
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
    child.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${text}`)));
  });
}

/** Where alerts go: one receiver hears, one is gone. */
export interface Receiver {
  readonly port: number;
  readonly told: readonly string[];
  close(): void;
}

export async function startReceiver(): Promise<Receiver> {
  const told: string[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (piece) => {
      text += String(piece);
    });
    request.on('end', () => {
      told.push(text);
      response.writeHead(request.url === '/broken' ? 410 : 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, told, close: () => server.close() };
}

/** Something to show on every page: a rule that is off, receivers, routes and an exception. */
export function tunedConfig(port: number): string {
  return `rules:
  disable:
    - rule: cosmosdb_connection_string_viewed
      reason: The portal shows them all day; team-orders reviews it in December
receivers:
  ops:
    - type: webhook
      url: http://127.0.0.1:${port}/hook
      allow: [127.0.0.1]
  shop:
    - type: webhook
      url: http://127.0.0.1:${port}/broken
      allow: [127.0.0.1]
routes:
  receiver: ops
  routes:
    - match: {level: [critical, high]}
      receiver: shop
      continue: true
    - match: {level: [critical, high, medium]}
      repeat: 4h
    - match: {level: [low, informational]}
      receiver: null
exceptions:
  nightly-backup:
    match: {rule: cosmosdb_access_keys_viewed, actor: backup-runner}
    owner: team-platform
    reason: The backup reads keys at night
    expires: 2030-01-01
`;
}

/** The night of the theft, with the noise of a day around it. */
export async function pushTheft(service: Console, recordsPerDay = 3000): Promise<void> {
  const out = mkdtempSync(join(tmpdir(), 'cosmowatch-logs-'));
  try {
    const start = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const words = [
      'simulate',
      '--scenario',
      'theft',
      '--start',
      start,
      '--records',
      `${recordsPerDay}`,
      '--out',
      `${out}/logs`,
      '-q',
    ];
    await done(spawn(process.execPath, [CLI, ...words], { stdio: 'ignore' }));
    const files = readdirSync(`${out}/logs`, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('PT1H.json'),
    );
    const hourOf = (name: string): string => /y=.*$/.exec(name)?.[0] ?? name;
    for (const name of files.sort((a, b) => (hourOf(a) < hourOf(b) ? -1 : 1)))
      await service.push(readFileSync(`${out}/logs/${name}`, 'utf8'));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function done(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`ended with ${code}`))));
  });
}

export async function openBrowser(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
}

/** A window in which nobody is signed in. */
export function windowOf(browser: Browser, { url }: Console, look: Look = {}): Promise<BrowserContext> {
  const { width = 1440, height = width < 768 ? 844 : 900, scheme = 'light' } = look;
  return browser.newContext({
    baseURL: url,
    viewport: { width, height },
    colorScheme: scheme,
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
    isMobile: width < 768,
    hasTouch: width < 768,
    reducedMotion: 'reduce',
  });
}

/** A page of somebody who came in with one click. */
export async function signedIn(browser: Browser, service: Console, look: Look = {}): Promise<Page> {
  const context = await windowOf(browser, service, look);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto('/sign-in');
  await page.getByRole('button', { name: /demo/ }).click();
  // The address changes while the door is still shown.
  await page.locator('main.page').waitFor();
  await settled(page);
  return page;
}

/** Everything is there that the page asked for. */
export async function settled(page: Page): Promise<void> {
  // Nothing is loaded in the first moment, because nothing was rendered yet. The headings of the rail are there before the page.
  await page.locator('main').locator('h1:visible, h2:visible, .blank:visible').first().waitFor();
  for (let left = 200; left > 0 && (await page.locator('.loading').count()) > 0; left--) await page.waitForTimeout(50);
  await page.evaluate('document.fonts.ready.then(() => undefined)');
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds on a page that has settled; empty: nothing. */
export async function violations(page: Page): Promise<readonly string[]> {
  const results = (await page.evaluate(`${AXE}; axe.run(document, { resultTypes: ['violations'] })`)) as {
    violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
  };
  const path = new URL(page.url()).pathname;
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ html, failureSummary }) => `${path}: ${id}: ${html.slice(0, 200)}: ${failureSummary}`),
  );
}
