import { type PushConfig, pushedBatch, pushSchema, pushSource } from './push.ts';
import type { PushRoute, SourceKind } from './source.ts';

const route: PushRoute = {
  method: 'POST',
  path: '/api/v1/logs',
  answer: async (request, context) => {
    const bytes = request.body.length === 0 ? [] : [request.body];
    if (bytes.length === 0) return { status: 200, body: { accepted: 0, rejected: [] } };
    return { status: 200, body: await context.emit(pushedBatch(bytes, 'pushed over HTTP', request)) };
  },
};

/** Records that any program sends, in any framing. */
export const httpKind: SourceKind<PushConfig> = {
  type: 'http',
  doc: 'Takes records that are pushed to /api/v1/logs: lines, arrays or envelopes of JSON, also compressed.',
  schema: pushSchema,
  create: (config) => pushSource(config, [route]),
};
