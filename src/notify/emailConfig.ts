import { z } from 'zod';
import { secret } from '../lib/secretSchema.ts';
import { allowSetting, reveal, textOrSecret, tlsSetting } from './httpSettings.ts';
import { type Server, serverOf } from './sockets.ts';

const MAILBOX = /^(?:[^<>"\r\n,;:]{1,80} )?<?[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}>?$/;
const mailbox = () =>
  z.string().regex(MAILBOX, 'is no mail address: oncall@contoso.example, or Name <oncall@contoso.example>');

export const emailSchema = z.strictObject({
  type: z.literal('email'),
  /** `smtp://HOST:587` begins plain and must become TLS (STARTTLS); `smtps://HOST:465` is TLS from the start. */
  url: textOrSecret().refine(
    (text) => mailServerOf(reveal(text)) !== null,
    'is no smtp or smtps URL: smtp://mail.contoso.example:587',
  ),
  user: textOrSecret().optional(),
  password: secret().optional(),
  from: mailbox(),
  to: z.array(mailbox()).min(1).max(50),
  /** `live`: the subject says how it is now. `stable`: the same for all mails of an alert, for clients that thread by it. */
  subject: z.enum(['live', 'stable']).default('live'),
  /** Addresses of servers that may be reached without TLS. */
  allow: allowSetting(),
  tls: tlsSetting(),
});

export type EmailConfig = z.output<typeof emailSchema>;

const PROTOCOLS = { plain: ['smtp', 587], secure: ['smtps', 465] } as const;

/** Null: the text names none. */
export function mailServerOf(text: string): Server | null {
  return serverOf(text, PROTOCOLS);
}
