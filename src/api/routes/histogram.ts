import { isoOf } from '../../lib/iso.ts';
import { histogramAnswer, histogramQuery } from '../contract.ts';
import { rangeOf } from '../range.ts';
import { call, ok, type Route } from '../route.ts';

export const HISTOGRAM_ROUTES: readonly Route[] = [
  call({
    method: 'GET',
    path: '/api/v1/alerts/histogram',
    doc: 'How many alerts of each level opened when, and how many are open',
    scope: 'read',
    query: histogramQuery,
    answer: histogramAnswer,
    handle: async ({ ports, by, query, clock }) => {
      const { from, to, step } = rangeOf(query, clock.now());
      // Steps begin at whole multiples, so that the same hour falls into the same step whenever it is asked for.
      const start = from - (from % step);
      const counted = await ports.alerts.histogram({ from: start, to, step }, by.sees);
      return ok({ step, from: isoOf(start * 1000), until: isoOf(to * 1000), ...counted });
    },
  }),
];
