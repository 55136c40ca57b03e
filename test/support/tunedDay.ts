import type { StoredAlert } from '../../src/alerts/stored.ts';
import type { ExceptionBody, SilenceBody, TuningPreview } from '../../src/api/contract.ts';
import { EVERYTHING } from '../../src/api/ports.ts';
import { KINDS } from '../../src/app/configFile.ts';
import { Live } from '../../src/app/live/live.ts';
import { rulesFor } from '../../src/app/rules.ts';
import { Gate } from '../../src/app/service/gate.ts';
import { Notifier } from '../../src/app/service/notifier.ts';
import { tuningOf } from '../../src/app/service/tuning.ts';
import { exceptionsPort, silencesPort } from '../../src/app/service/tuningPort.ts';
import { loadConfig } from '../../src/config/load.ts';
import { safeHttp } from '../../src/notify/safeHttp.ts';
import { DEMO_DAY, simulate } from '../../src/simulate/simulate.ts';
import { Db } from '../../src/store/db.ts';
import { SILENT } from '../../src/telemetry/log.ts';
import { batchOf, PUSHED } from './live.ts';

/** A simulated day lived by real detection, with the real gate and outbox behind it. What would be sent counts as delivered at once. */

const RULES = rulesFor([], [], new Map());
const HOUR = 3_600_000;
const CONFIG = `receivers: {team: [{type: webhook, url: "https://hooks.contoso.example"}]}
routes: {receiver: team, flood: 0}
`;

export interface Told {
  readonly alert: string;
  readonly kind: string;
  readonly at: number;
}

export class TunedDay {
  now = DEMO_DAY;
  readonly told: Told[] = [];
  readonly #db = new Db(':memory:');
  readonly #live: Live;
  readonly #gate: Gate;
  readonly #notifier: Notifier;
  readonly #config;
  readonly exceptions;
  readonly silences;

  constructor(lists = '') {
    const clock = { now: () => this.now, sleep: () => Promise.resolve() };
    const io = {
      env: () => undefined,
      resolve: (path: string) => path,
      readSecret: () => ({ kind: 'failed', why: '' }) as const,
      now: () => this.now,
    };
    this.#config = loadConfig({ name: 'c.yml', text: CONFIG + lists }, KINDS, io).config!;
    this.#live = new Live({ rules: RULES, db: this.#db, now: () => this.now, declared: [], inventories: [] });
    this.#gate = new Gate(this.#db, {
      alert: (id) => this.#live.alert(id),
      tellAgain: (id, kind, why) => this.#live.tellAgain(id, kind, why),
    });
    const ports = { clock, random: () => 0.5, log: SILENT, http: safeHttp() };
    this.#notifier = new Notifier(this.#db, this.#config, ports, {
      alive: () => null,
      onSettled: () => {},
      gate: this.#gate,
    });
    const deps = {
      db: this.#db,
      clock,
      config: () => this.#config,
      rules: () => RULES,
      alerts: () => this.#live.every({ subscriptions: null }),
      change: (run: () => void) =>
        this.#write(() => {
          run();
          this.#gate.use(tuningOf(this.#config, this.#db));
          this.#notifier.tick();
        }),
    };
    this.exceptions = exceptionsPort(deps);
    this.silences = silencesPort(deps);
  }

  /** A batch of records, when the last of them was written. */
  read(records: readonly { readonly time: number; readonly line: string }[]): void {
    this.now = Math.max(this.now, ...records.map(({ time }) => time));
    const read = this.#live.read(PUSHED, batchOf(records.map(({ line }) => JSON.parse(line) as object)));
    this.#write(() => this.#notifier.enqueue(this.#live.commit([read])));
  }

  tick(): void {
    this.#write(() => {
      this.#notifier.enqueue(this.#live.tick());
      this.#notifier.tick();
    });
  }

  async except(name: string, spec: ExceptionBody): Promise<void> {
    const made = await this.exceptions.create(name, spec, 'ann', EVERYTHING);
    if (made.kind !== 'done') throw new Error(`${made.kind}: ${'why' in made ? made.why : ''}`);
  }

  async silence(name: string, spec: SilenceBody): Promise<void> {
    const made = await this.silences.create(name, spec, 'ann', EVERYTHING);
    if (made.kind !== 'done') throw new Error(`${made.kind}: ${'why' in made ? made.why : ''}`);
  }

  async preview(spec: ExceptionBody): Promise<TuningPreview> {
    const made = await this.exceptions.preview(spec, EVERYTHING);
    if (made.kind !== 'done') throw new Error(made.kind);
    return made.item;
  }

  act(id: string, action: 'acknowledge' | 'resolve'): void {
    this.#write(() => {
      const news = this.#live.act(id, action, 'ann');
      if (news.kind !== 'refused') this.#notifier.enqueue([news]);
    });
  }

  alerts(): StoredAlert[] {
    return [...this.#live.every({ subscriptions: null })];
  }

  close(): void {
    this.#db.close();
  }

  #write(run: () => unknown): void {
    this.#db.transaction(() => void run());
    const { outbox } = this.#notifier;
    for (const { id, alert, kind } of outbox.waiting(0, 1000)) {
      if (outbox.load(id) === null) continue;
      outbox.settle(id, { kind: 'delivered', ref: null, also: [], again: null }, this.now);
      this.told.push({ alert, kind, at: this.now });
    }
  }
}

/** The records of a day, by the hour. */
export function hoursOf(scenario: string, seed: string) {
  const { records } = simulate({ scenario, seed, days: 1, start: DEMO_DAY, recordsPerDay: 30, variant: 'export' });
  const hours = new Map<number, { time: number; line: string }[]>();
  for (const { time, line } of records) {
    const hour = Math.floor((time - DEMO_DAY) / HOUR);
    const known = hours.get(hour);
    if (known) known.push({ time, line });
    else hours.set(hour, [{ time, line }]);
  }
  return [...hours].sort(([a], [b]) => a - b).map(([, some]) => some);
}
