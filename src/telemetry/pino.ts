import { pino } from 'pino';
import type { Clock } from '../lib/clock.ts';
import { Secret } from '../lib/secret.ts';
import { visibleCharacters } from '../lib/visible.ts';
import type { Log, LogFields } from './log.ts';

export interface LogTarget {
  write(line: string): void;
}

/** Fields that hold a secret by their name, wherever they come from. */
const SECRET_FIELDS = ['token', 'authorization', 'password', 'secret', 'connection_string', 'cookie'];

const CENSORED = '[secret]';

/** A text that is shorter says too little to be looked for in others. */
const SHORTEST = 6;

/**
 * Lines of JSON, one an event: what others wrote cannot begin a line, colour it or turn it round. A secret in a field or a text is not
 * written, whoever put it there.
 * @param secrets all that the configuration holds, asked for with each line, as it can be read again
 */
export function pinoLog(target: LogTarget, clock: Clock, secrets: () => readonly Secret[]): Log {
  const logger = pino(
    {
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_FIELDS, censor: CENSORED },
    },
    target,
  );
  const at =
    (level: 'info' | 'warn' | 'error') =>
    (fields: LogFields, message: string): void => {
      const hide = hider(secrets());
      logger[level](harmless(fields, hide), hide(visibleCharacters(message)));
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

function harmless(fields: LogFields, hide: (text: string) => string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]: [string, unknown]) => {
      if (value instanceof Secret) return [name, CENSORED];
      return [name, typeof value === 'string' ? hide(visibleCharacters(value)) : value];
    }),
  );
}

function hider(secrets: readonly Secret[]): (text: string) => string {
  const values = secrets.map((secret) => secret.reveal()).filter((value) => value.length >= SHORTEST);
  return (text) => values.reduce((hidden, value) => hidden.replaceAll(value, CENSORED), text);
}
