import type { Config } from '../config/config.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { suggestion } from '../lib/nearest.ts';
import type { Delivery, Message } from '../notify/receiver.ts';
import { createReceivers, linksFrom } from '../notify/receivers.ts';
import { safeHttp } from '../notify/safeHttp.ts';
import { SILENT } from '../telemetry/log.ts';

/** What became of a test message to one receiver. */
export interface Tried {
  /** `pager/0` */
  readonly receiver: string;
  readonly type: string;
  readonly delivery: Delivery;
}

/** Sends a message that is marked as a test to all that stands under a name, one after the other. @throws UserError CW-8102 */
export async function tryReceiver(
  config: Config,
  name: string,
  by: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly Tried[]> {
  const entries = config.receivers.get(name);
  if (entries === undefined) throw unknownReceiver(name, [...config.receivers.keys()]);
  const message = testMessage(config.externalUrl, by, clock);
  const ports = { clock, random: () => 0.5, log: SILENT, http: safeHttp() };
  const tried: Tried[] = [];
  for (const [at, [receiver, made]] of [...createReceivers(new Map([[name, entries]]), ports)].entries()) {
    tried.push({ receiver, type: entries[at]!.kind.type, delivery: await made.deliver(message, signal) });
  }
  return tried;
}

function testMessage(externalUrl: string | null, by: string, clock: Clock): Message {
  const id = `test-${clock.now()}`;
  return { id, content: { kind: 'test', by }, ref: null, links: linksFrom(externalUrl)(null) };
}

function unknownReceiver(name: string, known: readonly string[]): UserError {
  return new UserError('CW-8102', `the configuration has no receiver ${name}`, {
    facts: suggestion(name, known),
    cure: known.length === 0 ? 'name one under receivers' : `known are ${known.join(', ')}`,
  });
}
