import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyRead, run } from './cli.test-support.ts';

let root = '';
const at = (name: string): string => join(root, name);

const RULES = `title: Click
name: click
logsource: {category: test}
detection: {s: {action: click}, condition: s}
---
title: Many clicks
correlation: {type: event_count, rules: click, group-by: [user], timespan: 10s, condition: {gte: 2}}
`;

const EVENTS = [
  { action: 'click', user: 'ann', '@timestamp': 1_767_571_200 },
  { action: 'look', user: 'ann', '@timestamp': 1_767_571_201 },
  { action: 'click', user: 'ann', '@timestamp': 1_767_571_202 },
  { action: 'click', user: 'ann' },
];

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cosmowatch-rules-'));
  writeFileSync(at('rules.yml'), RULES);
  writeFileSync(at('events.json'), JSON.stringify(EVENTS, null, 1));
  writeFileSync(
    at('keys.json'),
    keyRead('2026-11-24T02:58:40Z') + keyRead('2026-11-24T02:59:40Z', { resultType: 'Failure' }),
  );
  writeFileSync(at('one.json'), '{"action":"click"}');
  writeFileSync(at('line.json'), '[{"action":"click"},{"action":"look"}]\nbroken\n');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function lines(text: string): string[] {
  return text.trimEnd().split('\n');
}

describe('rules match', () => {
  const MATCH = ['rules', 'match'];
  it('one line an event, in the order of the file', async () => {
    const { code, out, err } = await run([...MATCH, '--rules', at('rules.yml'), '--events', at('events.json')]);
    expect([code, err]).toEqual([0, '']);
    expect(lines(out)).toEqual([
      '{"index":0,"matched":["Click"],"fired":[]}',
      '{"index":1,"matched":[],"fired":[]}',
      '{"index":2,"matched":["Click"],"fired":["Many clicks"]}',
      '{"index":3,"matched":["Click"],"fired":[]}',
    ]);
  });

  it('a table for people has what some rule speaks of', async () => {
    const { code, out } = await run([
      ...MATCH,
      '--rules',
      at('rules.yml'),
      '--events',
      at('events.json'),
      '-f',
      'table',
    ]);
    expect(code).toBe(0);
    expect(lines(out)).toEqual([
      '   EVENT  TIME (UTC)           RULES',
      '       0  2026-01-05 00:00:00  Click',
      '       2  2026-01-05 00:00:02  Click',
      '                               fired: Many clicks',
      '       3  no time              Click',
      '',
      '4 events, 2 rules. 3 events matched; correlations fired at 1 event.',
      'note: 1 event has no time in "@timestamp" or "time"; no correlation counts them.',
    ]);
  });

  it('what was left out, and rules that cannot match, are told beside it', async () => {
    writeFileSync(at('list.yml'), RULES.replace('action: click', 'action|expand: "%clicks%"').split('---')[0]!);
    const { code, out, err } = await run([...MATCH, '--rules', at('list.yml'), '--events', at('line.json')]);
    expect([code, lines(out).length]).toEqual([0, 2]);
    expect(err).toContain('note: 1 record was left out; the rest was read.');
    expect(err).toContain('note: 1 rule can match nothing, cosmowatch rules lint says why: click');
  });

  it.each<[string, string[], string, number]>([
    ['no rules', ['--events', 'x'], 'CW-1001', 2],
    ['no events', ['--rules', 'x'], 'CW-1001', 2],
    ['a word too many', ['--rules', 'x', '--events', 'x', 'y'], 'CW-1001', 2],
    ['a format that is none', ['--rules', 'x', '--events', 'x', '-f', 'html'], 'CW-1002', 2],
    ['rules that are not there', ['--rules', '/no/such', '--events', 'x'], 'CW-2001', 2],
    ['events that are not there', ['--rules', 'RULES', '--events', '/no/such'], 'CW-2001', 1],
    ['a folder without rules', ['--rules', 'EMPTY', '--events', 'x'], 'CW-2001', 1],
    ['rules that are not valid', ['--rules', 'BAD', '--events', 'x'], 'CW-3001', 2],
  ])('%s', async (_name, words, error, exit) => {
    mkdirSync(at('empty'), { recursive: true });
    writeFileSync(at('bad.yml'), RULES.replace('condition: s', 'condition: t'));
    const paths: Record<string, string> = { RULES: at('rules.yml'), EMPTY: at('empty'), BAD: at('bad.yml') };
    const { code, err } = await run([...MATCH, ...words.map((word) => paths[word] ?? word)]);
    expect([code, err.startsWith(`error ${error}: `)]).toEqual([exit, true]);
  });
});

describe('rules explain', () => {
  const EXPLAIN = ['rules', 'explain'];
  it('a record of a known log has its canonical fields', async () => {
    const { code, out } = await run([...EXPLAIN, 'access_keys_viewed', `${at('keys.json')}:2`]);
    expect(code).toBe(0);
    expect(out).toMatch(/^No match: Access keys of an account viewed\n/);
    expect(out).toMatch(/ ActivityLog,\s+2026-11-24T02:59:40/);
    expect(out).toContain('yes    event.action = "cosmosdb.keys.list"\n         found: "cosmosdb.keys.list"');
    expect(out).toContain('no     event.outcome = "success"\n         found: "failure"');
  });

  it('a record tells what relate makes of it alone', async () => {
    const body = { requestbody: '{"properties":{"ipRules":[{"ipAddressOrRange":"203.0.113.5"}]}}' };
    const write = { operationName: 'MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/WRITE', properties: body };
    writeFileSync(at('write.json'), keyRead('2026-11-24T03:00:00Z', write));
    const { out } = await run([...EXPLAIN, 'cosmosdb_network_access_changed', at('write.json')]);
    expect(out).toMatch(/^Match: /);
    expect(out).toContain('it tells 2 facts; this one comes nearest to matching');
    expect(out).toContain('found: "ipRules"');
  });

  it('a rule of a file, asked about a record of another product', async () => {
    const { code, out } = await run([...EXPLAIN, at('rules.yml'), at('one.json')]);
    expect(code).toBe(0);
    expect(out).toMatch(/^Not counted: Many clicks\n/);
    expect(out).toContain('no     key  user: nothing, so it is not counted');
    expect(out).toMatch(/of no known log:\s+its\s+own\s+fields\s+only/);
  });

  it.each([
    ['its name', 'click'],
    ['its title', 'Click'],
  ])('a rule by %s', async (_name, rule) => {
    const { code, out } = await run([...EXPLAIN, rule, `${at('line.json')}:1:2`, '--rules', at('rules.yml')]);
    expect([code, out.startsWith('No match: Click')]).toEqual([0, true]);
  });

  it('any line of a record means it', async () => {
    const { out } = await run([...EXPLAIN, 'click', `${at('events.json')}:9`, '--rules', at('rules.yml')]);
    expect(out).toContain('found: "look"');
  });

  it('of several in a line the first, and it says so', async () => {
    const { out } = await run([...EXPLAIN, 'click', `${at('line.json')}:1`, '--rules', at('rules.yml')]);
    expect(out).toMatch(/^Match: Click\n/);
    expect(out).toContain('It is record 1 of 2 in that line; FILE:1:N names another.');
  });

  it('a record that only shows that its log lives is nothing to match', async () => {
    const lives = { category: 'PartitionKeyStatistics', operationName: 'x', properties: { partitionKey: '["a"]' } };
    writeFileSync(at('lives.json'), keyRead('2026-11-24T03:00:00Z', lives));
    writeFileSync(
      at('lives.yml'),
      RULES.split('---')[0]!
        .replace('category: test', 'product: azure')
        .replace('action: click', 'category: PartitionKeyStatistics'),
    );
    const { out } = await run([...EXPLAIN, at('lives.yml'), at('lives.json')]);
    expect(out).toMatch(/^No match: Click\n/);
    expect(out).toContain('yes    category = "PartitionKeyStatistics"');
    expect(out).toContain('Records of PartitionKeyStatistics only show that the log is written');
    expect((await run([...EXPLAIN, 'cosmosdb_no_logs', at('lives.json')])).out).toMatch(/^Counted: /);
  });

  it('no line is wider than the terminal', async () => {
    for (const rule of ['cosmosdb_network_access_changed', 'cosmosdb_no_logs', 'cosmosdb_multiple_tables_created']) {
      const { out } = await run([...EXPLAIN, rule, `${at('keys.json')}:1`]);
      const long = out.split('\n').filter((line) => line.length > 80);
      expect(long, rule).toEqual([]);
    }
  });

  it.each<[string, string[], string, string]>([
    ['no record', ['click'], 'CW-1001', 'a rule and a record'],
    ['a rule that is not there', ['acess_keys_viewed', 'FILE:1'], 'CW-1002', 'no rule is called'],
    ['a line that is broken', ['cosmosdb_item_deleted', 'LINE:2'], 'CW-2003', 'is no record: not JSON'],
    ['a file that is not there', ['cosmosdb_item_deleted', '/no/such:1'], 'CW-2001', '/no/such'],
  ])('%s', async (_name, words, error, message) => {
    const named = words.map((word) => word.replace('FILE', at('keys.json')).replace('LINE', at('line.json')));
    const { err } = await run([...EXPLAIN, ...named]);
    expect([err.split(':')[0], err.includes(message)]).toEqual([`error ${error}`, true]);
  });
});

describe('rules new', () => {
  it('writes a rule and a timeline that pass at once, and says what is next', async () => {
    const made = await run([
      'rules',
      'new',
      'keys_replaced',
      '--action',
      'cosmosdb.keys.regenerate',
      '--dir',
      at('new/own'),
    ]);
    expect([made.code, lines(made.out).at(-1)]).toEqual([
      0,
      `Next: cosmowatch rules test ${at('new/own/keys_replaced.test.yml')}`,
    ]);
    expect(readdirSync(at('new/own'))).toEqual(['keys_replaced.test.yml', 'keys_replaced.yml']);
    const [first] = lines(readFileSync(at('new/own/keys_replaced.yml'), 'utf8'));
    expect(first).toMatch(/^# yaml-language-server: \$schema=[./].*\/schemas\/rule\.schema\.json$/);
    const lint = await run(['rules', 'lint', at('new/own')]);
    expect([lint.code, lint.out]).toEqual([0, '1 rule in 1 file. 0 errors, 0 warnings.\n']);
    const test = await run(['rules', 'test', at('new/own')]);
    expect([test.code, test.out]).toEqual([0, '2 cases as expected, 0 not.\n']);
  });

  it('never writes over what is there', async () => {
    mkdirSync(at('mine'));
    writeFileSync(at('mine/burst.test.yml'), 'mine');
    const { code, err } = await run(['rules', 'new', 'burst', '--kind', 'correlation', '--dir', at('mine')]);
    expect([code, err.startsWith('error CW-2004: ')]).toEqual([1, true]);
    expect(readdirSync(at('mine'))).toEqual(['burst.test.yml']);
    expect(readFileSync(at('mine/burst.test.yml'), 'utf8')).toBe('mine');
  });

  it.each<[string, string[], string]>([
    ['no name', [], 'CW-1001: rules new takes one name'],
    ['a name that is none', ['Burst-X'], 'CW-1002: a rule cannot be called "Burst-X"'],
    ['a name that goes elsewhere', ['../x'], 'CW-1002: a rule cannot be called "../x"'],
    ['a name that is taken', ['cosmosdb_no_logs'], 'CW-1002: a rule is called cosmosdb_no_logs already'],
    ['a kind that is none', ['abc', '--kind', 'sequence'], 'CW-1002: --kind does not take "sequence"'],
    [
      'an action that is none',
      ['abc', '--action', 'cosmosdb.key.list'],
      'CW-1002: there is no action cosmosdb.key.list',
    ],
    [
      'an action that takes more',
      ['abc', '--action', 'azure.key.disable'],
      'CW-1002: no timeline can be made up for the detection',
    ],
    [
      'silence of a vault',
      ['abc', '--kind', 'absence', '--action', 'azure.key.use'],
      'CW-1002: no timeline can be made up for the absence',
    ],
  ])('%s', async (_name, words, message) => {
    const { code, err } = await run(['rules', 'new', ...words, '--dir', at('nowhere')]);
    expect([code, err.startsWith(`error ${message}`)]).toEqual([2, true]);
    expect(readdirSync(root)).not.toContain('nowhere');
  });
});

describe('rules test', () => {
  it('a timeline of a rule that is not there', async () => {
    mkdirSync(at('lost'));
    writeFileSync(
      at('lost/x.test.yml'),
      'rule: cosmosdb_item_deletd\ntemplates: {t: {}}\ncases:\n  - {name: a, records: [{at: 0, t: {}}], alerts: []}\n',
    );
    const { code, out } = await run(['rules', 'test', at('lost')]);
    expect(code).toBe(1);
    expect(out).toContain(
      'x.test.yml:1:1: no rule is called cosmosdb_item_deletd; did you mean cosmosdb_item_deleted?',
    );
  });
});

describe('rules lint', () => {
  it('shows only what is so bad, and counts all', async () => {
    writeFileSync(at('style.yml'), RULES.split('---')[0]!);
    const all = await run(['rules', 'lint', at('style.yml')]);
    const some = await run(['rules', 'lint', at('style.yml'), '--severity', 'warning']);
    expect([all.out.includes(': info CW-3071: '), some.out.includes(': info ')]).toEqual([true, false]);
    expect(lines(some.out).at(-1)).toBe(lines(all.out).at(-1));
    expect((await run(['rules', 'lint', '--severity', 'bad'])).err).toContain('--severity does not take "bad"');
  });
});

describe('explain', () => {
  it.each([
    ['cw-3002', 'CW-3002: a name that nothing defines\n'],
    ['CW-3070', 'CW-3070: a title that is long'],
  ])('%s: codes of rules too', async (code, text) => {
    const { out } = await run(['explain', code]);
    expect(out).toContain(text);
    expect(out).toContain('cosmowatch rules lint');
  });
});

describe('help', () => {
  it.each(['list', 'lint', 'test', 'explain', 'match', 'new'])('rules %s', async (verb) => {
    const { code, out } = await run(['rules', verb, '--help']);
    expect([code, out.includes(`Usage: cosmowatch rules ${verb} `)]).toEqual([0, true]);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});
