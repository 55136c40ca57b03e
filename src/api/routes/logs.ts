import { receipt } from '../contract.ts';
import type { Route } from '../route.ts';

/** Any framing: what stands in the body is found out by reading it. The last two are what curl and others say when nobody told them. */
const ANY_LOG = [
  'application/json',
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/json-lines',
  'application/octet-stream',
  'application/gzip',
  'application/zstd',
  'text/plain',
  'application/x-www-form-urlencoded',
  '',
];

const GRID = {
  kind: 'push',
  path: '/api/v1/event-grid',
  scope: 'logs',
  // Event Grid sets headers on deliveries only, so its handshake can carry a token in the address alone.
  takesTokenInQuery: true,
  answer: null,
} as const;

export const LOG_ROUTES: readonly Route[] = [
  {
    kind: 'push',
    method: 'POST',
    path: '/api/v1/logs',
    doc: 'Takes log records in any framing; answers when everything that they changed is durable',
    scope: 'logs',
    types: ANY_LOG,
    takesTokenInQuery: false,
    answer: receipt,
  },
  {
    kind: 'push',
    method: 'POST',
    path: '/v1/logs',
    doc: 'OTLP over HTTP: ExportLogsServiceRequest in protobuf or JSON',
    scope: 'logs',
    types: ['application/x-protobuf', 'application/json'],
    takesTokenInQuery: false,
    answer: null,
  },
  {
    ...GRID,
    method: 'POST',
    doc: 'Events of Event Grid, in its own schema or as CloudEvents, and its validation event',
    types: ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json'],
  },
  { ...GRID, method: 'OPTIONS', doc: 'The handshake of CloudEvents before a subscription', types: [] },
];
