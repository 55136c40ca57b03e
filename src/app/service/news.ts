import type { AlertNews } from '../../alerts/stored.ts';
import type { EventsPort } from '../../api/ports.ts';
import type { Log } from '../../telemetry/log.ts';

/** Tells everybody who listens what became of alerts, after it was committed. One that throws harms no other. */
export class NewsHub implements EventsPort {
  readonly #listeners = new Set<(news: AlertNews) => void>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  subscribe(listener: (news: AlertNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(news: readonly AlertNews[]): void {
    for (const one of news) {
      for (const listener of this.#listeners) {
        try {
          listener(one);
        } catch (error) {
          this.#log.error({ error: String(error) }, 'a listener of alerts failed');
        }
      }
    }
  }
}
