import { type Encoding, readRequest, writeResponse, writeStatus } from './otlpMessage.ts';
import { azureText } from './otlpRecord.ts';
import { type PushConfig, pushedBatch, pushSchema, pushSource } from './push.ts';
import type { PushAnswer, PushRequest, Receipt, SourceContext, SourceKind } from './source.ts';

/** Log records of an OpenTelemetry Collector, or of any program that speaks OTLP over HTTP. */
export const otlpKind: SourceKind<PushConfig> = {
  type: 'otlp',
  doc: 'Takes Azure log records at /v1/logs from an OpenTelemetry Collector: OTLP over HTTP, protobuf or JSON.',
  schema: pushSchema,
  create: (config) => pushSource(config, [{ method: 'POST', path: '/v1/logs', answer }]),
};

const TYPES = { protobuf: 'application/x-protobuf', json: 'application/json' } as const;

async function answer(request: PushRequest, context: SourceContext): Promise<PushAnswer> {
  const encoding: Encoding = (request.headers['content-type'] ?? '').toLowerCase().startsWith(TYPES.json)
    ? 'json'
    : 'protobuf';
  const headers = { 'content-type': TYPES[encoding] };
  const logs = await readRequest(request.body, encoding);
  if (logs === null) {
    const told = `CW-6013: the body is no ExportLogsServiceRequest in ${encoding}`;
    return { status: 400, headers, body: await writeStatus(told, encoding) };
  }
  if (logs.length === 0) return { status: 200, headers, body: await writeResponse(0, '', encoding) };
  const lines = logs.map((log) => `${azureText(log)}\n`).join('');
  const receipt = await context.emit(pushedBatch([Buffer.from(lines)], 'pushed over OTLP', request));
  // One log record may hold a whole message of a hub, so more records than were sent may be rejected.
  const rejected = Math.min(receipt.rejected.length, logs.length);
  return { status: 200, headers, body: await writeResponse(rejected, reasonsOf(receipt), encoding) };
}

const TOLD_REASONS = 3;

/** The different reasons, each once: senders log it. */
function reasonsOf({ rejected }: Receipt): string {
  const reasons = new Set(rejected.map(({ code, reason }) => `${code} ${reason}`));
  const told = [...reasons].slice(0, TOLD_REASONS).join('; ');
  return reasons.size > TOLD_REASONS ? `${told}; and ${reasons.size - TOLD_REASONS} more` : told;
}
