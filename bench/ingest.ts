import { type ChildProcess, spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { makeMixes } from './data.ts';
import { median } from './measure.ts';

/*
 * `node bench/ingest.ts [--records 60000] [--rounds 5]`: simulated records pushed over HTTP, in envelopes of 500, to our server with nobody
 * behind it, and to a bare fastify server that parses the bodies; in turn, each round the same bodies.
 * `--url http://127.0.0.1:7070 --token TOKEN --pid PID`: to a service that runs, once, beside the bare server.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const PER_BODY = 500;
const AT_ONCE = 4;
const TICKS = 100;

interface Target {
  readonly name: string;
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  readonly child: ChildProcess | null;
}

interface Figures {
  readonly perSecond: number;
  /** Of one core. */
  readonly cpu: number;
}

function option(words: readonly string[], name: string): string | null {
  const at = words.indexOf(name);
  return at < 0 ? null : (words[at + 1] ?? null);
}

/** Seconds of CPU that a process has used; Linux only. */
function cpuOf(pid: number): number {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\) /);
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  return (user! + system!) / TICKS;
}

async function bodiesOf(file: string): Promise<Buffer[]> {
  const bodies: Buffer[] = [];
  let lines: string[] = [];
  const close = (): void => {
    if (lines.length > 0) bodies.push(Buffer.from(`{"records":[${lines.join(',')}]}`));
    lines = [];
  };
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (lines.push(line) === PER_BODY) close();
  }
  close();
  return bodies;
}

async function startServer(name: 'ours' | 'bare'): Promise<Target> {
  const child = spawn(process.execPath, [join(root, 'bench/ingestServer.ts'), name], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { promise, resolve } = Promise.withResolvers<string>();
  child.stdout!.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
  return { name, url: await promise, token: 'token-of-the-bench', pid: child.pid!, child };
}

function post({ url, token }: Target, body: Buffer, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': body.length,
    };
    const sent = request(`${url}/api/v1/logs`, { method: 'POST', headers, agent }, (answer) => {
      answer.resume().on('end', () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`status ${answer.statusCode}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function push(target: Target, bodies: readonly Buffer[], records: number): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const cpu = cpuOf(target.pid);
  const started = process.hrtime.bigint();
  let next = 0;
  const sender = async (): Promise<void> => {
    while (next < bodies.length) await post(target, bodies[next++]!, agent);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  agent.destroy();
  return { perSecond: records / seconds, cpu: (cpuOf(target.pid) - cpu) / seconds };
}

function show(name: string, figures: readonly Figures[], bare: number): number {
  const perSecond = median(figures.map((one) => one.perSecond));
  const cpu = median(figures.map((one) => one.cpu));
  const ratio = bare === 0 ? '' : `  ${(perSecond / bare).toFixed(2)} x the bare server`;
  const share = `${(cpu * 100).toFixed(0)} % of a core`;
  process.stdout.write(
    `${name.padEnd(10)} ${Math.round(perSecond).toLocaleString('en')} records/s  ${share}${ratio}\n`,
  );
  return perSecond;
}

async function run(words: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cosmowatch-ingest-'));
  const targets: Target[] = [await startServer('bare')];
  try {
    const url = option(words, '--url');
    const token = option(words, '--token') ?? '';
    const pid = Number(option(words, '--pid') ?? process.pid);
    targets.push(url === null ? await startServer('ours') : { name: 'service', url, token, pid, child: null });
    const wanted = Number(option(words, '--records') ?? 60_000);
    const { file, records } = makeMixes(join(root, 'bin/cosmowatch.js'), folder, wanted).mixes[0]!;
    const bodies = await bodiesOf(file);
    const megabytes = bodies.reduce((sum, { length }) => sum + length, 0) / 1e6;
    process.stdout.write(
      `${records} records, ${megabytes.toFixed(0)} MB, ${bodies.length} requests, ${AT_ONCE} at once\n`,
    );
    // A second round would be of records that a service has already.
    const rounds = url === null ? Number(option(words, '--rounds') ?? 5) : 0;
    const figures = targets.map((): Figures[] => []);
    for (let round = 0; round <= rounds; round++) {
      for (const [at, target] of targets.entries()) {
        const measured = await push(target, bodies, records);
        if (round > 0 || rounds === 0) figures[at]!.push(measured);
      }
    }
    let bare = 0;
    for (const [at, { name }] of targets.entries()) {
      const perSecond = show(name, figures[at]!, bare);
      if (at === 0) bare = perSecond;
    }
  } finally {
    for (const { child } of targets) child?.stdin?.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

await run(process.argv.slice(2));
