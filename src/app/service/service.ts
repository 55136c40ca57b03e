import { statSync } from 'node:fs';
import type { Inventory } from '../../accounts/inventory.ts';
import type { AlertNews } from '../../alerts/stored.ts';
import { EVERYTHING } from '../../api/ports.ts';
import { ApiServer } from '../../api/server.ts';
import type { Config } from '../../config/config.ts';
import type { Micros } from '../../events/event.ts';
import type { Clock, RandomBytes } from '../../lib/clock.ts';
import { VERSION } from '../../lib/version.ts';
import type { SignOfLife } from '../../notify/receiver.ts';
import { safeHttp } from '../../notify/safeHttp.ts';
import { RETAINED as AUDIT_ROWS } from '../../store/audit.ts';
import { StoreFailed } from '../../store/failure.ts';
import { rollUpFigures } from '../../store/figureRollUp.ts';
import { RETAINED as FIGURE_ROWS, mergeFigures } from '../../store/figures.ts';
import { type MainToken, mainToken } from '../../store/mainToken.ts';
import { touch } from '../../store/meta.ts';
import { type OpenStore, openStore } from '../../store/open.ts';
import { RETAINED as DELIVERY_ROWS } from '../../store/outbox.ts';
import { Overview } from '../../store/overview.ts';
import { retain } from '../../store/retention.ts';
import type { Log } from '../../telemetry/log.ts';
import { type Metrics, prometheus } from '../../telemetry/metrics.ts';
import type { ConfigRules } from '../configRules.ts';
import { Live } from '../live/live.ts';
import type { ReadBatch } from '../live/read.ts';
import type { TuningSettings } from '../live/tuning.ts';
import { readNetworks } from '../networks.ts';
import { retentionPolicy } from '../retention.ts';
import { loadInventory } from '../scan.ts';
import { alertsPort } from './alertsPort.ts';
import { auditPort } from './auditPort.ts';
import { Committer } from './committer.ts';
import { deliveriesPort } from './deliveriesPort.ts';
import { type Drilled, playDrill } from './drillRun.ts';
import { figuresPort } from './figuresPort.ts';
import { logsPort } from './logsPort.ts';
import { NewsHub } from './news.ts';
import { Notifier } from './notifier.ts';
import { putAside } from './putAside.ts';
import { memoryPort, routinesPort } from './routinesPort.ts';
import { Shutdown } from './shutdown.ts';
import { type NamedSource, SourceRunner } from './sourceRunner.ts';
import { statusPort } from './statusPort.ts';
import { tokensPort } from './tokensPort.ts';

/** A configuration with the rules that it uses: together they are good or refused. */
export interface Setup {
  readonly config: Config;
  readonly rules: ConfigRules;
}

export interface ServicePorts {
  readonly clock: Clock;
  readonly random: () => number;
  /** For secrets and ids. */
  readonly entropy: RandomBytes;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How often time alone is looked at, and what is old is let go; milliseconds. */
const TICK = 15_000;
const HOUR = 3_600_000;
/** What a graceful end may take, in milliseconds. */
const END_WITHIN = 9000;

/**
 * The service: everything that is started, wired in the order in which a record goes through it. What is configured can be exchanged while
 * it runs (`reload`); where it listens and where its data are cannot.
 */
export class Service {
  readonly url: string;
  readonly token: MainToken;
  readonly #parts: Parts;
  readonly #shutdown: Shutdown;
  /** One at a time, and none while it stops. */
  #reloading: Promise<void> = Promise.resolve();
  #isStopping = false;

  private constructor(parts: Parts, shutdown: Shutdown, url: string, token: MainToken) {
    this.#parts = parts;
    this.#shutdown = shutdown;
    this.url = url;
    this.token = token;
  }

  /** @throws UserError the data folder or the address cannot be had; what was started by then is stopped */
  static async start(setup: Setup, ports: ServicePorts): Promise<Service> {
    const shutdown = new Shutdown(ports.clock, ports.log);
    try {
      const store = openStore(setup.config.data, ports.clock.now());
      shutdown.add('store', () => store.close());
      const token = mainToken(setup.config.data, ports.env, ports.entropy);
      const parts = new Parts(setup, ports, store, token);
      parts.start(shutdown);
      const { host, port } = setup.config.listen;
      const url = await parts.server.listen(host, port);
      shutdown.add('server', () => parts.server.close());
      parts.startSources();
      shutdown.add('sources', () => parts.runner.stop());
      ports.log.info({ url, version: VERSION }, 'listening');
      return new Service(parts, shutdown, url, token);
    } catch (error) {
      await shutdown.run(END_WITHIN);
      throw error;
    }
  }

  /** Other rules, sources, receivers and routes. What `listen` and `data` say needs a restart; it is told. */
  reload(setup: Setup): Promise<void> {
    const reloaded = this.#reloading.then(() => (this.#isStopping ? undefined : this.#parts.reload(setup)));
    this.#reloading = reloaded.catch(() => {});
    return reloaded;
  }

  /** Finishes what it began; at most 9 seconds. */
  stop(): Promise<void> {
    this.#isStopping = true;
    this.#shutdown.add('reload', () => this.#reloading);
    return this.#shutdown.run(END_WITHIN);
  }
}

/** What runs, and what it shares. */
class Parts {
  readonly runner: SourceRunner;
  readonly server: ApiServer;
  readonly #ports: ServicePorts;
  readonly #store: OpenStore;
  readonly #startedAt: number;
  readonly #live: Live;
  readonly #committer: Committer<ReadBatch>;
  readonly #news: NewsHub;
  readonly #metrics: Metrics;
  readonly #overview: Overview;
  #setup: Setup;
  #sources: readonly NamedSource[];
  #notifier: Notifier;
  #tuning: TuningSettings;

  constructor(setup: Setup, ports: ServicePorts, store: OpenStore, token: MainToken) {
    const { clock, log } = ports;
    const { db } = store;
    this.#setup = setup;
    this.#ports = ports;
    this.#store = store;
    this.#startedAt = clock.now();
    this.#overview = new Overview(db);
    this.#news = new NewsHub(log);
    this.#sources = sourcesOf(setup.config);
    this.#notifier = this.#newNotifier();
    this.#tuning = tuningOf(setup.config, this.#sources);
    this.#live = new Live({
      rules: setup.rules.rules,
      db,
      now: () => clock.now(),
      declared: setup.config.accounts.expect,
      inventories: inventoriesOf(setup.config),
      figures: setup.config.keyFigures.enabled,
      tuning: this.#tuning,
    });
    this.#committer = this.#newCommitter();
    this.runner = new SourceRunner({
      submit: (source, batch) => this.#committer.submit(source, batch),
      admit: (bytes) => this.#committer.admit(bytes),
      positions: (source) => this.#live.positions(source),
      clock,
      random: ports.random,
      log,
    });
    this.#metrics = prometheus({ version: VERSION, ofProcess: true, state: () => this.#state() });
    this.server = this.#newServer(token);
  }

  /** Everything but sources and the server. */
  start(shutdown: Shutdown): void {
    this.#notifier.start();
    shutdown.add('notifier', () => this.#notifier.stop());
    const committing = new AbortController();
    const committed = this.#committer.run(committing.signal);
    shutdown.add('committer', async () => {
      committing.abort();
      await committed;
    });
    const ticking = new AbortController();
    const ticked = Promise.all([this.#tick(ticking.signal), this.#keepHouse(ticking.signal)]);
    shutdown.add('clock', async () => {
      ticking.abort();
      await ticked;
    });
  }

  startSources(): void {
    this.runner.startAll(this.#sources);
  }

  async reload(setup: Setup): Promise<void> {
    const before = this.#setup.config;
    const { log } = this.#ports;
    for (const name of ['listen', 'data', 'keyFigures', 'accounts'] as const) {
      if (JSON.stringify(before[name]) !== JSON.stringify(setup.config[name]))
        log.warn({ key: name }, 'this key of the configuration needs a restart');
    }
    await this.runner.pause();
    await this.#notifier.stop();
    this.#setup = setup;
    this.#notifier = this.#newNotifier();
    this.#notifier.start();
    this.#sources = sourcesOf(setup.config);
    this.#tuning = tuningOf(setup.config, this.#sources);
    this.#live.tune(this.#tuning);
    try {
      this.#committer.write(() => this.#live.reload(setup.rules.rules));
    } finally {
      // Where it could not be stored, the rules are judged with the next batch that is.
      this.startSources();
    }
    log.info({ rules: setup.rules.rules.length, sources: this.#sources.length }, 'configuration read again');
  }

  #newNotifier(): Notifier {
    const { clock, random, log } = this.#ports;
    const ports = { clock, random, log, http: safeHttp() };
    return new Notifier(this.#store.db, this.#setup.config, ports, {
      alive: () => this.#signOfLife(),
      onSettled: (receiver, outcome) => this.#metrics.delivered(receiver, outcome),
    });
  }

  /** Null: nothing can be stored, or no source runs. */
  #signOfLife(): SignOfLife | null {
    const running = this.runner.status().filter(({ state }) => state === 'running');
    if (this.#committer.failure !== null || running.length === 0) return null;
    const told = running.flatMap(({ name }) => this.#overview.progress(name) ?? []);
    return {
      accounts: this.#overview.accountIds().length,
      openAlerts: this.#overview.alerts(EVERYTHING).open,
      readUpTo: told.length === 0 ? null : Math.min(...told),
    };
  }

  #newCommitter(): Committer<ReadBatch> {
    const { db } = this.#store;
    const { clock, log } = this.#ports;
    return new Committer<ReadBatch>({
      judging: {
        read: (source, batch) => this.#live.read(source, batch),
        commit: (reads) => {
          mergeFigures(
            db,
            reads.flatMap(({ figures }) => figures),
          );
          return this.#live.commit(reads);
        },
        restore: () => this.#live.restore(),
      },
      transaction: (run) => db.transaction(run),
      touch: () => touch(db),
      isStoreError: (error) => error instanceof StoreFailed,
      clock,
      log,
      onNews: (news) => this.#notifier.enqueue(news),
      onCommitted: ({ reads, news, took }) => {
        this.#count(reads, news, took);
        this.#news.tell(news);
        if (news.length > 0) this.#notifier.wake();
      },
      putAside: (source, batch) => putAside(this.#setup.config.data, source, batch),
    });
  }

  #newServer({ token }: MainToken): ApiServer {
    const { clock, log, entropy } = this.#ports;
    const { db } = this.#store;
    const write = (run: () => readonly AlertNews[]) => this.#committer.write(run);
    const change = (run: () => void): void => {
      write(() => {
        run();
        return [];
      });
    };
    return new ApiServer({
      clock,
      log,
      externalUrl: this.#setup.config.externalUrl,
      answered: (method, route, status, seconds) => this.#metrics.answered(method, route, status, seconds),
      ports: {
        alerts: alertsPort({ live: () => this.#live, write }),
        status: statusPort({
          startedAt: this.#startedAt,
          rules: () => this.#setup.rules,
          expected: () => this.#setup.config.accounts.expect,
          sources: () => this.runner.status(),
          queue: () => this.#committer.waiting,
          overview: this.#overview,
          whyNotReady: () => this.#committer.failure,
        }),
        figures: figuresPort(db, clock),
        tokens: tokensPort({ db, clock, entropy, main: token, sources: () => this.#sources }),
        audit: auditPort(db, clock),
        logs: logsPort(this.runner, this.#committer),
        events: this.#news,
        metrics: { contentType: this.#metrics.contentType, render: () => this.#metrics.render() },
        deliveries: deliveriesPort(() => this.#notifier),
        routines: routinesPort({
          db,
          now: () => clock.now(),
          settings: () => this.#tuning,
          write: change,
        }),
        memory: memoryPort({ db, write: change }),
        drill: { play: (rule, by) => this.#drill(rule, by) },
      },
    });
  }

  #drill(rule: string, by: string): Promise<Drilled> {
    const { rules, config } = this.#setup;
    return playDrill(rule, {
      rules: rules.rules,
      folders: config.rules.folders,
      now: this.#ports.clock.now(),
      suffix: Buffer.from(this.#ports.entropy(4)).toString('hex'),
      submit: (source, batch) => this.#committer.submit(source, batch),
      listen: (listener) => this.#news.subscribe(listener),
      by,
    });
  }

  /** Until it is stopped: what only time tells. */
  async #tick(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#ports;
    while (!signal.aborted) {
      await clock.sleep(TICK, signal);
      if (signal.aborted || this.#committer.failure !== null) continue;
      try {
        this.#committer.write(() => this.#live.tick());
      } catch (error) {
        log.error({ error: String(error) }, 'what only time tells could not be judged');
      }
    }
  }

  async #keepHouse(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#ports;
    const { db } = this.#store;
    while (!signal.aborted) {
      await clock.sleep(HOUR, signal);
      if (signal.aborted) return;
      try {
        await rollUpFigures(db, clock.now(), signal);
        const policy = retentionPolicy(this.#setup.config.retention);
        const removed = await retain(
          db,
          [...AUDIT_ROWS, ...FIGURE_ROWS, ...DELIVERY_ROWS],
          policy,
          clock.now(),
          signal,
        );
        for (const { table, why, rows } of removed) log.info({ table, why, rows }, 'old rows removed');
      } catch (error) {
        log.error({ error: String(error) }, 'old rows could not be removed');
      }
    }
  }

  #count(reads: readonly ReadBatch[], news: readonly AlertNews[], took: number): void {
    for (const { counts } of reads)
      for (const { family, fate, count } of counts) this.#metrics.records(family, FATES[fate], count);
    for (const { figures } of reads)
      for (const row of figures)
        this.#metrics.requests(row.account.slice(row.account.lastIndexOf('/') + 1), row.log, row);
    for (const { kind, stored } of news) this.#metrics.alertChanged(stored.alert.rule, kind);
    if (reads.length > 0) this.#metrics.committed(took / 1000, reads.length);
  }

  #state() {
    const { batches, bytes } = this.#committer.waiting;
    const { waiting, dead } = this.#overview.deliveries();
    return {
      sources: this.runner.status().map(({ name, state, lag }) => ({
        name,
        isRunning: state === 'running',
        lagSeconds: lag ?? null,
        progress: this.#overview.progress(name),
      })),
      storeBytes: this.#overview.bytes(),
      storeEvents: this.#overview.events(),
      queueBatches: batches,
      queueBytes: bytes,
      deliveriesWaiting: waiting,
      deliveriesDead: dead,
      openAlerts: this.#overview.alerts(EVERYTHING).open,
      isReady: this.#committer.failure === null,
    };
  }
}

const FATES = { taken: 'accepted', unknown: 'unknown', invalid: 'invalid', refused: 'rejected' } as const;

function sourcesOf({ sources }: Config): readonly NamedSource[] {
  return sources.map(({ name, kind, config, labels, subscriptions }) => ({
    name,
    type: kind.type,
    source: kind.create(config),
    labels,
    subscriptions,
  }));
}

/** @throws UserError CW-8141 */
function tuningOf({ routine, memory }: Config, sources: readonly NamedSource[]): TuningSettings {
  const trusted = new Set(sources.flatMap(({ name, source }) => (source.isAnonymous === true ? [] : [name])));
  return {
    openFor: routine.openFor,
    isTrusted: (source) => trusted.has(source),
    networkOf: memory.asn === null ? () => null : readNetworks(memory.asn),
  };
}

/** What a file says of accounts was so when it was written; before that it makes them known. */
function inventoriesOf({ accounts }: Config): readonly { readonly inventory: Inventory; readonly at: Micros }[] {
  return accounts.inventory.map((file) => ({
    inventory: loadInventory(file),
    at: Math.floor(statSync(file).mtimeMs) * 1000,
  }));
}
