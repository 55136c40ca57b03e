import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixedClock } from '../../src/lib/clock.ts';
import { HOSTILE, hostileNews } from '../../src/notify/naughty.test-support.ts';
import { NINE, opened, TOLD_AT, told } from '../../src/notify/nine.test-support.ts';
import { safeHttp } from '../../src/notify/safeHttp.ts';
import { syslog } from '../../src/notify/syslog.ts';
import { SILENT } from '../../src/telemetry/log.ts';

const RSYSLOG = '/usr/sbin/rsyslogd';

function hasRsyslog(): boolean {
  try {
    execFileSync(RSYSLOG, ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A real rsyslog takes every line apart: nothing is split, and no field is one that a log value made up. */
describe.skipIf(!hasRsyslog())('rsyslog', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cosmowatch-rsyslog-'));
  const output = join(folder, 'out.json');
  let port = 0;
  let server: ChildProcess;

  beforeAll(async () => {
    port = await freePort();
    writeFileSync(join(folder, 'rsyslog.conf'), configuration(folder, port, output));
    server = spawn(RSYSLOG, ['-n', '-f', join(folder, 'rsyslog.conf'), '-i', join(folder, 'pid')], { stdio: 'ignore' });
    await until(async () => (await deliver('cef', told(opened('no_logs')))).kind === 'delivered');
    await until(() => lines().length > 0);
  });
  afterAll(() => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  function deliver(format: 'cef' | 'rfc5424', message: ReturnType<typeof told>) {
    const config = syslog.schema.parse({
      type: 'syslog',
      url: `tcp://127.0.0.1:${port}`,
      format,
      hostname: 'here',
      allow: ['127.0.0.1'],
    });
    const ports = { clock: fixedClock(TOLD_AT), random: () => 0.5, log: SILENT, http: safeHttp() };
    return syslog.create(config, ports).deliver(message, new AbortController().signal);
  }

  function lines(): Record<string, string>[] {
    try {
      return readFileSync(output, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, string>);
    } catch {
      return [];
    }
  }

  it('every alert, and every hostile value, is one line with its own fields', async () => {
    const before = lines().length;
    const news = [
      ...NINE.map(opened),
      ...HOSTILE.map(({ text }) => hostileNews(opened('network_access_changed'), text)),
    ];
    for (const one of news)
      for (const format of ['cef', 'rfc5424'] as const)
        expect(await deliver(format, told(one))).toEqual({ kind: 'delivered', ref: null });
    await until(() => lines().length >= before + 2 * news.length);
    const got = lines().slice(before);
    expect(got).toHaveLength(2 * news.length);
    for (const { app, msgid, host, facility } of got)
      expect({ app, msgid, host, facility }).toEqual({
        app: 'cosmowatch',
        msgid: 'opened',
        host: 'here',
        facility: 'local0',
      });
    expect(got.filter(({ data }) => data!.startsWith('[alert@32473 id="'))).toHaveLength(news.length);
    expect(got.filter(({ msg }) => msg!.trimStart().startsWith('CEF:0|cosmowatch|'))).toHaveLength(news.length);
  });
});

function configuration(folder: string, port: number, output: string): string {
  const names = {
    app: 'app-name',
    msgid: 'msgid',
    host: 'hostname',
    facility: 'syslogfacility-text',
    data: 'structured-data',
    msg: 'msg',
  };
  const parts = Object.entries(names).map(([name, property]) => `\\"${name}\\":\\"%${property}:::json%\\"`);
  return `global(workDirectory="${folder}" maxMessageSize="16k")
module(load="imtcp")
input(type="imtcp" port="${port}" address="127.0.0.1")
template(name="json" type="string" string="{${parts.join(',')}}\\n")
action(type="omfile" file="${output}" template="json")
`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Real time: a process of its own has to come up, and to write. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds()) return;
    await pause(100);
  }
  throw new Error('rsyslog did not do it in 20 s');
}
