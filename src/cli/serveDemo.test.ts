import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startService } from '../../test/support/service.ts';
import { run } from './cli.test-support.ts';

const folder = mkdtempSync(join(tmpdir(), 'cosmowatch-serve-demo-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function signIn(url: string): Promise<number> {
  const init = { method: 'POST', body: '{"demo":true}', headers: { 'content-type': 'application/json' } };
  return (await fetch(`${url}/api/v1/session`, init)).status;
}

describe('serve --demo', () => {
  it('lets one in with one click', async () => {
    const service = await startService({ data: join(folder, 'demo'), words: ['--demo'] });
    expect(await signIn(service.url)).toBe(200);
    expect(await service.stop()).toEqual({ code: 0, signal: null });
  });

  it('any other service does not', async () => {
    const data = join(folder, 'other');
    const service = await startService({ data });
    expect(await signIn(service.url)).toBe(404);
    const link = readFileSync(join(data, 'setup-link'), 'utf8').trim();
    expect(link.startsWith(`${service.url}/setup#`)).toBe(true);
    expect(service.out + service.err).not.toContain(link);
    await service.stop();
  });

  it.each(['0.0.0.0:0', '[::]:0', '192.0.2.1:7070', 'contoso.example:7070'])('is not opened at %s', async (listen) => {
    const { code, err } = await run(['serve', '--demo', '--listen', listen, '--data', join(folder, 'open')]);
    expect([code, err]).toEqual([1, expect.stringMatching(/^error CW-6014: a demo lets in everybody who reaches it/)]);
  });
});
