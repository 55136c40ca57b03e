import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ArmEvent, ArmServer } from '../../test/support/armServer.ts';
import { NOW, type Ran, run } from './cli.test-support.ts';

const BIN = fileURLToPath(new URL('../../bin/cosmowatch.js', import.meta.url));
const SUBSCRIPTION = '00000000-0000-0000-0000-0000000000aa';
const WORKSPACE = '00000000-0000-0000-0000-0000000000ee';
const TOKEN = 'eyJ0-canary-4711';
const ACCOUNT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.DocumentDB/databaseAccounts/orders`;
const HOUR = 3_600_000;

/** A record as the REST interface answers it: keys of an account were listed. */
function keyRead(hoursAgo: number, now: number): ArmEvent {
  const eventTimestamp = new Date(now - hoursAgo * HOUR).toISOString();
  return {
    eventDataId: `10000000-0000-0000-0000-00000000000${hoursAgo}`,
    eventTimestamp,
    submissionTimestamp: eventTimestamp,
    resourceProviderName: { value: 'Microsoft.DocumentDB' },
    resourceId: ACCOUNT,
    operationName: { value: 'Microsoft.DocumentDB/databaseAccounts/listKeys/action' },
    status: { value: 'Succeeded' },
    category: { value: 'Administrative' },
    correlationId: `20000000-0000-0000-0000-00000000000${hoursAgo}`,
    caller: 'ann@contoso.example',
    subscriptionId: SUBSCRIPTION,
  } as ArmEvent;
}

describe('scan --azure', () => {
  let server: ArmServer;
  let folder: string;
  beforeEach(async () => {
    server = await ArmServer.start();
    server.tokens.clear();
    server.tokens.add(TOKEN);
    server.events.set(SUBSCRIPTION, [keyRead(1, NOW), keyRead(2, NOW)]);
    const below = `/subscriptions/${SUBSCRIPTION}/providers`;
    server.lists.set(`${below}/Microsoft.DocumentDB/databaseAccounts`.toLowerCase(), [
      { id: ACCOUNT, name: 'orders', properties: { publicNetworkAccess: 'Enabled' } },
    ]);
    for (const one of [
      'Microsoft.Authorization/locks',
      'Microsoft.KeyVault/vaults',
      'Microsoft.DataProtection/backupVaults',
    ])
      server.lists.set(`${below}/${one}`.toLowerCase(), []);
    server.lists.set(`${ACCOUNT}/providers/Microsoft.Insights/diagnosticSettings`.toLowerCase(), []);
    folder = mkdtempSync(join(tmpdir(), 'cw-az-'));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await server.stop();
  });

  /** What stands in for the Azure CLI: it writes down what it was called with. */
  function az(script: string): void {
    writeFileSync(join(folder, 'az'), `#!/bin/sh\necho "$@" >> ${join(folder, 'calls')}\n${script}\n`);
    chmodSync(join(folder, 'az'), 0o755);
  }

  const TOKEN_JSON = `echo '{"accessToken":"${TOKEN}","expires_on":4102444800}'`;

  const WORDS = ['scan', '--azure', '--subscription', SUBSCRIPTION];

  /** The program as a user starts it. */
  function start(words: readonly string[] = []): Promise<Ran> {
    const all = [BIN, ...WORDS, ...words];
    const child = spawn(process.execPath, all, {
      env: { PATH: `${folder}:/usr/bin:/bin`, COSMOWATCH_AZURE_ENDPOINT: server.endpoint },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text) => {
      out += String(text);
    });
    child.stderr.on('data', (text) => {
      err += String(text);
    });
    return new Promise((resolve) => child.on('close', (code) => resolve({ code: code ?? -1, out, err })));
  }

  /** The same in this process, which costs a tenth. */
  async function scan(words: readonly string[] = []): Promise<Ran> {
    const path = process.env['PATH'];
    process.env['PATH'] = `${folder}:/usr/bin:/bin`;
    try {
      return await run([...WORDS, ...words], { env: { COSMOWATCH_AZURE_ENDPOINT: server.endpoint } });
    } finally {
      process.env['PATH'] = path;
    }
  }

  it('finds what happened, and asks for nothing that answers with a secret', async () => {
    az(TOKEN_JSON);
    server.events.set(SUBSCRIPTION, [keyRead(1, Date.now()), keyRead(2, Date.now())]);
    const { code, out, err } = await start(['--format', 'ndjson', '--fail-on', 'medium', '--days', '7']);
    expect([code, err]).toEqual([3, expect.not.stringContaining('not read')]);
    expect(JSON.parse(out.split('\n')[0]!)).toMatchObject({ rule: 'cosmosdb_access_keys_viewed', count: 2 });
    expect(server.requests.length).toBeGreaterThan(10);
    expect(new Set(server.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
    const secret = /listkeys|readonlykeys|listconnection|regenerate|\/secrets|\/keys/i;
    expect(server.requests.filter(({ path }) => secret.test(path))).toEqual([]);
    const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
    expect(calls).toEqual([
      `account get-access-token --output json --resource https://management.azure.com --subscription ${SUBSCRIPTION}`,
    ]);
    expect(out + err).not.toContain(TOKEN);
  });

  it('says what to type where nobody is logged in', async () => {
    az('echo "ERROR: Please run az login to setup account. canary-4712" >&2; exit 1');
    const { code, out, err } = await scan();
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^error CW-7007: .*\n {2}cure: az login\n$/);
    expect(err).not.toContain('canary');
  });

  it('says what to install where there is no Azure CLI', async () => {
    const { code, err } = await scan();
    expect([code, err]).toEqual([1, expect.stringMatching(/^error CW-7007: the Azure CLI \(az\) is not installed\n/)]);
  });

  it('tells which role is missing', async () => {
    az(TOKEN_JSON);
    server.fault = { status: 403, body: JSON.stringify({ error: { code: 'AuthorizationFailed' } }) };
    const { code, err } = await scan();
    expect(code).toBe(1);
    expect(err).toMatch(/error CW-7004: .*403 \(AuthorizationFailed\)[\s\S]*cure: .*Monitoring Reader/);
  });

  it('waits as long as it is asked to, and reads on', async () => {
    az(TOKEN_JSON);
    let refusals = 2;
    server.fault = (path) =>
      path.includes('eventtypes') && refusals-- > 0 ? { status: 429, headers: { 'retry-after': '0.1' } } : null;
    const { code, out } = await scan(['--format', 'ndjson']);
    expect([code, out.trim().split('\n').length]).toEqual([0, 1]);
    expect(refusals).toBeLessThan(0);
  });

  it('reads a workspace too, table by table', async () => {
    az(TOKEN_JSON);
    const asked: string[] = [];
    server.answerQuery = (query) => {
      asked.push(query.split(' ')[0]!);
      return { tables: [{ name: 'PrimaryResult', columns: [], rows: [] }] };
    };
    const { code } = await scan(['--workspace', WORKSPACE, '--quiet']);
    expect(code).toBe(0);
    expect(asked).toContain('CDBDataPlaneRequests');
    expect(asked).toContain('AZKVAuditLogs');
  });

  it.each<[string, readonly string[], RegExp]>([
    ['no subscription', ['--azure'], /CW-1001: --azure needs --subscription/],
    ['a subscription without --azure', ['l', '--subscription', SUBSCRIPTION], /CW-1001: .*need --azure/],
    ['days without --azure', ['l', '--days', '3'], /CW-1001: .*need --azure/],
    ['a name for an id', ['--azure', '--subscription', 'prod'], /CW-1002/],
    ['more days than Azure keeps', ['--azure', '--subscription', SUBSCRIPTION, '--days', '91'], /CW-1002: .*days/],
  ])('refuses %s', async (_, words, wanted) => {
    const { code, err } = await run(['scan', ...words]);
    expect(code).toBe(2);
    expect(err).toMatch(wanted);
  });
});
