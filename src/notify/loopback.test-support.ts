import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a loopback server received. */
export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How it answers one request. `lost`: everything was received, and the connection ends without an answer. `slow`: the body never ends. */
export type Behaviour =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | { readonly kind: 'slow'; readonly status: number; readonly body: string }
  | { readonly kind: 'timeout' | 'reset' | 'lost' };

export interface Loopback {
  readonly url: string;
  readonly ledger: Received[];
  behave: (request: Received) => Behaviour;
  close(): Promise<void>;
}

/** A server on loopback that keeps a ledger of what it took in. A `reset` takes nothing in. */
export async function loopback(behave: (request: Received) => Behaviour): Promise<Loopback> {
  const ledger: Received[] = [];
  const server = createServer((request, response) => {
    readAll(request).then(
      (body) => answer(request, body, response),
      () => {},
    );
  });
  const self: Loopback = { url: await listening(server), ledger, behave, close: () => closed(server) };
  return self;

  function answer(request: IncomingMessage, body: string, response: ServerResponse): void {
    const received: Received = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers as Record<string, string>,
      body,
    };
    const how = self.behave(received);
    if (how.kind !== 'reset') ledger.push(received);
    perform(how, response);
  }
}

function perform(how: Behaviour, response: ServerResponse): void {
  switch (how.kind) {
    case 'answer':
      response.writeHead(how.status, how.headers ?? {}).end(how.body ?? '');
      return;
    case 'slow':
      response.writeHead(how.status, { 'Content-Length': '1000000' }).flushHeaders();
      response.write(how.body);
      return;
    case 'timeout':
      return;
    case 'reset':
    case 'lost':
      response.socket?.destroy();
  }
}

async function readAll(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

function listening(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
