import type { SessionsPort, UsersPort } from '../../api/ports.ts';
import { UserError } from '../../lib/errors.ts';
import { removeEnded } from '../../store/sessions.ts';
import { takeConfigUsers } from './configUsers.ts';
import { idleSince, type PeopleDeps } from './deps.ts';
import { Oidc } from './oidc.ts';
import { Passwords } from './passwords.ts';
import { sessionsPort } from './sessions.ts';
import { offerSetup, type SetupLink, withdrawSetup } from './setupLink.ts';
import { usersPort } from './users.ts';

interface PeopleOptions extends Omit<PeopleDeps, 'passwords'> {
  /** The data folder. */
  readonly folder: string;
  readonly isDemo: boolean;
}

/** Who may sign in, and who has. */
export class People {
  readonly sessions: SessionsPort;
  readonly users: UsersPort;
  readonly #deps: PeopleDeps;
  readonly #options: PeopleOptions;

  constructor(options: PeopleOptions) {
    const deps = { ...options, passwords: new Passwords(options.entropy) };
    this.#deps = deps;
    this.#options = options;
    this.users = usersPort(deps);
    this.sessions = sessionsPort({
      ...deps,
      oidc: new Oidc(deps),
      onSetUp: () => withdrawSetup(deps, options.folder),
    });
  }

  /** @param url where the console is reached @returns the link for the first admin, if nobody can sign in yet */
  async start(url: string): Promise<SetupLink | null> {
    await takeConfigUsers(this.#deps);
    return this.#options.isDemo ? null : offerSetup(this.#deps, this.#options.folder, url);
  }

  /** The configuration has changed. One that cannot be used changes nothing; it is told. */
  async reload(): Promise<void> {
    try {
      await takeConfigUsers(this.#deps);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#deps.log.warn(
        { code: error.code, error: error.message },
        'the users of the configuration stay as they were',
      );
    }
  }

  /** What has ended is of no use to anybody. */
  clear(): void {
    const { db, clock } = this.#deps;
    db.transaction(() => removeEnded(db, clock.now(), idleSince(this.#deps)));
  }
}
