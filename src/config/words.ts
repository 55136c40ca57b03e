import { z } from 'zod';

/* The small texts of a configuration, each with its cure. */

type Reading<T> = { readonly value: T } | { readonly wrong: string; readonly cure: string };

/** A text that means something; `read` says what, or what is wrong. */
export function text<T>(read: (written: string) => Reading<T>, pattern?: string) {
  const base = pattern === undefined ? z.string() : z.string().meta({ pattern });
  return base.transform((written, context) => {
    const reading = read(written);
    if ('value' in reading) return reading.value;
    context.issues.push({ code: 'custom', message: reading.wrong, params: { cure: reading.cure }, input: written });
    return z.NEVER;
  });
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `127.0.0.1:7070`, `[::1]:7070`, `localhost:0`. */
export function readAddress(written: string): Reading<Address> {
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(written);
  const port = Number(found?.[3]);
  if (found && port <= 65_535) return { value: { host: found[1] ?? found[2]!, port } };
  return { wrong: 'is an address and a port', cure: 'for example 127.0.0.1:7070, or [::1]:7070' };
}

/** Where people reach the service, without a closing slash. */
export function readExternalUrl(written: string): Reading<string> {
  const cure = 'for example https://cosmowatch.contoso.example';
  if (!URL.canParse(written)) return { wrong: 'is no URL', cure };
  const url = new URL(written);
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback))
    return { wrong: 'begins with https://; with http:// only on this machine', cure };
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return { wrong: 'has no name, password, ? or #', cure };
  return { value: url.href.replace(/\/+$/, '') };
}

/** Of who tells who somebody is. */
export function readIssuer(written: string): Reading<string> {
  const read = readExternalUrl(written);
  if ('value' in read) return { value: written };
  return { ...read, cure: 'for example https://login.microsoftonline.com/TENANT/v2.0' };
}

/** Of a password. */
export function readHash(written: string): Reading<string> {
  if (written.startsWith('$argon2id$')) return { value: written };
  return { wrong: 'is a secret, or the hash of one', cure: 'name where it is: env:NAME or file:PATH' };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function readSubscription(written: string): Reading<string> {
  const id = written.toLowerCase();
  if (UUID.test(id)) return { value: id };
  return { wrong: 'is no id of a subscription', cure: 'as az account list --query "[].id" prints it' };
}
