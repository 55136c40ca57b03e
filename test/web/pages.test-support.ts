import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { configAt } from '../../src/app/configFile.ts';
import { Service } from '../../src/app/service/service.ts';
import { systemBytes, systemClock } from '../../src/lib/clock.ts';
import { writeFolder } from '../../src/simulate/folder.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { SILENT } from '../../src/telemetry/log.ts';

/** A real service with a simulated night in it, and a browser that is signed in. */
export interface Console {
  readonly url: string;
  readonly browser: Browser;
  /** What the receiver `ops` was told. */
  readonly told: readonly string[];
  page(look?: Look): Promise<Page>;
  close(): Promise<void>;
}

export interface Look {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
}

const CHROMIUM = '/usr/bin/chromium';
const DAY = 86_400_000;
const HEIGHT = 900;

export async function startConsole(): Promise<Console> {
  const root = mkdtempSync(join(tmpdir(), 'cosmowatch-web-'));
  const told: string[] = [];
  const receiver = createServer((request, response) => {
    let text = '';
    request.on('data', (piece) => {
      text += String(piece);
    });
    request.on('end', () => {
      told.push(text);
      response.writeHead(request.url === '/broken' ? 410 : 204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const file = join(root, 'cosmowatch.yml');
  writeFileSync(file, configText(root, (receiver.address() as AddressInfo).port));
  const ports = { clock: systemClock, random: () => 0.5, entropy: systemBytes, log: SILENT, env: {} };
  const setup = configAt(file, {}, () => {});
  const service = await Service.start({ ...setup, isDemo: true }, ports);
  await pushNight(service);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  return {
    url: service.url,
    browser,
    told,
    page: (look) => signedIn(browser, service.url, look),
    async close() {
      await browser.close();
      await service.stop();
      receiver.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function configText(root: string, port: number): string {
  return `listen: 127.0.0.1:0
data: ${join(root, 'data')}
rules:
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

/** The logs of yesterday: a theft among what happens anyway. */
async function pushNight(service: Service): Promise<void> {
  const start = Math.floor(systemClock.now() / DAY) * DAY - DAY;
  const simulation = simulate({ scenario: 'theft', seed: '1', days: 1, recordsPerDay: 4000, variant: 'export', start });
  const files = new Map<string, string[]>();
  writeFolder(simulation, {
    append: (path, content) => void files.set(path, [...(files.get(path) ?? []), String(content)]),
  });
  for (const [path, pieces] of files) {
    if (path.endsWith('.ndjson')) continue;
    const answer = await fetch(`${service.url}/api/v1/logs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.token.token.reveal()}`, 'content-type': 'application/x-ndjson' },
      body: pieces.join(''),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }
}

async function signedIn(browser: Browser, url: string, { width = 1440, scheme = 'light' }: Look = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: HEIGHT }, colorScheme: scheme });
  const page = await context.newPage();
  const answer = await page.request.post(`${url}/api/v1/session`, { data: { demo: true } });
  if (!answer.ok()) throw new Error(`no session: ${answer.status()} ${await answer.text()}`);
  return page;
}

/** What axe finds on a page; empty: nothing. */
export async function violations(page: Page): Promise<readonly string[]> {
  const found = await page.evaluate(`(() => { ${axe.source}; return axe.run(); })()`);
  const { violations: all } = found as { violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[] };
  return all.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`));
}
