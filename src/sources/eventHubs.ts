import { z } from 'zod';
import { parseDuration } from '../lib/duration.ts';
import type { Secret } from '../lib/secret.ts';
import { secret } from '../lib/secretSchema.ts';
import type { HubOptions } from './hubClient.ts';
import { HubReader } from './hubReader.ts';
import type { Source, SourceKind } from './source.ts';

const container = z.union([
  z
    .strictObject({ url: z.url({ protocol: /^https?$/ }) })
    .meta({ description: 'https://ACCOUNT.blob.core.windows.net/CONTAINER, with Entra ID' }),
  z.strictObject({ connection_string: secret(), name: z.string().min(3) }),
]);

const schema = z
  .strictObject({
    connection_string: secret()
      .optional()
      .meta({ description: 'Of a policy with the right Listen. Or: namespace and hub, with Entra ID.' }),
    namespace: z.string().min(1).optional().meta({ description: 'contoso.servicebus.windows.net' }),
    hub: z.string().min(1).optional().meta({ description: 'Needed unless the connection string has an EntityPath.' }),
    client_id: z.string().min(1).optional().meta({ description: 'Of a user-assigned managed identity.' }),
    endpoint: z
      .url({ protocol: /^(sb|https)$/ })
      .optional()
      .meta({ description: 'Where to connect instead of the namespace: a private link or a proxy.' }),
    consumer_group: z.string().min(1).default('$Default').meta({ description: 'One that nothing else reads with.' }),
    start: z
      .string()
      .regex(/^(earliest|latest|[1-9][0-9]{0,8}[smhd])$/, 'earliest, latest or a length of time: 12h')
      .default('earliest')
      .meta({ description: 'Where to begin a partition that was never read.' }),
    checkpoint: z
      .enum(['store', 'blob'])
      .default('store')
      .meta({ description: 'blob: several processes share the partitions, and agree in a container.' }),
    container: container.optional().meta({ description: 'The container of checkpoint: blob.' }),
  })
  .superRefine((config, context) => {
    const issue = mistakeIn(config);
    if (issue !== null) context.addIssue({ code: 'custom', message: issue });
  });

export type EventHubsConfig = z.infer<typeof schema>;

/** Reads an event hub over AMQP; positions are committed with what was read. */
export const eventHubsKind: SourceKind<EventHubsConfig> = {
  type: 'event_hubs',
  doc: 'Reads an Azure event hub over AMQP, with a connection string or Entra ID.',
  schema: schema as unknown as z.ZodType<EventHubsConfig>,
  create: (config) => eventHubsSource(optionsOf(config)),
};

/** Exported for tests, which cannot wait for seconds. */
export function eventHubsSource(options: HubOptions): Source {
  return { run: (context, signal) => new HubReader(options, context, signal).run() };
}

/** Exported for tests. */
export function optionsOf(config: EventHubsConfig): HubOptions {
  const { connection_string: text, namespace, hub, client_id: clientId, endpoint, start } = config;
  const window = parseDuration(start);
  return {
    access: text === undefined ? { namespace: namespace!, clientId: clientId ?? null } : { connectionString: text },
    hub: hub ?? entityOf(text!)!,
    endpoint: endpoint ?? null,
    consumerGroup: config.consumer_group,
    start: window === null ? (start as 'earliest' | 'latest') : { last: window * 1000 },
    checkpoints: config.checkpoint === 'store' ? null : config.container!,
    idle: 10_000,
    again: 1000,
    owed: 16 << 20,
  };
}

/** What schemas of single keys cannot say; the text of a connection string is in no message. */
function mistakeIn(config: z.infer<typeof schema>): string | null {
  const { connection_string: text, namespace, hub, checkpoint, container: where } = config;
  if ((text === undefined) === (namespace === undefined))
    return 'needs either connection_string or namespace (with Entra ID)';
  if (namespace !== undefined && hub === undefined) return 'needs the name of its hub beside the namespace';
  if (text !== undefined && !isConnectionString(text))
    return 'connection_string is no connection string: Endpoint=sb://...;SharedAccessKeyName=...;SharedAccessKey=...';
  const entity = text === undefined ? null : entityOf(text);
  if (text !== undefined && entity === null && hub === undefined)
    return 'needs hub, because its connection string has no EntityPath';
  if (entity !== null && hub !== undefined && entity !== hub)
    return 'hub is not the EntityPath of the connection string';
  if ((checkpoint === 'blob') !== (where !== undefined)) return 'checkpoint: blob and a container belong together';
  return null;
}

function isConnectionString(text: Secret): boolean {
  const parts = partsOf(text);
  const hasKey = parts.has('sharedaccesskeyname') && parts.has('sharedaccesskey');
  return /^sb:\/\/[^/]/.test(parts.get('endpoint') ?? '') && (hasKey || parts.has('sharedaccesssignature'));
}

function entityOf(text: Secret): string | null {
  return partsOf(text).get('entitypath') ?? null;
}

function partsOf(text: Secret): Map<string, string> {
  const parts = text
    .reveal()
    .split(';')
    .map((part) => /^\s*([^=]+)=(.*?)\s*$/.exec(part));
  return new Map(parts.flatMap((found) => (found === null ? [] : [[found[1]!.toLowerCase(), found[2]!]])));
}
