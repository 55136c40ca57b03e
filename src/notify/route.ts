import { matching, type Routable } from '../alerts/match.ts';
import { parseDuration } from '../lib/duration.ts';
import type { Route } from './routeSchema.ts';

/** Whom an alert is sent to, by which route. */
export interface Decision {
  /** A name in `receivers`. */
  readonly receiver: string;
  /** Where the route stands in the configuration: `routes.routes[0]`. */
  readonly path: string;
  /** `level is high; account orders-prod matches orders-*`. */
  readonly why: string;
  /** How long the first message waits for what may still be learnt; milliseconds. */
  readonly groupWait: number;
  /** After how long an open alert that nobody acknowledged is told again; milliseconds, null: never. */
  readonly repeat: number | null;
}

/** A route that was looked at. */
export interface Looked {
  readonly path: string;
  readonly matched: boolean;
  readonly why: string;
}

export interface Routing {
  /** Each receiver once, in the order of the routes. */
  readonly decisions: readonly Decision[];
  /** In the order in which they were asked. */
  readonly looked: readonly Looked[];
}

/** What a route has of those around it. */
interface Inherited {
  readonly receiver: string | null;
  readonly groupWait: number;
  readonly repeat: number | null;
}

const NOTHING: Inherited = { receiver: null, groupWait: 0, repeat: null };

/**
 * Walks the tree as Alertmanager does: an alert goes to the deepest route that matches, and on to the next one beside it only where `continue` says
 * so; where no inner route matches, the outer one's receiver is told.
 */
export function decide(routes: Route, stored: Routable): Routing {
  const looked: Looked[] = [];
  const found: Decision[] = [];
  visit(routes, 'routes', NOTHING, stored, { looked, found });
  const receivers = new Set<string>();
  const decisions = found.filter(({ receiver }) => !receivers.has(receiver) && receivers.add(receiver));
  return { decisions, looked };
}

interface Walk {
  readonly looked: Looked[];
  readonly found: Decision[];
}

/** Does it match? Then it, or a route in it, was the one. */
function visit(route: Route, path: string, outer: Inherited, stored: Routable, walk: Walk): boolean {
  const { matched, why } = matching(route.match ?? {}, stored);
  walk.looked.push({ path, matched, why });
  if (!matched) return false;
  const own = inherit(route, outer);
  const inner = route.routes ?? [];
  let isTaken = false;
  for (const [at, one] of inner.entries()) {
    if (!visit(one, `${path}.routes[${at}]`, own, stored, walk)) continue;
    isTaken = true;
    if (one.continue !== true) return true;
  }
  const { receiver, groupWait, repeat } = own;
  if (!isTaken && receiver !== null) walk.found.push({ receiver, path, why, groupWait, repeat });
  return true;
}

function inherit(route: Route, outer: Inherited): Inherited {
  return {
    receiver: route.receiver === undefined ? outer.receiver : route.receiver,
    groupWait: route.group_wait === undefined ? outer.groupWait : millis(route.group_wait),
    repeat: route.repeat === undefined ? outer.repeat : millis(route.repeat) || null,
  };
}

function millis(duration: string): number {
  return (parseDuration(duration) ?? 0) * 1000;
}
