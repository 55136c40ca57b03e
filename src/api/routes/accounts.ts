import { accountDetail, accountsList } from '../contract.ts';
import { Refusal } from '../problem.ts';
import { call, ok, type Route } from '../route.ts';

export const ACCOUNT_ROUTES: readonly Route[] = [
  call({
    method: 'GET',
    path: '/api/v1/accounts',
    doc: 'The accounts that are known: worst open alert, logs of the last week, rules that can fire',
    scope: 'read',
    answer: accountsList,
    handle: async ({ ports, by }) => ok({ items: await ports.accounts.list(by.sees) }),
  }),
  call({
    method: 'GET',
    path: '/api/v1/accounts/:id',
    doc: 'One account, by its name or its ARM id: logs by the hour, rules that can fire and why not, who acts on it',
    scope: 'read',
    answer: accountDetail,
    handle: async ({ ports, by, params }) => {
      const found = await ports.accounts.get(params['id']!.toLowerCase(), by.sees);
      if (found !== null) return ok(found);
      throw new Refusal('CW-6003', 'no such account', 'GET /api/v1/accounts lists those that the token may see.');
    },
  }),
];
