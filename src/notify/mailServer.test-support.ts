import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as a server has it: who is behind the envelope, and the bytes. */
export interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly secure: boolean;
  readonly user: string | null;
  readonly raw: string;
}

export interface MailServer {
  readonly port: number;
  readonly ledger: Received[];
  /** Null: it takes everything. */
  refuse: ((command: 'MAIL' | 'RCPT' | 'DATA', address: string) => SmtpRefusal | 'drop' | null) | null;
  close(): Promise<void>;
}

export interface SmtpRefusal {
  readonly code: number;
  readonly text: string;
}

export const USER = 'cosmowatch';

/** A real SMTP server on loopback. @param password that it takes from `USER`; null: it asks for none */
export async function mailServer(options: SMTPServerOptions, password: string | null): Promise<MailServer> {
  const ledger: Received[] = [];
  const sockets = new Set<Socket>();
  const server = new SMTPServer({
    authOptional: password === null,
    disabledCommands: password === null ? ['AUTH'] : [],
    logger: false,
    disableReverseLookup: true,
    ...options,
    onAuth: (auth, _session, done) =>
      auth.username === USER && auth.password === password
        ? done(null, { user: USER })
        : done(Object.assign(new Error('Authentication credentials invalid'), { responseCode: 535 })),
    onMailFrom: ({ address }, _session, done) => refused('MAIL', address, done),
    onRcptTo: ({ address }, _session, done) => refused('RCPT', address, done),
    onData: (stream, { envelope, secure, user }, done) => {
      void text(stream).then((raw) => {
        refused('DATA', '', (error) => {
          if (error === undefined) {
            const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
            const to = envelope.rcptTo.map(({ address }) => address);
            ledger.push({ from, to, secure, user: typeof user === 'string' ? user : null, raw });
          }
          done(error);
        });
      });
    },
  });
  server.on('error', () => {});
  server.server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const self: MailServer = {
    port: (server.server.address() as AddressInfo).port,
    ledger,
    refuse: null,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return self;

  function refused(command: 'MAIL' | 'RCPT' | 'DATA', address: string, done: (error?: Error) => void): void {
    const how = self.refuse?.(command, address) ?? null;
    if (how === 'drop') for (const socket of sockets) socket.destroy();
    else done(how === null ? undefined : Object.assign(new Error(how.text), { responseCode: how.code }));
  }
}
