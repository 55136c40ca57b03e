import { about, verifyAnswer, verifyQuery } from '../contract.ts';
import { Refusal } from '../problem.ts';
import { call, ok, type Route } from '../route.ts';

export const SETTING_ROUTES: readonly Route[] = [
  call({
    method: 'GET',
    path: '/api/v1/about',
    doc: 'Version, licence, size of the data, and how long each kind of them is kept',
    scope: 'read',
    answer: about,
    handle: async ({ ports }) => ok(ports.about.about()),
  }),
  call({
    method: 'GET',
    path: '/api/v1/audit/verify',
    doc: 'Goes through the whole audit log: was an entry changed, added between or taken out?',
    scope: 'admin',
    query: verifyQuery,
    answer: verifyAnswer,
    handle: async ({ ports, query: { seq, hash } }) => {
      if ((seq === undefined) !== (hash === undefined))
        throw new Refusal('CW-6005', 'the query is not valid: seq and hash belong together', 'Give both, or neither.');
      return ok(await ports.audit.verify(seq === undefined || hash === undefined ? null : { seq, hash }));
    },
  }),
];
