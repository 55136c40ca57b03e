import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import type { Alert } from '../../src/alerts/alert.ts';
import type { AlertItem, Status } from '../../src/api/contract.ts';
import { systemClock } from '../../src/lib/clock.ts';

/** The service as its users run it: the program as a process of its own, asked over real sockets. */

const BIN = fileURLToPath(new URL('../../bin/cosmowatch.js', import.meta.url));

export interface ServiceOptions {
  readonly data: string;
  readonly config?: string;
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** As the API tells it. */
export type ShownAlert = Alert & Pick<AlertItem, 'history'>;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that was started, and may not listen yet. */
export class Service {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly #data: string;
  readonly #started = performance.now();
  out = '';
  err = '';
  isEnded = false;
  url = '';
  /** Milliseconds from the start of the process until it was ready. */
  readyAfter = Number.NaN;

  constructor({ data, config, words = [], env = {} }: ServiceOptions) {
    const all = ['serve', '--data', data, '--listen', '127.0.0.1:0', ...words];
    this.#data = data;
    this.child = spawn(process.execPath, [BIN, ...all, ...(config === undefined ? [] : ['--config', config])], {
      env: { ...process.env, COSMOWATCH_TOKEN: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.out += text;
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.err += text;
    });
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code, signal) => {
        this.isEnded = true;
        resolve({ code, signal });
      });
    });
  }

  get token(): string {
    return readFileSync(join(this.#data, 'token'), 'utf8').trim();
  }

  /** @throws Error with what it said, if it ended before it was ready */
  async ready(): Promise<this> {
    await until('it listens', () => this.isEnded || /^listening on \S+\n/m.test(this.out), 60_000, 2);
    this.url = /^listening on (\S+)$/m.exec(this.out)?.[1] ?? '';
    if (this.url === '') throw new Error(`it did not start: ${this.err}`);
    await until('it is ready', async () => (await this.isReady()) || this.isEnded, 60_000, 5);
    this.readyAfter = performance.now() - this.#started;
    return this;
  }

  async isReady(): Promise<boolean> {
    return (await fetch(`${this.url}/readyz`).catch(() => null))?.status === 200;
  }

  /** @throws TypeError the connection broke */
  async push(body: string | Buffer): Promise<Response> {
    return fetch(`${this.url}/api/v1/logs`, { method: 'POST', headers: this.#headers(), body: body as string });
  }

  async ask<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, { headers: this.#headers() });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  status(): Promise<Status> {
    return this.ask('/api/v1/status');
  }

  async alerts(query = ''): Promise<ShownAlert[]> {
    const all: ShownAlert[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const next: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: { items: ShownAlert[]; next: string | null } = await this.ask(
        `/api/v1/alerts?limit=500${query}${next}`,
      );
      all.push(...page.items);
      cursor = page.next;
    }
    return all;
  }

  kill(): Promise<Ended> {
    this.child.kill('SIGKILL');
    return this.ended;
  }

  stop(): Promise<Ended> {
    this.child.kill('SIGTERM');
    return this.ended;
  }

  /** Bytes of memory that it has now. */
  memory(): number {
    const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'));
    return Number(found?.[1] ?? 0) * 1024;
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.token}`, 'content-type': 'application/x-ndjson' };
  }
}

export function startService(options: ServiceOptions): Promise<Service> {
  return new Service(options).ready();
}

/** @throws Error if it is not so within the time */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  within = 60_000,
  every = 20,
): Promise<void> {
  const end = performance.now() + within;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`not within ${within} ms: ${what}`);
    await systemClock.sleep(every);
  }
}

/** Asks the database of a service that has ended. */
export function storedIn(data: string, sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(join(data, 'cosmowatch.db'));
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

/** A size of a long test: its default keeps all of them together at some minutes. */
export function sized(name: string, normal: number): number {
  return Number(process.env[`COSMOWATCH_LONG_${name}`] ?? normal);
}
