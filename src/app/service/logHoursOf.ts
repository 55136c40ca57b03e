import { HOUR } from '../../events/event.ts';
import type { LogHour } from '../../store/logHours.ts';
import type { ReadBatch } from '../live/read.ts';

const SECONDS = 3600;

/** How many records of each log of each account a batch brought, by the hour of which they tell. */
export function logHoursOf({ signs }: ReadBatch): LogHour[] {
  const sums = new Map<string, { -readonly [Name in keyof LogHour]: LogHour[Name] }>();
  for (const { sign, hours, first, last } of signs) {
    const { account, family } = sign;
    if (account === null) continue;
    for (const [hour, records] of hours) {
      const key = `${family} ${hour} ${account}`;
      const own = { first: Math.max(first, hour * HOUR), last: Math.min(last, (hour + 1) * HOUR - 1) };
      const sum = sums.get(key);
      if (sum === undefined) sums.set(key, { account, family, hour: hour * SECONDS, records, ...own });
      else {
        sum.records += records;
        sum.first = Math.min(sum.first, own.first);
        sum.last = Math.max(sum.last, own.last);
      }
    }
  }
  return [...sums.values()];
}
