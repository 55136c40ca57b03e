import { z } from 'zod';
import { secret } from '../lib/secretSchema.ts';
import { duration } from '../lib/unitSchemas.ts';
import type { ReceiverKind } from '../notify/receiver.ts';
import type { Source, SourceKind } from '../sources/source.ts';
import type { ConfigIo } from './io.ts';
import { type Kinds, type LoadedConfig, loadConfig } from './load.ts';
import { printDiagnostics } from './print.ts';

function source(type: string, schema: z.ZodType): SourceKind {
  const create = (): Source => ({ run: () => Promise.resolve() });
  return { type, doc: `Records from ${type}`, schema, create };
}

function receiver(type: string, schema: z.ZodType): ReceiverKind {
  const create = () => ({ pace: 0, deliver: async () => ({ kind: 'delivered', ref: null }) as const });
  return { type, doc: `Messages to ${type}`, schema, create };
}

/** Kinds with every shape of schema that plug-ins have. */
export const TEST_KINDS: Kinds = {
  sources: [
    source('http', z.object({ max_body: z.number().default(1) })),
    source(
      'hub',
      z.strictObject({
        connection: secret().optional().describe('A connection string'),
        consumer_group: z.string().min(1).default('$Default'),
        mode: z.enum(['newest', 'oldest']).default('newest'),
        checkpoint: z.object({ container: z.url() }).optional(),
        wait: duration().prefault('5s'),
        brokers: z.array(z.string()).max(2).default([]),
        count: z.int().min(1).max(10).default(1),
      }),
    ),
    source('poll', z.object({ subscriptions: z.array(z.string()).min(1) })),
  ],
  receivers: [
    receiver('slack', z.object({ type: z.literal('slack'), url: secret(), channel: z.string().optional() })),
    receiver(
      'webhook',
      z.object({ url: z.union([z.url(), secret()]), headers: z.record(z.string(), z.string()).default({}) }),
    ),
    receiver(
      'chat',
      z.union([
        z.strictObject({
          type: z.literal('chat'),
          hook: secret().refine((one) => one.reveal().length > 5, 'is too short'),
        }),
        z.strictObject({ type: z.literal('chat'), token: secret(), channel: z.string().regex(/^C/, 'an id: C0123') }),
      ]),
    ),
    receiver(
      'pagerduty',
      z.object({ routing_key: secret() }).transform((given) => ({ key: given.routing_key })),
    ),
  ],
};

/** Values that must stand in no message. */
export const CANARY = 'canary-4711';

export const TEST_IO: ConfigIo = {
  env: (name) => ({ HUB: CANARY, SLACK_URL: `https://${CANARY}`, EMPTY: '', SHORT: 'abc' })[name],
  resolve: (path) => (path.startsWith('/') ? path : `/etc/cosmowatch/${path}`),
  readSecret: (path) => {
    if (path === '/etc/cosmowatch/open') return { kind: 'read', text: `${CANARY}\n`, open: true };
    if (path === '/run/secrets/key') return { kind: 'read', text: `${CANARY}\r\n`, open: false };
    if (path === '/run/secrets/empty') return { kind: 'read', text: '\n', open: false };
    return { kind: 'failed', why: 'there is no such file' };
  },
  now: () => Date.parse('2026-11-24T12:00:00Z'),
};

export function load(
  text: string | null,
): LoadedConfig & { readonly printed: string; readonly told: readonly string[] } {
  const file = text === null ? null : { name: 'c.yml', text };
  const loaded = loadConfig(file, TEST_KINDS, TEST_IO);
  const told = loaded.diagnostics.map(
    ({ code, line, column, message, hint }) =>
      `${code} ${line}:${column} ${message}${hint === null ? '' : ` | ${hint}`}`,
  );
  return { ...loaded, told, printed: printDiagnostics(loaded, file).join('\n') };
}
