import { AccountSASPermissions, BlobServiceClient, ContainerSASPermissions } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Azurite, startAzurite } from '../../test/support/azurite.ts';
import { Secret } from '../lib/secret.ts';
import { Archive, blobName, RESOURCE, recordOf } from './blob.test-support.ts';
import { blobKind } from './blob.ts';
import { eventually, FastClock, MemoryStore, startRun, TestContext } from './context.test-support.ts';
import type { Source } from './source.ts';

/* What every source owes is asked of this one in test/long/blob.long.test.ts. */

const HOUR = 3_600_000;
let azurite: Azurite;

beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

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

  it('finds containers by itself, and reads with a SAS of the account or of one container', async () => {
    const archive = await Archive.start(azurite);
    await archive.append(recordOf('signed'));
    const grants = { startsOn: new Date(Date.now() - HOUR), expiresOn: new Date(Date.now() + HOUR) };
    const ofOne = await archive.client.generateSasUrl({
      ...grants,
      permissions: ContainerSASPermissions.parse('rl'),
    });
    const service = BlobServiceClient.fromConnectionString(azurite.connectionString);
    const permissions = AccountSASPermissions.parse('rl');
    const ofAll = service.generateAccountSasUrl(grants.expiresOn, permissions, 'sco', { startsOn: grants.startsOn });
    for (const sas of [ofOne, ofAll]) {
      const source = archive.source({ sas_url: new Secret(sas, 'env:SAS') }, { containers: undefined });
      const given = await give(source, new MemoryStore(), passes(1));
      expect(given.join('')).toContain(recordOf('signed'));
    }
    await archive.stop();
  });

  it('waits for the rest of a record that is cut, in the middle of a character too', async () => {
    const archive = await Archive.start(azurite);
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
    const archive = await Archive.start(azurite);
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
    const [first, second] = [await Archive.start(azurite), await Archive.start(azurite)];
    const store = new MemoryStore();
    await first.append(recordOf('old'), blobName(20));
    await second.append(recordOf('other'));
    await first.append(recordOf('too old'), blobName(24 * 5));
    const accounts = [first, second].map((one) => ({ connection_string: one.connectionString() }));
    const config = { accounts, containers: [first.container, second.container], poll: '5s' };
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
