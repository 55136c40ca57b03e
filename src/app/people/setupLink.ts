import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from '../../lib/secret.ts';
import { replaceDurably } from '../../store/durable.ts';
import { createLink, removeLinks } from '../../store/sessions.ts';
import { hasUsers } from '../../store/users.ts';
import { newCode, type PeopleDeps } from './deps.ts';

export interface SetupLink {
  readonly link: Secret;
  readonly path: string;
}

/**
 * While nobody can sign in, each start writes another link to `DATA/setup-link`, with which the first admin is made: who can read the file owns
 * the machine. Null: somebody can.
 * @param url under which address the console is reached
 */
export function offerSetup(deps: PeopleDeps, folder: string, url: string): SetupLink | null {
  const { db, entropy } = deps;
  if (canAnybodyEnter(deps)) {
    withdrawSetup(deps, folder);
    return null;
  }
  const code = newCode(entropy);
  const link = `${url}/setup#${code}`;
  const path = setupPath(folder);
  replaceDurably(path, `${link}\n`);
  db.transaction(() => createLink(db, 'setup', code, null, null));
  return { link: new Secret(link, `file:${path}`), path };
}

export function withdrawSetup({ db }: PeopleDeps, folder: string): void {
  db.transaction(() => removeLinks(db, 'setup', null));
  rmSync(setupPath(folder), { force: true });
}

/** Or will somebody, as an admin, by their groups? */
function canAnybodyEnter({ db, settings }: PeopleDeps): boolean {
  return hasUsers(db) || Object.values(settings().oidc?.groups ?? {}).includes('admin');
}

function setupPath(folder: string): string {
  return join(folder, 'setup-link');
}
