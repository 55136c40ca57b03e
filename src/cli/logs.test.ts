import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyRead, type Ran, run, TERMINAL } from './cli.test-support.ts';

const SECRET = 'canary-7731';
const ID =
  '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/rg-shop/providers/Microsoft.DocumentDB/databaseAccounts';

/** A request by key, as the export has it. */
function request(time: string, more: Readonly<Record<string, unknown>> = {}, account = 'orders'): string {
  const properties = {
    activityId: `20000000-0000-0000-0000-${time.replace(/\D/g, '').slice(2, 14)}`,
    requestResourceType: 'Document',
    requestResourceId: '/dbs/shop/colls/carts',
    statusCode: '204',
    keyType: 'PrimaryMasterKey',
    clientIpAddress: '203.0.113.77',
    ...more,
  };
  return `${JSON.stringify({ time, resourceId: `${ID}/${account}`, category: 'DataPlaneRequests', operationName: 'Delete', properties })}\n`;
}

/** A secret in each place that is not kept. */
const SENSITIVE = {
  piiCommandText: `{"delete":"${SECRET}"}`,
  querytext: `select "${SECRET}"`,
  commandText: SECRET,
  password: SECRET,
  userPwd: { pwd: SECRET },
  clientSecret: [SECRET],
  connectionString: `AccountKey=${SECRET}`,
  connectionStrings: [{ connectionString: SECRET }],
  primaryMasterKey: SECRET,
  secondaryReadonlyMasterKey: SECRET,
  accountKey: SECRET,
  storageKey: SECRET,
  sharedAccessSignature: SECRET,
  sasToken: SECRET,
  accessToken: SECRET,
  authorizationToken: SECRET,
  requestbody: JSON.stringify({
    properties: { administratorPassword: SECRET, url: `https://u:${SECRET}@x/?sig=${SECRET}` },
  }),
  cut: `{"properties":{"password":"${SECRET}`,
  note: `Endpoint=sb://x;SharedAccessKey=${SECRET}`,
};

let root = '';
const at = (name: string): string => join(root, name);
const logs = (...words: string[]): Promise<Ran> => run(['logs', ...words]);
const json = async (...words: string[]): Promise<Record<string, unknown>> =>
  JSON.parse((await logs(...words, '--format', 'json')).out) as Record<string, unknown>;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cosmowatch-logs-'));
  mkdirSync(at('logs'));
  writeFileSync(at('logs/activity.json'), keyRead('2026-11-24T01:00:00.0000000Z') + keyRead('2026-11-24T05:00:00Z'));
  const times = ['01:00:00', '01:00:30', '01:00:40', '03:00:00'].map((time) => `2026-11-24T${time}Z`);
  writeFileSync(at('logs/data.json'), times.map((time) => request(time)).join('') + request(times[0]!, {}, 'carts'));
  writeFileSync(
    at('mixed.json'),
    `${keyRead('2026-11-24T01:00:00Z')}{"category":"SignInLogs","time":"x"}\n{"a":"${SECRET}\n`,
  );
  writeFileSync(at('late.json'), keyRead('2099-01-01T00:00:00Z'));
  writeFileSync(at('two:3'), keyRead('2026-11-24T02:00:00Z'));
  writeFileSync(
    at('array.json'),
    `[${keyRead('2026-11-24T01:00:00Z')},${keyRead('2026-11-24T02:00:00Z')}]`.replaceAll('\n', ''),
  );
  writeFileSync(at('pretty.json.gz'), gzipSync(JSON.stringify([JSON.parse(keyRead('2026-11-24T01:00:00Z'))], null, 2)));
  writeFileSync(at('one.zst'), zstdCompressSync(keyRead('2026-11-24T01:00:00Z')));
  writeFileSync(at('secret.json'), request('2026-11-24T01:00:00Z', SENSITIVE));
  writeFileSync(
    at('secret-unknown.json'),
    `${JSON.stringify({ category: 'SignInLogs', time: '2026-11-24T01:00:00Z', ...SENSITIVE })}\n{"password":"${SECRET}`,
  );
  writeFileSync(at('empty.json'), '');
  writeFileSync(at('other.json'), '{"width":5,"height":7}\n');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('exit codes', () => {
  it.each<[string, number, string, () => string[]]>([
    ['without a subcommand', 2, '', () => []],
    ['a subcommand that is none', 2, 'CW-1001', () => ['show']],
    ['explain without a file', 2, 'CW-1001', () => ['explain']],
    ['explain with two', 2, 'CW-1001', () => ['explain', at('late.json'), at('mixed.json')]],
    ['explain a folder of two', 2, 'CW-1002', () => ['explain', at('logs')]],
    ['explain what is not there', 1, 'CW-2001', () => ['explain', at('nowhere.json:3')]],
    ['explain an empty file', 1, 'CW-2003', () => ['explain', at('empty.json')]],
    ['explain line 0', 2, 'CW-1002', () => ['explain', at('mixed.json:0')]],
    ['explain a line behind the end', 2, 'CW-1002', () => ['explain', at('late.json:9')]],
    ['explain a record that the line has not', 2, 'CW-1002', () => ['explain', at('late.json:1:2')]],
    ['a format that is none', 2, 'CW-1002', () => ['stats', at('logs'), '--format', 'html']],
    ['stats without a path', 2, 'CW-1001', () => ['stats']],
    ['stats of an empty file', 0, '', () => ['stats', at('empty.json')]],
    ['stats of what is no log', 1, 'CW-2003', () => ['stats', at('other.json')]],
    ['stats of what is not there', 1, 'CW-2001', () => ['stats', at('nowhere.json')]],
    ['explain what is left out is an answer', 0, '', () => ['explain', at('mixed.json:3')]],
    ['stats of files in which something is left out', 0, '', () => ['stats', at('mixed.json')]],
  ])('%s: %i', async (_name, code, error, words) => {
    const ran = await logs(...words());
    expect(ran.code).toBe(code);
    expect(ran.err).toMatch(error === '' ? /^$/ : new RegExp(`^error ${error}: `));
    if (error !== '') expect(ran.out).toBe('');
  });
});

describe('explain', () => {
  it('says what a record is, where its fields came from, and what rules make of it', async () => {
    const { out, code } = await logs('explain', at('logs/activity.json:2'));
    expect(code).toBe(0);
    for (const text of [
      'A record of ActivityLog, variant export\n',
      'activity.json, line 2\n',
      '  category, time and operationName; it has no eventTimestamp',
      '  event.action            cosmosdb.keys.list  <- operationName\n',
      '  actor.name              ann@contoso.example\n',
      '  source.ip               198.51.100.23  <- callerIpAddress\n',
      'Dropped as sensitive\n  nothing\n',
      '  cosmosdb_access_keys_viewed\n    matches: it raises an alert\n',
    ])
      expect(out).toContain(text);
  });

  it.each<[string, () => string, object]>([
    ['the first record, without a line', () => at('logs/activity.json'), { line: 1, lastLine: 1, kind: 'event' }],
    ['a file whose name ends like a line', () => at('two:3'), { line: 1, kind: 'event' }],
    ['a line inside a record, compressed by gzip', () => at('pretty.json.gz:9'), { line: 2, kind: 'event' }],
    ['compressed by zstd', () => at('one.zst'), { line: 1, kind: 'event' }],
    ['one of several in a line', () => at('array.json'), { record: 1, records: 2 }],
    ['another service', () => at('mixed.json:2'), { kind: 'unknown', what: 'SignInLogs', names: ['category', 'time'] }],
    ['a line that is cut off', () => at('mixed.json:3'), { kind: 'invalid', reason: 'truncated', line: 3, family: '' }],
    ['a time that cannot be', () => at('late.json'), { kind: 'invalid', reason: 'future_time', family: 'ActivityLog' }],
    ['no log record', () => at('other.json'), { kind: 'unknown', what: 'no log record', near: null }],
  ])('%s', async (_name, named, expected) => {
    expect(await json('explain', named())).toMatchObject(expected);
  });

  it('picks one of several, and says so', async () => {
    const { out } = await logs('explain', at('array.json:1:2'));
    expect(out).toContain('It is record 2 of 2 in that line; FILE:1:N names another.');
    expect(out).toContain('2026-11-24T02:00:00.000Z  <- time');
  });

  it('--now sets the clock, --rules adds rules', async () => {
    expect(await json('explain', at('late.json'), '--now', '2099-01-01')).toMatchObject({ kind: 'event' });
    writeFileSync(
      at('own.yml'),
      'title: Own\nid: 7a1d1f66-64d4-4b06-8a35-6f3b0a1c0003\nlogsource:\n  product: azure\n  service: cosmosdb\ndetection:\n  one:\n    source.ip: 192.0.2.9\n  condition: one\nlevel: low\n',
    );
    const { out } = await logs('explain', at('logs/activity.json'), '--rules', at('own.yml'));
    expect(out).toContain('    - asks source.ip = "192.0.2.9"; source.ip is 198.51.100.23\n');
  });

  it.each([
    ['mixed.json:2', 'It calls itself "SignInLogs".'],
    ['mixed.json:3', 'Line 3 is left out: not JSON (cut off).'],
    ['late.json', 'more than a day ahead: 2099-01-01T00:00:00Z.'],
    ['other.json', 'Its names: width and height.'],
  ])('%s: says why it is left out, and the cure', async (name, text) => {
    const { out } = await logs('explain', at(name));
    expect(out).toContain(text);
    expect(out).toMatch(/^cure: /m);
  });

  it('names what is dropped, by place', async () => {
    const { dropped, masked } = await json('explain', at('secret.json'));
    const places = Object.keys(SENSITIVE).filter(
      (name) => !['userPwd', 'connectionStrings', 'requestbody', 'cut', 'note'].includes(name),
    );
    for (const place of places) expect(dropped).toContain(`properties.${place}`);
    expect(dropped).toContain('properties.requestbody.properties.administratorPassword');
    expect(dropped).toContain('properties.userPwd.pwd');
    expect(masked).toEqual(['properties.requestbody.properties.url', 'properties.cut', 'properties.note']);
  });
});

describe('stats', () => {
  it('counts logs, accounts, silences, rates, and what could be detected', async () => {
    expect(await json('stats', at('logs'))).toMatchObject({
      files: 2,
      records: 7,
      events: 7,
      period: { from: '2026-11-24T01:00:00.000Z', to: '2026-11-24T05:00:00.000Z' },
      families: [
        { family: 'ActivityLog', variant: 'export', records: 2, last: '2026-11-24T05:00:00.000Z' },
        { family: 'DataPlaneRequests', variant: 'export', records: 5, last: '2026-11-24T03:00:00.000Z' },
      ],
      accounts: [
        { name: 'orders', records: 6, families: ['ActivityLog', 'DataPlaneRequests'] },
        { name: 'carts', records: 1, families: ['DataPlaneRequests'] },
      ],
      silences: [
        { family: 'DataPlaneRequests', seconds: 14_400, isOpen: true, from: '2026-11-24T01:00:00.000Z' },
        { family: 'ActivityLog', seconds: 14_400, isOpen: false, isExact: true },
        { family: 'DataPlaneRequests', seconds: 7200, from: '2026-11-24T03:00:00.000Z' },
      ],
      rate: { mean: 7 / 14_400, peak: { minute: '2026-11-24T01:00:00.000Z', records: 5 } },
      callers: null,
      leftOut: [],
      skipped: [],
    });
  });

  it('reads as sentences', async () => {
    const { out, err } = await run(
      ['logs', 'stats', at('logs'), at('mixed.json'), at('gone'), at('empty.json'), '--color', 'never'],
      TERMINAL,
    );
    expect(err).toBe('');
    for (const text of [
      /^10 records in 4 files \(\d+ kB\), 2026-11-24 01:00 to 2026-11-24 05:00 UTC\.$/m,
      /^ {2}DataPlaneRequests {2}export {6,}5$/m,
      /^2 accounts: records, first and last \(UTC\)$/m,
      /^ {2}4 h {2,}orders, ActivityLog: 2026-11-24 01:00 to 05:00$/m,
      /^ {2}4 h {2,}carts, DataPlaneRequests: 2026-11-24 01:00 to the end$/m,
      /^ {4}in ActivityLog, of 1 of 2 accounts$/m,
      /^note: 2 records were left out; the rest was read\.$/m,
      /^note: 1 file or folder was skipped: no such file or folder:/m,
      /^note: no record is in /m,
      /^Next: cosmowatch scan /m,
    ])
      expect(out).toMatch(text);
  });

  it('tells what could not be detected', async () => {
    const { out } = await logs('stats', at('late.json'), '--now', '2099-01-01');
    expect(out).toContain('  cosmosdb_item_deleted\n    needs one of DataPlaneRequests, ');
  });

  it.each<[string, string[], string | null]>([
    ['nothing needs a caller to be found', [keyRead('2026-11-24T01:00:00Z')], null],
    [
      'nobody can be named',
      [control()],
      'Callers: ControlPlaneRequests names none, and without the Activity Log nobody',
    ],
    ['the export has no id', [control(), keyRead('2026-11-24T01:00:00Z')], 'are likely at best'],
    ['REST has it', [control(), rest()], 'can be exact; the id that ties both is in 1 of 1 Activity Log record.'],
  ])('callers: %s', async (_name, lines, expected) => {
    writeFileSync(at('callers.json'), lines.join(''));
    const text = (await logs('stats', at('callers.json'))).out.replaceAll('\n', ' ');
    if (expected === null) expect(text).not.toContain('Callers');
    else expect(text).toContain(expected);
  });

  it('keeps a thousand accounts, and counts the records of the others', async () => {
    const lines = Array.from({ length: 1100 }, (_, n) => request('2026-11-24T01:00:00Z', {}, `a${n}`));
    writeFileSync(at('many.json'), lines.join(''));
    const told = await json('stats', at('many.json'));
    expect([(told['accounts'] as unknown[]).length, told['otherAccounts']]).toEqual([1000, 100]);
    const { out } = await logs('stats', at('many.json'));
    expect(out).toContain('  and 980 more: --format json names them\n');
    expect(out).toMatch(/100 records more of accounts beyond the first 1,000/);
  });

  it('two accounts of one name are told apart', async () => {
    const other = request('2026-11-24T01:00:00Z').replace('rg-shop', 'rg-other');
    writeFileSync(at('twins.json'), request('2026-11-24T01:00:00Z') + other);
    expect((await logs('stats', at('twins.json'))).out).toContain('/resourcegroups/rg-other/');
  });
});

describe('nothing secret is printed', () => {
  it.each([
    ['explain', 'secret.json'],
    ['explain', 'secret-unknown.json'],
    ['explain', 'secret-unknown.json:2'],
    ['explain', 'mixed.json:3'],
    ['stats', 'secret.json'],
    ['stats', 'secret-unknown.json'],
    ['stats', 'mixed.json'],
  ])('%s %s', async (verb, name) => {
    for (const format of ['text', 'json']) {
      const { out, err, code } = await logs(verb, at(name), '--format', format);
      expect(code).toBe(0);
      expect(out.length).toBeGreaterThan(100);
      expect(out + err).not.toContain(SECRET);
    }
  });
});

it.each([
  ['explain', 'logs/activity.json'],
  ['explain', 'secret.json'],
  ['explain', 'other.json'],
  ['explain', 'late.json'],
  ['explain', 'array.json'],
  ['stats', 'logs'],
  ['stats', 'mixed.json'],
])('%s %s fits 80 columns', async (verb, name) => {
  const { out } = await logs(verb, at(name));
  // A path that is longer cannot be broken where nothing may be added.
  const lines = out.replaceAll(root, 'x').split('\n');
  expect(lines.filter((line) => line.length > 80 || /\s$/.test(line))).toEqual([]);
});

it('hidden characters of a record never reach the terminal', async () => {
  const name = 'a\u001b[31m\u202eb';
  writeFileSync(
    at('hidden.json'),
    keyRead('2026-11-24T01:00:00Z', { [name]: { password: name }, callerIpAddress: name }),
  );
  for (const format of ['text', 'json']) {
    const { out } = await logs('explain', at('hidden.json'), '--format', format);
    for (const character of ['\u001b', '\u202e']) expect(out).not.toContain(character);
    expect(out).toMatch(format === 'text' ? /<U\+001B>/ : /\\u001b/);
  }
});

function control(): string {
  return `${JSON.stringify({
    time: '2026-11-24T01:00:00Z',
    resourceId: `${ID}/orders`,
    category: 'ControlPlaneRequests',
    operationName: 'AccountUpdateStart',
    properties: { activityId: '30000000-0000-0000-0000-000000000001', httpstatusCode: '200' },
  })}\n`;
}

function rest(): string {
  return `${JSON.stringify({
    eventTimestamp: '2026-11-24T01:00:00Z',
    operationName: { value: 'Microsoft.DocumentDB/databaseAccounts/write' },
    resourceId: `${ID}/orders`,
    status: { value: 'Succeeded' },
    httpRequest: { clientRequestId: '30000000-0000-0000-0000-000000000001' },
  })}\n`;
}
