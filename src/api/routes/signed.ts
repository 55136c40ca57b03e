import { signedAnswer } from '../contract.ts';
import { Refusal } from '../problem.ts';
import type { Route } from '../route.ts';

/** What the services of receivers tell back. They have no token: the signature of the body says who it is. */
export const SIGNED_ROUTES: readonly Route[] = [
  {
    kind: 'signed',
    method: 'POST',
    path: '/api/v1/receivers/:name/pagerduty',
    doc: 'A webhook of PagerDuty: what was acknowledged or resolved there is so here',
    scope: null,
    answer: signedAnswer,
    handle: async ({ ports, params, headers, body }) => {
      const signature = headers['x-pagerduty-signature'] ?? '';
      const outcome = await ports.signed.pagerduty(params['name']!, signature, body);
      if (outcome === null) throw unsigned();
      return { status: 202, body: outcome };
    },
  },
];

/** The same for a receiver that there is not, so that nobody can try names. */
function unsigned(): Refusal {
  const cure = 'Set webhook_secret of the receiver to the secret that PagerDuty showed when the webhook was made.';
  return new Refusal('CW-6001', 'the request is not signed by a service that this receiver knows', cure);
}
