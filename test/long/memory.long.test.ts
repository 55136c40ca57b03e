import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** MB of a file in random order in which every record is a hit; 2000 is what the limit was first measured with. */
const MEGABYTES = Number(process.env['COSMOWATCH_LONG_MB'] ?? 300);
const LIMIT_KB = 512 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'cosmowatch-long-'));
const file = join(folder, 'hits.ndjson');
const bin = fileURLToPath(new URL('../../bin/cosmowatch.js', import.meta.url));

beforeAll(() => {
  const out = openSync(file, 'w');
  let state = 1;
  const dice = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * below);
  };
  const account =
    '/SUBSCRIPTIONS/00000000-0000-0000-0000-0000000000AA/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/A-';
  for (let bytes = 0, n = 0; bytes < MEGABYTES * 1e6; ) {
    let text = '';
    for (let at = 0; at < 2000; at++, n++) {
      const time = new Date(Date.UTC(2026, 0, 5) + dice(7 * 86_400_000)).toISOString();
      text += `{"time":"${time}","resourceId":"${account}${n % 5}","category":"DataPlaneRequests","operationName":"Delete","properties":{"activityId":"${n}-${dice(1e9)}","requestResourceType":"Document","requestResourceId":"/dbs/shop/colls/c${n % 7}","statusCode":"204","clientIpAddress":"203.0.113.${n % 200}","keyType":"PrimaryMasterKey","databaseName":"shop","collectionName":"c${n % 7}","userAgent":"${'x'.repeat(300)}"}}\n`;
    }
    writeSync(out, text);
    bytes += text.length;
  }
  closeSync(out);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a scan and watches its resident memory. */
function scan(): Promise<{ readonly peakKb: number; readonly alerts: number; readonly code: number | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, 'scan', file, '--format', 'ndjson', '--now', '2027-01-01', '--quiet'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let [peakKb, alerts] = [0, 0];
    const watch = setInterval(() => {
      peakKb = Math.max(peakKb, residentKb(child.pid!));
    }, 250);
    child.stdout.on('data', (chunk: Buffer) => {
      for (const byte of chunk) if (byte === 10) alerts += 1;
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      clearInterval(watch);
      resolve({ peakKb, alerts, code });
    });
  });
}

function residentKb(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

describe.skipIf(process.platform !== 'linux')('memory', () => {
  it(`${MEGABYTES} MB in random order, every record a hit, stay within 512 MB`, async () => {
    const { peakKb, alerts, code } = await scan();
    expect(code).toBe(0);
    expect(alerts).toBeGreaterThan(1000);
    expect(peakKb).toBeGreaterThan(0);
    expect(peakKb).toBeLessThan(LIMIT_KB);
  });
});
