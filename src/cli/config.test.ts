import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configAt } from '../app/configFile.ts';
import { CANARY, TEST_KINDS } from '../config/config.test-support.ts';
import { run } from './cli.test-support.ts';

let root = '';
const at = (name: string): string => join(root, name);

const LISTED = `title: Listed
id: 5f7f6b1e-0000-4000-8000-000000000001
name: listed
logsource: {product: azure}
detection: {s: {actor.name|expand: '%people%'}, condition: s}
`;
const SOURCE = 'sources: {in: {type: http}}\n';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cosmowatch-config-'));
  mkdirSync(at('own'));
  writeFileSync(at('own/listed.yml'), LISTED);
  writeFileSync(at('open'), `${CANARY}\n`);
  chmodSync(at('open'), 0o644);
  writeFileSync(at('closed'), `${CANARY}\n`);
  chmodSync(at('closed'), 0o600);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function file(text: string): string {
  writeFileSync(at('c.yml'), text);
  return at('c.yml');
}

describe('config check', () => {
  it('tells every mistake, with its line, and ends with 2', async () => {
    const path = file('listn: x\nretention: {alerts: long}\n');
    const { code, out, err } = await run(['config', 'check', path]);
    expect([code, err]).toEqual([2, '']);
    expect(out).toContain(`${path}:1:1: error CW-8004: a configuration has no key "listn"\n   1 | listn: *\n`);
    expect(out).toContain('^^^^^ did you mean "listen"?');
    expect(out).toContain(`${path}:2:21: error CW-8005: retention.alerts is a length of time`);
    expect(out).toMatch(/\n\d mistakes: nothing of it would be used\.\n$/);
  });

  it('as JSON', async () => {
    const { code, out } = await run(['config', 'check', '--json', file('listn: x\n')]);
    const found = JSON.parse(out) as { valid: boolean; diagnostics: { code: string; line: number }[] };
    expect([code, found.valid]).toEqual([2, false]);
    expect(found.diagnostics.find(({ line }) => line > 0)).toMatchObject({
      code: 'CW-8004',
      line: 1,
      column: 1,
      hint: 'did you mean "listen"?',
    });
  });

  it('a folder of rules that is not there, at its place and beside other mistakes', async () => {
    const path = file(`${SOURCE}rules: {folders: [nowhere], disable: [{rule: none_such, reason: x}]}\n`);
    const { code, out } = await run(['config', 'check', path]);
    expect(code).toBe(2);
    expect(out).toContain(`${path}:2:19: error CW-8222: rules.folders[0] cannot be read: no such file or folder`);
    expect(out).toContain('CW-8011');
  });

  it('an address that is a secret itself: a warning, without it', async () => {
    const url = `https://hooks.slack.com/services/T0/B0/${CANARY}`;
    const { code, out } = await run(['config', 'check', file(`receivers: {team: [{type: slack, url: '${url}'}]}\n`)]);
    expect([code, out]).toEqual([0, expect.stringContaining('1:35: warning CW-8221: receivers.team[0].url')]);
    expect(out).not.toContain(CANARY);
    const plain = file("receivers: {team: [{type: webhook, url: 'https://siem.contoso.example/in'}]}\n");
    expect((await run(['config', 'check', plain])).out).not.toContain('CW-8221');
  });

  it('a secret that is not there is told once', async () => {
    const path = file('sources: {hub: {type: event_hubs, connection_string: env:NOT_THERE}}\n');
    const { code, out } = await run(['config', 'check', path]);
    expect([code, out.match(/error/g)?.length]).toEqual([2, 1]);
    expect(out).toContain('CW-8009');
  });

  it('a file that is not there', async () => {
    const { code, err } = await run(['config', 'check', at('none.yml')]);
    expect(code).toBe(2);
    expect(err).toMatch(/^error CW-8001: .*none\.yml could not be read: there is no such file\n {2}cure: /);
  });

  it.each([[[]], [['a', 'b']]])('takes one file, not %j', async (words) => {
    expect(await run(['config', 'check', ...words])).toMatchObject({
      code: 2,
      err: expect.stringContaining('CW-1001'),
    });
  });
});

describe('config schema', () => {
  it('prints what editors read', async () => {
    const { code, out } = await run(['config', 'schema']);
    const schema = JSON.parse(out) as { properties: Record<string, unknown> };
    expect(code).toBe(0);
    expect(Object.keys(schema.properties)).toContain('receivers');
  });
});

describe('what the service is given', () => {
  const load = (text: string, folders: readonly string[] = []) => {
    const warnings: string[] = [];
    return { ...configAt(file(text), {}, (one) => void warnings.push(one), folders, TEST_KINDS), warnings };
  };
  const mistakes = (text: string): string => {
    try {
      load(text);
    } catch (error) {
      const { code, message, facts } = error as { code: string; message: string; facts: string[] };
      return [
        `${code} ${message}`,
        ...facts.filter((fact) => fact.includes('CW-')).map((fact) => fact.replace(/^.*c\.yml/, '')),
      ].join('\n');
    }
    return 'none';
  };

  it('rules without those that are switched off, which stay for rules that count them', () => {
    const { rules } = load(`${SOURCE}rules: {disable: [{rule: item_deleted, reason: too many}]}\n`);
    expect(rules.disabled.map(({ rule, reason }) => [rule.meta.name, reason])).toEqual([
      ['cosmosdb_item_deleted', 'too many'],
    ]);
    const off = rules.rules.filter(({ meta }) => meta.name === 'cosmosdb_item_deleted');
    expect(off.map(({ alerts }) => alerts)).toEqual([false]);
  });

  it('numbers', () => {
    const { rules } = load(`${SOURCE}rules: {parameters: {cosmosdb_multiple_tables_created.tables: 7}}\n`);
    const [one] = rules.rules.filter(({ meta }) => meta.name === 'cosmosdb_multiple_tables_created');
    expect(one!.meta.parameters.find(({ name }) => name === 'tables')?.value).toBe(7);
  });

  it.each([
    [
      'a rule that is not there',
      'rules: {disable: [{rule: item_deletd, reason: x}]}',
      'CW-8002 1 mistake in the configuration\n:2:26: error CW-8011: no rule has this name',
    ],
    [
      'a parameter that is not there',
      'rules: {parameters: {a.b: 1}}',
      'CW-8002 1 mistake in the configuration\n:2:22: error CW-8011: no rule has this parameter',
    ],
    [
      'a number below the least',
      'rules: {parameters: {cosmosdb_multiple_tables_created.tables: 0}}',
      'CW-8002 1 mistake in the configuration\n:2:63: error CW-8005: cosmosdb_multiple_tables_created.tables is at least 1',
    ],
    [
      'half a number',
      'rules: {parameters: {cosmosdb_multiple_tables_created.tables: 2.5}}',
      'CW-8002 1 mistake in the configuration\n:2:63: error CW-8005: cosmosdb_multiple_tables_created.tables is a whole number',
    ],
  ])('%s', (_name, text, told) => expect(mistakes(`${SOURCE}${text}\n`)).toBe(told));

  it('lists, in rules of its folders and of --rules', () => {
    const lists = 'lists: {people: [ann@contoso.example]}\n';
    const ofFolder = load(`${SOURCE}${lists}rules: {folders: [own]}\n`);
    const ofOption = load(`${SOURCE}${lists}`, [at('own')]);
    for (const { rules, warnings } of [ofFolder, ofOption]) {
      expect(warnings).toEqual([]);
      expect(JSON.stringify(rules.rules.find(({ meta }) => meta.name === 'listed'))).toContain('ann@contoso.example');
    }
  });

  it('a list that is missing is warned of, and its rule is out of use', () => {
    const { warnings } = load(`${SOURCE}rules: {folders: [own]}\n`);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('warning CW-3012: no list is called "people"');
  });

  it('secrets of files, with a warning where everybody may read them', () => {
    const text = (name: string): string => `${SOURCE}receivers: {ops: [{type: slack, url: file:${name}}]}\n`;
    expect(load(text('closed')).warnings).toEqual([]);
    const { config, warnings } = load(text('open'));
    expect(warnings.join()).toContain('warning CW-8010: every user may read open');
    expect(warnings.join() + JSON.stringify(config)).not.toContain(CANARY);
    expect((config.receivers.get('ops')![0]!.config as { url: { reveal(): string } }).url.reveal()).toBe(CANARY);
  });
});
