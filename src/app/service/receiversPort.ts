import { patternsOf } from '../../alerts/match.ts';
import type { ReceiverItem, RouteNode } from '../../api/contract.ts';
import type { ReceiversPort } from '../../api/ports.ts';
import type { Config } from '../../config/config.ts';
import type { Clock } from '../../lib/clock.ts';
import { parseDuration } from '../../lib/duration.ts';
import { isoOf } from '../../lib/iso.ts';
import { decide } from '../../notify/route.ts';
import type { Route } from '../../notify/routeSchema.ts';
import type { Db } from '../../store/db.ts';
import { deliveryLog, type LoggedDelivery, type ReceiverState, receiverStates } from '../../store/deliveryQueries.ts';
import { tryReceiver } from '../tryReceiver.ts';
import { itemOf } from './deliveriesPort.ts';

export interface ReceiversDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly config: () => Config;
  /** Aborts when the service stops. */
  readonly signal: AbortSignal;
}

/** Who is told of what, and what became of it. */
export function receiversPort({ db, clock, config, signal }: ReceiversDeps): ReceiversPort {
  return {
    list() {
      const { routes, receivers } = config();
      const states = new Map(receiverStates(db).map((state) => [state.receiver, state]));
      return {
        routes: routes === null ? null : nodeOf(routes, 'routes', { receiver: null, wait: 0, repeat: null }),
        flood: routes?.flood ?? 0,
        items: [...receivers].map(([name, entries]) => ({
          name,
          entries: entries.map(({ kind }, at) => entryOf(`${name}/${at}`, kind.type, states.get(`${name}/${at}`))),
        })),
      };
    },
    deliveries(filter, limit, before, scope) {
      const rows = deliveryLog(db, { ...filter, before, limit: limit + 1 }, scope);
      return {
        items: rows.slice(0, limit).map(loggedOf),
        next: rows.length > limit ? (rows[limit - 1]?.id ?? null) : null,
      };
    },
    route(stored) {
      const { routes } = config();
      if (routes === null) return { decisions: [], looked: [] };
      const { decisions, looked } = decide(routes, stored);
      return {
        looked,
        decisions: decisions.map(({ receiver, path, why, groupWait, repeat }) => ({
          receiver,
          path,
          why,
          groupWaitSeconds: groupWait / 1000,
          repeatSeconds: repeat === null ? null : repeat / 1000,
        })),
      };
    },
    async test(name, by) {
      if (!config().receivers.has(name)) return null;
      const tried = await tryReceiver(config(), name, by, clock, signal);
      return {
        items: tried.map(({ receiver, type, delivery }) => ({
          receiver,
          type,
          result: delivery.kind,
          reason: delivery.kind === 'delivered' ? null : delivery.reason,
        })),
      };
    },
  };
}

interface Outer {
  readonly receiver: string | null;
  readonly wait: number;
  readonly repeat: number | null;
}

/** A route with what it has of those around it. */
function nodeOf(route: Route, path: string, outer: Outer): RouteNode {
  const own: Outer = {
    receiver: route.receiver === undefined ? outer.receiver : route.receiver,
    wait: route.group_wait === undefined ? outer.wait : (parseDuration(route.group_wait) ?? 0),
    repeat: route.repeat === undefined ? outer.repeat : parseDuration(route.repeat) || null,
  };
  return {
    path,
    receiver: own.receiver,
    match: patternsOf(route.match ?? {}),
    groupWaitSeconds: own.wait,
    repeatSeconds: own.repeat,
    goesOn: route.continue === true,
    routes: (route.routes ?? []).map((one, at) => nodeOf(one, `${path}.routes[${at}]`, own)),
  };
}

function entryOf(receiver: string, type: string, state: ReceiverState | undefined): ReceiverItem['entries'][number] {
  const { waiting = 0, dead = 0, lastDelivered = null, lastFailure = null } = state ?? {};
  const isFailing = lastFailure !== null && lastFailure.at > (lastDelivered ?? 0);
  return {
    receiver,
    type,
    state: isFailing ? 'fails' : lastDelivered === null ? 'unused' : 'works',
    waiting,
    dead,
    lastDelivered: lastDelivered === null ? null : isoOf(lastDelivered),
    lastFailure: lastFailure === null ? null : { at: isoOf(lastFailure.at), reason: lastFailure.reason },
  };
}

function loggedOf({ title, account, level, ...entry }: LoggedDelivery) {
  return { ...itemOf(entry), title, account, level };
}
