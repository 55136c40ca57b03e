import { z } from 'zod';
import { UserError } from '../lib/errors.ts';
import type { Json } from '../lib/json.ts';
import { duration } from '../lib/unitSchemas.ts';
import { giveUntilKept, PROGRESS_EVERY } from './again.ts';
import { credentialOf } from './azureCredential.ts';
import { Passing } from './azureFailure.ts';
import { AzureRest, type TokenSource } from './azureRest.ts';
import { LOG_ANALYTICS, LOG_ANALYTICS_SCOPE } from './endpoints.ts';
import { answerOf, type Rows, TABLES, tableRows } from './logAnalyticsQuery.ts';
import { type Poll, pollForever } from './poll.ts';
import { PollState, printOf } from './pollState.ts';
import type { Millis, Source, SourceContext, SourceKind } from './source.ts';

/** Rows that are asked for at once: as many as make an answer of this size. */
const FEWEST_ROWS = 100;
const MOST_ROWS = 20_000;
const SMALL = 1 << 20;
const LARGE = 4 << 20;
/** A table that a workspace does not have is asked for again at each so manieth look. */
const ABSENT_FOR = 12;

const schema = z.strictObject({
  workspaces: z.array(z.guid()).min(1).describe('Ids of workspaces (not their names).'),
  read_back: duration().prefault('1d').describe('How far back the first start reads.'),
  poll: duration().prefault('5m').describe('How often to ask.'),
  overlap: duration().prefault('10m').describe('How far each question reaches back, for rows that come late.'),
  client_id: z.string().min(1).optional().describe('Which managed identity, where there are several.'),
  endpoint: z.url().default(LOG_ANALYTICS).describe('Of another cloud.'),
});

export type LogAnalyticsConfig = z.infer<typeof schema>;

/** Polls the tables of Log Analytics workspaces. */
export const logAnalyticsKind: SourceKind<LogAnalyticsConfig> = {
  type: 'log_analytics',
  doc: 'Asks Log Analytics workspaces for the rows that came, in order of their ingestion.',
  schema: schema as unknown as z.ZodType<LogAnalyticsConfig>,
  create: (config) => logAnalyticsSource(config, () => credentialOf(config.client_id)),
};

/** Exported for tests, which sign in as nobody. */
export function logAnalyticsSource(config: LogAnalyticsConfig, credential: () => Promise<TokenSource>): Source {
  return {
    async run(context, signal) {
      const { endpoint, workspaces, poll } = config;
      const now = () => context.clock.now();
      const rest = new AzureRest({ endpoint, scope: LOG_ANALYTICS_SCOPE, credential, now });
      const polls = workspaces.map((one) => new WorkspacePoll(one, config, rest, context, signal));
      await pollForever(polls, poll * 1000, context, signal);
    },
  };
}

class WorkspacePoll implements Poll {
  readonly #tables: readonly TablePoll[];
  readonly #signal: AbortSignal;
  #looks = 0;

  constructor(
    workspace: string,
    config: LogAnalyticsConfig,
    rest: AzureRest,
    context: SourceContext,
    signal: AbortSignal,
  ) {
    this.#tables = Object.keys(TABLES).map(
      (table) => new TablePoll({ workspace, table, config, rest }, context, signal),
    );
    this.#signal = signal;
  }

  async look(): Promise<void> {
    const isRecount = this.#looks++ % ABSENT_FOR === 0;
    for (const table of this.#tables) {
      if (this.#signal.aborted) return;
      if (isRecount || table.absent === null) await table.look();
    }
    const refusals = this.#tables.map(({ absent }) => absent);
    const [first] = refusals;
    if (first && refusals.every((one) => one !== null)) throw first;
  }
}

interface TableOptions {
  readonly workspace: string;
  readonly table: string;
  readonly config: LogAnalyticsConfig;
  readonly rest: AzureRest;
}

/** One table of one workspace, as one partition. */
class TablePoll {
  readonly #options: TableOptions;
  readonly #context: SourceContext;
  readonly #signal: AbortSignal;
  readonly #partition: string;
  readonly #state: PollState;
  #rows = FEWEST_ROWS;
  #told: Millis = Number.NEGATIVE_INFINITY;
  /** Why the workspace does not answer about this table: it has none. */
  absent: UserError | null = null;

  constructor(options: TableOptions, context: SourceContext, signal: AbortSignal) {
    this.#options = options;
    this.#context = context;
    this.#signal = signal;
    this.#partition = `${options.workspace.toLowerCase()}/${options.table}`;
    this.#state = PollState.read(context.positions().get(this.#partition));
  }

  async look(): Promise<void> {
    try {
      await this.#read();
      this.absent = null;
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'CW-7006') throw error;
      this.absent = error;
    }
  }

  /** All rows that came since, oldest first: each answer begins where the last one ended. */
  async #read(): Promise<void> {
    const { read_back, overlap } = this.#options.config;
    const end = this.#context.clock.now();
    const { upTo } = this.#state;
    let from = new Date(upTo === null ? end - read_back * 1000 : upTo - overlap * 1000).toISOString();
    while (!this.#signal.aborted) {
      const found = await this.#ask(from, new Date(end).toISOString());
      const isEnd = !found.isFull || found.last === null;
      const last = isEnd ? end : Math.max(Date.parse(found.last!), this.#state.upTo ?? 0);
      if (!(await this.#give(found, last, isEnd)) || isEnd) return;
      // All rows of one moment must come with one answer.
      if (found.last === from) this.#rows *= 2;
      from = found.last!;
    }
  }

  async #ask(from: string, to: string): Promise<Rows> {
    const { workspace, table, rest } = this.#options;
    try {
      return await tableRows(rest.get, { workspace, table, from, to, rows: this.#rows }, this.#signal);
    } catch (error) {
      if (error instanceof Passing) this.#rows = Math.max(FEWEST_ROWS, this.#rows >> 1);
      throw error;
    }
  }

  async #give({ columns, rows, isFull }: Rows, upTo: Millis, isEnd: boolean): Promise<boolean> {
    const { table, config } = this.#options;
    const fresh = rows
      .map((row) => ({ row, print: printOf(JSON.stringify(row)) }))
      .filter(({ print }) => !this.#state.has(print));
    const bytes =
      fresh.length === 0
        ? []
        : [
            answerOf(
              table,
              columns,
              fresh.map(({ row }): readonly Json[] => row),
            ),
          ];
    this.#adapt(bytes[0]?.length ?? 0, isFull);
    for (const { print } of fresh) this.#state.add(print, upTo);
    this.#state.complete(upTo, upTo - config.overlap * 1000);
    if (fresh.length === 0 && (!isEnd || upTo - this.#told < PROGRESS_EVERY)) return !this.#signal.aborted;
    this.#told = upTo;
    const batch = {
      bytes,
      name: `${table} of ${this.#options.workspace}, ingested up to ${new Date(upTo).toISOString()}`,
      partition: this.#partition,
      position: this.#state.print(),
      arrived: null,
      progress: isEnd ? (this.#state.upTo ?? upTo) - config.overlap * 1000 : null,
      speaksFor: null,
    };
    return giveUntilKept(this.#context, batch, this.#signal);
  }

  #adapt(bytes: number, isFull: boolean): void {
    if (bytes > LARGE) this.#rows = Math.max(FEWEST_ROWS, this.#rows >> 1);
    else if (isFull && bytes < SMALL) this.#rows = Math.min(MOST_ROWS, this.#rows * 4);
  }
}
