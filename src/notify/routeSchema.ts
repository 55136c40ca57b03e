import { z } from 'zod';
import type { Match } from '../alerts/match.ts';
import { parseSchedule } from '../lib/schedule.ts';
import { LEVELS } from './levels.ts';

export const ONE_OR_MORE = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
const DURATION = z.string().regex(/^(?:0|0s|[1-9][0-9]{0,5}[smhd])$/, 'is no duration: 30s, 5m, 4h, 1d, 0s');

const GROUP_BY = z
  .string()
  .regex(
    /^(?:level|rule|account|subscription|labels\.[A-Za-z][\w.-]{0,62})$/,
    'is none of level, rule, account, subscription, labels.NAME',
  );
const DIGEST_WORDS = 'is no time for a digest: daily at 08:00 Europe/Berlin, weekly on Monday at 08:00';

/** Everything named must hold; of a list, one. `*` stands for any letters. */
export const matchSchema = z
  .strictObject({
    level: z.union([z.enum(LEVELS), z.array(z.enum(LEVELS)).min(1)]),
    rule: ONE_OR_MORE,
    account: ONE_OR_MORE,
    subscription: ONE_OR_MORE,
    tags: ONE_OR_MORE,
    /** Is it part of a routine? */
    routine: z.boolean(),
    labels: z.record(z.string().min(1), ONE_OR_MORE),
  })
  .partial();

const route = z.strictObject({
  /** Left out: that of the route around it. null: nobody is told. */
  receiver: z.string().min(1).nullable().optional(),
  match: matchSchema.optional(),
  group_wait: DURATION.optional(),
  repeat: DURATION.optional(),
  /** Alerts that agree in these, and begin while one of them waits, are one message where the receiver can tell several at once. */
  group_by: z.array(GROUP_BY).max(10).optional(),
  /** Told together at a time of the day, as counts; left out: at once. */
  digest: z
    .string()
    .refine((text) => parseSchedule(text) !== null, DIGEST_WORDS)
    .nullable()
    .optional(),
  /** Look at the next route too. */
  continue: z.boolean().optional(),
  get routes(): z.ZodOptional<z.ZodArray<z.ZodType<Route>>> {
    return z.array(route as z.ZodType<Route>).optional();
  },
});

/** A node of the tree: what it leaves out is as in the one around it. */
export interface Route {
  readonly receiver?: string | null | undefined;
  readonly match?: Match | undefined;
  readonly group_wait?: string | undefined;
  readonly repeat?: string | undefined;
  readonly group_by?: readonly string[] | undefined;
  readonly digest?: string | null | undefined;
  readonly continue?: boolean | undefined;
  readonly routes?: readonly Route[] | undefined;
}

/** `routes` of the configuration. `flood`: more alerts than this in a minute, for one receiver, become one message; 0: never. */
export const routesSchema = z.strictObject({ ...route.shape, flood: z.number().int().min(0).default(30) });
export type Routes = z.infer<typeof routesSchema>;
