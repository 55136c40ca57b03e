import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { connect as connectTls } from 'node:tls';
import { reveal, type TextOrSecret } from './httpSettings.ts';
import type { Delivery } from './receiver.ts';

/** Connections of receivers that do not speak HTTP. */
export interface Server {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
}

/** How a URL of a server is written: the protocols, and their usual ports. */
export interface Protocols {
  readonly plain: readonly [protocol: string, port: number];
  readonly secure: readonly [protocol: string, port: number];
}

/** Null: the text names no server, or more than one. */
export function serverOf(text: string, { plain, secure }: Protocols): Server | null {
  const url = URL.parse(text);
  const known = [plain, secure].find(([protocol]) => url?.protocol === `${protocol}:`);
  if (url === null || known === undefined || url.hostname === '' || url.username !== '' || url.password !== '')
    return null;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { host, port: url.port === '' ? known[1] : Number(url.port), secure: known === secure };
}

/** A name is looked up once: what was checked is what is connected to. */
export async function addressOf(host: string): Promise<string> {
  return isIP(host) === 0 ? (await lookup(host)).address : host;
}

export interface TlsSettings {
  readonly ca?: TextOrSecret | undefined;
  readonly cert?: TextOrSecret | undefined;
  readonly key?: TextOrSecret | undefined;
}

/** For a server of this name: its certificate is checked against it. */
export function tlsOptions(host: string, { ca, cert, key }: TlsSettings = {}) {
  return {
    minVersion: 'TLSv1.2' as const,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca: reveal(ca) }),
    ...(cert === undefined ? {} : { cert: reveal(cert) }),
    ...(key === undefined ? {} : { key: reveal(key) }),
  };
}

export function openPlain(address: string, port: number, signal?: AbortSignal): Socket {
  return connect({ host: address, port, noDelay: true, ...(signal === undefined ? {} : { signal }) });
}

export function openTls(address: string, { host, port }: Server, tls: TlsSettings | undefined): Socket {
  return connectTls({ host: address, port, ...tlsOptions(host, tls) });
}

/** Resolves when we have said all, and then the server has closed in good order. */
export function sendAndClose(bytes: Buffer, socket: Socket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let isEnded = false;
    const stop = () => socket.destroy(new Error('no answer in time'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    socket.on('error', reject);
    socket.on('end', () => {
      isEnded = socket.writableEnded;
    });
    socket.on('close', () => {
      signal.removeEventListener('abort', stop);
      if (isEnded && socket.writableFinished) resolve();
      else reject(new Error('the connection was closed early'));
    });
    // What it says is not read; that it ends is.
    socket.resume();
    socket.write(bytes, () => socket.end());
  });
}

/** This machine's name; what is no ASCII in it is left out. */
export function ownName(): string {
  return (
    hostname()
      .replace(/[^!-~]/g, '')
      .slice(0, 255) || 'cosmowatch'
  );
}

/** What it means that a connection did not come about or was lost. @param told the message as people may see it */
export function refusalBySocket({ message }: Error, told: string): Delivery {
  if (/certificate|altnames|self.signed/i.test(message))
    return { kind: 'rejected', reason: `the server's certificate cannot be trusted: ${told}; set \`tls.ca\`` };
  return { kind: 'retry', after: null, reason: `the server cannot be reached: ${told}` };
}
