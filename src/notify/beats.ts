import type { StoredAlert } from '../alerts/stored.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../telemetry/log.ts';
import type { Outbox } from './ports.ts';
import type { Delivery, Links, Receiver, SignOfLife } from './receiver.ts';

const EVERY = 60_000;
const LONGEST = 30_000;

export interface BeatPorts {
  readonly outbox: Pick<Outbox, 'firing'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly links: (stored: StoredAlert | null) => Links;
  /** Null: sources do not progress, or messages do not leave. */
  readonly alive: () => SignOfLife | null;
}

/** Every minute, says to the receivers that want to hear it that we are here. Resolves when `signal` is aborted. */
export async function runBeats(
  receivers: ReadonlyMap<string, Receiver>,
  ports: BeatPorts,
  signal: AbortSignal,
): Promise<void> {
  const beating = [...receivers].filter(([, { beat }]) => beat !== undefined);
  if (beating.length === 0) return;
  while (!signal.aborted) {
    const next = ports.clock.now() + EVERY;
    await Promise.all(beating.map(([name, receiver]) => beat(name, receiver, ports, signal)));
    await ports.clock.sleep(Math.max(0, next - ports.clock.now()), signal);
  }
}

/** A beat that goes wrong is told and forgotten: the next one is near. */
async function beat(name: string, receiver: Receiver, ports: BeatPorts, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  const late = new AbortController();
  const tooLate = ports.clock.sleep(LONGEST, done.signal).then((): Delivery => {
    late.abort();
    return { kind: 'retry', after: null, reason: `no answer within ${LONGEST / 1000} s` };
  });
  try {
    const { outbox, links, alive } = ports;
    const pulse = { alive: alive(), firing: () => outbox.firing(name), links };
    const beaten = receiver.beat!(pulse, AbortSignal.any([signal, late.signal]));
    const delivery = await Promise.race([beaten, tooLate]);
    if (delivery !== null && delivery.kind !== 'delivered')
      ports.log.warn({ receiver: name, reason: delivery.reason }, 'a sign of life was not taken');
  } catch (error) {
    const what = error instanceof Error ? error.name : typeof error;
    ports.log.error({ receiver: name, error: what }, 'a sign of life could not be made');
  } finally {
    done.abort();
  }
}
