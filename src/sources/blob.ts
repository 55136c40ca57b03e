import { z } from 'zod';
import { secret } from '../lib/secretSchema.ts';
import { duration } from '../lib/unitSchemas.ts';
import { type AccountConfig, BlobAccount } from './blobClient.ts';
import { ContainerReader, partitionOf } from './blobPass.ts';
import { BlobState } from './blobState.ts';
import { type Poll, pollForever } from './poll.ts';
import type { Source, SourceContext, SourceKind } from './source.ts';

const account = z
  .strictObject({
    url: z.url().optional().describe('https://ACCOUNT.blob.core.windows.net, read with an identity of Entra ID.'),
    connection_string: secret().optional().describe('Of the account, with its key.'),
    sas_url: secret()
      .optional()
      .describe('Address of the account or of one container, with a SAS that grants read and list.'),
    client_id: z.string().min(1).optional().describe('With url: which managed identity, where there are several.'),
  })
  .refine(
    ({ url, connection_string, sas_url }) =>
      [url, connection_string, sas_url].filter((one) => one !== undefined).length === 1,
    'needs one of url, connection_string and sas_url',
  );

const schema = z.strictObject({
  accounts: z.array(account).min(1).describe('Storage accounts that diagnostic settings write to.'),
  containers: z
    .array(z.string().min(3))
    .min(1)
    .optional()
    .describe('Default: insights-activity-logs, and all whose names begin with insights-logs-.'),
  read_back: duration().prefault('2d').describe('How far back the first start reads.'),
  late_growth: duration().prefault('2d').describe('How long an old hour may still grow, and is looked at again.'),
  poll: duration().prefault('1m').describe('How often to look. Each fifth look is at all resources and days.'),
});

export type BlobConfig = z.infer<typeof schema>;

/** Reads what diagnostic settings archive to storage accounts. */
export const blobKind: SourceKind<BlobConfig> = {
  type: 'blob',
  doc: 'Reads the logs that diagnostic settings write to storage accounts, while the blobs of the hour still grow.',
  schema: schema as unknown as z.ZodType<BlobConfig>,
  create: (config) => blobSource(config),
};

/** Every so many looks one is whole: it finds new resources, and old hours that grew. */
const WHOLE_EVERY = 5;

function blobSource(config: BlobConfig): Source {
  return {
    async run(context, signal) {
      const polls = config.accounts.map((one) => new AccountPoll(one as AccountConfig, config, context, signal));
      await pollForever(polls, config.poll * 1000, context, signal);
    },
  };
}

/** One storage account: which containers it has, and a reader for each. */
class AccountPoll implements Poll {
  readonly #account: AccountConfig;
  readonly #config: BlobConfig;
  readonly #context: SourceContext;
  readonly #signal: AbortSignal;
  readonly #readers = new Map<string, ContainerReader>();
  #client: BlobAccount | null = null;
  /** Looks since the last whole one that succeeded. */
  #looks = WHOLE_EVERY;

  constructor(account: AccountConfig, config: BlobConfig, context: SourceContext, signal: AbortSignal) {
    this.#account = account;
    this.#config = config;
    this.#context = context;
    this.#signal = signal;
  }

  async look(): Promise<void> {
    const isWhole = this.#looks >= WHOLE_EVERY;
    if (isWhole) await this.#findContainers();
    for (const reader of this.#readers.values()) {
      if (this.#signal.aborted) return;
      await (isWhole ? reader.whole() : reader.quick());
    }
    this.#looks = isWhole ? 1 : this.#looks + 1;
  }

  async #findContainers(): Promise<void> {
    this.#client ??= await BlobAccount.open(this.#account);
    const { containers = null, read_back, late_growth } = this.#config;
    const positions = this.#context.positions();
    for (const container of await this.#client.containers(containers, this.#signal)) {
      if (this.#readers.has(container)) continue;
      const partition = partitionOf(this.#client.name, container);
      const state = BlobState.read(positions.get(partition), this.#context.clock.now() - read_back * 1000);
      const options = { account: this.#client, container, state, late: late_growth * 1000 };
      this.#readers.set(container, new ContainerReader(options, this.#context, this.#signal));
    }
  }
}
