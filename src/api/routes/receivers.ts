import {
  deliveriesPage,
  deliveriesQuery,
  receiversAnswer,
  receiverTestAnswer,
  receiverTestRequest,
  routingAnswer,
  routingQuery,
} from '../contract.ts';
import { Refusal } from '../problem.ts';
import { call, ok, type Route } from '../route.ts';

export const RECEIVER_ROUTES: readonly Route[] = [
  call({
    method: 'GET',
    path: '/api/v1/receivers',
    doc: 'Who is told of what: the routes as a tree, and how each receiver is',
    scope: 'read',
    answer: receiversAnswer,
    handle: async ({ ports }) => ok(ports.receivers.list()),
  }),
  call({
    method: 'POST',
    path: '/api/v1/receivers/:id/test',
    doc: 'Sends a message that is marked as a test to all that stands under a name in receivers',
    scope: 'admin',
    body: receiverTestRequest,
    answer: receiverTestAnswer,
    audit: 'receivers.test',
    handle: async ({ ports, by, params }) => {
      const found = await ports.receivers.test(params['id']!, by.name);
      if (found !== null) return ok(found);
      throw new Refusal('CW-6003', 'no such receiver', 'GET /api/v1/receivers lists them.');
    },
  }),
  call({
    method: 'GET',
    path: '/api/v1/deliveries',
    doc: 'What became of each message, over all alerts, newest first',
    scope: 'read',
    query: deliveriesQuery,
    answer: deliveriesPage,
    handle: async ({ ports, by, query: { state = null, receiver = null, limit, before = null } }) =>
      ok(ports.receivers.deliveries({ state, receiver }, limit, before, by.sees)),
  }),
  call({
    method: 'GET',
    path: '/api/v1/routing',
    doc: 'Where an alert would go now, and every route that is asked',
    scope: 'read',
    query: routingQuery,
    answer: routingAnswer,
    handle: async ({ ports, by, query: { alert: id, level } }) => {
      const found = await ports.alerts.get(id, by.sees);
      if (found === null)
        throw new Refusal('CW-6003', 'no such alert', 'GET /api/v1/alerts lists those that the token may see.');
      const alert = level === undefined ? found.alert : { ...found.alert, level };
      return ok(ports.receivers.route({ ...found, alert }));
    },
  }),
];
