import { z } from 'zod';
import { Secret } from '../lib/secret.ts';
import { secret } from '../lib/secretSchema.ts';
import { isAllowEntry } from './addresses.ts';
import type { HttpRequest } from './receiver.ts';

/** A text that may be a secret: written in the file, or `env:NAME` or `file:PATH`. */
export const textOrSecret = () => z.union([z.string().min(1), secret()]);

export type TextOrSecret = string | Secret;

export function reveal(text: TextOrSecret): string {
  return text instanceof Secret ? text.reveal() : text;
}

/** Where messages go: an address of the web, often a secret itself. */
export const httpUrl = () =>
  textOrSecret()
    .refine((text) => /^https?:$/.test(URL.parse(reveal(text))?.protocol ?? ''), 'is no http or https URL')
    .describe('Where messages go');

/** Addresses that may be reached though they are not public, over plain http too. */
export const allowSetting = () =>
  z
    .array(z.string().refine(isAllowEntry, 'is no address and no range: 10.1.2.3, 10.0.0.0/8, ::1'))
    .default([])
    .describe('Addresses and ranges that may be reached though they are not public, over plain http too');

/** Names that HTTP allows; those that the message itself decides are not the user's. */
export const headersSetting = () =>
  z
    .record(
      z
        .string()
        .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'is no name of a header')
        .refine(
          (name) => !/^(?:host|content-length|transfer-encoding|connection)$/i.test(name),
          'is set by HTTP itself',
        ),
      textOrSecret(),
    )
    .default({})
    .describe('Sent with every request');

/** A client's certificate (mTLS) and whom to trust, as PEM. */
export const tlsSetting = () =>
  z
    .strictObject({
      cert: textOrSecret().describe('A certificate of our own to show, as PEM'),
      key: secret().describe('Its key'),
      ca: textOrSecret().describe('Whom to trust in place of the public authorities'),
    })
    .partial()
    .optional();

/** What every receiver over HTTP takes. */
export const httpSettings = () => ({
  url: httpUrl(),
  headers: headersSetting(),
  allow: allowSetting(),
  tls: tlsSetting(),
});

interface HttpSettings {
  readonly url: TextOrSecret;
  readonly headers: Readonly<Record<string, TextOrSecret>>;
  readonly allow: readonly string[];
  readonly tls?: Readonly<Partial<Record<'cert' | 'key' | 'ca', TextOrSecret | undefined>>> | undefined;
}

/** A request to where the settings say. The user's headers win over `headers`. @param path behind the base URL: `/v2/enqueue` */
export function requestTo(
  settings: HttpSettings,
  sent: Pick<HttpRequest, 'method' | 'body'> & {
    readonly path?: string;
    readonly headers?: Readonly<Record<string, string>>;
  },
): HttpRequest {
  const base = reveal(settings.url);
  return {
    method: sent.method,
    url: sent.path === undefined ? base : `${base.replace(/\/+$/, '')}${sent.path}`,
    headers: { ...sent.headers, ...revealed(settings.headers) },
    body: sent.body,
    allow: settings.allow,
    ...(settings.tls === undefined ? {} : { tls: revealed(settings.tls) }),
  };
}

function revealed(texts: Readonly<Record<string, TextOrSecret | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => (text === undefined ? [] : [[name, reveal(text)]])),
  );
}
