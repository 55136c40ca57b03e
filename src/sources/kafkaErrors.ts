import { UserError } from '../lib/errors.ts';
import { type Problem, passing, permanent, withoutSecrets } from './hubErrors.ts';
import { type KafkaOptions, kafkaSecrets } from './kafkaClient.ts';

const REFUSED =
  /^(SASL_AUTHENTICATION_FAILED|TOPIC_AUTHORIZATION_FAILED|GROUP_AUTHORIZATION_FAILED|CLUSTER_AUTHORIZATION_FAILED|UNSUPPORTED_SASL_MECHANISM|ILLEGAL_SASL_STATE)$/;

/** Errors of the client by the names that the protocol gives them, wherever they are wrapped. */
export function kafkaProblem(error: unknown, options: KafkaOptions): Problem {
  if (error instanceof UserError) return { kind: 'permanent', error };
  const all = [...innerErrors(error)];
  const said = withoutSecrets([...new Set(all.map(({ message }) => message))].join(': '), kafkaSecrets(options));
  const names = all.flatMap((one) => {
    const { apiId, code } = one as Error & { readonly apiId?: unknown; readonly code?: unknown };
    return [String(apiId ?? ''), String(code ?? '')];
  });
  if (names.some((name) => REFUSED.test(name)) || names.includes('PLT_KFK_AUTHENTICATION'))
    return permanent(
      'CW-7101',
      `Kafka at ${options.brokers[0]} refuses us`,
      said,
      'look at "sasl", and at what its user may read: topics and the group',
    );
  if (names.includes('UNKNOWN_TOPIC_OR_PARTITION') || all.some(({ message }) => message.startsWith('Unknown topic')))
    return permanent(
      'CW-7102',
      `a topic is not there: ${options.topics.join(', ')}`,
      said,
      'look at "topics"; none is made by reading',
    );
  return passing(`Kafka at ${options.brokers[0]} cannot be read: ${said}`);
}

function* innerErrors(error: unknown): Generator<Error> {
  if (!(error instanceof Error)) return;
  yield error;
  if (error instanceof AggregateError) for (const one of error.errors) yield* innerErrors(one);
  yield* innerErrors(error.cause);
}
