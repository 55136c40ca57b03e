import { type FSWatcher, watch } from 'node:fs';
import type { Clock } from '../lib/clock.ts';

/** Wakes when something changes in some folders. Only a help: where the system cannot watch (network drives), polling finds it later. */
export class FolderWatch {
  readonly #watchers = new Map<string, FSWatcher>();
  #changed = new AbortController();

  /** From now on these folders, and no others. */
  watch(folders: ReadonlySet<string>): void {
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#begin(folder);
  }

  #begin(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#changed.abort());
      watcher.on('error', () => this.#end(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // Gone again, or too many watches: it is polled.
    }
  }

  #end(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
    this.#changed.abort();
  }

  /** Resolves after `ms`, or when something has changed since the last call, or at the signal. */
  async wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
    await clock.sleep(ms, AbortSignal.any([signal, this.#changed.signal]));
    this.#changed = new AbortController();
  }

  close(): void {
    this.watch(new Set());
  }
}
