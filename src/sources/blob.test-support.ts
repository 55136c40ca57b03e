import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import type { Azurite } from '../../test/support/azurite.ts';
import { type BreakingProxy, startProxy } from '../../test/support/proxy.ts';
import { Secret } from '../lib/secret.ts';
import { blobKind } from './blob.ts';
import type { Behind } from './conformance.test-support.ts';
import type { Source } from './source.ts';

const HOUR = 3_600_000;
export const RESOURCE =
  'resourceId=/SUBSCRIPTIONS/00000000-0000-0000-0000-0000000000AA/RESOURCEGROUPS/SHOP/PROVIDERS/MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/ALPHA/';

let containers = 0;

/** The blob of the hour that lies so many hours back. */
export function blobName(hoursAgo = 0, resource = RESOURCE): string {
  const [date, time] = new Date(Date.now() - hoursAgo * HOUR).toISOString().split('T') as [string, string];
  const [year, month, day] = date.split('-');
  return `${resource}y=${year}/m=${month}/d=${day}/h=${time.slice(0, 2)}/m=00/PT1H.json`;
}

export function recordOf(mark: string, size = 0): string {
  return `${JSON.stringify({ mark, pad: 'x'.repeat(size) })}\r\n`;
}

/** One container of the one Azurite, behind a proxy that can break. */
export class Archive implements Behind {
  readonly container = `insights-logs-case${containers++}`;
  readonly azurite: Azurite;
  readonly client: ContainerClient;
  readonly proxy: BreakingProxy;
  readonly sas: string;
  readonly canaries: readonly string[];

  constructor(azurite: Azurite, proxy: BreakingProxy) {
    this.azurite = azurite;
    this.proxy = proxy;
    this.client = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(this.container);
    this.sas = 'sv=2025-01-05&ss=b&srt=sco&sp=rl&se=2020-01-01T00:00:00Z&sig=c2lnLWNhbmFyeS00NzExLWFh';
    this.canaries = [azurite.key, 'c2lnLWNhbmFyeS00NzExLWFh'];
  }

  static async start(azurite: Azurite): Promise<Archive> {
    const archive = new Archive(azurite, await startProxy(Number(new URL(azurite.url).port)));
    await archive.client.create();
    return archive;
  }

  get url(): string {
    return `http://127.0.0.1:${this.proxy.port}/${this.azurite.account}`;
  }

  connectionString(key = this.azurite.key): Secret {
    const text = `DefaultEndpointsProtocol=http;AccountName=${this.azurite.account};AccountKey=${key};BlobEndpoint=${this.url};`;
    return new Secret(text, 'env:STORAGE');
  }

  source(
    account: Readonly<Record<string, unknown>> = { connection_string: this.connectionString() },
    more = {},
  ): Source {
    const given = { accounts: [account], containers: [this.container], poll: '5s', ...more };
    return blobKind.create(blobKind.schema.parse(given));
  }

  async append(text: string, name = blobName()): Promise<void> {
    const blob = this.client.getAppendBlobClient(name);
    await blob.createIfNotExists();
    await blob.appendBlock(text, Buffer.byteLength(text));
  }

  async put(marks: readonly string[], size: number): Promise<void> {
    for (let at = 0; at < marks.length; at += 50)
      await this.append(
        marks
          .slice(at, at + 50)
          .map((mark) => recordOf(mark, size))
          .join(''),
      );
  }

  handedOver(): number {
    return this.proxy.bytes;
  }

  stop(): Promise<void> {
    return this.proxy.stop();
  }
}
