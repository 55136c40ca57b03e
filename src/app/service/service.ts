import type { AlertNews, StoredAlert } from '../../alerts/stored.ts';
import { EVERYTHING } from '../../api/ports.ts';
import { ApiServer } from '../../api/server.ts';
import type { Config } from '../../config/config.ts';
import type { Micros } from '../../events/event.ts';
import type { Clock, RandomBytes } from '../../lib/clock.ts';
import type { JsonObject } from '../../lib/json.ts';
import { VERSION } from '../../lib/version.ts';
import type { SignOfLife } from '../../notify/receiver.ts';
import { safeHttp } from '../../notify/safeHttp.ts';
import { StoreFailed } from '../../store/failure.ts';
import { rollUpFigures } from '../../store/figureRollUp.ts';
import { mergeFigures } from '../../store/figures.ts';
import { addInventory } from '../../store/inventories.ts';
import { mergeLogHours } from '../../store/logHours.ts';
import { type MainToken, mainToken } from '../../store/mainToken.ts';
import { touch } from '../../store/meta.ts';
import { type OpenStore, openStore } from '../../store/open.ts';
import { Overview } from '../../store/overview.ts';
import { retain } from '../../store/retention.ts';
import type { Log } from '../../telemetry/log.ts';
import { type Metrics, prometheus } from '../../telemetry/metrics.ts';
import { AccountRules } from '../accountRules.ts';
import type { Archive } from '../archive/archive.ts';
import { archiveOf } from '../archive/archiveOf.ts';
import type { ConfigRules } from '../configRules.ts';
import { Live } from '../live/live.ts';
import { partsOf } from '../live/parts.ts';
import type { ReadBatch } from '../live/read.ts';
import { People } from '../people/people.ts';
import type { SetupLink } from '../people/setupLink.ts';
import { retentionPolicy } from '../retention.ts';
import { Bench } from '../tryRule/bench.ts';
import { aboutPort } from './aboutPort.ts';
import { accountsPort } from './accountsPort.ts';
import { alertsPort } from './alertsPort.ts';
import { auditPort } from './auditPort.ts';
import { Committer } from './committer.ts';
import { deliveriesPort } from './deliveriesPort.ts';
import { type Drilled, playDrill } from './drillRun.ts';
import { evidencePort } from './evidencePort.ts';
import { figuresPort } from './figuresPort.ts';
import { Gate } from './gate.ts';
import { type Gauged, gaugesOf } from './gauges.ts';
import { Intake } from './intake.ts';
import { intakePort } from './intakePort.ts';
import { InventoryRefresh } from './inventoryRefresh.ts';
import { knownBefore } from './knownBefore.ts';
import { learningOf, learningPorts } from './learning.ts';
import { logHoursOf } from './logHoursOf.ts';
import { logsPort } from './logsPort.ts';
import { NewsHub } from './news.ts';
import { Notifier } from './notifier.ts';
import { OLD_ROWS } from './oldRows.ts';
import { builtPages } from './pages.ts';
import { checkDemoAddress, FATES, sourcesOf } from './parts.ts';
import { putAside } from './putAside.ts';
import { receiversPort } from './receiversPort.ts';
import { RuleFiles } from './ruleFiles.ts';
import { rulesPort } from './rulesPort.ts';
import { Shutdown } from './shutdown.ts';
import { signedPort } from './signedPort.ts';
import { type NamedSource, SourceRunner } from './sourceRunner.ts';
import { statusPort } from './statusPort.ts';
import { tokensPort } from './tokensPort.ts';
import { trailOf } from './trail.ts';
import { tuningOf } from './tuning.ts';
import { exceptionsPort, silencesPort, type TuningDeps } from './tuningPort.ts';
import { weekFacts } from './weekFacts.ts';

/** A configuration with the rules that it uses: together they are good or refused. */
export interface Setup {
  readonly config: Config;
  readonly rules: ConfigRules;
  /** Whoever is at this machine may sign in as its admin. Default: false. */
  readonly isDemo?: boolean;
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
  /** For the first admin; null: somebody can sign in. */
  readonly setup: SetupLink | null;
  readonly #parts: Parts;
  readonly #shutdown: Shutdown;
  /** One at a time, and none while it stops. */
  #reloading: Promise<void> = Promise.resolve();
  #isStopping = false;

  private constructor(parts: Parts, shutdown: Shutdown, url: string, token: MainToken, setup: SetupLink | null) {
    this.#parts = parts;
    this.#shutdown = shutdown;
    this.url = url;
    this.token = token;
    this.setup = setup;
  }

  /** @throws UserError the data folder or the address cannot be had; what was started by then is stopped */
  static async start(setup: Setup, ports: ServicePorts): Promise<Service> {
    const shutdown = new Shutdown(ports.clock, ports.log);
    if (setup.isDemo === true) checkDemoAddress(setup.config.listen.host);
    try {
      const store = openStore(setup.config.data, ports.clock.now());
      shutdown.add('store', () => store.close());
      const token = mainToken(setup.config.data, ports.env, ports.entropy);
      const parts = new Parts(setup, ports, store, token);
      parts.start(shutdown);
      const { host, port } = setup.config.listen;
      const url = await parts.server.listen(host, port);
      shutdown.add('server', () => parts.server.close());
      const link = await parts.people.start(setup.config.externalUrl ?? url);
      parts.startSources();
      shutdown.add('sources', () => parts.runner.stop());
      ports.log.info({ url, version: VERSION }, 'listening');
      return new Service(parts, shutdown, url, token, link);
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
  readonly people: People;
  readonly #ports: ServicePorts;
  readonly #store: OpenStore;
  readonly #startedAt: number;
  readonly #live: Live;
  readonly #committer: Committer<ReadBatch>;
  readonly #news: NewsHub;
  readonly #metrics: Metrics;
  readonly #overview: Overview;
  readonly #archive: Archive | null;
  readonly #refresh: InventoryRefresh;
  readonly #intake: Intake;
  readonly #bench: Bench;
  readonly #stopping = new AbortController();
  readonly #gate: Gate;
  #setup: Setup;
  /** What depends on the rules, and is made when it is asked for first. */
  #ofRules: { readonly reach: AccountRules; readonly files: RuleFiles } | null = null;
  #sources: readonly NamedSource[];
  #notifier: Notifier;

  constructor(setup: Setup, ports: ServicePorts, store: OpenStore, token: MainToken) {
    const { clock, log } = ports;
    const { db } = store;
    this.#setup = setup;
    this.#ports = ports;
    this.#store = store;
    this.#startedAt = clock.now();
    this.#overview = new Overview(db);
    this.#news = new NewsHub(log);
    this.#intake = new Intake(clock);
    this.#bench = new Bench(clock, () => this.#surroundings());
    this.#sources = sourcesOf(setup.config);
    this.#gate = new Gate(db, {
      alert: (id) => this.#live.alert(id),
      tellAgain: (id, kind, why) => this.#live.tellAgain(id, kind, why),
    });
    this.#notifier = this.#newNotifier();
    this.#live = new Live({
      rules: setup.rules.rules,
      db,
      now: () => clock.now(),
      ...knownBefore(setup.config, db),
      figures: setup.config.keyFigures.enabled,
      tuning: learningOf(setup.config, this.#sources),
    });
    this.#archive = archiveOf(setup.config, clock, log);
    this.#committer = this.#newCommitter();
    this.#refresh = new InventoryRefresh({ clock, log, keep: (...told) => this.#keepInventory(...told) });
    this.runner = new SourceRunner({
      submit: (source, batch) => this.#committer.submit(source, batch),
      admit: (bytes) => this.#committer.admit(bytes),
      positions: (source) => this.#live.positions(source),
      onTaken: (source, receipt) => this.#intake.took(source, receipt),
      onTrouble: (source, why) => this.#intake.troubled(source, why),
      clock,
      random: ports.random,
      log,
    });
    this.#metrics = prometheus({ version: VERSION, ofProcess: true, state: () => gaugesOf(this.#gauged()) });
    this.people = new People({
      db,
      clock,
      log,
      entropy: ports.entropy,
      folder: setup.config.data,
      isDemo: setup.isDemo === true,
      settings: () => this.#setup.config.signIn,
    });
    this.server = this.#newServer(token);
  }

  /** Everything but sources and the server. */
  start(shutdown: Shutdown): void {
    this.#redecide();
    this.#notifier.start();
    shutdown.add('notifier', () => this.#notifier.stop());
    const committing = new AbortController();
    const committed = this.#committer.run(committing.signal);
    shutdown.add('committer', async () => {
      committing.abort();
      await committed;
    });
    const archiving = new AbortController();
    const archived = this.#archive?.run(archiving.signal);
    shutdown.add('archive', async () => {
      archiving.abort();
      await archived;
    });
    this.#refresh.start(this.#setup.config.accounts.azure);
    shutdown.add('inventory', () => this.#refresh.stop());
    shutdown.add('tries', () => {
      this.#stopping.abort();
      return this.#bench.end();
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
    for (const name of ['listen', 'data', 'keyFigures', 'archive'] as const) {
      if (JSON.stringify(before[name]) !== JSON.stringify(setup.config[name]))
        log.warn({ key: name }, 'this key of the configuration needs a restart');
    }
    // What cannot be read keeps all of it from being used.
    const known = knownBefore(setup.config, this.#store.db);
    await this.runner.pause();
    await Promise.all([this.#notifier.stop(), this.#refresh.stop()]);
    this.#setup = setup;
    this.#refresh.start(setup.config.accounts.azure);
    this.#ofRules = null;
    await this.#bench.close();
    await this.people.reload();
    this.#notifier = this.#newNotifier();
    this.#notifier.start();
    this.#sources = sourcesOf(setup.config);
    this.#live.tune(learningOf(setup.config, this.#sources));
    try {
      this.#committer.write(() => this.#live.reload(setup.rules.rules, known));
      this.#redecide();
    } finally {
      // Where it could not be stored, the rules are judged with the next batch that is.
      this.startSources();
    }
    const active = setup.rules.rules.filter(({ alerts }) => alerts).length;
    log.info({ rules: active, sources: this.#sources.length }, 'configuration read again');
  }

  /** What Azure says of accounts, if it is something else than before. */
  #keepInventory(at: Micros, documents: readonly JsonObject[]): void {
    this.#committer.write(() => {
      if (!addInventory(this.#store.db, { at, documents })) return [];
      const { config, rules } = this.#setup;
      return this.#live.reload(rules.rules, knownBefore(config, this.#store.db));
    });
  }

  /** The exceptions and silences that there are now hold of every alert; if that cannot be stored, from the next tick on. */
  #redecide(): void {
    const { config } = this.#setup;
    const { log } = this.#ports;
    for (const { path, why } of config.tuning.refused) log.warn({ path, why }, 'refused alone; the rest is in force');
    this.#gate.use(tuningOf(config, this.#store.db));
    try {
      this.#tell(() => this.#notifier.tick());
    } catch (error) {
      log.error({ error: String(error) }, 'exceptions and silences could not be applied yet');
    }
  }

  /** In a transaction of its own: what it lets go is told. */
  #tell(run: () => boolean): void {
    let isTold = false;
    this.#committer.write(() => {
      isTold = run();
      return [];
    });
    if (isTold) this.#notifier.wake();
  }

  #newNotifier(): Notifier {
    const { clock, random, log } = this.#ports;
    const ports = { clock, random, log, http: safeHttp() };
    return new Notifier(this.#store.db, this.#setup.config, ports, {
      alive: () => this.#signOfLife(),
      onSettled: (receiver, outcome) => this.#metrics.delivered(receiver, outcome),
      week: (from, to) =>
        weekFacts(
          {
            db: this.#store.db,
            overview: this.#overview,
            rules: this.#setup.rules,
            sources: this.runner.status(),
          },
          from,
          to,
        ),
      gate: this.#gate,
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
        read: (source, batch) => this.#live.readSlowly(source, batch),
        parts: partsOf,
        commit: (reads) => {
          mergeFigures(
            db,
            reads.flatMap(({ figures }) => figures),
          );
          mergeLogHours(db, reads.flatMap(logHoursOf));
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
        for (const { source, batch } of reads) if (source.isPassing !== true) this.#archive?.take(batch);
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
    const alerts = alertsPort({
      live: () => this.#live,
      overview: this.#overview,
      write,
      trail: (stored) => this.#trail(stored),
    });
    const audit = auditPort(db, clock);
    const receivers = () => this.#setup.config.receivers;
    return new ApiServer({
      clock,
      log,
      externalUrl: this.#setup.config.externalUrl,
      proxies: () => this.#setup.config.signIn.proxies,
      pages: builtPages(),
      answered: (method, route, status, seconds) => this.#metrics.answered(method, route, status, seconds),
      ports: {
        alerts,
        status: statusPort({
          startedAt: this.#startedAt,
          rules: () => this.#setup.rules,
          sources: () => this.runner.status(),
          queue: () => this.#committer.waiting,
          overview: this.#overview,
          whyNotReady: () => this.#committer.failure,
          refused: () => this.#setup.config.tuning.refused,
        }),
        ...this.#pagePorts(),
        figures: figuresPort(db, clock),
        evidence: evidencePort({
          db,
          rules: () => this.#setup.rules,
          takesFigures: () => this.#setup.config.keyFigures.enabled,
        }),
        tokens: tokensPort({ db, clock, entropy, main: token, sources: () => this.#sources }),
        audit,
        sessions: this.people.sessions,
        users: this.people.users,
        logs: logsPort(this.runner, this.#committer),
        events: this.#news,
        metrics: { contentType: this.#metrics.contentType, render: () => this.#metrics.render() },
        deliveries: deliveriesPort(() => this.#notifier),
        signed: signedPort({ db, clock, log, receivers, alerts, audit }),
        ...learningPorts({ db, now: () => clock.now(), settings: () => this.#setup.config.routine }, write),
        drill: { play: (rule, by) => this.#drill(rule, by) },
        exceptions: exceptionsPort(this.#tuningDeps()),
        silences: silencesPort(this.#tuningDeps()),
      },
    });
  }

  /** What the pages of one account, rule, source or receiver ask. */
  #pagePorts() {
    const { db } = this.#store;
    const { clock } = this.#ports;
    const rules = (): ConfigRules => this.#setup.rules;
    const config = (): Config => this.#setup.config;
    const shared = {
      db,
      clock,
      overview: this.#overview,
      live: () => this.#live,
      reach: () => this.#madeOfRules().reach,
    };
    return {
      accounts: accountsPort({ ...shared, expected: () => config().accounts.expect }),
      rules: rulesPort({
        ...shared,
        rules,
        files: () => this.#madeOfRules().files,
        bench: this.#bench,
        inventories: () => knownBefore(config(), db).inventories,
      }),
      intake: intakePort({ sources: () => this.runner.status(), overview: this.#overview, intake: this.#intake }),
      receivers: receiversPort({ db, clock, config, signal: this.#stopping.signal }),
      about: aboutPort({ startedAt: this.#startedAt, config, rules, overview: this.#overview }),
    };
  }

  #madeOfRules() {
    const { rules, config } = this.#setup;
    this.#ofRules ??= {
      reach: new AccountRules(rules.rules, new Map(rules.disabled.map(({ rule, reason }) => [rule.meta.id, reason]))),
      files: new RuleFiles(config.rules.folders),
    };
    return this.#ofRules;
  }

  #surroundings() {
    const { rules, lists } = this.#setup.config;
    return { folders: rules.folders, parameters: rules.parameters, lists };
  }

  #tuningDeps(): TuningDeps {
    const { db } = this.#store;
    return {
      db,
      clock: this.#ports.clock,
      config: () => this.#setup.config,
      rules: () => this.#setup.rules.rules,
      alerts: (scope) => this.#live.every(scope),
      change: (run) => this.#retune(run),
    };
  }

  /** With what changed stored, its consequences are. */
  #retune(run: () => void): void {
    const { config } = this.#setup;
    const { db } = this.#store;
    try {
      this.#tell(() => {
        run();
        this.#gate.use(tuningOf(config, db));
        return this.#notifier.tick();
      });
    } catch (error) {
      this.#gate.use(tuningOf(config, db));
      throw error;
    }
  }

  #trail(stored: StoredAlert) {
    const rule = this.#setup.rules.rules.find(({ meta }) => meta.id === stored.alert.ruleId) ?? null;
    const { id } = stored.alert;
    return trailOf(stored, {
      rule,
      steps: this.#gate.steps(id),
      routing: this.#notifier.routing(stored),
      deliveries: this.#notifier.outbox.ofAlert(id),
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
        this.#tell(() => this.#notifier.tick());
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
        this.people.clear();
        await rollUpFigures(db, clock.now(), signal);
        const policy = retentionPolicy(this.#setup.config.retention);
        const removed = await retain(db, OLD_ROWS, policy, clock.now(), signal);
        for (const { table, why, rows } of removed) log.info({ table, why, rows }, 'old rows removed');
      } catch (error) {
        log.error({ error: String(error) }, 'old rows could not be removed');
      }
    }
  }

  #gauged(): Gauged {
    return {
      waiting: this.#committer.waiting,
      isReady: this.#committer.failure === null,
      sources: this.runner.status(),
      overview: this.#overview,
      archive: this.#archive,
    };
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
}
