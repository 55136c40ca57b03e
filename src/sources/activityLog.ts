import { z } from 'zod';
import type { JsonObject } from '../lib/json.ts';
import { duration } from '../lib/unitSchemas.ts';
import { activityLog, KEPT_DAYS, linesOf, PROVIDERS, REACH } from './activityLogQuery.ts';
import { giveUntilKept, PROGRESS_EVERY } from './again.ts';
import { credentialOf } from './azureCredential.ts';
import { AzureRest, type TokenSource } from './azureRest.ts';
import { ARM } from './endpoints.ts';
import { type Poll, pollForever } from './poll.ts';
import { PollState, printOf } from './pollState.ts';
import type { Millis, Source, SourceContext, SourceKind } from './source.ts';

const DAY = 86_400_000;
/** A first start reads so much at a time, so that a restart goes on near where it stood. */
const STEP = 7 * DAY;
/** Records are there 3 to 20 minutes after what they tell of (Azure Monitor, data ingestion time). */
const LATENCY = 20 * 60_000;

export const subscriptionId = () => z.guid().describe('Id of a subscription.');

const schema = z.strictObject({
  subscriptions: z.array(subscriptionId()).min(1).describe('Subscriptions whose Activity Log is read.'),
  days: z.int().min(0).max(KEPT_DAYS).default(KEPT_DAYS).describe('How far back the first start reads.'),
  poll: duration().prefault('1m').describe('How often to ask.'),
  overlap: duration().prefault('30m').describe('How far each question reaches back, for records that come late.'),
  client_id: z.string().min(1).optional().describe('Which managed identity, where there are several.'),
  endpoint: z.url().default(ARM).describe('Of another cloud: https://management.usgovcloudapi.net'),
});

export type ActivityLogConfig = z.infer<typeof schema>;

/** Polls the Activity Log of subscriptions: nothing has to be set up in Azure but a role. */
export const activityLogKind: SourceKind<ActivityLogConfig> = {
  type: 'activity_log',
  doc: 'Asks Azure for the Activity Log of subscriptions; the first start reads back up to 90 days.',
  schema: schema as unknown as z.ZodType<ActivityLogConfig>,
  create: (config) => activityLogSource(config, () => credentialOf(config.client_id)),
};

/** Exported for tests, which sign in as nobody. */
export function activityLogSource(config: ActivityLogConfig, credential: () => Promise<TokenSource>): Source {
  return {
    async run(context, signal) {
      const { endpoint } = config;
      const now = () => context.clock.now();
      const rest = new AzureRest({ endpoint, scope: `${endpoint}/.default`, credential, now });
      const polls = config.subscriptions.map((one) => new SubscriptionPoll(one, config, rest, context, signal));
      await pollForever(polls, config.poll * 1000, context, signal);
    },
  };
}

/** One subscription, as one partition. */
class SubscriptionPoll implements Poll {
  readonly #subscription: string;
  readonly #config: ActivityLogConfig;
  readonly #rest: AzureRest;
  readonly #context: SourceContext;
  readonly #signal: AbortSignal;
  readonly #state: PollState;
  #told: Millis = Number.NEGATIVE_INFINITY;
  #hasGiven = false;

  constructor(
    subscription: string,
    config: ActivityLogConfig,
    rest: AzureRest,
    context: SourceContext,
    signal: AbortSignal,
  ) {
    this.#subscription = subscription.toLowerCase();
    this.#config = config;
    this.#rest = rest;
    this.#context = context;
    this.#signal = signal;
    this.#state = PollState.read(context.positions().get(this.#subscription));
  }

  /** Up to now, in steps: records first, then the position that says that they were given. */
  async look(): Promise<void> {
    const end = this.#context.clock.now();
    const oldest = end - this.#config.days * DAY;
    const upTo = this.#state.upTo ?? oldest;
    let from = Math.max(upTo - this.#config.overlap * 1000, end - REACH);
    while (!this.#signal.aborted) {
      const to = Math.min(end, from + STEP);
      if (!(await this.#read(from, to))) return;
      this.#state.complete(to, to - this.#config.overlap * 1000);
      if (this.#isToldNow(to) && !(await this.#give([], this.#nameOf('all records'), to))) return;
      if (to === end) return;
      from = to;
    }
  }

  /** The position has to follow what was given; where nothing was, it need not at every look. */
  #isToldNow(upTo: Millis): boolean {
    const isTold = this.#hasGiven || upTo - this.#told >= PROGRESS_EVERY;
    if (isTold) this.#told = upTo;
    this.#hasGiven = false;
    return isTold;
  }

  /** False: stopped. */
  async #read(from: Millis, to: Millis): Promise<boolean> {
    for (const provider of PROVIDERS) {
      const slice = { subscription: this.#subscription, provider, from, to };
      for await (const records of activityLog(this.#rest.get, slice, this.#signal)) {
        const fresh = records
          .map((record) => ({ record, print: printOf(keyOf(record)) }))
          .filter(({ print }) => !this.#state.has(print));
        if (fresh.length === 0) continue;
        const given = fresh.map(({ record }) => record);
        if (!(await this.#give(given, this.#nameOf(provider), null))) return false;
        this.#hasGiven = true;
        for (const { record, print } of fresh) this.#state.add(print, timeOf(record) ?? to);
      }
      if (this.#signal.aborted) return false;
    }
    return true;
  }

  #give(records: readonly JsonObject[], name: string, upTo: Millis | null): Promise<boolean> {
    const batch = {
      bytes: records.length === 0 ? [] : [linesOf(records)],
      name,
      partition: this.#subscription,
      position: this.#state.print(),
      arrived: null,
      progress: upTo === null ? null : (this.#state.upTo ?? upTo) - LATENCY,
      speaksFor: [this.#subscription],
    };
    return giveUntilKept(this.#context, batch, this.#signal);
  }

  #nameOf(what: string): string {
    return `Activity Log of ${this.#subscription}, ${what}`;
  }
}

/** `eventDataId` is unique for an event. */
function keyOf(record: JsonObject): string {
  const id = record['eventDataId'];
  return typeof id === 'string' ? id : JSON.stringify(record);
}

function timeOf(record: JsonObject): Millis | null {
  const at = typeof record['eventTimestamp'] === 'string' ? Date.parse(record['eventTimestamp']) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
