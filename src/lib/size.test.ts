import { expect, it } from 'vitest';
import { parseSize } from './size.ts';

it.each([
  ['1KB', 1000],
  ['500MB', 500e6],
  ['10GB', 10e9],
  ['2TB', 2e12],
  ['0GB', null],
  ['10gb', null],
  ['10 GB', null],
  ['1.5GB', null],
  ['10', null],
  ['10GiB', null],
  ['', null],
])('"%s" is %s bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes));
