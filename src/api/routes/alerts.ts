import {
  type AlertActionBody,
  type AlertActionName,
  type AlertItem,
  alertActions,
  alertAdvice,
  alertItem,
  alertsPage,
  alertsQuery,
  deliveriesList,
} from '../contract.ts';
import { instantOf } from '../instant.ts';
import { itemOf } from '../item.ts';
import type { AlertAction } from '../ports.ts';
import { Refusal } from '../problem.ts';
import { call, ok, type Route } from '../route.ts';

const list = call({
  method: 'GET',
  path: '/api/v1/alerts',
  doc: 'Alerts, newest first',
  scope: 'read',
  query: alertsQuery,
  answer: alertsPage,
  handle: async ({ ports, by, query, clock }) => {
    const filter = {
      rule: query.rule ?? null,
      statuses: (query.status?.split(',') ?? []) as AlertItem['status'][],
      account: query.account?.toLowerCase() ?? null,
      since: query.since === undefined ? null : instantOf('since', query.since, clock.now()),
      excepted: query.excepted,
      levels: (query.level?.split(',') ?? []) as AlertItem['level'][],
      actor: query.actor ?? null,
      ip: query.ip ?? null,
      assignee: query.assignee ?? null,
      words: query.q ?? null,
    };
    const page = await ports.alerts.list(filter, query.limit, query.cursor ?? null, by.sees);
    if (page === null) throw new Refusal('CW-6005', 'the cursor is not one of ours', 'Start without a cursor.');
    return ok({ items: page.items.map(itemOf), next: page.next });
  },
});

const get = call({
  method: 'GET',
  path: '/api/v1/alerts/:id',
  doc: 'One alert',
  scope: 'read',
  answer: alertItem,
  handle: async ({ ports, by, params }) => {
    const found = await ports.alerts.get(params['id']!, by.sees);
    if (found === null) throw missing();
    return ok(itemOf(found));
  },
});

const advise = call({
  method: 'GET',
  path: '/api/v1/alerts/:id/advice',
  doc: 'Why an alert matters, and what to do about it',
  scope: 'read',
  answer: alertAdvice,
  handle: async ({ ports, by, params }) => {
    const found = await ports.alerts.get(params['id']!, by.sees);
    if (found === null) throw missing();
    return ok(ports.alerts.advise(found));
  },
});

const told = call({
  method: 'GET',
  path: '/api/v1/alerts/:id/deliveries',
  doc: 'Who was told of an alert, and what became of each message',
  scope: 'read',
  answer: deliveriesList,
  handle: async ({ ports, by, params }) => {
    if ((await ports.alerts.get(params['id']!, by.sees)) === null) throw missing();
    return ok({ items: ports.deliveries.ofAlert(params['id']!) });
  },
});

/** An alert that is not there, or not for who asks. */
export function missing(): Refusal {
  return new Refusal('CW-6003', 'no such alert', 'GET /api/v1/alerts lists those that the token may see.');
}

/** What each body means, and what the action is for. */
const ACTIONS: {
  readonly [Name in AlertActionName]: readonly [doc: string, of: (body: AlertActionBody<Name>) => AlertAction];
} = {
  acknowledge: ['Somebody looks at it', ({ comment }) => ({ kind: 'acknowledge', comment: comment ?? null })],
  resolve: [
    'It is done with',
    ({ comment, verdict }) => ({ kind: 'resolve', comment: comment ?? null, verdict: verdict ?? null }),
  ],
  reopen: ['It is not done with after all', ({ comment }) => ({ kind: 'reopen', comment: comment ?? null })],
  comment: ['Something to remember about it', ({ text }) => ({ kind: 'comment', text })],
  assign: ['Whose it is', ({ assignee }) => ({ kind: 'assign', assignee })],
  verdict: [
    'What it was: true, benign or false',
    ({ verdict, comment }) => ({ kind: 'verdict', verdict, comment: comment ?? null }),
  ],
};

function action<Name extends AlertActionName>(name: Name): Route {
  const [doc, of] = ACTIONS[name];
  return call({
    method: 'POST',
    path: `/api/v1/alerts/:id/${name}`,
    doc,
    scope: 'act',
    body: alertActions[name],
    answer: alertItem,
    audit: `alerts.${name}`,
    handle: async ({ ports, by, params, body }) => {
      const outcome = await ports.alerts.act(params['id']!, of(body as AlertActionBody<Name>), by.name, by.sees);
      switch (outcome.kind) {
        case 'done':
          return ok(itemOf(outcome.stored));
        case 'unknown':
          throw missing();
        case 'refused':
          throw new Refusal('CW-6012', outcome.why, 'Look at its status first.');
      }
    },
  });
}

export const ALERT_ROUTES: readonly Route[] = [
  list,
  get,
  advise,
  told,
  ...(Object.keys(ACTIONS) as AlertActionName[]).map((name) => action(name)),
];
