import { parseDuration } from '../../lib/duration.ts';
import { isoOf } from '../../lib/iso.ts';
import { figuresAnswer, figuresQuery, MOST_POINTS, rateAnswer } from '../contract.ts';
import { instantOf } from '../instant.ts';
import { Refusal } from '../problem.ts';
import { call, ok, type Route } from '../route.ts';

const figures = call({
  method: 'GET',
  path: '/api/v1/figures',
  doc: 'Requests, errors, request units, bytes and durations of an account, by steps of time',
  scope: 'read',
  query: figuresQuery,
  answer: figuresAnswer,
  handle: async ({ ports, by, query, clock }) => {
    const now = clock.now();
    const from = Math.floor(instantOf('since', query.since, now) / 1000);
    const to = Math.ceil((query.until === undefined ? now : instantOf('until', query.until, now)) / 1000);
    const step = stepOf(query.step);
    if (to <= from) throw badRange('until is not after since');
    if ((to - from) / step > MOST_POINTS) throw badRange(`there would be more than ${MOST_POINTS} steps`);
    const { operation, container, client } = query;
    const filter = { operation: operation ?? null, container: container ?? null, client: client ?? null };
    const points = await ports.figures.points(query.account.toLowerCase(), { from, to, step }, filter, by.sees);
    if (points === null) throw missing();
    return ok({ step, items: points.map((point) => ({ ...point, at: isoOf(point.at * 1000) })) });
  },
});

function stepOf(text: string): number {
  const seconds = parseDuration(text);
  if (seconds !== null && seconds % 60 === 0) return seconds;
  throw new Refusal('CW-6005', 'the query is not valid: step is no whole number of minutes', 'Write 5m, 1h or 1d.');
}

function badRange(why: string): Refusal {
  return new Refusal('CW-6005', `the query is not valid: ${why}`, 'Ask for less time, or for longer steps.');
}

function missing(): Refusal {
  return new Refusal('CW-6003', 'no such account', 'GET /api/v1/accounts lists those that the token may see.');
}

const rate = call({
  method: 'GET',
  path: '/api/v1/alerts/:id/rate',
  doc: 'Requests a minute around an alert, and at that hour of the days before',
  scope: 'read',
  answer: rateAnswer,
  handle: async ({ ports, by, params }) => {
    const found = await ports.alerts.get(params['id']!, by.sees);
    const account = found?.alert.account ?? null;
    if (found === null || account === null)
      throw new Refusal('CW-6003', 'no such alert, or it is about no account', 'GET /api/v1/alerts lists alerts.');
    return ok(await ports.figures.rate(account, Math.floor(Date.parse(found.alert.firstSeen) / 1000)));
  },
});

export const FIGURE_ROUTES: readonly Route[] = [figures, rate];
