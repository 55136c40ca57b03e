import { UserError } from '../../lib/errors.ts';
import { drillAnswer, drillRequest } from '../contract.ts';
import { itemOf } from '../item.ts';
import { Refusal } from '../problem.ts';
import { call, ok, type Route } from '../route.ts';

export const DRILL_ROUTES: readonly Route[] = [
  call({
    method: 'POST',
    path: '/api/v1/drills',
    doc: 'Makes a rule fire for a made-up account: the whole way, receivers included, is tried',
    scope: 'admin',
    body: drillRequest,
    answer: drillAnswer,
    audit: 'drills.play',
    handle: async ({ ports, by, body }) => {
      try {
        const { alerts, ...played } = await ports.drill.play(body.rule, by.name);
        return ok({ ...played, alerts: alerts.map(itemOf) });
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        throw new Refusal('CW-6005', error.message, error.cure ?? 'Ask for another rule.');
      }
    },
  }),
];
