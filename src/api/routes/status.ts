import { sourcesList, status } from '../contract.ts';
import { call, ok, type Route } from '../route.ts';

export const STATUS_ROUTES: readonly Route[] = [
  call({
    method: 'GET',
    path: '/api/v1/status',
    doc: 'How the service is: sources, counts, size of the store, version',
    scope: 'read',
    answer: status,
    handle: async ({ ports, by }) => ok(await ports.status.status(by.sees)),
  }),
  call({
    method: 'GET',
    path: '/api/v1/sources',
    doc: 'Where records come from, and how far each source is',
    scope: 'read',
    answer: sourcesList,
    handle: async ({ ports, by }) => ok({ items: await ports.status.sources(by.sees) }),
  }),
];
