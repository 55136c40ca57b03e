import { health } from '../contract.ts';
import { call, ok, type Route } from '../route.ts';

/** What programs that watch over programs ask. */
export const SERVICE_ROUTES: readonly Route[] = [
  call({
    method: 'GET',
    path: '/healthz',
    doc: 'The process answers',
    scope: 'read',
    isOpenOnLoopback: true,
    answer: health,
    handle: async () => ok({ status: 'ok', why: null }),
  }),
  call({
    method: 'GET',
    path: '/readyz',
    doc: 'It can take records; 503 with the reason if not',
    scope: 'read',
    isOpenOnLoopback: true,
    answer: health,
    handle: async ({ ports }) => {
      const why = ports.status.whyNotReady();
      return { status: why === null ? 200 : 503, body: { status: why === null ? 'ok' : 'not_ready', why } };
    },
  }),
  call({
    method: 'GET',
    path: '/metrics',
    doc: 'Figures in the text format of Prometheus',
    scope: 'read',
    isOpenOnLoopback: true,
    answer: null,
    handle: async ({ ports }) => ({
      status: 200,
      body: await ports.metrics.render(),
      type: ports.metrics.contentType,
    }),
  }),
  call({
    method: 'GET',
    path: '/api/v1/openapi.json',
    doc: 'This description, as OpenAPI 3.1',
    scope: 'read',
    isOpenOnLoopback: true,
    answer: null,
    handle: async ({ document }) => ok(document()),
  }),
];
