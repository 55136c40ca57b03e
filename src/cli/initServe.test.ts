import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startService } from '../../test/support/service.ts';
import { run } from './cli.test-support.ts';

const root = mkdtempSync(join(tmpdir(), 'cosmowatch init serve '));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SUBSCRIPTION = '00000000-0000-0000-0000-0000000000aa';

describe('serve on what init writes', () => {
  it.each([
    ['activity_log', ['activity_log']],
    ['event_hubs', ['activity_log', 'hub']],
    ['blob', ['activity_log', 'blobs']],
  ])('%s: it listens, takes records, and has its sources', async (transport, sources) => {
    const dir = join(root, transport);
    const words = ['--subscription', SUBSCRIPTION, '--account', 'all', '--transport', transport, '--api', 'nosql'];
    const written = await run(['init', '--dir', dir, '--requests', 'none', ...words]);
    expect([written.code, written.err]).toEqual([0, expect.stringContaining(`serve --config '${dir}/cosmowatch.yml'`)]);
    const service = await startService({ data: join(dir, 'data'), config: join(dir, 'cosmowatch.yml') });
    try {
      expect(await service.isReady()).toBe(true);
      expect((await service.status()).sources.map(({ name }) => name)).toEqual(sources);
    } finally {
      await service.stop();
    }
  });
});
