import { describe, expect, it } from 'vitest';
import { fixedClock } from '../lib/clock.ts';
import { Secret } from '../lib/secret.ts';
import type { LogFields } from './log.ts';
import { pinoLog } from './pino.ts';

const CANARY = 'canary-of-a-secret';
const clock = fixedClock(Date.parse('2026-11-24T03:00:00Z'));

function linesOf(fields: LogFields, message: string): string[] {
  const lines: string[] = [];
  const secrets = [new Secret(CANARY, 'env:A'), new Secret('ab', 'env:B'), new Secret('', 'env:C')];
  pinoLog({ write: (line) => void lines.push(line) }, clock, () => secrets).warn(fields, message);
  return lines;
}

it('a line is JSON with its time, level and message first to read', () => {
  expect(linesOf({ source: 'hub', lag: 3, isNew: true, why: null }, 'it lags').map((line) => JSON.parse(line))).toEqual(
    [
      {
        level: 'warn',
        time: '2026-11-24T03:00:00.000Z',
        source: 'hub',
        lag: 3,
        isNew: true,
        why: null,
        message: 'it lags',
      },
    ],
  );
});

describe.each<[string, string]>([
  ['line feeds', 'a\nb\r\nc\u2028d\u0085e'],
  ['an escape that colours', '\u001b[31mred\u001b[0m'],
  ['an escape of one byte', '\u009b31m'],
  ['text that is turned round', 'safe\u202egpj.exe'],
  ['what cannot be seen', 'a\u200bb\ufeffc\u0000d'],
  ['half of a character', '\ud800'],
])('%s', (_what, text) => {
  it.each([
    ['in a field', { user: text }, 'message'],
    ['in the message', {}, text],
  ])('%s: one line, in which it can be seen', (_where, fields, message) => {
    const [line = '', ...more] = linesOf(fields, message);
    expect(more).toEqual([]);
    expect(line.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    expect(line).toContain('<U+');
    expect(line.endsWith('}\n')).toBe(true);
  });
});

describe('secrets', () => {
  it.each<[string, LogFields, string]>([
    ['as a field', { key: new Secret(CANARY, 'env:A') as unknown as string }, 'm'],
    ['in the text of a field', { error: `bad response to https://x/?sig=${CANARY}&a` }, 'm'],
    ['in the message', {}, `sent ${CANARY}`],
    ['in a field that is named so', { token: 'of-nobody-canary', authorization: 'Bearer of-nobody-canary' }, 'm'],
  ])('%s are not written', (_what, fields, message) => {
    const [line = ''] = linesOf(fields, message);
    expect(line).not.toContain('canary');
    expect(line).toContain('[secret]');
  });

  it('too short to be looked for change no text', () => {
    expect(linesOf({}, 'cab')[0]).toContain('"cab"');
  });
});
