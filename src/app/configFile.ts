import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import type { ConfigIo, SecretFile } from '../config/io.ts';
import { type ConfigFile, type Kinds, type LoadedConfig, loadConfig } from '../config/load.ts';
import { printDiagnostics } from '../config/print.ts';
import { systemClock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { RECEIVER_KINDS } from '../notify/index.ts';
import { plural } from '../report/text.ts';
import { sortDiagnostics } from '../sigma/diagnostic.ts';
import { SOURCE_KINDS } from '../sources/index.ts';
import { type ConfigRules, readConfigRules } from './configRules.ts';

/** Every kind of source and receiver that there is. */
export const KINDS: Kinds = { sources: SOURCE_KINDS, receivers: RECEIVER_KINDS };

type Env = Readonly<Record<string, string | undefined>>;

export interface CheckedConfig extends LoadedConfig {
  readonly file: ConfigFile | null;
  /** Null: there are mistakes, or the configuration itself has some, and they were not read. */
  readonly rules: ConfigRules | null;
  /** What is wrong, printed: several lines each; first of the configuration, then of its rules. */
  readonly printed: readonly string[];
  /** Those of exceptions, silences and calendars too, which keep nothing else from being used. */
  readonly errors: number;
}

/**
 * Reads a configuration with all that it names: secrets, rules.
 * @param path null: the defaults
 * @param rulesFolders beside those that it names
 * @throws UserError CW-8001; CW-2001, CW-2002, CW-2007 of rules
 */
export function checkConfig(
  path: string | null,
  env: Env,
  rulesFolders: readonly string[] = [],
  kinds: Kinds = KINDS,
): CheckedConfig {
  const file = path === null ? null : { name: path, text: readConfig(path) };
  const loaded = loadConfig(file, kinds, systemIo(path, env));
  const rules = loaded.config === null ? null : readConfigRules(loaded.config, loaded.root, rulesFolders);
  const whole = [...loaded.diagnostics, ...(rules?.diagnostics ?? [])];
  const diagnostics = sortDiagnostics([...whole, ...loaded.refused], []);
  const fatal = whole.filter(({ severity }) => severity === 'error').length + (rules?.errors ?? 0);
  return {
    ...loaded,
    config: fatal === 0 ? loaded.config : null,
    diagnostics,
    file,
    rules: fatal === 0 ? rules : null,
    printed: [...printDiagnostics({ ...loaded, diagnostics }, file), ...(rules?.printed ?? [])],
    errors: fatal + loaded.refused.length,
  };
}

/**
 * The same for who cannot go on with mistakes, as the service.
 * @param warn is given every warning, and what is refused alone, printed
 * @throws UserError CW-8002 with every mistake, and what `checkConfig` throws
 */
export function configAt(
  path: string | null,
  env: Env,
  warn: (text: string) => void,
  rulesFolders: readonly string[] = [],
  kinds: Kinds = KINDS,
): { readonly config: Config; readonly rules: ConfigRules } {
  const { config, rules, printed, errors } = checkConfig(path, env, rulesFolders, kinds);
  if (config === null || rules === null)
    throw new UserError('CW-8002', `${plural(errors, 'mistake')} in the configuration`, {
      facts: printed.flatMap((one) => one.split('\n')),
      cure: 'correct them all; docs/configuration.md tells of every key',
    });
  for (const one of printed) warn(one);
  return { config, rules };
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
  return { env: (name) => env[name], resolve: (to) => resolve(folder, to), readSecret, now: () => systemClock.now() };
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
