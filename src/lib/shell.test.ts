import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { shellWord } from './shell.ts';

const WORDS = ['logs/', 'sp ace.json', "it's", '$HOME', '*', '', 'a"b', '`x`', '~', 'ä ö', '--since', 'a\\b', '!x;y'];

describe('a word for a shell', () => {
  it.each(['logs/PT1H.json', '-', '24h', 'rule.p=5', 'a@2026-11-24'])('%s stays as it is', (word) => {
    expect(shellWord(word)).toBe(word);
  });

  it('comes back from a shell as it was', () => {
    const line = `printf '%s\\n' ${WORDS.map(shellWord).join(' ')}`;
    expect(spawnSync('sh', ['-c', line], { encoding: 'utf8' }).stdout).toBe(`${WORDS.join('\n')}\n`);
  });

  it.each(['a\nb', '\u001b[31m', 'a\u202eb'])('%j cannot be pasted', (word) => {
    expect(shellWord(word)).toBeNull();
  });
});
