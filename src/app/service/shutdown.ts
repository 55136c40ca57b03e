import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../telemetry/log.ts';

interface Step {
  readonly name: string;
  readonly stop: () => Promise<void> | void;
}

/** What was started, to be stopped in the reverse order. A step that fails or hangs does not keep the others from being stopped. */
export class Shutdown {
  readonly #steps: Step[] = [];
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  add(name: string, stop: Step['stop']): void {
    this.#steps.push({ name, stop });
  }

  /** @param within milliseconds for all steps together */
  async run(within: number): Promise<void> {
    const end = this.#clock.now() + within;
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      const left = new AbortController();
      const late = this.#clock.sleep(Math.max(0, end - this.#clock.now()), left.signal).then(() => 'late' as const);
      const stopped = Promise.resolve()
        .then(step.stop)
        .then(
          () => 'stopped' as const,
          (error: unknown) => {
            this.#log.error({ step: step.name, error: String(error) }, 'could not be stopped');
            return 'stopped' as const;
          },
        );
      if ((await Promise.race([stopped, late])) === 'late') this.#log.warn({ step: step.name }, 'did not stop in time');
      left.abort();
    }
  }
}
