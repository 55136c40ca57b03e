import { z } from 'zod';
import { objectIn, parseObject } from '../lib/json.ts';
import { jsonText } from '../report/lines.ts';
import { failure } from './answers.ts';
import { type Credential, EntraTokens, machineCredential } from './entra.ts';
import { httpSettings, httpUrl, requestTo } from './httpSettings.ts';
import type { Delivery, HttpAnswer, Message, Receiver, ReceiverKind, ReceiverPorts } from './receiver.ts';
import { STREAM } from './sentinelBicep.ts';
import { rowOf } from './sentinelRow.ts';

const schema = z.strictObject({
  type: z.literal('sentinel'),
  ...httpSettings(),
  url: httpUrl().describe('The address of the rule (or of its data collection endpoint): `url` of the deployment'),
  rule: z
    .string()
    .regex(/^dcr-[0-9a-f]{32}$/, 'is no immutable id of a data collection rule: dcr- and 32 hex digits')
    .describe('The immutable id of the rule: `rule` of the deployment'),
  stream: z
    .string()
    .regex(/^Custom-[A-Za-z0-9_]{1,100}$/, 'is no name of a stream: Custom-CosmowatchAlerts')
    .default(STREAM)
    .describe('As the rule declares it'),
  client_id: z.string().min(1).optional().describe('Which managed identity, where there are several'),
});

type SentinelConfig = z.output<typeof schema>;

/** @param credential who signs in: in tests not this machine */
export function sentinelBy(credential: Credential): ReceiverKind<SentinelConfig> {
  return {
    type: 'sentinel',
    doc: 'Microsoft Sentinel: every revision of an alert as a row of a Log Analytics table, by the Logs Ingestion API',
    schema,
    create: (config, ports) => new Sentinel(config, ports, credential),
  };
}

export const sentinel = sentinelBy(machineCredential);

/** For whom tokens are: https://learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview */
const SCOPE = 'https://monitor.azure.com/.default';
const VERSION = '2023-01-01';

const CURE =
  '; give who signs in the role Monitoring Metrics Publisher on the rule (it takes up to half an hour), check `url` and `rule`';

/** Nothing is updated over there: the newest row is `summarize arg_max(AlertRevision, *) by AlertId`. */
class Sentinel implements Receiver {
  readonly pace = 0;
  readonly #config: SentinelConfig;
  readonly #ports: ReceiverPorts;
  readonly #tokens: EntraTokens;

  constructor(config: SentinelConfig, ports: ReceiverPorts, credential: Credential) {
    this.#config = config;
    this.#ports = ports;
    this.#tokens = new EntraTokens(SCOPE, () => credential(config.client_id));
  }

  async deliver(message: Message, signal: AbortSignal): Promise<Delivery> {
    const now = this.#ports.clock.now();
    const body = jsonText([rowOf(message, now)]);
    const first = await this.#send(body, signal);
    // The token may have been taken back before its time.
    const answer = isUnauthorised(first) ? await this.#again(body, signal) : first;
    if ('failed' in answer) return answer.failed;
    if (answer.kind === 'answer' && answer.status < 300) return { kind: 'delivered', ref: null };
    return failure(answer, this.#ports.clock.now(), codeIn(answer), CURE);
  }

  #again(body: string, signal: AbortSignal) {
    this.#tokens.forget();
    return this.#send(body, signal);
  }

  async #send(body: string, signal: AbortSignal): Promise<HttpAnswer | { readonly failed: Delivery }> {
    const { rule, stream } = this.#config;
    const got = await this.#tokens.get(this.#ports.clock.now(), signal);
    if ('failed' in got) return got;
    const path = `/dataCollectionRules/${rule}/streams/${stream}?api-version=${VERSION}`;
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${got.token}` };
    return this.#ports.http.send(requestTo(this.#config, { method: 'POST', path, headers, body }), signal);
  }
}

function isUnauthorised(answer: HttpAnswer | { readonly failed: Delivery }): boolean {
  return 'kind' in answer && answer.kind === 'answer' && answer.status === 401;
}

/** The code of an error, and nothing else that the answer says. */
function codeIn(answer: HttpAnswer): string {
  if (answer.kind === 'failed') return '';
  const code = objectIn(parseObject(answer.body) ?? {}, 'error')?.['code'];
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : '';
}
