import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RandomBytes } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { Secret } from '../lib/secret.ts';
import { replaceDurably } from './durable.ts';
import { newSecret } from './tokens.ts';

export interface MainToken {
  readonly token: Secret;
  /** Where it stands; null: in the environment. */
  readonly path: string | null;
  /** It was made just now. */
  readonly isNew: boolean;
  /** Others on this machine may read the file. */
  readonly isExposed: boolean;
}

const VARIABLE = 'COSMOWATCH_TOKEN';

/**
 * The token that may do everything: from the environment, else from `DATA/token`, which is made at the first start. Ask once the folder is
 * held, so that two first starts cannot make two.
 * @throws UserError CW-4007
 */
export function mainToken(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  random: RandomBytes,
): MainToken {
  const given = env[VARIABLE]?.trim() ?? '';
  if (given !== '') return { token: new Secret(given, `env:${VARIABLE}`), path: null, isNew: false, isExposed: false };
  const path = join(folder, 'token');
  const kept = readToken(path);
  if (kept !== null) {
    const isExposed = (statSync(path).mode & 0o077) !== 0;
    return { token: new Secret(kept, `file:${path}`), path, isNew: false, isExposed };
  }
  const made = newSecret(random);
  try {
    replaceDurably(path, `${made}\n`);
  } catch (error) {
    throw unusable(path, `it cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
  return { token: new Secret(made, `file:${path}`), path, isNew: true, isExposed: false };
}

function readToken(path: string): string | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw unusable(path, `it cannot be read (${code})`);
  }
  if (text === '' || /\s/.test(text)) throw unusable(path, 'it holds no token');
  return text;
}

function unusable(path: string, why: string): UserError {
  return new UserError('CW-4007', `${path}: ${why}`, {
    cure: `delete it, and a new one is made; or give the token in ${VARIABLE}`,
  });
}
