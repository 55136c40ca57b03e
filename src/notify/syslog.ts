import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { connect as connectTls } from 'node:tls';
import { z } from 'zod';
import { visibleCharacters } from '../lib/visible.ts';
import { isAllowed } from './addresses.ts';
import { allowSetting, reveal, tlsSetting } from './httpSettings.ts';
import type { Delivery, Message, Receiver, ReceiverKind, ReceiverPorts } from './receiver.ts';
import { syslogLine } from './syslogLine.ts';

const schema = z.strictObject({
  type: z.literal('syslog'),
  /** `tls://HOST:6514`; `tcp://HOST:514` only to addresses in `allow`. */
  url: z.string().refine((text) => serverOf(text) !== null, 'is no tls or tcp URL: tls://siem.contoso.example:6514'),
  /** `cef`: a CEF line as the message. `rfc5424`: structured data, and a sentence as the message. */
  format: z.enum(['cef', 'rfc5424']).default('cef'),
  /** Of the structured data: a private enterprise number of yours. */
  enterprise: z.number().int().positive().default(32473),
  hostname: z
    .string()
    .regex(/^[!-~]{1,255}$/)
    .default(() => hostname()),
  allow: allowSetting(),
  tls: tlsSetting(),
});

type SyslogConfig = z.output<typeof schema>;

export const syslog: ReceiverKind<SyslogConfig> = {
  type: 'syslog',
  doc: 'A syslog server over TLS or TCP (RFC 5424, octet counting), as CEF or as structured data',
  schema,
  create: (config, ports) => new Syslog(config, ports),
};

interface Server {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
}

function serverOf(text: string): Server | null {
  const url = URL.parse(text);
  if (url === null || !/^(?:tls|tcp):$/.test(url.protocol) || url.hostname === '') return null;
  const secure = url.protocol === 'tls:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 6514 : 514) : Number(url.port),
    secure,
  };
}

/**
 * A connection for each message: we say that nothing more comes, and wait until the server has closed as well. That is all that syslog has
 * for an answer; a server that has read the line and dies is not noticed.
 */
class Syslog implements Receiver {
  readonly pace = 0;
  readonly #config: SyslogConfig;
  readonly #ports: ReceiverPorts;

  constructor(config: SyslogConfig, ports: ReceiverPorts) {
    this.#config = config;
    this.#ports = ports;
  }

  async deliver(message: Message, signal: AbortSignal): Promise<Delivery> {
    const line = Buffer.from(syslogLine(message, this.#config, this.#ports.clock.now()));
    const server = serverOf(this.#config.url)!;
    try {
      const address = isIP(server.host) === 0 ? (await lookup(server.host)).address : server.host;
      if (!server.secure && !isAllowed(address, this.#config.allow))
        return { kind: 'rejected', reason: 'plain TCP is only for addresses in allow; use tls' };
      const late = AbortSignal.any([signal, AbortSignal.timeout(SILENCE)]);
      await sent(Buffer.concat([Buffer.from(`${line.length} `), line]), opened(server, address, this.#config), late);
      return { kind: 'delivered', ref: null };
    } catch (error) {
      return failed(error as Error);
    }
  }
}

/** For all of it: milliseconds. */
const SILENCE = 10_000;

function opened({ host, port, secure }: Server, address: string, { tls = {} }: SyslogConfig): Socket {
  if (!secure) return connect({ host: address, port });
  const { ca, cert, key } = tls;
  return connectTls({
    host: address,
    port,
    minVersion: 'TLSv1.2',
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca: reveal(ca) }),
    ...(cert === undefined ? {} : { cert: reveal(cert) }),
    ...(key === undefined ? {} : { key: key.reveal() }),
  });
}

/** Resolves when we have said all, and then the server has closed in good order. */
function sent(bytes: Buffer, socket: Socket, signal: AbortSignal): Promise<void> {
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

function failed({ message }: Error): Delivery {
  const trouble = visibleCharacters(message).slice(0, 200);
  if (/certificate|altnames|self.signed/i.test(message))
    return { kind: 'rejected', reason: `the server's certificate cannot be trusted: ${trouble}; set \`tls.ca\`` };
  return { kind: 'retry', after: null, reason: `the server cannot be reached: ${trouble}` };
}
