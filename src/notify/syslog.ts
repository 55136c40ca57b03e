import { z } from 'zod';
import { visibleCharacters } from '../lib/visible.ts';
import { isAllowed } from './addresses.ts';
import { allowSetting, tlsSetting } from './httpSettings.ts';
import type { Delivery, Message, Receiver, ReceiverKind, ReceiverPorts } from './receiver.ts';
import { addressOf, openPlain, openTls, ownName, refusalBySocket, sendAndClose, serverOf } from './sockets.ts';
import { syslogLine } from './syslogLine.ts';

const PROTOCOLS = { plain: ['tcp', 514], secure: ['tls', 6514] } as const;

const schema = z.strictObject({
  type: z.literal('syslog'),
  /** `tls://HOST:6514`; `tcp://HOST:514` only to addresses in `allow`. */
  url: z
    .string()
    .refine((text) => serverOf(text, PROTOCOLS) !== null, 'is no tls or tcp URL: tls://siem.contoso.example:6514'),
  /** `cef`: a CEF line as the message. `rfc5424`: structured data, and a sentence as the message. */
  format: z.enum(['cef', 'rfc5424']).default('cef'),
  /** Of the structured data: a private enterprise number of yours. */
  enterprise: z.number().int().positive().default(32473),
  /** The name we give ourselves; unless set, this machine's. */
  hostname: z
    .string()
    .regex(/^[!-~]{1,255}$/)
    .optional(),
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
    const { format, enterprise, hostname = ownName() } = this.#config;
    const settings = { format, enterprise, hostname };
    const line = Buffer.from(syslogLine(message, settings, this.#ports.clock.now()));
    const server = serverOf(this.#config.url, PROTOCOLS)!;
    try {
      const address = await addressOf(server.host);
      if (!server.secure && !isAllowed(address, this.#config.allow))
        return { kind: 'rejected', reason: 'plain TCP is only for addresses in allow; use tls' };
      const late = AbortSignal.any([signal, AbortSignal.timeout(SILENCE)]);
      const socket = server.secure ? openTls(address, server, this.#config.tls) : openPlain(address, server.port);
      await sendAndClose(Buffer.concat([Buffer.from(`${line.length} `), line]), socket, late);
      return { kind: 'delivered', ref: null };
    } catch (error) {
      const failed = error as Error;
      return refusalBySocket(failed, visibleCharacters(failed.message).slice(0, 200));
    }
  }
}

/** For all of it: milliseconds. */
const SILENCE = 10_000;
