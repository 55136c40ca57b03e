import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/*
 * Figures in the text format of Prometheus. Counters are told of as things happen; what is a state (lag, sizes, queues) is read when somebody
 * asks, so that nothing has to be kept up to date. Labels are names of the configuration, of rules, words of closed lists, and names of
 * accounts, of which there are at most 1,000: nothing else that somebody outside can choose.
 */

/** What became of a record. */
export type RecordFate = 'accepted' | 'rejected' | 'unknown' | 'invalid';

export interface Metrics {
  readonly contentType: string;
  render(): Promise<string>;
  /** @param family of the log; `''` where it is not known */
  records(family: string, fate: RecordFate, count: number): void;
  /** @param kind what happened to an alert of this rule */
  alertChanged(rule: string, kind: string): void;
  committed(seconds: number, batches: number): void;
  /** Key figures of requests, added up. @param log which of several logs that tell the same */
  requests(account: string, log: string, figures: AccountFigures): void;
  delivered(receiver: string, outcome: 'delivered' | 'retry' | 'rejected'): void;
  /** An answer of the HTTP server; `route` as in its table. */
  answered(method: string, route: string, status: number, seconds: number): void;
}

export interface AccountFigures {
  readonly requests: number;
  readonly errors: number;
  readonly throttled: number;
  /** Request units. */
  readonly units: number;
  readonly bytes: number;
}

const FIGURES: readonly (readonly [name: string, help: string, of: keyof AccountFigures])[] = [
  ['account_requests_total', 'Requests to the data of an account, by the log that tells them.', 'requests'],
  ['account_errors_total', 'Those of them that failed.', 'errors'],
  ['account_throttled_total', 'Those of them that were refused because of the rate.', 'throttled'],
  ['account_request_units_total', 'What they cost.', 'units'],
  ['account_bytes_total', 'Of requests and answers.', 'bytes'],
];

/** Names of accounts stand in logs, which others write: beyond so many they are one. */
const MOST_ACCOUNTS = 1000;
const OTHER = 'other';

/** How things stand, asked for with each reading. */
export interface State {
  readonly sources: readonly {
    readonly name: string;
    readonly isRunning: boolean;
    /** Behind its transport; null: not known. */
    readonly lagSeconds: number | null;
    /** Milliseconds since 1970 up to which everything was read; null: not known. */
    readonly progress: number | null;
  }[];
  readonly storeBytes: number;
  readonly storeEvents: number;
  readonly queueBatches: number;
  readonly queueBytes: number;
  readonly deliveriesWaiting: number;
  readonly deliveriesDead: number;
  readonly openAlerts: number;
  readonly isReady: boolean;
  /** Null: nothing is archived. */
  readonly archive: { readonly bytes: number; readonly seconds: number; readonly lost: number } | null;
}

export interface MetricsOptions {
  readonly version: string;
  readonly state: () => State;
  /** Figures of the process too: memory, CPU, event loop. */
  readonly ofProcess: boolean;
}

const COMMIT_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const ANSWER_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function prometheus({ version, state, ofProcess }: MetricsOptions): Metrics {
  const registry = new Registry();
  if (ofProcess) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  gauges(registry, version, state);
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> =>
    new Counter({ name: `cosmowatch_${name}`, help, labelNames: [...labelNames], registers });
  const records = counter('records_total', 'Records by family of log and by what became of them.', ['family', 'fate']);
  const alerts = counter('alert_changes_total', 'What happened to alerts, by rule.', ['rule', 'kind']);
  const batches = counter('committed_batches_total', 'Batches that were made durable.', []);
  const deliveries = counter('deliveries_total', 'Attempts to tell a receiver.', ['receiver', 'outcome']);
  const requests = counter('http_requests_total', 'Answers of the HTTP server.', ['method', 'route', 'status']);
  const commits = new Histogram({
    name: 'cosmowatch_commit_seconds',
    help: 'From the first batch of a group to its commit.',
    buckets: COMMIT_BUCKETS,
    registers,
  });
  const answers = new Histogram({
    name: 'cosmowatch_http_request_seconds',
    help: 'From a request to the end of its answer.',
    labelNames: ['route'],
    buckets: ANSWER_BUCKETS,
    registers,
  });
  const figures = FIGURES.map(([name, help, of]) => ({ of, add: counter(name, help, ['account', 'log']) }));
  const accounts = new Set<string>();
  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    records: (family, fate, count) => records.inc({ family, fate }, count),
    alertChanged: (rule, kind) => alerts.inc({ rule, kind }),
    committed: (seconds, count) => {
      commits.observe(seconds);
      batches.inc(count);
    },
    requests: (name, log, own) => {
      if (accounts.size < MOST_ACCOUNTS) accounts.add(name);
      const account = accounts.has(name) ? name : OTHER;
      for (const { of, add } of figures) add.inc({ account, log }, own[of]);
    },
    delivered: (receiver, outcome) => deliveries.inc({ receiver, outcome }),
    answered: (method, route, status, seconds) => {
      requests.inc({ method, route, status });
      answers.observe({ route }, seconds);
    },
  };
}

const STATE_GAUGES: readonly (readonly [name: string, help: string, of: (state: State) => number])[] = [
  ['ready', '1 while records can be taken.', ({ isReady }) => Number(isReady)],
  ['store_bytes', 'Size of the database.', ({ storeBytes }) => storeBytes],
  ['store_events', 'Events that are kept.', ({ storeEvents }) => storeEvents],
  ['queue_batches', 'Batches that wait to be committed.', ({ queueBatches }) => queueBatches],
  ['queue_bytes', 'Bytes that wait to be committed.', ({ queueBytes }) => queueBytes],
  ['deliveries_waiting', 'Messages that are still to be sent.', ({ deliveriesWaiting }) => deliveriesWaiting],
  ['deliveries_dead', 'Messages that no attempt will be made of again.', ({ deliveriesDead }) => deliveriesDead],
  ['open_alerts', 'Alerts that are open.', ({ openAlerts }) => openAlerts],
];

const ARCHIVE_GAUGES: readonly (readonly [name: string, help: string, of: 'bytes' | 'seconds' | 'lost'])[] = [
  ['queue_bytes', 'Bytes that wait on disk to be archived.', 'bytes'],
  ['lag_seconds', 'Since when the oldest of them waits.', 'seconds'],
  ['lost_batches', 'Batches since the start that are not in the archive, and never will be.', 'lost'],
];

function gauges(registry: Registry, version: string, state: () => State): void {
  const registers = [registry];
  const info = new Gauge({ name: 'cosmowatch_build_info', help: 'Always 1.', labelNames: ['version'], registers });
  info.set({ version }, 1);
  for (const [name, help, of] of STATE_GAUGES) {
    new Gauge({
      name: `cosmowatch_${name}`,
      help,
      registers,
      collect() {
        this.set(of(state()));
      },
    });
  }
  for (const [name, help, of] of ARCHIVE_GAUGES) {
    new Gauge({
      name: `cosmowatch_archive_${name}`,
      help,
      registers,
      collect() {
        const { archive } = state();
        this.reset();
        if (archive !== null) this.set(archive[of]);
      },
    });
  }
  sourceGauge(registry, 'up', '1 while the source runs.', state, ({ isRunning }) => Number(isRunning));
  sourceGauge(registry, 'lag_seconds', 'Behind its transport.', state, ({ lagSeconds }) => lagSeconds);
  sourceGauge(registry, 'progress_timestamp_seconds', 'Everything up to then was read.', state, ({ progress }) =>
    progress === null ? null : progress / 1000,
  );
}

/** @param of null: not known, which is told by absence */
function sourceGauge(
  registry: Registry,
  name: string,
  help: string,
  state: () => State,
  of: (source: State['sources'][number]) => number | null,
): void {
  new Gauge({
    name: `cosmowatch_source_${name}`,
    help,
    labelNames: ['source'],
    registers: [registry],
    collect() {
      this.reset();
      for (const source of state().sources) {
        const value = of(source);
        if (value !== null) this.set({ source: source.name }, value);
      }
    },
  });
}
