import fastify from 'fastify';
import { MemoryPorts } from '../src/api/memory.test-support.ts';
import { ApiServer } from '../src/api/server.ts';
import { systemClock } from '../src/lib/clock.ts';
import { SILENT } from '../src/telemetry/log.ts';

/* `node bench/ingestServer.ts ours|bare`: a server of which the bench asks; it prints its address, and ends with its parent. */

const TOKEN = 'token-of-the-bench';

async function ours(): Promise<string> {
  const ports = new MemoryPorts();
  ports.bearer(TOKEN);
  // Whoever takes a batch does the work; here nobody does.
  Object.assign(ports.logs, { push: async () => ({ status: 200, body: { accepted: 0, rejected: [] } }) });
  const options = { ports, clock: systemClock, log: SILENT, externalUrl: null };
  return new ApiServer(options).listen('127.0.0.1', 0);
}

/** Fastify as it is: its own parser makes objects of the body. */
async function bare(): Promise<string> {
  const app = fastify({ bodyLimit: 10 << 20 });
  app.post('/api/v1/logs', async (request) => ({ accepted: (request.body as { records: unknown[] }).records.length }));
  return app.listen({ host: '127.0.0.1', port: 0 });
}

process.stdout.write(`${process.argv[2] === 'bare' ? await bare() : await ours()}\n`);
process.stdin.resume().on('end', () => process.exit(0));
