import { alertRecords, aroundAnswer, aroundQuery } from '../contract.ts';
import { call, ok, type Route } from '../route.ts';
import { missing } from './alerts.ts';

/** What an alert was made of, and what happened near it. */
export const EVIDENCE_ROUTES: readonly Route[] = [
  call({
    method: 'GET',
    path: '/api/v1/alerts/:id/records',
    doc: 'The records that an alert names as evidence, and what of them its rule matched',
    scope: 'read',
    answer: alertRecords,
    handle: async ({ ports, by, params }) => {
      const found = await ports.alerts.get(params['id']!, by.sees);
      if (found === null) throw missing();
      return ok({ items: await ports.evidence.records(found) });
    },
  }),
  call({
    method: 'GET',
    path: '/api/v1/alerts/:id/around',
    doc: 'What the actors and addresses of an alert did around it, and what else happened on its account',
    scope: 'read',
    query: aroundQuery,
    answer: aroundAnswer,
    handle: async ({ ports, by, params, query }) => {
      const found = await ports.alerts.get(params['id']!, by.sees);
      if (found === null) throw missing();
      return ok(await ports.evidence.around(found, query.minutes, by.sees));
    },
  }),
];
