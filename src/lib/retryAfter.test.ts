import { expect, it } from 'vitest';
import { retryAfter } from './retryAfter.ts';

const now = Date.UTC(2026, 0, 1);
const most = 600_000;

it.each<[string, string | null | undefined, number | null]>([
  ['seconds', '30', 30_000],
  ['fractions of a second', '0.5', 500],
  ['spaces around', ' 7 ', 7000],
  ['a date', 'Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
  ['a date of the old form', 'Thursday, 01-Jan-26 00:00:10 GMT', 10_000],
  ['a date that is past', 'Thu, 01 Jan 2026 00:00:00 GMT', null],
  ['an absurd number', '1000000000', most],
  ['more digits than a number holds', '9'.repeat(400), most],
  ['an absurd date', 'Fri, 31 Dec 9999 23:59:59 GMT', most],
  ['nothing to wait for', '0', null],
  ['a negative number', '-5', null],
  ['no number', 'soon', null],
  ['a day and no date', 'Mon, soon', null],
  ['an empty text', '', null],
  ['no header', null, null],
  ['no header, as Node tells it', undefined, null],
])('%s', (_, value, wanted) => {
  expect(retryAfter(value, { now, most })).toBe(wanted);
});
