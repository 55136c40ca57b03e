import type { ErrorCode } from '../lib/errors.ts';
import { type Dialect, LIMITS } from '../sigma/yaml.ts';

/** Mistakes in a configuration. */
export type ConfigCode = Extract<
  ErrorCode,
  `CW-80${'0' | '1'}${number}` | `CW-810${'3' | '4' | '5' | '6' | '7'}` | `CW-82${'2' | '3'}${number}`
>;

/** A configuration as a file. */
export const CONFIG_YAML: Dialect<ConfigCode> = {
  shape: 'CW-8003',
  yaml: 'CW-8003',
  limit: 'CW-8003',
  one: 'a configuration',
  many: 'configurations',
  documents: 1,
  split: `a configuration has one document of at most ${LIMITS.bytes / 1024} KiB; rules stand in files of their own`,
  begin: 'begin with "sources:"',
  // What stands where a tag or an alias would may be a password.
  quotes: false,
};
