import type { BlobServiceClient, ContainerClient, StoragePipelineOptions } from '@azure/storage-blob';
import { UserError } from '../lib/errors.ts';
import type { Secret } from '../lib/secret.ts';
import { visibleCharacters } from '../lib/visible.ts';
import { credentialOf } from './azureCredential.ts';
import { failureOf, Passing } from './azureFailure.ts';
import { hourOf, isLogContainer, resourceOf } from './blobNames.ts';
import type { ListedBlob } from './blobState.ts';
import type { Millis } from './source.ts';

/** How one storage account is reached: exactly one of the first three. */
export interface AccountConfig {
  /** `https://ACCOUNT.blob.core.windows.net`, with an identity of Entra ID. */
  readonly url?: string | undefined;
  readonly connection_string?: Secret | undefined;
  /** Of the account, or of one container. */
  readonly sas_url?: Secret | undefined;
  /** Of a managed identity assigned by the user, or of the app of a workload identity. */
  readonly client_id?: string | undefined;
}

/** One answer of a list, and when the service gave it by its own clock. */
interface Page<Item> {
  readonly items: readonly Item[];
  readonly date: Millis | null;
}

/** Every wait is ours, so that it can be stopped, and is told. */
const OPTIONS: StoragePipelineOptions = { retryOptions: { maxTries: 1, tryTimeoutInMs: 60_000 } };

/** Lists and reads the blobs of one account, and never writes. Throws UserError, or `Passing` for what passes by itself. */
export class BlobAccount {
  readonly name: string;
  readonly #service: BlobServiceClient | null;
  /** Of a SAS for one container. */
  readonly #only: ContainerClient | null;

  private constructor(name: string, service: BlobServiceClient | null, only: ContainerClient | null) {
    this.name = name;
    this.#service = service;
    this.#only = only;
  }

  static async open(config: AccountConfig): Promise<BlobAccount> {
    const sdk = await import('@azure/storage-blob');
    try {
      if (config.sas_url !== undefined) return BlobAccount.#ofSas(config.sas_url.reveal(), sdk);
      const service =
        config.connection_string === undefined
          ? new sdk.BlobServiceClient(config.url!, await credentialOf(config.client_id), OPTIONS)
          : sdk.BlobServiceClient.fromConnectionString(config.connection_string.reveal(), OPTIONS);
      return new BlobAccount(service.accountName, service, null);
    } catch {
      // What was thrown may hold the text that it could not read, and so the secret.
      throw notUsable(config);
    }
  }

  static #ofSas(url: string, sdk: typeof import('@azure/storage-blob')): BlobAccount {
    const { hostname, pathname } = new URL(url);
    const isHostOfMany = /^[\d.]+$|^localhost$/.test(hostname);
    const [container] = pathname
      .split('/')
      .filter(Boolean)
      .slice(isHostOfMany ? 1 : 0);
    const only = container === undefined ? null : new sdk.ContainerClient(url, undefined, OPTIONS);
    const service = only === null ? new sdk.BlobServiceClient(url, undefined, OPTIONS) : null;
    return new BlobAccount((only ?? service)!.accountName, service, only);
  }

  /** Containers of logs; those that the configuration names, if it names some. */
  async containers(named: readonly string[] | null, signal: AbortSignal): Promise<readonly string[]> {
    if (this.#only !== null) return [this.#only.containerName];
    if (named !== null) return named;
    const pages = this.#service!.listContainers({ prefix: 'insights-', abortSignal: signal });
    const found: string[] = [];
    await this.#guard('the list of containers', async () => {
      for await (const { name } of pages) if (isLogContainer(name)) found.push(name);
    });
    return found;
  }

  /** Resources that have logs in a container: `resourceId=/SUBSCRIPTIONS/.../`. Null: there is no such container. */
  async resources(container: string, signal: AbortSignal): Promise<Page<string> | null> {
    const client = this.#container(container);
    return this.#pages(container, client.listBlobsByHierarchy('/y=', { abortSignal: signal }).byPage(), (page) =>
      (page.segment.blobPrefixes ?? []).map(({ name }) => resourceOf(name)),
    );
  }

  /** Blobs of hours whose names begin so. */
  async blobs(container: string, prefix: string, signal: AbortSignal): Promise<readonly ListedBlob[]> {
    const client = this.#container(container);
    const found = await this.#pages(
      container,
      client.listBlobsFlat({ prefix, abortSignal: signal }).byPage(),
      ({ segment }) =>
        segment.blobItems.flatMap(({ name, properties }): ListedBlob[] => {
          const hour = hourOf(name);
          if (hour === null) return [];
          const { contentLength, etag, lastModified, blobType } = properties;
          const isAppend = blobType === 'AppendBlob';
          return [{ name, hour, length: contentLength ?? 0, etag, modified: lastModified.getTime(), isAppend }];
        }),
    );
    return found?.items ?? [];
  }

  /**
   * So many bytes from there on; fewer at the end, where the service may also answer that there is no such range. Null: the blob is not
   * there any more, or another one than was listed.
   */
  async read(
    container: string,
    { name, etag, isAppend }: ListedBlob,
    range: { readonly offset: number; readonly count: number },
    signal: AbortSignal,
  ): Promise<Buffer | null> {
    const client = this.#container(container).getBlobClient(name);
    const conditions = isAppend ? {} : { conditions: { ifMatch: `"${etag.replaceAll('"', '')}"` } };
    try {
      return await this.#guard(container, async () => {
        const { readableStreamBody } = await client.download(range.offset, range.count, {
          ...conditions,
          abortSignal: signal,
        });
        const chunks: Buffer[] = [];
        for await (const chunk of readableStreamBody!) chunks.push(chunk as Buffer);
        return Buffer.concat(chunks);
      }, [404, 412, 416]);
    } catch (error) {
      if (statusOf(error) === 416) return Buffer.alloc(0);
      if (statusOf(error) === 404 || statusOf(error) === 412) return null;
      throw error;
    }
  }

  #container(name: string): ContainerClient {
    return this.#only ?? this.#service!.getContainerClient(name);
  }

  async #pages<Answer extends { readonly date?: Date }, Item>(
    container: string,
    pages: AsyncIterable<Answer>,
    itemsOf: (page: Answer) => readonly Item[],
  ): Promise<Page<Item> | null> {
    const items: Item[] = [];
    let date: Millis | null = null;
    try {
      await this.#guard(container, async () => {
        for await (const page of pages) {
          date ??= page.date?.getTime() ?? null;
          items.push(...itemsOf(page));
        }
      }, [404]);
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
    return { items, date };
  }

  async #guard<T>(what: string, ask: () => Promise<T>, expected: readonly number[] = []): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const failure = failureOf(error, `${this.name}, ${what}`, (status, code) => this.#refused(status, code));
      // What the caller does not expect is told by its status only: the SDK's errors hold signed addresses.
      if (failure === null && !expected.includes(statusOf(error) ?? 0))
        throw new Passing(`${this.name}, ${what}: ${statusOf(error)}`);
      throw failure ?? error;
    }
  }

  #refused(status: number, code: string): UserError | null {
    if (status !== 401 && status !== 403) return null;
    const isSigned = code !== 'AuthorizationPermissionMismatch';
    return new UserError(
      'CW-7001',
      `the storage account ${visibleCharacters(this.name)} refuses to be read (${code})`,
      {
        cure: isSigned
          ? 'check the key or SAS (right account, not expired, read and list granted), and that its firewall lets this machine in'
          : 'give the identity the role Storage Blob Data Reader on the account, and wait some minutes',
      },
    );
  }
}

function notUsable(config: AccountConfig): UserError {
  const given = config.connection_string ?? config.sas_url;
  return new UserError('CW-7002', `${given === undefined ? 'the url' : given.from} is no way to a storage account`, {
    cure: 'take what the portal shows: "Access keys" or "Shared access signature", or https://ACCOUNT.blob.core.windows.net',
  });
}

function statusOf(error: unknown): number | null {
  const { statusCode } = error as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : null;
}
