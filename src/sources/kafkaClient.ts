import { readFileSync } from 'node:fs';
import type { Consumer, SASLOptions } from '@platformatic/kafka';
import type { Secret } from '../lib/secret.ts';
import { credentialOf } from './azureCredential.ts';
import { inputError, nodeIo } from './file.ts';

export interface KafkaOptions {
  readonly brokers: readonly string[];
  readonly topics: readonly string[];
  readonly group: string;
  readonly tls: boolean | { readonly ca: string };
  readonly sasl:
    | { readonly mechanism: 'PLAIN'; readonly username: string; readonly password: Secret }
    | { readonly mechanism: 'OAUTHBEARER'; readonly token: Secret }
    | { readonly mechanism: 'ENTRA'; readonly client_id?: string | undefined }
    | null;
  readonly start: 'earliest' | 'latest';
}

/** Bytes of one answer, and of one partition in it. With what waits to be committed they are all that is held. */
const ANSWER = 4 << 20;
const PARTITION = 1 << 20;

/** A member of the group; nothing connects yet. The client tries a request twice, quickly: longer trouble is ours to tell. */
export async function kafkaConsumer(options: KafkaOptions): Promise<Consumer> {
  const { Consumer: Client } = await import('@platformatic/kafka');
  const { brokers, group, tls } = options;
  const sasl = await saslOf(options);
  return new Client({
    clientId: 'cosmowatch',
    groupId: group,
    bootstrapBrokers: [...brokers],
    retries: 1,
    retryDelay: 200,
    autocommit: false,
    maxBytes: ANSWER,
    maxBytesPerPartition: PARTITION,
    maxWaitTime: 500,
    highWaterMark: 1,
    sessionTimeout: 20_000,
    rebalanceTimeout: 60_000,
    heartbeatInterval: 3000,
    ...(tls === false ? {} : { tls: tls === true ? {} : { ca: certificates(tls.ca) }, tlsServerName: true }),
    ...(sasl === null ? {} : { sasl }),
  });
}

function certificates(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw inputError(path, error, nodeIo);
  }
}

async function saslOf({ sasl, brokers }: KafkaOptions): Promise<SASLOptions | null> {
  switch (sasl?.mechanism) {
    case undefined:
      return null;
    case 'PLAIN':
      return { mechanism: 'PLAIN', username: sasl.username, password: () => sasl.password.reveal() };
    case 'OAUTHBEARER':
      return { mechanism: 'OAUTHBEARER', token: () => sasl.token.reveal() };
    case 'ENTRA': {
      const credential = await credentialOf(sasl.client_id);
      const scope = `https://${brokers[0]!.split(':')[0]}/.default`;
      return { mechanism: 'OAUTHBEARER', token: async () => (await credential.getToken(scope))!.token };
    }
  }
}

/** What must never be told. */
export function kafkaSecrets({ sasl }: KafkaOptions): readonly string[] {
  switch (sasl?.mechanism) {
    case 'PLAIN':
      return [sasl.password.reveal()];
    case 'OAUTHBEARER':
      return [sasl.token.reveal()];
    default:
      return [];
  }
}
