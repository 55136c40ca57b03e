import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { z } from 'zod';
import type { Certificate } from './certificate.test-support.ts';

/** A syslog server that takes what octet counting (RFC 5425, 4.3) frames, and refuses a connection that frames nothing. */
export interface SyslogServer {
  readonly port: number;
  readonly lines: string[];
  /** Breaks connections off while they speak. */
  isDeaf: boolean;
  close(): Promise<void>;
}

export async function syslogServer(certificate: Certificate | null): Promise<SyslogServer> {
  const lines: string[] = [];
  const take = (socket: Socket) => {
    const pieces: Buffer[] = [];
    socket.on('error', () => {});
    socket.on('data', (piece) => {
      if (self.isDeaf) socket.resetAndDestroy();
      pieces.push(piece as Buffer);
    });
    socket.on('end', () => {
      lines.push(...framesIn(Buffer.concat(pieces)));
      socket.end();
    });
  };
  const server =
    certificate === null
      ? createServer({ allowHalfOpen: true }, take)
      : createTlsServer({ ...certificate, allowHalfOpen: true }, take);
  const sockets = new Set<Socket>();
  server.on('tlsClientError', () => {});
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const self: SyslogServer = {
    port: (server.address() as AddressInfo).port,
    lines,
    isDeaf: false,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return self;
}

export function framesIn(bytes: Buffer): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.subarray(at, space).toString('latin1'));
    if (!Number.isInteger(length) || length <= 0) throw new Error(`no frame at ${at}`);
    lines.push(bytes.subarray(space + 1, space + 1 + length).toString('utf8'));
    at = space + 1 + length;
  }
  return lines;
}

/** RFC 5424, section 6: what a line is made of. */
const LINE =
  /^<(?<pri>\d{1,3})>1 (?<time>\S+) (?<host>[!-~]{1,255}) (?<app>[!-~]{1,48}) (?<pid>[!-~]{1,128}) (?<msgid>[!-~]{1,32}) (?<rest>[\s\S]*)$/;
const ELEMENT = /^\[(?<id>[!#-<>-Z\\^-~]{1,32})(?<params>(?: [!#-<>-Z\\^-~]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*)\]/;

const header = z.object({
  pri: z.coerce.number().int().min(0).max(191),
  time: z.iso.datetime(),
  app: z.literal('cosmowatch'),
  rest: z.string(),
});

export interface Parsed {
  readonly severity: number;
  readonly facility: number;
  readonly msgid: string;
  readonly params: ReadonlyMap<string, string>;
  readonly text: string;
}

export function parseLine(line: string): Parsed {
  const groups = LINE.exec(line)?.groups;
  if (groups === undefined) throw new Error(`no RFC 5424: ${line.slice(0, 200)}`);
  const { pri, rest } = header.parse(groups);
  const element = ELEMENT.exec(rest);
  const data = rest.startsWith('- ') ? '-' : element![0];
  const params = [...(element?.groups?.['params'] ?? '').matchAll(/ ([^=]+)="((?:[^"\\]|\\.)*)"/g)];
  return {
    severity: pri % 8,
    facility: Math.floor(pri / 8),
    msgid: groups['msgid']!,
    params: new Map(params.map(([, name, value]) => [name!, value!.replace(/\\(["\\\]])/g, '$1')])),
    text: rest.slice(data.length + 1),
  };
}

/** CEF 0: seven fields of a header, then `key=value` pairs; a value goes on until the next key. */
export function parseCef(text: string): { readonly header: string[]; readonly values: ReadonlyMap<string, string> } {
  const parts = text.split(/(?<!(?<!\\)(?:\\\\)*\\)\|/);
  if (parts[0] !== 'CEF:0' || parts.length < 8) throw new Error(`no CEF: ${text.slice(0, 200)}`);
  const extension = parts.slice(7).join('|');
  const keys = [...extension.matchAll(/(?:^| )([A-Za-z0-9]+)=/g)];
  const values = keys.map((key, at) => {
    const end = keys[at + 1]?.index ?? extension.length;
    return [key[1]!, extension.slice(key.index + key[0].length, end).replace(/\\([\\=])/g, '$1')] as const;
  });
  return { header: parts.slice(1, 7).map((part) => part.replace(/\\([\\|])/g, '$1')), values: new Map(values) };
}
