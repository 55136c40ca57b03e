import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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

/** @param options of `serve`, beside where it listens and where it keeps its data */
export async function startConsole(options: readonly string[] = ['--demo']): Promise<Console> {
  const data = mkdtempSync(join(tmpdir(), 'cosmowatch-web-'));
  const child = spawn(process.execPath, [CLI, 'serve', '--data', data, '--listen', '127.0.0.1:0', ...options], {
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
  await page.waitForURL((url) => url.pathname === '/');
  return page;
}

/** Everything is there that the page asked for. */
export async function settled(page: Page): Promise<void> {
  // Nothing is loaded in the first moment, because nothing was rendered yet.
  await page.locator('h1, h2, .blank').first().waitFor();
  for (let left = 200; left > 0 && (await page.locator('.loading').count()) > 0; left--) await page.waitForTimeout(50);
  await page.evaluate('document.fonts.ready.then(() => undefined)');
}
