import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Azurite, startAzurite } from '../../test/support/azurite.ts';
import { type BreakingProxy, startProxy } from '../../test/support/proxy.ts';
import { Secret } from '../lib/secret.ts';
import { blobKind } from './blob.ts';
import { type Behind, conformance } from './conformance.test-support.ts';
import { eventually, FastClock, MemoryStore, startRun, TestContext } from './context.test-support.ts';
import type { Source } from './source.ts';

const HOUR = 3_600_000;
const RESOURCE =
  'resourceId=/SUBSCRIPTIONS/00000000-0000-0000-0000-0000000000AA/RESOURCEGROUPS/SHOP/PROVIDERS/MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/ALPHA/';

let azurite: Azurite;
let containers = 0;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

/** The blob of the hour that lies so many hours back. */
function blobName(hoursAgo = 0, resource = RESOURCE): string {
  const [date, time] = new Date(Date.now() - hoursAgo * HOUR).toISOString().split('T') as [string, string];
  const [year, month, day] = date.split('-');
  return `${resource}y=${year}/m=${month}/d=${day}/h=${time.slice(0, 2)}/m=00/PT1H.json`;
}

function recordOf(mark: string, size = 0): string {
  return `${JSON.stringify({ mark, pad: 'x'.repeat(size) })}\r\n`;
}

/** One container of the one Azurite, behind a proxy that can break. */
class Archive implements Behind {
  readonly container = `insights-logs-case${containers++}`;
  readonly client: ContainerClient;
  readonly proxy: BreakingProxy;
  readonly sas: string;
  readonly canaries: readonly string[];

  constructor(proxy: BreakingProxy) {
    this.proxy = proxy;
    this.client = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(this.container);
    this.sas = 'sv=2025-01-05&ss=b&srt=sco&sp=rl&se=2020-01-01T00:00:00Z&sig=c2lnLWNhbmFyeS00NzExLWFh';
    this.canaries = [azurite.key, 'c2lnLWNhbmFyeS00NzExLWFh'];
  }

  static async start(): Promise<Archive> {
    const archive = new Archive(await startProxy(Number(new URL(azurite.url).port)));
    await archive.client.create();
    return archive;
  }

  get url(): string {
    return `http://127.0.0.1:${this.proxy.port}/${azurite.account}`;
  }

  connectionString(key = azurite.key): Secret {
    const text = `DefaultEndpointsProtocol=http;AccountName=${azurite.account};AccountKey=${key};BlobEndpoint=${this.url};`;
    return new Secret(text, 'env:STORAGE');
  }

  source(
    account: Readonly<Record<string, unknown>> = { connection_string: this.connectionString() },
    more = {},
  ): Source {
    const given = { accounts: [account], containers: [this.container], poll: '1s', ...more };
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

function faulty(fault: BreakingProxy['fault']) {
  return {
    async begin({ proxy }: Archive) {
      proxy.fault = fault;
      return async () => {
        proxy.fault = null;
      };
    },
  };
}

conformance<Archive>('blob', {
  start: () => Archive.start(),
  isTrueTime: true,
  inFlight: { bytes: 5 << 20, records: 170, size: 64 << 10 },
  passing: {
    'connections that are dropped': faulty('reset'),
    'answers that end in the middle': faulty('hang up in the middle'),
    'a busy service': faulty({ status: 503, headers: { 'x-ms-error-code': 'ServerBusy', 'retry-after': '1' } }),
  },
  permanent: {
    'a wrong key': async (archive) => {
      await archive.append(recordOf('x'));
      const key = Buffer.alloc(64, 7).toString('base64');
      return archive.source({ connection_string: archive.connectionString(key) });
    },
    'a SAS that ended': async (archive) =>
      archive.source({ sas_url: new Secret(`${archive.url}?${archive.sas}`, 'env:SAS') }),
    'a text that is no connection string': async (archive) =>
      archive.source({ connection_string: new Secret(archive.canaries[0]!, 'env:STORAGE') }),
  },
});

describe('blob', () => {
  /** What one run gives until `enough`; then it is stopped. */
  async function give(
    source: Source,
    store: MemoryStore,
    enough: (context: TestContext) => boolean | Promise<boolean>,
    act: () => Promise<void> = async () => {},
  ): Promise<string[]> {
    const before = store.commits.length;
    const context = new TestContext(store, new FastClock(100, true));
    const running = startRun(source, context);
    await act();
    await eventually('enough was given', () => running.isOver() || enough(context) === true);
    await running.stop();
    expect(context.broken).toEqual([]);
    return store.commits
      .slice(before)
      .map(({ text }) => text)
      .filter((text) => text !== '');
  }

  const passes = (count: number) => (context: TestContext) => context.told('running') >= count;

  it('waits for the rest of a record that is cut, in the middle of a character too', async () => {
    const archive = await Archive.start();
    const store = new MemoryStore();
    const whole = Buffer.from(recordOf('å'));
    const cut = whole.indexOf(Buffer.from('å')) + 1;
    const blob = archive.client.getAppendBlobClient(blobName());
    await blob.create();
    await blob.appendBlock(`${recordOf('one')}`, recordOf('one').length);
    await blob.appendBlock(whole.subarray(0, cut), cut);
    expect(await give(archive.source(), store, passes(7))).toEqual([recordOf('one')]);
    await blob.appendBlock(whole.subarray(cut), whole.length - cut);
    expect(await give(archive.source(), store, passes(2))).toEqual([recordOf('å')]);
    await archive.stop();
  });

  it('reads block blobs again when they were written anew', async () => {
    const archive = await Archive.start();
    const store = new MemoryStore();
    const blob = archive.client.getBlockBlobClient(blobName());
    const write = (text: string) => blob.upload(text, text.length);
    await write('{"records":[{"a":1}]}');
    expect(await give(archive.source(), store, passes(7))).toEqual(['{"records":[{"a":1}]}\n']);
    await write('{"records":[{"a":1},{"a":2}]}');
    expect(await give(archive.source(), store, passes(7))).toEqual(['{"records":[{"a":1},{"a":2}]}\n']);
    await archive.stop();
  });

  it('finds what old hours grew by, and new resources and containers, in every account', async () => {
    const [first, second] = [await Archive.start(), await Archive.start()];
    const store = new MemoryStore();
    await first.append(recordOf('old'), blobName(20));
    await second.append(recordOf('other'));
    await first.append(recordOf('too old'), blobName(24 * 5));
    const accounts = [first, second].map((one) => ({ connection_string: one.connectionString() }));
    const config = { accounts, containers: [first.container, second.container], poll: '1s' };
    const source = () => blobKind.create(blobKind.schema.parse(config));
    expect(await give(source(), store, passes(2))).toEqual([recordOf('old'), recordOf('other')]);
    const grow = async () => {
      await first.append(recordOf('late'), blobName(20));
      await first.append(recordOf('new'), blobName(1, RESOURCE.replace('ALPHA', 'BETA')));
    };
    const seen = () => ['late', 'new'].every((mark) => store.commits.some(({ text }) => text.includes(mark)));
    const given = await give(source(), store, seen, grow);
    expect(given.join('')).toContain(recordOf('late'));
    expect(given.join('')).toContain(recordOf('new'));
    expect(given.join('')).not.toContain('"old"');
    await Promise.all([first.stop(), second.stop()]);
  });
});
