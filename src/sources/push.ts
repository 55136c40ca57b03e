import { z } from 'zod';
import { untilAborted } from '../lib/clock.ts';
import { secret } from '../lib/secretSchema.ts';
import type { Batch, PushAnswer, PushRequest, PushRoute, PushToken, Source } from './source.ts';

/** What sources that are pushed to have in common: they wait, and the server brings what comes. */

const SHORTEST_TOKEN = 16;

const pushToken = z.strictObject({
  name: z.string().min(1).max(100).optional().meta({ description: 'Who sends with it, for people' }),
  token: secret()
    .refine((token) => token.reveal().length >= SHORTEST_TOKEN, `is shorter than ${SHORTEST_TOKEN} characters`)
    .meta({ description: 'What senders send as "Authorization: Bearer ..."' }),
  subscriptions: z
    .array(z.uuid().transform((id) => id.toLowerCase()))
    .min(1)
    .optional()
    .meta({
      description: 'Subscriptions whose records it may bring; others are rejected. Default: those of the source',
    }),
});

/** The key `tokens` of a push source. */
export const pushTokens = z
  .array(pushToken)
  .default([])
  .meta({ description: 'Who may send to it, beside tokens that are made while it runs' });

export const pushSchema = z.strictObject({ tokens: pushTokens });
export type PushConfig = z.infer<typeof pushSchema>;

export function pushSource({ tokens }: PushConfig, routes: readonly PushRoute[]): Source {
  return {
    routes,
    tokens: tokens.map(
      ({ name, token, subscriptions }): PushToken => ({
        name: name ?? null,
        token,
        speaksFor: subscriptions ?? null,
      }),
    ),
    run: async (context, signal) => {
      context.health({ state: 'running' });
      await untilAborted(signal);
    },
  };
}

/** A sender keeps what is not acknowledged, and tells nothing of what it has still to send: there is no position and no progress. */
export function pushedBatch(bytes: readonly Uint8Array[], name: string, { speaksFor }: PushRequest): Batch {
  return { bytes, name, partition: '', position: null, arrived: null, progress: null, speaksFor };
}

/** The body is not what the path takes. */
export function notTaken(message: string, cure: string): PushAnswer {
  return { status: 400, body: { code: 'CW-6013', message, cure } };
}
