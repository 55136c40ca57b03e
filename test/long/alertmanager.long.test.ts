import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { alertmanager } from '../../src/notify/alertmanager.ts';
import {
  floodMessage,
  messageOf,
  NAUGHTY,
  newsOf,
  poisoned,
  TEST_MESSAGE,
} from '../../src/notify/news.test-support.ts';
import type { Message, Receiver } from '../../src/notify/receiver.ts';
import { safeHttp } from '../../src/notify/safeHttp.ts';
import { SILENT } from '../../src/telemetry/log.ts';

/*
 * Against the program itself: Debian's package prometheus-alertmanager, found on the PATH as `prometheus-alertmanager`; without it nothing is
 * claimed here.
 */

const PROGRAM = 'prometheus-alertmanager';
const NEVER = new AbortController().signal;

interface Shown {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly endsAt: string;
  readonly status: { readonly state: string };
}

describe.skipIf(!isInstalled())('a real Alertmanager', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cosmowatch-alertmanager-'));
  let program: ChildProcess;
  let url: string;
  let receiver: Receiver;

  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    writeFileSync(join(folder, 'config.yml'), 'route: {receiver: none}\nreceivers: [{name: none}]\n');
    const words = [
      `--config.file=${folder}/config.yml`,
      `--storage.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ];
    program = spawn(PROGRAM, words, { stdio: 'ignore' });
    await until(async () => (await fetch(`${url}/-/ready`).catch(() => null))?.ok === true);
    const config = alertmanager.schema.parse({
      type: 'alertmanager',
      url,
      labels: { team: 'security' },
      allow: ['127.0.0.1'],
    });
    receiver = alertmanager.create(config, { clock: systemClock, random: Math.random, log: SILENT, http: safeHttp() });
  });
  afterAll(() => {
    program.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  async function shown(): Promise<readonly Shown[]> {
    return (await (await fetch(`${url}/api/v2/alerts`)).json()) as readonly Shown[];
  }

  async function firing(id: string): Promise<readonly Shown[]> {
    return (await shown()).filter(({ labels }) => labels['alert_id'] === id);
  }

  async function taken(message: Message): Promise<string | null> {
    const delivery = await receiver.deliver(message, NEVER);
    if (delivery.kind !== 'delivered') throw new Error(delivery.reason);
    return delivery.ref;
  }

  it('fires, rises to another level, and is over', async () => {
    const ref = await taken(messageOf(newsOf('opened', { id: 'a', level: 'high' })));
    expect(await firing('a')).toMatchObject([
      { labels: { severity: 'high', team: 'security' }, status: { state: 'active' } },
    ]);
    const risen = await taken(messageOf(newsOf('amended', { id: 'a', revision: 2 }), ref));
    await until(async () => (await firing('a')).length === 1);
    expect(await firing('a')).toMatchObject([{ labels: { severity: 'critical' } }]);
    await taken(messageOf(newsOf('resolved', { id: 'a', revision: 3 }), risen));
    await until(async () => (await firing('a')).length === 0);
  });

  it('stays while it is repeated, and the one that always fires is there', async () => {
    const open = newsOf('opened', { id: 'b' });
    await taken(messageOf(open));
    const before = (await firing('b'))[0]!.endsAt;
    const alive = { accounts: 14, openAlerts: 1, readUpTo: null };
    const pulse = { alive, firing: () => [open.stored], links: () => ({ console: null, portal: null }) };
    await systemClock.sleep(20);
    expect(await receiver.beat!(pulse, NEVER)).toMatchObject({ kind: 'delivered' });
    expect((await firing('b'))[0]!.endsAt > before).toBe(true);
    expect((await shown()).map(({ labels }) => labels['alertname'])).toContain('cosmowatch_heartbeat');
  });

  it('takes every kind of message', async () => {
    for (const message of [TEST_MESSAGE, floodMessage(50), messageOf(newsOf('acknowledged', { id: 'c' }))])
      await taken(message);
    const names = (await shown()).map(({ labels }) => labels['alertname']);
    expect(names).toEqual(
      expect.arrayContaining(['cosmowatch_test', 'cosmowatch_flood', 'cosmosdb_network_access_changed']),
    );
  });

  it.each(NAUGHTY.map((one, at) => ({ ...one, at })))('takes $name in every value', async ({ text, at }) => {
    await taken(messageOf(poisoned(newsOf('opened', { id: `naughty${at}` }), text)));
    expect(await firing(`naughty${at}`)).toHaveLength(1);
  });

  it('refuses what is none with 400, which is final', async () => {
    const answer = await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '[{"labels":{}}]',
    });
    expect(answer.status).toBe(400);
  });
});

function isInstalled(): boolean {
  try {
    execFileSync(PROGRAM, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Asks another program until it is so; at most 20 s. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await isSo()) return;
    await systemClock.sleep(50);
  }
  throw new Error('it did not come to that within 20 s');
}
