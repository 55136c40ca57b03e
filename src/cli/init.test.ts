import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkConfig, KINDS } from '../app/configFile.ts';
import { categoriesOf } from '../app/init/categories.ts';
import { AUTHS, type Plan, TRANSPORTS } from '../app/init/plan.ts';
import { filesOf } from '../app/init/write.ts';
import { run } from './cli.test-support.ts';

const SUBSCRIPTION = '00000000-0000-0000-0000-0000000000aa';
const ACCOUNT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-shop/providers/Microsoft.DocumentDB/databaseAccounts/orders`;
const PLAN: Plan = {
  subscriptions: [SUBSCRIPTION, '00000000-0000-0000-0000-0000000000bb'],
  accounts: [ACCOUNT],
  transport: 'event_hubs',
  apis: ['nosql', 'mongodb', 'cassandra', 'gremlin', 'table'],
  requests: 'all',
  auth: 'entra',
  name: 'cosmowatch',
  location: 'westeurope',
  resourceGroup: 'rg-cosmowatch',
};

let root = '';
let dir = '';
let count = 0;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cosmowatch-init-'));
});
beforeEach(() => {
  dir = join(root, String(count++));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const EACH = TRANSPORTS.flatMap((transport) => AUTHS.map((auth) => ({ transport, auth })));

describe.each(EACH)('$transport, $auth', ({ transport, auth }) => {
  const files = filesOf({ ...PLAN, transport, auth });
  const text = (name: string): string => files.get(name) ?? '';
  const bicep = [...files]
    .filter(([name]) => name.endsWith('.bicep'))
    .map(([, one]) => one)
    .join('');
  const azure = { bicep, terraform: text('azure/main.tf'), setup: text('azure/setup.sh') };

  it('the configuration is one', () => {
    const path = join(root, `${transport}-${auth}.yml`);
    writeFileSync(path, text('cosmowatch.yml'));
    const env = {
      COSMOWATCH_HUB: 'Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=k;SharedAccessKey=s;EntityPath=h',
      COSMOWATCH_SAS_URL: 'https://x.blob.core.windows.net/?sv=1&sig=s',
    };
    const types = KINDS.sources.map(({ type }) => type);
    // Types that are not there yet are the only mistakes.
    const missing = [...new Set(['activity_log', transport])].filter((type) => !types.includes(type));
    const { diagnostics } = checkConfig(path, env);
    expect(diagnostics.filter(({ code }) => code !== 'CW-8007')).toEqual([]);
    expect(diagnostics).toHaveLength(missing.length);
  });

  it('every category stands in each, with its reason', () => {
    const wanted = transport === 'activity_log' ? [] : categoriesOf(PLAN);
    for (const one of Object.values(azure)) {
      expect(one).toContain(SUBSCRIPTION);
      for (const { name, why } of wanted)
        expect([name, one.includes(`${why}.`), new RegExp(`["']${name}["']`).test(one)]).toEqual([name, true, true]);
    }
  });

  it('nothing may read keys or connection strings, or change anything', () => {
    for (const one of Object.values(azure)) {
      expect(one).toContain('Microsoft.Insights/eventtypes/values/read');
      expect(one).not.toMatch(/listKeys|listConnectionStrings|readonlykeys|\*\/read|Contributor|Owner/i);
    }
    expect(text('cosmowatch.yml')).not.toMatch(/SharedAccessKey|sig=/);
  });

  it('brackets close, and the shell can read it', () => {
    for (const one of [bicep, azure.terraform]) expect(openBrackets(one)).toEqual([]);
    execFileSync('bash', ['-n'], { input: azure.setup });
  });
});

/** Brackets that are not closed, outside of comments and texts. */
function openBrackets(text: string): string[] {
  const open: string[] = [];
  const bare = text.replace(/^\s*(#|\/\/).*$/gm, '').replace(/'[^'\n]*'|"[^"\n]*"/g, '');
  for (const [bracket] of bare.matchAll(/[()[\]{}]/g)) {
    const opens = ')]}'.indexOf(bracket);
    if (opens === -1) open.push(bracket);
    else if (open.pop() !== '([{'[opens]) open.push(bracket);
  }
  return open;
}

describe('categories', () => {
  it.each([
    [['nosql'], 'all', ['ControlPlaneRequests', 'DataPlaneRequests']],
    [['nosql'], 'aggregates', ['ControlPlaneRequests', 'DataPlaneRequests5M']],
    [['nosql'], 'none', ['ControlPlaneRequests']],
    [['mongodb'], 'all', ['ControlPlaneRequests', 'MongoRequests']],
    [['gremlin', 'table'], 'aggregates', ['ControlPlaneRequests', 'GremlinRequests', 'TableApiRequests']],
  ] as const)('%j, %s', (apis, requests, names) => {
    expect(categoriesOf({ apis, requests }).map(({ name }) => name)).toEqual(names);
  });
});

describe('init', () => {
  const GIVEN = ['--subscription', SUBSCRIPTION.toUpperCase(), '--account', ACCOUNT, '--transport', 'event_hubs'];

  it('writes what is asked for by options, and says what is next', async () => {
    const { code, out, err } = await run(['init', ...GIVEN, '--dir', dir]);
    expect(code).toBe(0);
    const names = [
      'cosmowatch.yml',
      'azure/main.bicep',
      'azure/subscription.bicep',
      'azure/transport.bicep',
      'azure/account.bicep',
      'azure/main.tf',
      'azure/setup.sh',
    ];
    expect(out.trim().split('\n')).toEqual(names.map((name) => join(dir, name)));
    expect(err).toContain('DataPlaneRequests      Every request');
    expect(err).toContain(`cosmowatch serve --config ${join(dir, 'cosmowatch.yml')}`);
    expect(err.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(readdirSync(join(dir, 'azure'))).toHaveLength(6);
    expect(statSync(join(dir, 'azure/setup.sh')).mode & 0o777).toBe(0o755);
    for (const file of out.trim().split('\n'))
      expect(readFileSync(file, 'utf8')).toBe(
        filesOf({ ...PLAN, subscriptions: [SUBSCRIPTION], apis: ['nosql'] }).get(file.slice(dir.length + 1)),
      );
  });

  it('overwrites nothing without --force', async () => {
    await run(['init', ...GIVEN, '--dir', dir]);
    writeFileSync(join(dir, 'azure/main.tf'), 'mine');
    const again = await run(['init', ...GIVEN, '--dir', dir]);
    expect([again.code, again.err.split('\n')[0]]).toEqual([
      2,
      'error CW-8027: what would be written is there already, and was not touched',
    ]);
    expect(readFileSync(join(dir, 'azure/main.tf'), 'utf8')).toBe('mine');
    expect((await run(['init', ...GIVEN, '--dir', dir, '--force'])).code).toBe(0);
    expect(readFileSync(join(dir, 'azure/main.tf'), 'utf8')).not.toBe('mine');
  });

  it('asks on a terminal, again where an answer cannot be used', async () => {
    const asked: string[] = [];
    const answers = ['mine', SUBSCRIPTION, 'event_hub', '', 'orders', `${ACCOUNT}, ${ACCOUNT}`, 'mongodb', 'none'];
    const ask = async (question: string) => {
      asked.push(question.trim());
      return answers.shift() ?? null;
    };
    const { code } = await run(['init', '--dir', dir], { ask });
    expect([code, answers]).toEqual([0, []]);
    expect(asked[0]).toBe('Subscription ids, separated by spaces:');
    expect(asked[1]).toMatch(/^--subscription does not take "mine"; give an id .*\nSubscription ids/s);
    expect(asked[2]).toBe('How logs come (event_hubs, blob, log_analytics, activity_log) [event_hubs]:');
    const account = readFileSync(join(dir, 'azure/account.bicep'), 'utf8');
    expect(account).toContain('ControlPlaneRequests');
    expect(account).not.toContain('MongoRequests');
  });

  it.each([
    [
      'nobody is there',
      GIVEN.slice(0, 4),
      undefined,
      'CW-8028: --transport is missing, and nobody is there to be asked',
    ],
    [
      'the terminal is closed',
      [],
      async () => null,
      'CW-8028: --subscription is missing, and nobody is there to be asked',
    ],
    ['a subscription', ['--subscription', 'x'], undefined, 'CW-1002: --subscription does not take "x"'],
    ['a transport', ['--transport', 'hub'], undefined, 'CW-1002: --transport does not take "hub"'],
    ['a name', [...GIVEN, '--name', "x'; rm"], undefined, `CW-1002: --name does not take "x'; rm"`],
    ['a region', [...GIVEN, '--location', 'West Europe'], undefined, 'CW-1002: --location does not take "West Europe"'],
    ['a group', [...GIVEN, '--resource-group', 'a b'], undefined, 'CW-1002: --resource-group does not take "a b"'],
    [
      'a cluster',
      ['--account', ACCOUNT.replace('databaseAccounts', 'mongoClusters')],
      undefined,
      'CW-1002: --account does not take',
    ],
    ['an account with more in it', ['--account', `${ACCOUNT}'`], undefined, 'CW-1002: --account does not take'],
    ['a word', ['here'], undefined, 'CW-1001: init takes options only'],
  ])('refuses: %s', async (_name, words, ask, error) => {
    const { code, err } = await run(['init', '--dir', dir, ...words], ask === undefined ? {} : { ask });
    expect(code).toBe(2);
    expect(err.startsWith(`error ${error}`)).toBe(true);
  });

  it('of the Activity Log alone needs neither accounts nor a place for logs', async () => {
    const { code, out } = await run([
      'init',
      '--subscription',
      SUBSCRIPTION,
      '--transport',
      'activity_log',
      '--dir',
      dir,
    ]);
    expect([code, out.split('\n').filter(Boolean).length]).toEqual([0, 5]);
    expect(readFileSync(join(dir, 'azure/main.tf'), 'utf8')).not.toContain('azurerm_resource_group');
  });
});
