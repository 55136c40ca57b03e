import {
  done,
  forgetAnswer,
  forgetRequest,
  memoryList,
  memoryQuery,
  routineAnswer,
  routinesList,
  routinesQuery,
} from '../contract.ts';
import { Refusal } from '../problem.ts';
import { call, ok, type Route } from '../route.ts';

function missing(): Refusal {
  return new Refusal('CW-6003', 'no such routine', 'GET /api/v1/routines lists those that the token may see.');
}

export const ROUTINE_ROUTES: readonly Route[] = [
  call({
    method: 'GET',
    path: '/api/v1/routines',
    doc: 'What callers do again and again, by rule, account and caller',
    scope: 'read',
    query: routinesQuery,
    answer: routinesList,
    handle: async ({ ports, by, query }) => {
      const filter = { account: query.account?.toLowerCase() ?? null, state: query.state ?? null };
      return ok({ items: await ports.routines.list(filter, query.limit, by.sees) });
    },
  }),
  call({
    method: 'GET',
    path: '/api/v1/routines/:id',
    doc: 'One routine, and its alerts',
    scope: 'read',
    answer: routineAnswer,
    handle: async ({ ports, by, params }) => {
      const found = await ports.routines.get(params['id']!, by.sees);
      if (found === null) throw missing();
      return ok(found);
    },
  }),
  call({
    method: 'DELETE',
    path: '/api/v1/routines/:id',
    doc: 'Forgets a routine: what is done again keeps its level until it is learnt anew',
    scope: 'act',
    answer: done,
    audit: 'routines.forget',
    handle: async ({ ports, by, params }) => {
      if (await ports.routines.forget(params['id']!, by.sees)) return ok({ done: true });
      throw missing();
    },
  }),
  call({
    method: 'GET',
    path: '/api/v1/memory',
    doc: 'Who and what was seen at accounts, newest first',
    scope: 'read',
    query: memoryQuery,
    answer: memoryList,
    handle: async ({ ports, by, query }) => {
      const { account, kind = null, value = null } = query;
      const filter = { account: account?.toLowerCase() ?? null, kind, value };
      return ok({ items: await ports.memory.list(filter, query.limit, by.sees) });
    },
  }),
  call({
    method: 'POST',
    path: '/api/v1/memory/forget',
    doc: 'Forgets a caller, an address or another value, and what it taught of routine',
    scope: 'act',
    body: forgetRequest,
    answer: forgetAnswer,
    audit: 'memory.forget',
    handle: async ({ ports, by, body }) => {
      const { kind, value, account } = body;
      return ok(await ports.memory.forget({ kind, value, account: account?.toLowerCase() ?? null }, by.sees));
    },
  }),
];
