import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import type { ConfigIo, SecretFile } from '../config/io.ts';
import { type ConfigFile, type Kinds, type LoadedConfig, loadConfig } from '../config/load.ts';
import { printDiagnostics } from '../config/print.ts';
import { UserError } from '../lib/errors.ts';
import { RECEIVER_KINDS } from '../notify/index.ts';
import { plural } from '../report/text.ts';
import { SOURCE_KINDS } from '../sources/index.ts';

/** Every kind of source and receiver that there is. */
export const KINDS: Kinds = { sources: SOURCE_KINDS, receivers: RECEIVER_KINDS };

type Env = Readonly<Record<string, string | undefined>>;

export interface CheckedConfig extends LoadedConfig {
  readonly file: ConfigFile | null;
  /** What is wrong, printed: several lines each. */
  readonly printed: readonly string[];
}

/**
 * Reads a configuration with all that it names.
 * @param path null: the defaults
 * @throws UserError CW-8001
 */
export function checkConfig(path: string | null, env: Env, kinds: Kinds = KINDS): CheckedConfig {
  const file = path === null ? null : { name: path, text: readConfig(path) };
  const loaded = loadConfig(file, kinds, systemIo(path, env));
  return { ...loaded, file, printed: printDiagnostics(loaded, file) };
}

/**
 * The same for who cannot go on with mistakes.
 * @param warn is given every warning, printed
 * @throws UserError CW-8001, CW-8002 with every mistake
 */
export function configAt(path: string | null, env: Env, warn: (text: string) => void, kinds: Kinds = KINDS): Config {
  const { config, diagnostics, printed } = checkConfig(path, env, kinds);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (config === null)
    throw new UserError('CW-8002', `${plural(errors, 'mistake')} in the configuration`, {
      facts: printed.flatMap((one) => one.split('\n')),
      cure: 'correct them all; docs/configuration.md tells of every key',
    });
  for (const one of printed) warn(one);
  return config;
}

function readConfig(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError('CW-8001', `the configuration ${path} could not be read: ${whyOf(error)}`, {
      cure: 'give another with --config, or write one: cosmowatch init',
    });
  }
}

function systemIo(path: string | null, env: Env): ConfigIo {
  const folder = path === null ? '.' : dirname(path);
  return { env: (name) => env[name], resolve: (to) => resolve(folder, to), readSecret };
}

function readSecret(path: string): SecretFile {
  try {
    return { kind: 'read', text: readFileSync(path, 'utf8'), open: (statSync(path).mode & 0o004) !== 0 };
  } catch (error) {
    return { kind: 'failed', why: whyOf(error) };
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'no permission',
  EISDIR: 'it is a folder',
};

function whyOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
  return WHY[code] ?? code;
}
