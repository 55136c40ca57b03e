import { describe, expect, it } from 'vitest';
import { parseBytes } from './bytes.ts';

describe('parseBytes', () => {
  it.each([
    ['1kB', 1_000],
    ['500MB', 500_000_000],
    ['20GB', 20_000_000_000],
    ['2TB', 2_000_000_000_000],
    ['1KiB', 1_024],
    ['512MiB', 536_870_912],
    ['2GiB', 2_147_483_648],
    ['1TiB', 1_099_511_627_776],
  ])('%s', (text, bytes) => expect(parseBytes(text)).toBe(bytes));

  it.each(['', '5', '0MB', '-1MB', '1.5GB', '5 MB', '5mb', '5M', '5KB', '5kiB', '1000000MB', 'MB'])(
    'not "%s"',
    (text) => expect(parseBytes(text)).toBeNull(),
  );
});
