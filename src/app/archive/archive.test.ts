import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Azurite, startAzurite } from '../../../test/support/azurite.ts';
import { fixedClock } from '../../lib/clock.ts';
import type { Batch } from '../../sources/source.ts';
import { SILENT } from '../../telemetry/log.ts';
import { Archive } from './archive.ts';
import { partsIn } from './pack.ts';
import { type Frame, framesOf, Spool } from './spool.ts';
import { putterOf } from './target.ts';

const SUB = '00000000-0000-0000-0000-0000000000aa';
const NOW = Date.parse('2026-11-24T05:00:00Z');
const SMALL = { most: 10_000, chunk: 1, age: 1000 };
const never = new AbortController().signal;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cosmowatch-archive-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function record(time: string, account: string, subscription = SUB): object {
  return {
    time,
    resourceId: `/SUBSCRIPTIONS/${subscription}/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/${account}`,
    category: 'DataPlaneRequests',
    operationName: 'Read',
    properties: { activityId: `${time}-${account}`, statusCode: '200', primaryMasterKey: 'canary' },
  };
}

function batchOf(records: readonly object[], speaksFor: readonly string[] | null = null): Batch {
  const bytes = [Buffer.from(records.map((one) => `${JSON.stringify(one)}\n`).join(''))];
  return { bytes, name: 'b', partition: '', position: null, arrived: null, progress: null, speaksFor };
}

const frameOf = ({ bytes, speaksFor }: Batch): Frame => ({ arrived: NOW, speaksFor, bytes: Buffer.concat(bytes) });
const linesOf = (bytes: Uint8Array): object[] =>
  zstdDecompressSync(bytes)
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();

describe('what waits to be archived', () => {
  it('comes out as it went in, in order, for nobody else to read', () => {
    const spool = new Spool(root, { ...SMALL, chunk: 1000, age: 1e9 });
    const batches = [batchOf([record('2026-11-24T03:00:00Z', 'A')], [SUB]), batchOf([]), batchOf([{ a: '\u00e4\n' }])];
    for (const batch of batches) expect(spool.add(batch, NOW)).toBe(true);
    expect(spool.oldest()).toBeNull();
    spool.close(NOW, true);
    const { path, number } = spool.oldest()!;
    expect([...framesOf(path)].map(({ speaksFor, bytes }) => [speaksFor, Buffer.from(bytes).toString()])).toEqual(
      batches.map(({ speaksFor, bytes }) => [speaksFor, bytes[0]!.toString()]),
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
    spool.remove(number);
    expect([spool.bytes, spool.since, filesBelow(root)]).toEqual([0, null, []]);
  });

  it('after a kill is what was written whole', () => {
    const spool = new Spool(root, { ...SMALL, chunk: 1e9, age: 1e9 });
    spool.add(batchOf([record('2026-11-24T03:00:00Z', 'A')]), NOW);
    appendFileSync(join(root, '000000000001.open'), '{"length":50,"arrived":1,"speaksFor":null}\n{"cut');
    const again = new Spool(root, { ...SMALL, chunk: 1e9, age: 1e9 });
    expect([...framesOf(again.oldest()!.path)]).toHaveLength(1);
    again.add(batchOf([{}]), NOW);
    expect(filesBelow(root)).toEqual(['000000000001.whole', '000000000002.open']);
  });

  it('is bounded', () => {
    const spool = new Spool(root, { ...SMALL, most: 3000 });
    const batch = batchOf([record('2026-11-24T03:00:00Z', 'A')]);
    const taken = Array.from({ length: 20 }, () => spool.add(batch, NOW));
    expect(taken.filter(Boolean).length).toBeLessThan(12);
    expect(spool.bytes).toBeLessThan(4000);
    spool.remove(spool.oldest()!.number);
    expect(spool.add(batch, NOW)).toBe(true);
  });
});

describe('files of the archive', () => {
  it('are by hour, account and log, without secrets, refused records and what is no log', () => {
    const other = '00000000-0000-0000-0000-0000000000bb';
    const frame = frameOf(
      batchOf(
        [
          record('2026-11-24T03:00:00Z', 'ALPHA'),
          record('2026-11-24T03:59:59Z', 'ALPHA'),
          record('2026-11-24T04:00:00Z', 'ALPHA'),
          record('2026-11-24T03:00:00Z', 'BETA'),
          record('2026-11-24T03:00:00Z', 'GAMMA', other),
          { no: 'log' },
        ],
        [SUB],
      ),
    );
    const parts = partsIn([frame], 7);
    expect(parts.map(({ path, bytes }) => [path, linesOf(bytes).length])).toEqual([
      ['2026/11/24/03/alpha/DataPlaneRequests/000000000007.ndjson.zst', 2],
      ['2026/11/24/04/alpha/DataPlaneRequests/000000000007.ndjson.zst', 1],
      ['2026/11/24/03/beta/DataPlaneRequests/000000000007.ndjson.zst', 1],
    ]);
    expect(JSON.stringify(parts.flatMap(({ bytes }) => linesOf(bytes)))).not.toContain('canary');
    expect(linesOf(parts[0]!.bytes)[0]).toMatchObject({ operationName: 'Read', properties: { statusCode: '200' } });
    expect(partsIn([frame], 7)).toEqual(parts);
  });

  it('no name leads out of the archive', () => {
    const frame = frameOf(batchOf([record('2026-11-24T03:00:00Z', '..'), record('2026-11-24T03:00:00Z', 'A B\\..')]));
    for (const { path } of partsIn([frame], 1))
      expect(path).toMatch(/^2026\/11\/24\/03\/[a-z0-9_-]+\/DataPlaneRequests\//);
  });
});

describe('the archive', () => {
  const archiveAt = (folder: string): Archive =>
    new Archive({
      place: { folder, container: null },
      data: join(root, 'data'),
      spool: SMALL,
      clock: fixedClock(NOW),
      log: SILENT,
    });

  it('makes files of what it took, and nothing waits any more', async () => {
    const folder = join(root, 'out');
    const archive = archiveAt(folder);
    archive.take(batchOf([record('2026-11-24T03:00:00Z', 'ALPHA')]));
    expect(archive.lag().bytes).toBeGreaterThan(0);
    expect(await archive.step(never)).toBe(true);
    expect(archive.lag()).toMatchObject({ bytes: 0, seconds: 0, lost: 0 });
    const files = filesBelow(folder);
    expect(files).toEqual(['2026/11/24/03/alpha/DataPlaneRequests/000000000001.ndjson.zst']);
    expect(linesOf(readFileSync(join(folder, files[0]!)))).toHaveLength(1);
  });

  it('waits while its place cannot be written, also over a restart, and loses nothing', async () => {
    const folder = join(root, 'out');
    writeFileSync(folder, 'in the way');
    const archive = archiveAt(folder);
    archive.take(batchOf([record('2026-11-24T03:00:00Z', 'ALPHA')]));
    expect(await archive.step(never)).toBe(true);
    expect(archive.lag().bytes).toBeGreaterThan(0);
    rmSync(folder);
    mkdirSync(folder);
    await archiveAt(folder).step(never);
    expect(filesBelow(folder)).toHaveLength(1);
  });

  it('leaves out and counts what its queue has no room for', () => {
    const archive = archiveAt(join(root, 'out'));
    for (let n = 0; n < 60; n++) archive.take(batchOf([record('2026-11-24T03:00:00Z', 'ALPHA')]));
    expect(archive.lag().lost).toBeGreaterThan(0);
    expect(archive.lag().bytes).toBeLessThanOrEqual(SMALL.most + 5000);
  });
});

describe('a container as archive', () => {
  let azurite: Azurite;
  beforeAll(async () => {
    azurite = await startAzurite();
  });
  afterAll(() => azurite.stop());

  it('has whole files, and one that is put again once', async () => {
    const { connectionString } = azurite;
    const client = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('cosmowatch');
    await client.create();
    const put = await putterOf({
      folder: null,
      container: { name: 'cosmowatch', url: null, connectionString, clientId: null },
    });
    const parts = partsIn([frameOf(batchOf([record('2026-11-24T03:00:00Z', 'ALPHA')]))], 3);
    for (const part of [...parts, ...parts]) await put(part);
    const names: string[] = [];
    for await (const { name } of client.listBlobsFlat()) names.push(name);
    expect(names).toEqual(['2026/11/24/03/alpha/DataPlaneRequests/000000000003.ndjson.zst']);
    expect(linesOf(await client.getBlobClient(names[0]!).downloadToBuffer())).toHaveLength(1);
  });
});
