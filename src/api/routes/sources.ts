import { intakeList, setupAnswer, setupQuery } from '../contract.ts';
import { Refusal } from '../problem.ts';
import { call, ok, type Route } from '../route.ts';

export const SOURCE_ROUTES: readonly Route[] = [
  call({
    method: 'GET',
    path: '/api/v1/intake',
    doc: 'What each source took in the last day, and what it left out and why',
    scope: 'read',
    answer: intakeList,
    handle: async ({ ports }) => ok({ items: ports.intake.list() }),
  }),
  call({
    method: 'GET',
    path: '/api/v1/intake/setup',
    doc: 'Bicep, Terraform and az commands that make an account send its logs; nothing is done',
    scope: 'read',
    query: setupQuery,
    answer: setupAnswer,
    handle: async ({ ports, query }) => {
      const found = ports.intake.setup(query);
      if (found !== null) return ok(found);
      throw new Refusal(
        'CW-6005',
        'the query is not valid: account is no ARM id of a database account',
        'Give it as az cosmosdb show --query id prints it.',
      );
    },
  }),
];
