import { describe, expect, it } from 'vitest';
import { Secret } from '../lib/secret.ts';
import { kafkaKind } from './kafka.ts';
import type { KafkaOptions } from './kafkaClient.ts';
import { kafkaProblem } from './kafkaErrors.ts';

/* The source itself is held to its contract on a real broker, in test/long. */

const CANARY = 'canary-of-kafka';
const password = new Secret(CANARY, 'env:KAFKA');

describe('configuration', () => {
  it('has defaults', () => {
    expect(kafkaKind.schema.parse({ brokers: ['contoso.servicebus.windows.net:9093'], topics: ['logs'] })).toEqual({
      brokers: ['contoso.servicebus.windows.net:9093'],
      topics: ['logs'],
      group: 'cosmowatch',
      tls: true,
      start: 'earliest',
    });
  });

  it.each([
    ['a connection string of Event Hubs', { mechanism: 'PLAIN', username: '$ConnectionString', password }],
    ['a token', { mechanism: 'OAUTHBEARER', token: password }],
    ['a managed identity', { mechanism: 'ENTRA', client_id: 'id' }],
  ])('takes: %s', (_what, sasl) => {
    expect(kafkaKind.schema.safeParse({ brokers: ['host:9093'], topics: ['a'], sasl }).success).toBe(true);
  });

  it.each([
    ['a broker without a port', { brokers: ['host'], topics: ['a'] }],
    ['no topic', { brokers: ['host:9093'], topics: [] }],
    ['a name that is no topic', { brokers: ['host:9093'], topics: ['a b'] }],
    [
      'a password as it is',
      { brokers: ['host:9093'], topics: ['a'], sasl: { mechanism: 'PLAIN', username: 'u', password: CANARY } },
    ],
    ['a mechanism of nobody', { brokers: ['host:9093'], topics: ['a'], sasl: { mechanism: 'GSSAPI' } }],
  ])('refuses: %s', (_what, config) => {
    const result = kafkaKind.schema.safeParse(config);
    expect(result.success).toBe(false);
    expect(JSON.stringify(result.error)).not.toContain(CANARY);
  });
});

describe('what went wrong', () => {
  const options: KafkaOptions = {
    brokers: ['host:9093'],
    topics: ['logs'],
    group: 'g',
    tls: false,
    sasl: { mechanism: 'PLAIN', username: 'u', password },
    start: 'earliest',
  };
  const named = (apiId: string): Error => Object.assign(new Error('from the broker'), { apiId });

  it.each([
    [
      'a refusal, however deep',
      new AggregateError([new Error('x', { cause: named('GROUP_AUTHORIZATION_FAILED') })]),
      'CW-7101',
    ],
    ['a topic that is not there', new Error('Unknown topic logs.'), 'CW-7102'],
    ['the same as the protocol says it', named('UNKNOWN_TOPIC_OR_PARTITION'), 'CW-7102'],
    ['a network', new Error(`connect ECONNREFUSED, said ${CANARY}`), null],
    ['a group that is settling', named('REBALANCE_IN_PROGRESS'), null],
  ])('%s', (_what, error, code) => {
    const problem = kafkaProblem(error, options);
    expect(problem.kind === 'permanent' ? problem.error.code : null).toBe(code);
    expect(JSON.stringify(problem)).not.toContain(CANARY);
  });
});
