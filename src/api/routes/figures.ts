import { isoOf } from '../../lib/iso.ts';
import { figuresAnswer, figuresQuery, rateAnswer } from '../contract.ts';
import { Refusal } from '../problem.ts';
import { rangeOf } from '../range.ts';
import { call, ok, type Route } from '../route.ts';

const figures = call({
  method: 'GET',
  path: '/api/v1/figures',
  doc: 'Requests, errors, request units, bytes and durations of an account, by steps of time',
  scope: 'read',
  query: figuresQuery,
  answer: figuresAnswer,
  handle: async ({ ports, by, query, clock }) => {
    const range = rangeOf(query, clock.now());
    const { operation, container, client } = query;
    const filter = { operation: operation ?? null, container: container ?? null, client: client ?? null };
    const points = await ports.figures.points(query.account.toLowerCase(), range, filter, by.sees);
    if (points === null) throw missing();
    return ok({ step: range.step, items: points.map((point) => ({ ...point, at: isoOf(point.at * 1000) })) });
  },
});

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
