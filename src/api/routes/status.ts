import { accountsList, rulesList, sourcesList, status } from '../contract.ts';
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
  call({
    method: 'GET',
    path: '/api/v1/rules',
    doc: 'The rules that are loaded',
    scope: 'read',
    answer: rulesList,
    handle: async ({ ports }) => ok({ items: await ports.status.rules() }),
  }),
  call({
    method: 'GET',
    path: '/api/v1/accounts',
    doc: 'The accounts that are known',
    scope: 'read',
    answer: accountsList,
    handle: async ({ ports, by }) => ok({ items: await ports.status.accounts(by.sees) }),
  }),
];
