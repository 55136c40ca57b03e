import { connect } from 'node:net';
import type { Clock } from '../lib/clock.ts';
import type { Log, LogFields } from '../telemetry/log.ts';
import { MemoryPorts, START } from './memory.test-support.ts';
import { type ApiOptions, ApiServer } from './server.ts';

export interface Line {
  readonly level: string;
  readonly fields: LogFields;
  readonly message: string;
}

/** A server on a free port of this machine, with its ports in memory. */
export interface Running {
  readonly server: ApiServer;
  readonly ports: MemoryPorts;
  readonly url: string;
  readonly lines: readonly Line[];
  readonly answered: readonly { readonly method: string; readonly route: string; readonly status: number }[];
  /** Moves every sleep of the clock on. */
  readonly tick: () => void;
}

export const ALL = 'token-of-all-canary';

export async function start(options: Partial<ApiOptions> = {}, host = '127.0.0.1', port = 0): Promise<Running> {
  const ports = new MemoryPorts();
  ports.bearer(ALL);
  const lines: Line[] = [];
  const answered: { method: string; route: string; status: number }[] = [];
  const { clock, tick } = stepClock();
  const server = new ApiServer({
    ports,
    clock,
    log: linesInto(lines),
    externalUrl: null,
    answered: (method, route, status) => answered.push({ method, route, status }),
    ...options,
  });
  return { server, ports, url: await server.listen(host, port), lines, answered, tick };
}

function linesInto(lines: Line[]): Log {
  const at =
    (level: string) =>
    (fields: LogFields, message: string): void => {
      lines.push({ level, fields, message });
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** Time stands still; `tick` ends every sleep. */
function stepClock(): { clock: Clock; tick: () => void } {
  const waiting = new Set<() => void>();
  const clock: Clock = {
    now: () => START,
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        waiting.add(resolve);
        signal?.addEventListener('abort', () => resolve(), { once: true });
      }),
  };
  const tick = (): void => {
    for (const go of waiting) go();
    waiting.clear();
  };
  return { clock, tick };
}

/** Sends bytes as they are, and gives all that comes back until the other side ends, or `until` is in it. */
export function raw(url: string, text: string, until: string | null = null): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      if (until !== null && answer.includes(until)) socket.destroy();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
