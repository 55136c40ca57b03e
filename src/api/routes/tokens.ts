import { isoOf } from '../../lib/iso.ts';
import { auditPage, auditQuery, done, newToken, rotateRequest, tokenRequest, tokensList } from '../contract.ts';
import type { IssuedToken } from '../ports.ts';
import { Refusal } from '../problem.ts';
import { type Answer, call, ok, type Route } from '../route.ts';

function issued({ item, token }: IssuedToken, status: number): Answer {
  return { status, body: { ...item, token: token.reveal() } };
}

function missing(): Refusal {
  return new Refusal('CW-6003', 'no such token', 'Tokens of the configuration are changed there.');
}

export const TOKEN_ROUTES: readonly Route[] = [
  call({
    method: 'GET',
    path: '/api/v1/tokens',
    doc: 'Tokens, without their values',
    scope: 'admin',
    answer: tokensList,
    handle: async ({ ports }) => ok({ items: await ports.tokens.list() }),
  }),
  call({
    method: 'POST',
    path: '/api/v1/tokens',
    doc: 'Makes a token; its value is in the answer and nowhere else',
    scope: 'admin',
    body: tokenRequest,
    answer: newToken,
    status: 201,
    audit: 'tokens.create',
    handle: async ({ ports, by, body }) => {
      const made = await ports.tokens.create(body, by.name);
      if (made === null)
        throw new Refusal('CW-6012', 'a token of that name is good already', 'Rotate it, or name another.');
      return issued(made, 201);
    },
  }),
  call({
    method: 'DELETE',
    path: '/api/v1/tokens/:id',
    doc: 'Ends a token at once',
    scope: 'admin',
    answer: done,
    audit: 'tokens.revoke',
    handle: async ({ ports, by, params }) => {
      if (await ports.tokens.revoke(params['id']!, by.name)) return ok({ done: true });
      throw missing();
    },
  }),
  call({
    method: 'POST',
    path: '/api/v1/tokens/:id/rotate',
    doc: 'Gives a token another value; the old one works for `graceSeconds` more',
    scope: 'admin',
    body: rotateRequest,
    answer: newToken,
    audit: 'tokens.rotate',
    handle: async ({ ports, by, params, body }) => {
      const made = await ports.tokens.rotate(params['id']!, body.graceSeconds, by.name);
      if (made === null) throw missing();
      return issued(made, 200);
    },
  }),
  call({
    method: 'GET',
    path: '/api/v1/audit',
    doc: 'What people and programs changed, newest first',
    scope: 'admin',
    query: auditQuery,
    answer: auditPage,
    handle: async ({ ports, query }) => {
      const entries = await ports.audit.list(query.limit, query.before ?? null);
      return ok({ items: entries.map((entry) => ({ ...entry, at: isoOf(entry.at) })) });
    },
  }),
];
