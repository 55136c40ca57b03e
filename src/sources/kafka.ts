import { z } from 'zod';
import { secret } from '../lib/secretSchema.ts';
import type { KafkaOptions } from './kafkaClient.ts';
import { KafkaReader } from './kafkaReader.ts';
import type { Source, SourceKind } from './source.ts';

const sasl = z.union([
  z.strictObject({ mechanism: z.literal('PLAIN'), username: z.string().min(1), password: secret() }),
  z.strictObject({ mechanism: z.literal('OAUTHBEARER'), token: secret() }),
  z
    .strictObject({ mechanism: z.literal('ENTRA'), client_id: z.string().min(1).optional() })
    .meta({ description: 'OAUTHBEARER with a token of Entra ID, for the Kafka endpoint of Event Hubs.' }),
]);

const schema = z.strictObject({
  brokers: z
    .array(z.string().regex(/^[^:/\s]+:[0-9]{1,5}$/, 'HOST:PORT'))
    .min(1)
    .meta({ description: 'contoso.servicebus.windows.net:9093 for Event Hubs' }),
  topics: z.array(z.string().regex(/^[a-zA-Z0-9._-]{1,249}$/, 'letters, digits, . _ -')).min(1),
  group: z.string().min(1).default('cosmowatch').meta({ description: 'Consumer group.' }),
  tls: z
    .union([z.boolean(), z.strictObject({ ca: z.string().min(1) })])
    .default(true)
    .meta({ description: 'ca: a file with the certificates to trust.' }),
  sasl: sasl.optional(),
  start: z
    .enum(['earliest', 'latest'])
    .default('earliest')
    .meta({ description: 'Where to begin a partition that neither we nor the group ever read.' }),
});

export type KafkaConfig = z.infer<typeof schema>;

/** Reads topics of Kafka, or of the Kafka endpoint of Event Hubs, as a member of a consumer group. */
export const kafkaKind: SourceKind<KafkaConfig> = {
  type: 'kafka',
  doc: 'Reads topics of Kafka, or hubs over the Kafka endpoint of Event Hubs.',
  schema: schema as unknown as z.ZodType<KafkaConfig>,
  create: (config) => kafkaSource({ ...config, sasl: config.sasl ?? null }),
};

/** Exported for tests. */
export function kafkaSource(options: KafkaOptions): Source {
  const { sasl } = options;
  return { isAnonymous: sasl === null, run: (context, signal) => new KafkaReader(options, context, signal).run() };
}
