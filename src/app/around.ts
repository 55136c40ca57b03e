import type { Alert } from '../alerts/alert.ts';
import { AROUND_LANES, type Around, type AroundItem, MOST_AROUND } from '../api/contract.ts';
import type { Event } from '../events/event.ts';
import { isoOf } from '../lib/iso.ts';
import type { RequestStep, Span } from '../store/around.ts';

type Lane = AroundItem['lane'];

/** No alert is looked around for longer than this, however long it lasts: its beginning counts. Seconds. */
const LONGEST = 12 * 3600;

/** So many minutes before an alert began and after it ended. */
export function spanAround({ firstSeen, lastSeen }: Alert, minutes: number): Span {
  const from = Math.floor(Date.parse(firstSeen) / 1000) - minutes * 60;
  const until = Math.floor(Date.parse(lastSeen) / 1000) + minutes * 60 + 1;
  return { from, until: Math.min(until, from + LONGEST) };
}

/** In whose lane something lies, by who did it and from where. */
export class Lanes {
  readonly actors: readonly string[];
  readonly #ids: ReadonlySet<string>;
  readonly #names: ReadonlyMap<string, string>;
  readonly #addresses: ReadonlySet<string>;

  constructor({ actors, sourceIps }: Alert) {
    const words = actors.flatMap(({ id, name, appId }) => [id, name, appId].filter((word) => word !== null));
    this.#ids = new Set(words);
    this.#names = new Map(actors.flatMap(({ id, name }) => (id === null || name === null ? [] : [[id, name]])));
    this.#addresses = new Set(sourceIps);
    this.actors = actors.flatMap(({ id, name, appName, appId }) => name ?? appName ?? id ?? appId ?? []);
  }

  of(who: readonly (string | null | undefined)[], address: string | null): Lane {
    if (who.some((word) => word != null && this.#ids.has(word))) return 'actor';
    return address !== null && this.#addresses.has(address) ? 'address' : 'other';
  }

  /** As people know who it is. */
  called(client: string): string {
    return this.#names.get(client) ?? client;
  }
}

/** An event as it stands in the timeline. */
export function eventItem(event: Event, lanes: Lanes, evidence: ReadonlySet<string>): AroundItem {
  const { actor } = event;
  return {
    at: isoOf(event.time / 1000),
    seconds: 0,
    lane: lanes.of([actor?.id, actor?.name, actor?.appId], event.sourceIp),
    kind: 'event',
    log: event.family,
    action: event.action,
    outcome: event.outcome,
    account: event.account,
    actor: actor?.name ?? actor?.appName ?? actor?.id ?? null,
    address: event.sourceIp,
    target: event.resourceId || null,
    count: 1,
    errors: event.outcome === 'failure' ? 1 : 0,
    isEvidence: evidence.has(event.recordId),
  };
}

/** Requests as they stand in the timeline: of others than the alert's actors and addresses all clients together. */
export function requestItems(steps: readonly RequestStep[], account: string, lanes: Lanes): AroundItem[] {
  const items = new Map<string, AroundItem>();
  for (const step of steps) {
    const { at, seconds, operation, container, client, requests, errors } = step;
    const address = step.address || (client.includes('.') || client.includes(':') ? client : '') || null;
    const lane = lanes.of([client], address);
    const own = lane === 'other' ? [] : [client, address];
    const key = [lane, at, seconds, operation, container, ...own].join('\u001f');
    const known = items.get(key);
    items.set(key, {
      at: isoOf(at * 1000),
      seconds,
      lane,
      kind: 'requests',
      log: LOGS[step.log],
      action: operation,
      outcome: null,
      account,
      actor: lane === 'other' || client === '' || client === address ? null : lanes.called(client),
      address: lane === 'other' ? null : address,
      target: container || null,
      count: (known?.count ?? 0) + requests,
      errors: (known?.errors ?? 0) + errors,
      isEvidence: false,
    });
  }
  return [...items.values()];
}

const LOGS = {
  request: 'DataPlaneRequests',
  mongo: 'MongoRequests',
  '5m': 'DataPlaneRequests5M',
  '15m': 'DataPlaneRequests15M',
} as const;

/** So many of each lane, oldest first: events before requests, and of those the steps with the most. */
export function bounded(items: readonly AroundItem[]): Pick<Around, 'items' | 'leftOut'> {
  const leftOut = { actor: 0, address: 0, other: 0 };
  const kept = AROUND_LANES.flatMap((lane) => {
    const own = items.filter((item) => item.lane === lane).sort(byWeight);
    leftOut[lane] = Math.max(0, own.length - MOST_AROUND);
    return own.slice(0, MOST_AROUND);
  });
  return { items: kept.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)), leftOut };
}

function byWeight(a: AroundItem, b: AroundItem): number {
  if (a.kind !== b.kind) return a.kind === 'event' ? -1 : 1;
  return Number(b.isEvidence) - Number(a.isEvidence) || b.count - a.count;
}
