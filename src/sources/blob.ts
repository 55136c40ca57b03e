import { z } from 'zod';
import { Backoff } from '../lib/backoff.ts';
import { UserError } from '../lib/errors.ts';
import { secret } from '../lib/secretSchema.ts';
import { duration } from '../lib/unitSchemas.ts';
import { LONGEST_WAIT, Passing } from './azureFailure.ts';
import { type AccountConfig, BlobAccount } from './blobClient.ts';
import { ContainerReader, partitionOf } from './blobPass.ts';
import { BlobState } from './blobState.ts';
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
      context.health({ state: 'starting' });
      const accounts = config.accounts.map((one) => new AccountReader(one as AccountConfig, config, context, signal));
      const backoff = new Backoff({ first: 1000, most: 60_000, random: context.random });
      while (!signal.aborted) {
        const problems: (UserError | Passing)[] = [];
        for (const one of accounts) {
          const problem = await one.look();
          if (problem !== null) problems.push(problem);
        }
        if (signal.aborted) return;
        await context.clock.sleep(tell(problems, accounts.length, context, backoff) ?? config.poll * 1000, signal);
      }
    },
  };
}

/** Says how it stands, and how long to wait; null: as usual. @throws UserError where no account can be read and a person must help */
function tell(
  problems: readonly (UserError | Passing)[],
  accounts: number,
  context: SourceContext,
  backoff: Backoff,
): number | null {
  const [first] = problems;
  if (first === undefined) {
    backoff.succeeded();
    context.health({ state: 'running' });
    return null;
  }
  const permanent = problems.filter((one) => one instanceof UserError);
  if (permanent.length === accounts) throw permanent[0]!;
  for (const { message } of problems) context.log.warn({}, message);
  context.health({ state: 'retrying', why: problems.map(({ message }) => message).join('; ') });
  return backoff.next(
    Math.min(LONGEST_WAIT, Math.max(0, ...problems.map((one) => (one instanceof Passing ? (one.after ?? 0) : 0)))),
  );
}

/** One storage account: which containers it has, and a reader for each. */
class AccountReader {
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

  /** What went wrong, or null. */
  async look(): Promise<UserError | Passing | null> {
    try {
      const isWhole = this.#looks >= WHOLE_EVERY;
      if (isWhole) await this.#findContainers();
      for (const reader of this.#readers.values()) {
        if (this.#signal.aborted) return null;
        await (isWhole ? reader.whole() : reader.quick());
      }
      this.#looks = isWhole ? 1 : this.#looks + 1;
      return null;
    } catch (error) {
      if (this.#signal.aborted) return null;
      if (error instanceof UserError || error instanceof Passing) return error;
      throw error;
    }
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
