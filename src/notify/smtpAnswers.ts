import { saidBy } from './answers.ts';
import type { EmailConfig } from './emailConfig.ts';
import { reveal } from './httpSettings.ts';
import type { Delivery } from './receiver.ts';
import { refusalBySocket } from './sockets.ts';

/** What nodemailer throws: its own code, and what the server answered to which command. */
interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
  readonly command?: string;
}

const CURES: Readonly<Record<number, string>> = {
  530: 'it wants a login; set `user` and `password`',
  534: 'it wants another way to log in; see what it says',
  535: 'check `user` and `password`',
  550: 'it refuses the recipient or the sender; check `to` and `from`',
  552: 'the mailbox is full, or the mail too large for it',
  553: 'it refuses the sender or the recipient; check `from` and `to`',
};

const NO_TLS = 'it offers no STARTTLS; use smtps, or name its address in `allow`';

/** 4xx and lost connections are tried again; 5xx, and a certificate that cannot be trusted, are not (RFC 5321, 4.2.1). */
export function refusalBySmtp(error: unknown, config: EmailConfig, signal: AbortSignal): Delivery {
  const failed = error as SmtpError;
  if (signal.aborted) return { kind: 'retry', after: null, reason: 'stopped before the mail was sent' };
  const { responseCode: status, code = '', command = '' } = failed;
  if (typeof status === 'number' && status > 0) {
    const reason = `SMTP ${status} to ${command || 'the mail'}: ${saidBy(failed.response ?? '', secretsOf(config))}`;
    if (status < 500) return { kind: 'retry', after: null, reason };
    const cure = command === 'STARTTLS' ? NO_TLS : CURES[status];
    return { kind: 'rejected', reason: `${reason}${cure === undefined ? '' : `; ${cure}`}` };
  }
  if (code === 'EAUTH')
    return { kind: 'rejected', reason: 'it offers no way to log in that we know; check `user` and `password`' };
  return refusalBySocket(failed, saidBy(failed.message, secretsOf(config)));
}

/** As they are, and as they go over the wire. */
function secretsOf({ user, password, url }: EmailConfig): string[] {
  const [name, pass] = [user === undefined ? '' : reveal(user), password?.reveal() ?? ''];
  const secret = typeof url === 'string' ? [] : [url.reveal()];
  return [pass, base64(pass), base64(`\u0000${name}\u0000${pass}`), ...secret].filter((one) => one !== '');
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
