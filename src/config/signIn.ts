import { z } from 'zod';
import { secret } from '../lib/secretSchema.ts';
import { duration } from '../lib/unitSchemas.ts';
import { isAllowEntry } from '../notify/addresses.ts';
import { readHash, readIssuer, text } from './words.ts';

/* Who may sign in to the console. Users that are made there stand in the database. */

const role = () => z.enum(['viewer', 'analyst', 'admin']);

const user = z.object({
  name: z.string().min(1).max(100).describe('With which they sign in; stands in histories and in the audit log'),
  role: role().default('admin').describe('viewer sees, analyst changes alerts too, admin may do everything'),
  password: z
    .union([secret(), text(readHash, '^\\$argon2id\\$')])
    .describe('A secret, or its hash: `$argon2id$v=19$m=...,t=...,p=...$SALT$HASH`'),
});

const oidc = z.object({
  issuer: text(readIssuer).describe('Of Entra ID: https://login.microsoftonline.com/TENANT/v2.0'),
  client_id: z.string().min(1).describe('Of the application that stands for cosmowatch there'),
  client_secret: secret().describe('Of the same'),
  groups: z
    .record(z.string().min(1), role())
    .refine((given) => Object.keys(given).length > 0, {
      message: 'is empty',
      params: { cure: 'name a group and its role: nobody else can sign in' },
    })
    .describe('Ids of groups, or values of app roles, and the role that each gives; of several the highest'),
  name: z.string().min(1).max(60).optional().describe('What the button says: Continue with ...'),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/))
    .default(['openid', 'profile', 'email'])
    .describe('What is asked for; openid always is'),
});

export const SIGN_IN = z
  .object({
    users: z.array(user).default([]).describe('Users that stand here, beside those that admins make'),
    oidc: oidc.optional().describe('Signing in with OpenID Connect: Entra ID and others'),
    idle: duration().prefault('8h').describe('A session that is not used for so long ends'),
    longest: duration().prefault('24h').describe('A session ends after so long, however much it is used'),
    proxies: z
      .array(
        z.string().refine(isAllowEntry, {
          message: 'is no address and no range',
          params: { cure: 'for example 10.0.0.0/8' },
        }),
      )
      .default([])
      .describe('Addresses and ranges of proxies before the service: their X-Forwarded-For says who signs in'),
  })
  .prefault({})
  .describe('Who may sign in to the console, and how');

/** Seconds, as everywhere. */
export type SignIn = z.output<typeof SIGN_IN>;
