import { deadQuery, deliveriesList, replayAnswer, replayRequest } from '../contract.ts';
import { call, ok, type Route } from '../route.ts';

export const DELIVERY_ROUTES: readonly Route[] = [
  call({
    method: 'GET',
    path: '/api/v1/deliveries/dead',
    doc: 'Messages that are not tried any more, newest first',
    scope: 'admin',
    query: deadQuery,
    answer: deliveriesList,
    handle: async ({ ports, query }) => ok({ items: ports.deliveries.dead(query.limit) }),
  }),
  call({
    method: 'POST',
    path: '/api/v1/deliveries/replay',
    doc: 'Messages that were not tried any more are tried again',
    scope: 'admin',
    body: replayRequest,
    answer: replayAnswer,
    audit: 'deliveries.replay',
    handle: async ({ ports, body }) => ok({ waiting: ports.deliveries.replay(body.ids) }),
  }),
];
