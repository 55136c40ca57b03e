import { isAllowed } from './addresses.ts';
import { type EmailConfig, emailSchema, mailServerOf } from './emailConfig.ts';
import { type Mail, mailOf } from './emailMail.ts';
import { reveal } from './httpSettings.ts';
import type { Delivery, Message, Receiver, ReceiverKind, ReceiverPorts } from './receiver.ts';
import { refusalBySmtp } from './smtpAnswers.ts';
import { addressOf, openPlain, tlsOptions } from './sockets.ts';

export const email: ReceiverKind<EmailConfig> = {
  type: 'email',
  doc: 'Mail by SMTP, over TLS, with a text and an HTML part; the mails of an alert are one thread',
  schema: emailSchema,
  takesSeveral: true,
  create: (config, ports) => new Email(config, ports),
};

const PACE = 200;

class Email implements Receiver {
  readonly pace = PACE;
  readonly #config: EmailConfig;
  readonly #ports: ReceiverPorts;

  constructor(config: EmailConfig, ports: ReceiverPorts) {
    this.#config = config;
    this.#ports = ports;
  }

  async deliver(message: Message, signal: AbortSignal): Promise<Delivery> {
    const mail = mailOf(message, this.#config, this.#ports.clock.now());
    try {
      const rejected = await send(mail, this.#config, signal);
      if (rejected > 0)
        this.#ports.log.warn({ receiver: 'email', rejected }, 'the server refused some of the recipients');
      return { kind: 'delivered', ref: mail.ref };
    } catch (error) {
      return refusalBySmtp(error, this.#config, signal);
    }
  }
}

/** Silence of a server that counts as none; milliseconds. */
const SILENCE = 15_000;

/** @returns how many recipients were refused, of several */
async function send(mail: Mail, config: EmailConfig, signal: AbortSignal): Promise<number> {
  const server = mailServerOf(reveal(config.url))!;
  const address = await addressOf(server.host);
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.secure,
    // An upgrade that is offered is taken; only servers in `allow` may have none.
    requireTLS: !isAllowed(address, config.allow),
    // The socket is ours, so that it ends with the signal, and nobody looks the name up a second time.
    getSocket: (_options, done) => {
      const socket = openPlain(address, server.port, signal);
      const failed = (error: Error) => done(error, false);
      socket.once('error', failed);
      socket.once('connect', () => {
        socket.off('error', failed);
        done(null, { connection: socket });
      });
    },
    connectionTimeout: SILENCE,
    greetingTimeout: SILENCE,
    socketTimeout: SILENCE,
    tls: tlsOptions(server.host, config.tls),
    ...authOf(config),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const { rejected } = await transport.sendMail(mail.options);
    return rejected.length;
  } finally {
    transport.close();
  }
}

function authOf({ user, password }: EmailConfig) {
  return user === undefined || password === undefined ? {} : { auth: { user: reveal(user), pass: password.reveal() } };
}
