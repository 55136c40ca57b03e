import { describe, expect, it } from 'vitest';
import { parseDuration, printDuration } from './duration.ts';

it.each([
  ['30s', 30],
  ['15m', 900],
  ['4h', 14_400],
  ['2d', 172_800],
  ['999999999s', 999_999_999],
])('%s is %i seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

it.each([
  '',
  '0m',
  '00h',
  '-1m',
  '1.5h',
  ' 5m',
  '5m ',
  '5 m',
  '5',
  'h',
  '5M',
  '5w',
  '1h30m',
  '1e3s',
  '9999999999s',
  '٣m',
])('"%s" is none', (text) => {
  expect(parseDuration(text)).toBeNull();
});

describe('printDuration', () => {
  it.each([
    [30, '30s'],
    [900, '15m'],
    [14_400, '4h'],
    [172_800, '2d'],
    [90, '90s'],
    [0, '0s'],
  ])('%i seconds are %s', (seconds, text) => {
    expect(printDuration(seconds)).toBe(text);
  });
});
