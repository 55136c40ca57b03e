import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { CSRF_HEADER } from '../../api/contract.ts';
import { MemoryPorts } from '../../api/memory.test-support.ts';
import type { ApiPorts } from '../../api/ports.ts';
import { ApiServer } from '../../api/server.ts';
import { SIGN_IN, type SignIn } from '../../config/signIn.ts';
import { systemBytes } from '../../lib/clock.ts';
import { Db } from '../../store/db.ts';
import type { LogFields } from '../../telemetry/log.ts';
import { auditPort } from '../service/auditPort.ts';
import { People } from './people.ts';
import type { SetupLink } from './setupLink.ts';

export const START = Date.parse('2026-11-24T03:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Two other words of four are never guessed. */
export const GOOD = 'vier worte sind genug';

export interface HouseOptions {
  readonly settings?: Partial<SignIn>;
  readonly externalUrl?: string | null;
  readonly isDemo?: boolean;
}

/** Who is signed in, for real: a database in a file, the server before it, and a clock that is moved by hand. */
export class House {
  readonly folder: string;
  readonly lines: { readonly fields: LogFields; readonly message: string }[] = [];
  readonly memory = new MemoryPorts();
  readonly #options: HouseOptions;
  settings: SignIn;
  now = START;
  url = '';
  setup: SetupLink | null = null;
  db!: Db;
  #server: ApiServer | null = null;
  #sleeping: (() => void)[] = [];

  constructor(folder: string, options: HouseOptions) {
    this.folder = folder;
    this.#options = options;
    this.settings = { ...SIGN_IN.parse({}), ...options.settings };
  }

  async open(): Promise<this> {
    const clock = {
      now: () => this.now,
      sleep: (_ms: number, signal?: AbortSignal) =>
        new Promise<void>((resolve) => {
          this.#sleeping.push(resolve);
          signal?.addEventListener('abort', () => resolve(), { once: true });
        }),
    };
    const say = (fields: LogFields, message: string): void => void this.lines.push({ fields, message });
    const log = { info: say, warn: say, error: say };
    this.db = new Db(join(this.folder, 'house.db'));
    const { db, folder } = this;
    const isDemo = this.#options.isDemo ?? false;
    const people = new People({ db, clock, log, folder, isDemo, entropy: systemBytes, settings: () => this.settings });
    const ports: ApiPorts = {
      ...this.memory,
      sessions: people.sessions,
      users: people.users,
      audit: auditPort(db, clock),
    };
    const { externalUrl = null } = this.#options;
    this.#server = new ApiServer({ ports, clock, log, externalUrl, proxies: () => this.settings.proxies });
    this.url = await this.#server.listen('127.0.0.1', this.url === '' ? 0 : Number(new URL(this.url).port));
    this.setup = await people.start(externalUrl ?? this.url);
    return this;
  }

  /** Lets what waits for the clock go on. */
  beat(): void {
    for (const go of this.#sleeping.splice(0)) go();
  }

  async close(): Promise<void> {
    await this.#server?.close();
    this.#server = null;
    this.db.close();
  }

  async restart(): Promise<void> {
    await this.close();
    await this.open();
  }

  /** The first admin, signed in. */
  async admin(name = 'ann@contoso.example'): Promise<Browser> {
    const browser = new Browser(this);
    await browser.expect(200, 'POST', '/api/v1/setup', { code: this.code, name, password: GOOD });
    return browser;
  }

  get code(): string {
    return this.setup!.link.reveal().split('#')[1]!;
  }

  /** All that is written down, as bytes. */
  written(): string {
    this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return readFileSync(join(this.folder, 'house.db'), 'latin1');
  }
}

export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

/** As a browser: it keeps cookies, sends them along, and knows the value against forgery that it was told. */
export class Browser {
  readonly #house: House;
  readonly cookies = new Map<string, string>();
  /** As the last answer set them. */
  set: string[] = [];
  csrf: string | null = null;
  more: Record<string, string> = {};

  constructor(house: House) {
    this.#house = house;
  }

  get cookie(): string | undefined {
    return [...this.cookies].find(([name]) => name.startsWith('cosmowatch-session'))?.[1];
  }

  async ask(method: string, path: string, body?: unknown): Promise<Told> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(path.startsWith('http') ? path : this.#house.url + path, {
      method,
      redirect: 'manual',
      headers: {
        // No connection outlives a restart.
        connection: 'close',
        ...(cookie === '' ? {} : { cookie }),
        ...(this.csrf === null ? {} : { [CSRF_HEADER]: this.csrf }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...this.more,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    this.keep(answer.headers.getSetCookie());
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
    const told = isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
    if (typeof told['csrf'] === 'string') this.csrf = told['csrf'];
    return { status: answer.status, headers: answer.headers, body: told, text };
  }

  async expect(status: number, method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const told = await this.ask(method, path, body);
    if (told.status !== status) throw new Error(`${method} ${path}: ${told.status} ${told.text}`);
    return told.body;
  }

  signIn(name: string, password: string): Promise<Told> {
    return this.ask('POST', '/api/v1/session', { name, password });
  }

  keep(set: string[]): void {
    if (set.length > 0) this.set = set;
    for (const one of set) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(one)!;
      if (/max-age=0/i.test(one)) this.cookies.delete(name!);
      else this.cookies.set(name!, value!);
    }
  }
}

const houses: House[] = [];
afterEach(async () => {
  for (const house of houses.splice(0)) {
    await house.close();
    rmSync(house.folder, { recursive: true, force: true });
  }
});

export function house(options: HouseOptions = {}): Promise<House> {
  const made = new House(mkdtempSync(join(tmpdir(), 'cosmowatch-people-')), options);
  houses.push(made);
  return made.open();
}
