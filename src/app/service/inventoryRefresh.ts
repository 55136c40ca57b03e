import type { AccountsFromAzure } from '../../config/config.ts';
import type { Micros } from '../../events/event.ts';
import { redact } from '../../events/redact.ts';
import type { Clock } from '../../lib/clock.ts';
import type { JsonObject } from '../../lib/json.ts';
import { armInventory } from '../../sources/armInventory.ts';
import { credentialOf } from '../../sources/azureCredential.ts';
import { type Ask, AzureRest } from '../../sources/azureRest.ts';
import type { Log } from '../../telemetry/log.ts';

export interface RefreshDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Takes what Azure says; durable when it returns. */
  readonly keep: (at: Micros, documents: readonly JsonObject[]) => void;
}

/** How soon it is asked again after a failure. */
const AGAIN = 300_000;

/** Asks Azure what accounts are like now, again and again until it is stopped. What fails is told, and tried again. */
export async function refreshInventory(
  { subscriptions, every, clientId, endpoint }: AccountsFromAzure,
  deps: RefreshDeps,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log } = deps;
  const now = () => clock.now();
  const credential = () => credentialOf(clientId ?? undefined);
  const rest = new AzureRest({ endpoint, scope: `${endpoint}/.default`, credential, now });
  while (!signal.aborted) {
    let wait = every * 1000;
    try {
      await refreshOnce(rest.get, subscriptions, deps, signal);
    } catch (error) {
      if (signal.aborted) return;
      log.warn(
        { error: error instanceof Error ? error.message : String(error) },
        'Azure did not say how accounts are now',
      );
      wait = Math.min(wait, AGAIN);
    }
    await clock.sleep(wait, signal);
  }
}

/** Exported for tests, which sign in as nobody. */
export async function refreshOnce(
  get: Ask,
  subscriptions: readonly string[],
  { clock, log, keep }: RefreshDeps,
  signal: AbortSignal,
): Promise<void> {
  const at = clock.now() * 1000;
  const { documents, unread } = await armInventory(get, subscriptions, signal);
  for (const what of unread) log.warn({ what }, 'could not be read; nothing is known of it');
  keep(at, documents.map(steady).sort(byId));
}

/** Without what changes by itself, so that the same state is the same document. */
function steady({ systemData: _, etag: __, ...document }: JsonObject): JsonObject {
  return redact(document);
}

function byId(a: JsonObject, b: JsonObject): number {
  const [one, other] = [String(a['id']), String(b['id'])];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Asks as the configuration says, which may be exchanged. */
export class InventoryRefresh {
  readonly #deps: RefreshDeps;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(deps: RefreshDeps) {
    this.#deps = deps;
  }

  /** @param azure null: Azure is not asked */
  start(azure: AccountsFromAzure | null): void {
    this.#stop = new AbortController();
    if (azure !== null) this.#running = refreshInventory(azure, this.#deps, this.#stop.signal);
  }

  stop(): Promise<void> {
    this.#stop.abort();
    return this.#running;
  }
}
