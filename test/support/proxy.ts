import { createServer, request, type Server } from 'node:http';

/** Stands before an HTTP service on this machine, and breaks what a network breaks. */
export interface BreakingProxy {
  readonly port: number;
  /** What happens to each request; null: it is passed on. */
  fault:
    | 'reset'
    | 'hang up in the middle'
    | { readonly status: number; readonly headers?: Record<string, string> }
    | null;
  /** `GET /path` of every request, without its query. */
  readonly requests: string[];
  /** Bytes of bodies that were handed over. */
  bytes: number;
  stop(): Promise<void>;
}

export async function startProxy(target: number): Promise<BreakingProxy> {
  const server = createServer((asked, answer) => {
    proxy.requests.push(`${asked.method} ${asked.url!.split('?')[0]}`);
    const { fault } = proxy;
    if (fault === 'reset') return void asked.socket.destroy();
    if (fault !== null && typeof fault === 'object') {
      answer.writeHead(fault.status, fault.headers ?? {});
      return void answer.end();
    }
    const { method, url, headers } = asked;
    const passed = request({ host: '127.0.0.1', port: target, method, path: url, headers }, (found) => {
      answer.writeHead(found.statusCode!, found.headers);
      found.on('data', (chunk: Buffer) => {
        proxy.bytes += chunk.length;
        answer.write(fault === null ? chunk : chunk.subarray(0, chunk.length >> 1));
        if (fault !== null) asked.socket.destroy();
      });
      found.on('end', () => answer.end());
    });
    passed.on('error', () => asked.socket.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: BreakingProxy = {
    port: (server.address() as { port: number }).port,
    fault: null,
    requests: [],
    bytes: 0,
    stop: () => closed(server),
  };
  return proxy;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
