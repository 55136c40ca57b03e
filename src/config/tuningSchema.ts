import { z } from 'zod';
import { matchSchema, ONE_OR_MORE } from '../notify/routeSchema.ts';
import { DAYS } from '../tuning/calendar.ts';

/*
 * Exceptions, silences and calendars as a configuration has them. They are no part of what is checked whole: one that has a mistake is refused
 * alone (`tuning.ts`).
 */

const CLOCK = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'hours and minutes: "22:00"');
const TEXT = z.string().trim().min(1).max(1000);
const TIME = z.string().min(1);
const owner = TEXT.describe('Who answers for it');
const reason = TEXT.describe('Why, for whoever asks later');

const weekly = z
  .array(
    z.strictObject({
      days: z.array(z.enum(DAYS)).min(1).optional().describe('On which it begins. Default: every day'),
      from: CLOCK.optional().describe('`"22:00"`, in quotes. Default: midnight'),
      to: CLOCK.optional().describe('Of the next day, if it is not later than `from`. Default: midnight'),
      zone: z.string().min(1).optional().describe('`Europe/Berlin`. Default: UTC'),
    }),
  )
  .min(1);

const exceptionMatch = z
  .strictObject({
    ...matchSchema.pick({ rule: true, account: true, subscription: true, labels: true }).shape,
    actor: ONE_OR_MORE.optional(),
    application: ONE_OR_MORE.optional(),
    address: ONE_OR_MORE.optional(),
    time: weekly.optional(),
  })
  .describe('What must hold of the whole alert: everything named, of each list one');

export const exceptionSchema = z.strictObject({
  match: exceptionMatch,
  owner,
  reason,
  expires: TIME.describe('A day as `2027-03-01`, which it does not reach, or a time'),
});

export const silenceSchema = z.strictObject({
  match: matchSchema.describe('Which alerts, as routes say it'),
  from: TIME.optional().describe('A day or a time. Default: at once'),
  until: TIME.optional().describe('The same; a weekly one may go without'),
  weekly: weekly.optional().describe('Only then, each week: maintenance windows'),
  owner,
  reason,
});

export const calendarSchema = z.strictObject({
  account: ONE_OR_MORE.describe('Names or resource ids; `*` stands for any letters'),
  weekly: weekly.describe('When no logs are expected of them'),
  owner,
  reason,
});
