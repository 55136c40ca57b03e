import { describe, expect, it } from 'vitest';
import { UserError } from '../lib/errors.ts';
import { optionNames } from './cli.test-support.ts';
import { parseCommand } from './command.ts';
import { FORMATS, readScanOptions, SCAN, type ScanOptions } from './scanOptions.ts';

/** 2026-11-24T12:00:00Z. */
const NOW = 1_795_521_600_000;
const ACCOUNT =
  '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/RG-Shop/providers/Microsoft.DocumentDB/databaseAccounts/Orders';

function read(...words: string[]): ScanOptions {
  return readScanOptions(parseCommand(SCAN, ['logs', ...words]), NOW);
}

function errorOf(...words: string[]): UserError {
  try {
    read(...words);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`accepted: ${words.join(' ')}`);
}

describe('what scan takes', () => {
  const micros = (iso: string): number => Date.parse(iso) * 1000;

  it.each<[string, string[], (options: ScanOptions) => unknown, unknown]>([
    ['paths as they are typed', ['b', '-'], ({ request }) => request.paths, ['logs', 'b', '-']],
    [
      '--since as a time',
      ['--since', '2026-11-24T01:00:00Z'],
      ({ request }) => request.since,
      micros('2026-11-24T01:00:00Z'),
    ],
    [
      '--since as a time elsewhere',
      ['--since', '2026-11-24T01:00:00+02:00'],
      ({ request }) => request.since,
      micros('2026-11-23T23:00:00Z'),
    ],
    ['--since as a day', ['--since', '2026-11-24'], ({ request }) => request.since, micros('2026-11-24T00:00:00Z')],
    ['--since as a duration', ['--since', '24h'], ({ request }) => request.since, { ago: 86_400_000_000 }],
    [
      '--since as a duration before --until',
      ['--since', '1h', '--until', '2026-11-24T01:00Z'],
      ({ request }) => request.since,
      micros('2026-11-24T00:00:00Z'),
    ],
    [
      '--since at --until',
      ['--since', '2026-11-24', '--until', '2026-11-24'],
      ({ request }) => request.since,
      micros('2026-11-24T00:00:00Z'),
    ],
    ['--until', ['--until', '2026-11-24T01:00Z'], ({ request }) => request.until, micros('2026-11-24T01:00:00Z')],
    ['--now', ['--now', '2026-11-24'], ({ request }) => request.nowMs, Date.parse('2026-11-24')],
    [
      'a duration counts from --now',
      ['--now', '2026-11-24', '--until', '1h'],
      ({ request }) => request.until,
      micros('2026-11-23T23:00:00Z'),
    ],
    ['--inventory', ['--inventory', 'a.json'], ({ request }) => request.inventory, [{ file: 'a.json', at: null }]],
    [
      '--inventory with its time',
      ['--inventory', 'a@b.json@2026-11-24', '--inventory', 'c'],
      ({ request }) => request.inventory,
      [
        { file: 'a@b.json', at: micros('2026-11-24T00:00:00Z') },
        { file: 'c', at: null },
      ],
    ],
    [
      '--expect-account in any casing',
      ['--expect-account', `${ACCOUNT}/`],
      ({ request }) => request.expectAccounts,
      [ACCOUNT.toLowerCase()],
    ],
    ['--strict', ['--strict'], ({ strict }) => strict, true],
    ['--no-skim', ['--no-skim'], ({ request }) => request.skim, false],
    ['--jobs', ['--jobs', '8'], ({ jobs }) => jobs, 8],
    ['--rules, more than once', ['--rules', 'a', '--rules', 'b'], ({ request }) => request.rulesDirs, ['a', 'b']],
    [
      '--only, more than once and with commas',
      ['--only', 'a,b', '--only', 'c'],
      ({ request }) => request.only,
      ['a', 'b', 'c'],
    ],
    [
      '--set',
      ['--set', 'r.p=5', '--set', 'r.q=-1.5'],
      ({ request }) => [...request.parameters],
      [
        ['r.p', 5],
        ['r.q', -1.5],
      ],
    ],
    ['--min-level', ['--min-level', 'High'], ({ request }) => request.minLevel, 'high'],
    ['--format', ['-f', 'NDJSON'], ({ format }) => format, 'ndjson'],
    ['--output', ['-o', 'x.html'], ({ output }) => output, 'x.html'],
    ['--explain', ['--explain', 'abc'], ({ explain }) => explain, 'abc'],
    ['--local', ['--local'], ({ local }) => local, true],
    ['--fail-on', ['--fail-on', 'low'], ({ failOn }) => failOn, 'low'],
    ['--stats', ['--stats', 's.json'], ({ stats }) => stats, 's.json'],
    ['--progress', ['--progress', 'plain'], ({ progress }) => progress, 'plain'],
    ['--color', ['--color', 'never'], ({ color }) => color, 'never'],
    ['--quiet', ['-q'], ({ quiet }) => quiet, true],
    [
      'an option behind = and paths behind it',
      ['--format=json', 'more'],
      ({ request, format }) => [request.paths, format],
      [['logs', 'more'], 'json'],
    ],
    ['paths that look like options, behind --', ['--', '--since'], ({ request }) => request.paths, ['logs', '--since']],
  ])('%s', (_name, words, of, expected) => {
    expect(of(read(...words))).toEqual(expected);
  });

  it('what is not given', () => {
    expect(read()).toEqual({
      request: {
        paths: ['logs'],
        since: null,
        until: null,
        nowMs: NOW,
        only: [],
        rulesDirs: [],
        exceptions: [],
        inventory: [],
        expectAccounts: [],
        parameters: new Map(),
        minLevel: 'informational',
        skim: true,
      },
      azure: null,
      jobs: null,
      format: null,
      output: null,
      explain: null,
      local: false,
      failOn: null,
      stats: null,
      progress: 'auto',
      color: 'auto',
      quiet: false,
      strict: false,
    });
  });

  it.each(FORMATS)('format %s', (format) => {
    expect(read('--format', format).format).toBe(format);
  });
});

describe('what scan refuses', () => {
  it.each([
    ['--since', 'yesterday'],
    ['--since', '2026-11-24 01:00:00'],
    ['--since', '2026-11-24T01:00:00'],
    ['--since', '2026-13-01'],
    ['--until', '0h'],
    ['--now', '1.5h'],
    ['--inventory', 'a.json@noon'],
    ['--expect-account', 'orders'],
    ['--expect-account', `${ACCOUNT}/sqlDatabases/shop`],
    ['--jobs', '0'],
    ['--jobs', 'many'],
    ['--set', 'tables=5'],
    ['--set', 'r.p=five'],
    ['--set', 'r.p'],
    ['--min-level', 'severe'],
    ['--format', 'xml'],
    ['--fail-on', ''],
    ['--progress', 'bar'],
    ['--color', 'yes'],
  ])('%s %s', (option, value) => {
    const error = errorOf(option, value);
    expect(error).toMatchObject({ code: 'CW-1002', exit: 2 });
    expect(error.message).toContain(option);
    expect(error.cure).toMatch(/^give /);
  });

  it('--since later than --until', () => {
    const error = errorOf('--since', '2026-11-25', '--until', '2026-11-24');
    expect(error).toMatchObject({ code: 'CW-1002', message: '--since 2026-11-25 is later than --until' });
  });

  it('nothing to read', () => {
    expect(() => readScanOptions(parseCommand(SCAN, []), NOW)).toThrow(expect.objectContaining({ code: 'CW-1001' }));
  });

  it.each([
    ['--formt', '--format'],
    ['--fail-no', '--fail-on'],
    ['--inventry', '--inventory'],
    ['--minlevel', '--min-level'],
  ])('%s, and asks for %s', (wrong, meant) => {
    const error = errorOf(wrong, 'x');
    expect(error).toMatchObject({ code: 'CW-1001', message: `unknown option ${wrong}` });
    expect(error.facts).toEqual([`did you mean ${meant} ?`]);
    expect(error.cure).toBe('see: cosmowatch scan --help');
  });

  it('an option like no other, without a guess', () => {
    expect(errorOf('--weather', 'x').facts).toEqual([]);
  });

  it.each(optionNames(SCAN).filter(({ takesValue }) => takesValue))('$name without its value', ({ name }) => {
    expect(errorOf(name)).toMatchObject({ code: 'CW-1001', exit: 2 });
  });
});
