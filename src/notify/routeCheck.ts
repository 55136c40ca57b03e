import { fits, patternsOf } from '../alerts/match.ts';
import { suggestion } from '../lib/nearest.ts';
import type { Route } from './routeSchema.ts';

/** Something about the routes that is told when a configuration is loaded. */
export interface RouteProblem {
  /** `routes.routes[0].receiver`, or `receivers.NAME`. */
  readonly path: string;
  readonly text: string;
  /** Null: no cure but thinking about it. */
  readonly cure: string | null;
  /** False: it works, but not as anybody means it. */
  readonly isError: boolean;
}

/** Receivers that do not exist, routes that nothing reaches, and receivers that nothing is sent to. */
export function checkRoutes(routes: Route, receivers: readonly string[]): readonly RouteProblem[] {
  const nodes = [...nodesOf(routes, 'routes', undefined, null)];
  const named = new Set(nodes.flatMap(({ receiver }) => receiver ?? []));
  return [
    ...nodes.flatMap((node) => unknownReceiver(node, receivers)),
    ...nodes.flatMap(neverReached),
    ...nodes.flatMap(toNobody),
    ...receivers.filter((name) => !named.has(name)).map(unused),
  ];
}

interface Node {
  readonly route: Route;
  readonly path: string;
  /** Its own, or that of the route around it. */
  readonly receiver: string | null | undefined;
  readonly outer: Node | null;
  readonly before: readonly { readonly route: Route; readonly path: string }[];
}

function* nodesOf(
  route: Route,
  path: string,
  inherited: string | null | undefined,
  outer: Node | null,
  before: Node['before'] = [],
): Generator<Node> {
  const node = { route, path, receiver: route.receiver === undefined ? inherited : route.receiver, outer, before };
  yield node;
  const inner = (route.routes ?? []).map((one, at) => ({ route: one, path: `${path}.routes[${at}]` }));
  for (const [at, one] of inner.entries()) yield* nodesOf(one.route, one.path, node.receiver, node, inner.slice(0, at));
}

function unknownReceiver({ route, path }: Node, receivers: readonly string[]): RouteProblem[] {
  const { receiver } = route;
  if (receiver === undefined || receiver === null || receivers.includes(receiver)) return [];
  const near = suggestion(receiver, receivers)[0];
  const cure = near ?? (receivers.length === 0 ? 'name one under receivers' : `known: ${receivers.join(', ')}`);
  return [{ path: `${path}.receiver`, text: `there is no receiver ${receiver}`, cure, isError: true }];
}

/** A route before it takes all that it matches, or it asks for a level that the route around it does not let in. */
function neverReached({ route, path, outer, before }: Node): RouteProblem[] {
  const taker = before.find((one) => one.route.continue !== true && covers(one.route, route));
  if (taker !== undefined) {
    const cure = `put it before ${taker.path}, or give that one continue: true`;
    return [
      { path, text: `nothing reaches it: ${taker.path} takes every alert that it matches`, cure, isError: false },
    ];
  }
  for (let around = outer; around !== null; around = around.outer) {
    if (!excludes(around.route, route)) continue;
    const text = `nothing reaches it: ${around.path} lets no alert of such a level in`;
    return [{ path, text, cure: null, isError: false }];
  }
  return [];
}

/** Does the first match whatever the second matches? Each thing it asks for is asked for there too, by patterns that its own cover. */
function covers(first: Route, second: Route): boolean {
  const narrower = new Map(patternsOf(second.match ?? {}).map(({ name, patterns }) => [name, patterns]));
  return patternsOf(first.match ?? {}).every(({ name, patterns }) =>
    narrower.get(name)?.every((pattern) => patterns.some((one) => fits(one, pattern))),
  );
}

function excludes(outer: Route, inner: Route): boolean {
  const [wide, narrow] = [outer, inner].map(({ match }) => (match?.level === undefined ? null : [match.level].flat()));
  return wide != null && narrow != null && !narrow.some((level) => wide.includes(level));
}

function toNobody({ route, path, receiver }: Node): RouteProblem[] {
  if (receiver !== undefined) return [];
  const isAlwaysInner = (route.routes ?? []).some((one) => one.match === undefined);
  if (isAlwaysInner) return [];
  const text = 'has no receiver, and no route around it has one: alerts that no route in it takes are told to nobody';
  return [{ path, text, cure: 'name a receiver, or write receiver: null if that is meant', isError: false }];
}

function unused(name: string): RouteProblem {
  return {
    path: `receivers.${name}`,
    text: 'no route sends anything to it',
    cure: 'name it in routes',
    isError: false,
  };
}
