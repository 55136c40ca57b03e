import { z } from 'zod';
import { accountOf, foldId } from '../events/resource.ts';
import { parseSchedule } from '../lib/schedule.ts';
import { secret } from '../lib/secretSchema.ts';
import { bytes, duration } from '../lib/unitSchemas.ts';
import { routesSchema } from '../notify/routeSchema.ts';
import { ARM } from '../sources/endpoints.ts';
import { memorySchema, routineSchema } from './memorySchema.ts';
import { SIGN_IN } from './signIn.ts';
import { readAddress, readExternalUrl, readSubscription, text } from './words.ts';

/*
 * The keys of a configuration but for what belongs to the kinds of sources and receivers: those have their own schemas. Defaults and texts for
 * people stand here only; docs/configuration.md and the schema for editors are made of them.
 */

/** Names that people give: of sources, receivers, lists. */
const NAME = /^[A-Za-z][\w.-]{0,62}$/;
const named = <T extends z.ZodType>(of: T) => z.record(z.string().regex(NAME), of);
const words = () => z.array(z.string().min(1));
const account = text((written) => {
  const id = foldId(written);
  if (accountOf(id) === id) return { value: id };
  return { wrong: 'is no resource id of an account', cure: 'as az cosmosdb show --query id prints it' };
}, '^/subscriptions/');

export const subscriptions = z
  .array(text(readSubscription))
  .min(1)
  .describe('Subscriptions whose records this source may bring; others are rejected. Default: any');

export const labels = z
  .record(z.string().regex(NAME), z.string())
  .default({})
  .describe(
    'What is said of every record of this source: application, customer, environment, ... Rules and routes may ask it',
  );

const rules = z
  .object({
    folders: words().default([]).describe('Folders with rules of your own, beside those that come with cosmowatch'),
    disable: z
      .array(
        z.object({
          rule: z.string().min(1).describe('Name or id of the rule'),
          reason: z.string().min(1).describe('Why, for whoever asks later'),
        }),
      )
      .default([])
      .describe('Rules that are not used'),
    parameters: z
      .record(z.string().regex(/^[^.\s]+\.[^.\s]+$/), z.number())
      .default({})
      .describe('Numbers in rules, by rule.parameter: docs/reference/rules.md says which there are'),
  })
  .prefault({})
  .describe('Which rules are used, and with which numbers');

const accounts = z
  .object({
    expect: z
      .array(account)
      .default([])
      .describe('Resource ids of accounts whose silence is an alert, even if no record ever came'),
    inventory: words()
      .default([])
      .describe('Files with the state of accounts when they were written (ARM JSON, as az cosmosdb list prints)'),
    azure: z
      .object({
        subscriptions: z.array(text(readSubscription)).min(1).describe('Subscriptions whose accounts are asked for'),
        every: duration().prefault('6h').describe('How often'),
        client_id: z.string().min(1).optional().describe('Which managed identity, where there are several'),
        endpoint: z.url().default(ARM).describe('Of another cloud: https://management.usgovcloudapi.net'),
      })
      .optional()
      .describe('Asks Azure for the state of accounts, by an identity with the role Reader. Default: it is not asked'),
  })
  .prefault({})
  .describe('What is known of accounts before any record');

const retention = z
  .object({
    alerts: duration().prefault('730d').describe('Alerts that are resolved, with their history'),
    control_plane: duration()
      .prefault('730d')
      .describe('Events of the control plane: few, and what changes are judged by'),
    matches: duration().prefault('90d').describe('Requests that a rule matched, with their records'),
    key_figures: duration().prefault('90d').describe('Key figures by the minute'),
    deliveries: duration().prefault('90d').describe('What was sent to whom, and what became of it'),
    size: bytes().prefault('20GB').describe('The database grows no larger: the oldest of what may be lost goes first'),
  })
  .prefault({})
  .describe('How long what is kept');

const keyFigures = z
  .object({
    enabled: z.boolean().default(true).describe('Count requests, errors, throttling and request units by account'),
  })
  .prefault({})
  .describe('Key figures of each account, from its logs');

const archive = z
  .object({
    folder: z.string().min(1).optional().describe('A folder that the archive is written to'),
    container: z
      .object({
        name: z
          .string()
          .regex(/^[a-z0-9](?:-?[a-z0-9]){2,62}$/)
          .describe('Name of the container; it is there already'),
        url: z
          .string()
          .regex(/^https:\/\//)
          .optional()
          .describe('Of the storage account, with an identity of Entra ID'),
        connection_string: secret().optional().describe('Of the storage account'),
        client_id: z.string().min(1).optional().describe('Of a managed identity assigned by a user'),
      })
      .refine(({ url, connection_string }) => (url === undefined) !== (connection_string === undefined), {
        message: 'needs either url or connection_string',
      })
      .optional()
      .describe('A container of a storage account that the archive is written to'),
    queue: bytes().prefault('2GB').describe('So much may wait on disk to be archived; what comes then is left out'),
  })
  .refine(({ folder, container }) => (folder === undefined) !== (container === undefined), {
    message: 'needs either folder or container',
  })
  .optional()
  .describe(
    'Writes everything that is accepted as NDJSON, compressed with zstd, by hour, account and log. Default: off',
  );

const summary = z
  .object({
    receiver: z.string().min(1).describe('A name in receivers: slack and email say all of it'),
    at: z
      .string()
      .refine((written) => parseSchedule(written) !== null, 'is no time: weekly on Monday at 08:00 Europe/Berlin')
      .default('weekly on Monday at 08:00')
      .describe('When, by the clock of a place: weekly on Monday at 08:00 Europe/Berlin. Without a place: UTC'),
  })
  .describe(
    'A weekly message that shows that the quiet is real: logs watched, rules able to fire, alerts, what was hidden',
  );

/** Every key of a configuration. Of `sources` and `receivers` only the names: their kinds know the rest. */
export const CORE = z.object({
  listen: text(readAddress).prefault('127.0.0.1:7070').describe('Address and port of the API and of pushed logs'),
  data: z.string().min(1).default('cosmowatch-data').describe('Folder of the database and of the first token'),
  external_url: text(readExternalUrl)
    .optional()
    .describe('Where people reach this service, for links in messages. https'),
  sources: named(z.unknown())
    .refine((given) => Object.keys(given).length > 0, {
      message: 'is empty',
      params: { cure: 'name one, or leave the key out' },
    })
    .optional()
    .describe('Where records come from, by names of your own. Without it: logs pushed over HTTP'),
  rules,
  lists: z
    .record(z.string().regex(/^[A-Za-z_][\w.-]*$/), words())
    .default({})
    .describe('Names, ids and addresses that rules ask for by %name% with |expand'),
  accounts,
  receivers: named(z.array(z.unknown()).min(1)).default({}).describe('Who can be told of alerts, by names of your own'),
  summary: summary.optional(),
  routes: routesSchema.optional().describe('Who is told of which alerts'),
  exceptions: z.unknown().optional().describe('Alerts that nobody is told of, by names of your own'),
  silences: z.unknown().optional().describe('Times in which nobody is told of some alerts, by names of your own'),
  calendars: z
    .unknown()
    .optional()
    .describe('Times in which accounts are expected to write no logs, by names of your own'),
  retention,
  key_figures: keyFigures,
  archive,
  routine: routineSchema,
  memory: memorySchema,
  sign_in: SIGN_IN,
});
export type Core = z.output<typeof CORE>;
