import type { SignIn } from '../../config/signIn.ts';
import type { Clock, RandomBytes } from '../../lib/clock.ts';
import type { Db } from '../../store/db.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Passwords } from './passwords.ts';

/** What everything about people is given. */
export interface PeopleDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly entropy: RandomBytes;
  readonly log: Log;
  readonly passwords: Passwords;
  /** As the configuration says now. */
  readonly settings: () => SignIn;
}

/** 256 bits that nobody can guess, in letters that need no quotes anywhere. */
export function newCode(entropy: RandomBytes): string {
  return Buffer.from(entropy(32)).toString('base64url');
}

/** Sessions that were last used before it have ended. */
export function idleSince({ clock, settings }: PeopleDeps): number {
  return clock.now() - settings().idle * 1000;
}
